"""ledger-SOURCE.sqlite: own moves nobody could explain, written once at the close of their day and scored once later.

Nothing here is ever changed or deleted: triggers refuse it, whoever asks. A day is written with all its moves or not
at all, so that nothing can join it with hindsight. Rollback journal and full synchronisation, as for notes. A damaged
file is renamed, never overwritten, and what can be read of it is carried over.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from tui.domain.attribution import Verdict
from tui.domain.symbol import Symbol
from tui.domain.unexplained import LedgerDay, Listed, Outcome
from tui.store.database import (
    SIDE_FILES,
    StoreError,
    beside,
    connect,
    errors_as,
    is_sound,
    migrate,
    name_aside,
    prepare_file,
    transaction,
    version_of,
)

T = TypeVar("T")
Line = LedgerDay | Listed | Outcome

# The least that a row of any of the tables takes in the file.
_LEAST_BYTES: Final = 16
_REFUSE: Final = "BEGIN SELECT RAISE(ABORT, 'the ledger is only written once'); END"
# INSERT OR REPLACE deletes without a word to a trigger, so a second line of the same key is refused as well.
_DOUBLED: Final = (
    ("days", "SELECT 1 FROM days WHERE day = NEW.day"),
    ("listed", "SELECT 1 FROM listed WHERE (day, symbol) = (NEW.day, NEW.symbol)"),
    ("outcomes", "SELECT 1 FROM outcomes WHERE (day, symbol) = (NEW.day, NEW.symbol)"),
)
_FROZEN: Final = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {action} ON {table} {condition} {_REFUSE}"
    for table, doubled in _DOUBLED
    for name, action, condition in (
        ("never_changed", "UPDATE", ""),
        ("never_deleted", "DELETE", ""),
        ("written_once", "INSERT", f"WHEN EXISTS ({doubled})"),
    )
)
MIGRATIONS: Final = (
    (
        """
        CREATE TABLE days (
            day TEXT PRIMARY KEY, listed_at INTEGER NOT NULL, watched INTEGER NOT NULL, asked INTEGER NOT NULL,
            own INTEGER NOT NULL
        )
        """,
        """
        CREATE TABLE listed (
            day TEXT NOT NULL, symbol TEXT NOT NULL, verdict TEXT NOT NULL, return_pct REAL NOT NULL,
            own_pp REAL NOT NULL, rarity REAL NOT NULL, PRIMARY KEY (day, symbol)
        )
        """,
        """
        CREATE TABLE outcomes (
            day TEXT NOT NULL, symbol TEXT NOT NULL, scored_at INTEGER NOT NULL, until TEXT, own_pp REAL,
            error_pp REAL, lost TEXT NOT NULL, filings INTEGER, first TEXT NOT NULL, PRIMARY KEY (day, symbol)
        )
        """,
        *_FROZEN,
    ),
)


class LedgerError(StoreError):
    """The ledger could not be read or written; nothing in it has changed."""


class Ledger:
    """One open ledger. `notices` says what happened while it was opened, `writable` whether it may be added to."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Raises LedgerError where the file cannot be used; to read one, it must be there."""
        self.path = path
        self.notices: tuple[str, ...] = ()
        self.writable = not readonly
        with errors_as(LedgerError, self.path):
            self._connection = self._open()

    def close(self) -> None:
        """Close the file."""
        with errors_as(LedgerError, self.path):
            self._connection.close()

    # --- writing, once ---

    def freeze(self, day: LedgerDay, moves: Sequence[Listed]) -> bool:
        """Write a day with everything listed on it; False, and nothing written, where the day is there already."""
        if any(move.day != day.day for move in moves):
            raise ValueError(f"a move of another day cannot be listed on {day.day}")
        with self._changing():
            if self._connection.execute("SELECT 1 FROM days WHERE day = ?", (day.day.isoformat(),)).fetchone():
                return False
            _put(self._connection, day)
            for move in moves:
                _put(self._connection, move)
        return True

    def score(self, outcome: Outcome) -> bool:
        """Write what became of a listed move; False, and nothing written, where that is there, or it was not listed."""
        key = (outcome.day.isoformat(), outcome.symbol)
        with self._changing():
            if not self._connection.execute("SELECT 1 FROM listed WHERE (day, symbol) = (?, ?)", key).fetchone():
                return False
            if self._connection.execute("SELECT 1 FROM outcomes WHERE (day, symbol) = (?, ?)", key).fetchone():
                return False
            _put(self._connection, outcome)
        return True

    # --- reading ---

    def days(self) -> tuple[LedgerDay, ...]:
        """Every frozen day, oldest first."""
        return self._read("days ORDER BY day", _day_of)

    def listed(self) -> tuple[Listed, ...]:
        """Every listed move, oldest first."""
        return self._read("listed ORDER BY day, symbol", _listed_of)

    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome, oldest first."""
        return self._read("outcomes ORDER BY day, symbol", _outcome_of)

    def unscored(self) -> tuple[Listed, ...]:
        """The listed moves without an outcome, oldest first."""
        done = {(outcome.day, outcome.symbol) for outcome in self.outcomes()}
        return tuple(move for move in self.listed() if (move.day, move.symbol) not in done)

    # --- inside ---

    def _open(self) -> sqlite3.Connection:
        if not self.writable:
            if not self.path.exists():
                raise LedgerError(f"there is no ledger yet ({self.path.name}): it begins when the feed runs at a close")
            return connect(self.path, readonly=True, in_doubt=True)
        prepare_file(self.path)
        connection = connect(self.path, readonly=False, in_doubt=True)
        if not is_sound(connection, thorough=True):
            connection.close()
            connection = self._recover()
        if version_of(connection) > len(MIGRATIONS):
            connection.close()
            self.writable = False
            self.notices += ("the ledger was written by a newer whymove: it is shown and not added to",)
            return connect(self.path, readonly=True, in_doubt=True)
        _make(connection)
        return connection

    def _recover(self) -> sqlite3.Connection:
        """Set the damaged file aside under a name of its own, and begin a new one with what can be read of it."""
        aside = name_aside(self.path)
        for suffix in SIDE_FILES:
            if beside(self.path, suffix).exists():
                beside(self.path, suffix).rename(beside(aside, suffix))
        self.path.rename(aside)
        prepare_file(self.path)
        connection = connect(self.path, readonly=False, in_doubt=True)
        _make(connection)
        carried = 0
        with transaction(connection):
            for line in _readable(aside):
                with suppress(sqlite3.Error):
                    _put(connection, line)
                    carried += 1
        self.notices += (f"the ledger was damaged: {carried} lines of it are here, the old file is {aside.name}",)
        return connection

    def _read(self, what: str, line_of: Callable[[Sequence[Any]], T]) -> tuple[T, ...]:
        with errors_as(LedgerError, self.path):
            rows = self._connection.execute(f"SELECT * FROM {what}").fetchall()  # noqa: S608
            try:
                return tuple(map(line_of, rows))
            except (ValueError, TypeError) as error:
                raise LedgerError(f"{self.path.name} holds a line that is none ({error}): look at its disk") from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if not self.writable:
            raise LedgerError(f"{self.path.name} is only read: {'; '.join(self.notices) or 'it was opened to be read'}")
        with errors_as(LedgerError, self.path), transaction(self._connection):
            yield


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")
    migrate(connection, MIGRATIONS)


def _put(connection: sqlite3.Connection, line: Line) -> None:
    """Insert a line into its table. The columns are in the order of the struct's fields."""
    table = {LedgerDay: "days", Listed: "listed", Outcome: "outcomes"}[type(line)]
    values = [value.isoformat() if isinstance(value, date) else value for value in msgspec.structs.astuple(line)]
    marks = ", ".join("?" for _ in values)
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608


def _day_of(row: Sequence[Any]) -> LedgerDay:
    return LedgerDay(date.fromisoformat(row[0]), *map(int, row[1:]))


def _listed_of(row: Sequence[Any]) -> Listed:
    return Listed(date.fromisoformat(row[0]), Symbol(row[1]), Verdict(row[2]), *map(float, row[3:]))


def _outcome_of(row: Sequence[Any]) -> Outcome:
    until = None if row[3] is None else date.fromisoformat(row[3])
    own, error = (None if value is None else float(value) for value in row[4:6])
    filings = None if row[7] is None else int(row[7])
    return Outcome(
        date.fromisoformat(row[0]), Symbol(row[1]), int(row[2]), until, own, error, str(row[6]), filings, str(row[8])
    )


def _readable(path: Path) -> Iterator[Line]:
    """The lines of a damaged file that SQLite still finds and that are lines, one by one, in the order of writing."""
    with suppress(sqlite3.Error), closing(connect(path, readonly=True, in_doubt=True)) as connection:
        for table, line_of in (("days", _day_of), ("listed", _listed_of), ("outcomes", _outcome_of)):
            # Rows are asked for one by one, as many as the file could hold: what SQLite cannot find stays in that file.
            for number in range(1, path.stat().st_size // _LEAST_BYTES):
                with suppress(sqlite3.Error, ValueError, TypeError):
                    row = connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (number,)).fetchone()  # noqa: S608
                    if row is not None:
                        yield line_of(row)
