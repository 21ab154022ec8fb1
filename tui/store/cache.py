"""cache-SOURCE.sqlite: prices, days, events and the last rows. It may be deleted at any time; it is rebuilt.

One writer, the feed, from one thread; terminals read it for their first paint. Only answers are written, never
failures. Times are epoch milliseconds, days ISO dates, rows and events JSON of their domain types.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from tui.domain.event import Event
from tui.domain.market import Bar
from tui.domain.row import Row
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import DayKind, TradingDay
from tui.store.database import (
    StoreError,
    connect,
    errors_as,
    is_sound,
    migrate,
    prepare_file,
    set_aside,
    transaction,
    version_of,
)

T = TypeVar("T")

# A terminal would rather paint without stored rows than wait for them.
READER_BUSY_S: Final = 0.2

MIGRATIONS: Final = (
    (
        """
        CREATE TABLE bars (
            symbol TEXT NOT NULL, day TEXT NOT NULL, close REAL NOT NULL CHECK (close > 0), open REAL, high REAL,
            low REAL, volume REAL, dividend REAL NOT NULL, split REAL NOT NULL, origin TEXT NOT NULL,
            PRIMARY KEY (symbol, day)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE trading_days (
            day TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, name_zh TEXT NOT NULL, origin TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE TABLE events (id TEXT PRIMARY KEY, ends INTEGER NOT NULL, event BLOB NOT NULL)",
        "CREATE INDEX events_by_end ON events (ends)",
        """
        CREATE TABLE coverage (
            source TEXT NOT NULL, symbol TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL,
            PRIMARY KEY (source, symbol, starts)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE rows (symbol TEXT PRIMARY KEY, shown BLOB NOT NULL)",
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)


class CacheError(StoreError):
    """The cache could not be used; nothing that matters is lost with it."""


class Cache:
    """One open cache, for the thread that opened it. `notices` says what happened then; methods raise CacheError.

    A cache that turns out damaged while it is used is rebuilt when it is opened for writing the next time.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, notices: Sequence[str] = (), *, writable: bool = True
    ) -> None:
        self.path = path
        self.notices = tuple(notices)
        self.writable = writable
        self._connection = connection
        self._row_decoder = msgspec.json.Decoder(Row)
        self._event_decoder = msgspec.json.Decoder(Event)

    @classmethod
    def open_writer(cls, path: Path) -> "Cache":
        """Open for writing, making or rebuilding the file as needed. A newer program's file is only read.

        Raises CacheError where the disk refuses.
        """
        with _in_words(path):
            prepare_file(path)
            connection = _sound_connection(path)
            notices = []
            if connection is None:
                notices.append(f"the cache was damaged and is rebuilt; the old one is {set_aside(path).name}")
                prepare_file(path)
                connection = connect(path, readonly=False)
            try:
                if version_of(connection) > len(MIGRATIONS):
                    connection.execute("PRAGMA query_only = ON")
                    notices.append("the cache was written by a newer whymove: it is read and not changed")
                    return cls(path, connection, notices, writable=False)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                migrate(connection, MIGRATIONS)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, notices)

    @classmethod
    def open_reader(cls, path: Path) -> "Cache":
        """Open to read what is there. Raises CacheError where there is nothing to read, or it is damaged."""
        if not path.exists():
            raise CacheError(f"{path} does not exist yet")
        with _in_words(path):
            connection = connect(path, readonly=True, busy_s=READER_BUSY_S)
            try:
                if version_of(connection) == 0:
                    raise CacheError(f"{path} is empty")
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, writable=False)

    def close(self) -> None:
        """Close the file."""
        with _in_words(self.path):
            self._connection.close()

    # --- bars ---

    def put_bars(self, bars: Iterable[Bar]) -> None:
        """Store bars; a bar of the same symbol and day is replaced."""
        self._write_many(
            "INSERT OR REPLACE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (b.symbol, b.day.isoformat(), b.close, b.open, b.high, b.low, b.volume, b.dividend, b.split, b.origin)
                for b in bars
            ),
        )

    def bars(self, symbol: Symbol, since: date | None = None) -> tuple[Bar, ...]:
        """Daily bars, oldest first."""
        rows = self._read(
            "SELECT symbol, day, close, open, high, low, volume, dividend, split, origin FROM bars"
            " WHERE symbol = ? AND day >= ? ORDER BY day",
            (symbol, since.isoformat() if since else ""),
        )
        with _in_words(self.path):
            return tuple(Bar(Symbol(row[0]), date.fromisoformat(row[1]), *row[2:]) for row in rows)

    # --- the exchange's days ---

    def put_trading_days(self, days: Iterable[TradingDay]) -> None:
        """Store days; a day is replaced."""
        self._write_many(
            "INSERT OR REPLACE INTO trading_days VALUES (?, ?, ?, ?, ?)",
            ((d.day.isoformat(), d.kind.value, d.name, d.name_zh, d.origin) for d in days),
        )

    def trading_days(self, first: date, last: date) -> tuple[TradingDay, ...]:
        """The days from `first` to `last`, both included."""
        rows = self._read(
            "SELECT day, kind, name, name_zh, origin FROM trading_days WHERE day BETWEEN ? AND ? ORDER BY day",
            (first.isoformat(), last.isoformat()),
        )
        with _in_words(self.path):
            return tuple(TradingDay(date.fromisoformat(row[0]), DayKind(row[1]), *row[2:]) for row in rows)

    # --- events and who was asked for them ---

    def put_events(self, events: Iterable[Event]) -> None:
        """Store events; an event of the same id is replaced."""
        self._write_many(
            "INSERT OR REPLACE INTO events VALUES (?, ?, ?)",
            ((event.id, event.end, msgspec.json.encode(event)) for event in events),
        )

    def events(self, since: int = 0) -> tuple[Event, ...]:
        """The events that end at or after a time, oldest first."""
        rows = self._read("SELECT event FROM events WHERE ends >= ? ORDER BY ends, id", (since,))
        return tuple(self._decoded(self._event_decoder, (row[0] for row in rows)))

    def put_coverage(self, spans: Iterable[tuple[str, Symbol, int, int]]) -> None:
        """Store who was asked about whom: source, symbol, start and end. What touches is kept as its own span."""
        self._write_many("INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?)", spans)

    def coverage(self) -> tuple[tuple[str, Symbol, int, int], ...]:
        """Every stored span: source, symbol, start, end."""
        rows = self._read("SELECT source, symbol, starts, ends FROM coverage ORDER BY source, symbol, starts", ())
        return tuple((row[0], Symbol(row[1]), row[2], row[3]) for row in rows)

    # --- the last rows, and small facts ---

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Store what the list showed; a symbol's row is replaced."""
        self._write_many(
            "INSERT OR REPLACE INTO rows VALUES (?, ?)", ((row.symbol, msgspec.json.encode(row)) for row in rows)
        )

    def rows(self) -> tuple[Row, ...]:
        """The last rows. One that this version cannot read is left out: it comes again with the next prices."""
        return tuple(
            self._decoded(
                self._row_decoder, (row[0] for row in self._read("SELECT shown FROM rows ORDER BY symbol", ()))
            )
        )

    def put_meta(self, name: str, value: str) -> None:
        """Store a small fact."""
        self._write_many("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(name, value)])

    def meta(self, name: str) -> str | None:
        """A small fact, None where it is not known."""
        rows = self._read("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def _decoded(self, decoder: "msgspec.json.Decoder[T]", blobs: Iterable[bytes]) -> Iterable[T]:
        for blob in blobs:
            try:
                yield decoder.decode(blob)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue  # written by another version

    def _read(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with _in_words(self.path):
            return self._connection.execute(statement, values).fetchall()

    def _write_many(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        if not self.writable:
            raise CacheError(f"{self.path} is only read here: it is a newer whymove's, or belongs to the feed")
        with _in_words(self.path), transaction(self._connection):
            self._connection.executemany(statement, values)


def _sound_connection(path: Path) -> sqlite3.Connection | None:
    """A connection to write with, None where the file is damaged."""
    connection = connect(path, readonly=False)
    try:
        if is_sound(connection):
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Every error of the store, and every value that no program of ours wrote, as a CacheError."""
    with errors_as(CacheError, path):
        try:
            yield
        except (ValueError, TypeError) as error:
            raise CacheError(f"{path} holds what cannot be read ({clean(str(error), 80)}): delete it") from error
