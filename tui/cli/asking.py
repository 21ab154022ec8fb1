"""Answers from the feed of a live source: one client of the outside world and one writer of the cache, whoever asks."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from tui import __version__
from tui.cli.answers import Answer, Session
from tui.cli.errors import CliError
from tui.cli.naming import offers, symbol_of
from tui.config import Config, FileError
from tui.config.paths import Paths
from tui.config.tables import sector_table
from tui.domain.market import Instrument
from tui.domain.row import FeedStatus, Row, SourceState
from tui.domain.symbol import Symbol, SymbolError, short_code
from tui.domain.text import clean
from tui.render.provenance import Provenance
from tui.render.table import IndexLine, TableRow
from tui.ui.link import FeedLink, Incompatible, LinkEvent, Lost, StartFeed
from tui.wire import Change, History, Refused, Snapshot

# A first history takes its time at a polite pace.
PATIENCE_S: Final = 120.0
# Rows that say nothing new for so long are as complete as they get.
SETTLED_S: Final = 20.0
# A feed that has the bars makes the first fit in much less.
FIRST_FIT_S: Final = 5.0
# Losses of the link before it is given up: the first may be an older feed that makes room.
MOST_LOSSES: Final = 2

T = TypeVar("T")
_Told = tuple[dict[Symbol, History], FeedStatus]


class Rows:
    """The rows and the status that a feed has told so far."""

    def __init__(self, symbols: tuple[Symbol, ...]) -> None:
        self.symbols = symbols
        self.rows: dict[Symbol, Row] = {}
        self.begun = False
        self.status = FeedStatus()

    def take(self, event: LinkEvent) -> None:
        """Take what is new."""
        if isinstance(event, Snapshot):
            self.begun = True
            self.rows = {row.symbol: row for row in event.rows}
            self.status = event.status
        elif isinstance(event, Change):
            self.rows |= {row.symbol: row for row in event.rows}
            self.status = event.status or self.status

    def is_split(self, symbol: Symbol) -> bool:
        """Whether the stock's day is attributed."""
        row = self.rows.get(symbol)
        return row is not None and row.day is not None

    def has_price(self, symbol: Symbol) -> bool:
        """Whether anything is known of the stock's day."""
        row = self.rows.get(symbol)
        return row is not None and (row.quote is not None or row.day is not None)

    def has_reason(self, symbol: Symbol) -> bool:
        """Whether the feed says why the stock has no split."""
        row = self.rows.get(symbol)
        return row is not None and bool(row.note)

    @property
    def complete(self) -> bool:
        """Whether each row has its split, or a reason to have none."""
        return all(self.is_split(symbol) or self.has_reason(symbol) for symbol in self.symbols)


class FeedSessions:
    """Asks the feed of a source, as a terminal does; one that is not there is started, and leaves by itself."""

    def __init__(
        self,
        source: str,
        config: Config,
        link: FeedLink,
        patience_s: float = PATIENCE_S,
        first_fit_s: float = FIRST_FIT_S,
    ) -> None:
        self._source = source
        self._table = sector_table(config)
        self._link = link
        self._patience_s = patience_s
        self._first_fit_s = first_fit_s

    def explain(self, text: str, day: date | None, count: int) -> Answer:
        try:
            symbol = symbol_of(text, self._table.instruments, self._table.instruments)
        except SymbolError as error:
            raise CliError(str(error), 2) from error
        histories, status = asyncio.run(self._histories((symbol,), day, count))
        history = histories[symbol]
        if history.error:
            reason = clean(history.error)
            raise CliError(f"{reason}{self._nearest(text, symbol)}{_trouble(status, reason)}")
        if not history.days:
            raise CliError(f"{self._source} has no session of {short_code(symbol)}")
        newest = history.days[0].date
        if day is not None and newest != day:
            raise CliError(
                f"{day} is no session of {short_code(symbol)} in {self._source}; the one before is {newest}", 2
            )
        return Answer(self._named(symbol, None), history.days, self._provenance(newest, status))

    def session(self, symbols: tuple[Symbol, ...], day: date | None) -> Session:
        if day is not None:
            return self._past_session(symbols, day)
        told = asyncio.run(self._rows(symbols))
        if told.status.day is None or not any(map(told.has_price, symbols)):
            raise CliError(f"{self._source} has no prices yet{_trouble(told.status)}")
        rows = tuple(
            TableRow(self._named(symbol, told.rows.get(symbol)), row.day if (row := told.rows.get(symbol)) else None)
            for symbol in symbols
        )
        indices = tuple(IndexLine(quote.symbol, quote.price, quote.change_pct) for quote in told.status.indices)
        lacking = ", ".join(short_code(symbol) for symbol in symbols if not told.is_split(symbol))
        trouble = f"{self._source} has no split of {lacking} yet{_trouble(told.status)}" if lacking else ""
        provenance = self._provenance(told.status.day, told.status)
        return Session(told.status.day, indices, rows, provenance, trouble=trouble)

    def histories(self, symbols: tuple[Symbol, ...], count: int) -> dict[Symbol, Answer]:
        told, status = asyncio.run(self._histories(symbols, None, count))
        return {
            symbol: Answer(self._named(symbol, None), history.days, self._provenance(history.days[0].date, status))
            for symbol, history in told.items()
            if history.days
        }

    def _past_session(self, symbols: tuple[Symbol, ...], day: date) -> Session:
        histories, status = asyncio.run(self._histories(symbols, day, 1))
        days = {symbol: next((d for d in told.days if d.date == day), None) for symbol, told in histories.items()}
        if not any(days.values()):
            raise CliError(f"{self._source} has no session on {day}", 2)
        rows = tuple(TableRow(self._named(symbol, None), days[symbol]) for symbol in symbols)
        return Session(day, (), rows, self._provenance(day, status))

    def _named(self, symbol: Symbol, row: Row | None) -> Instrument:
        if row is not None and (row.name_en or row.name_zh):
            return Instrument(symbol, row.name_en, row.name_zh, row.sector)
        return self._table.instruments.get(symbol) or Instrument(symbol)

    def _provenance(self, day: date, status: FeedStatus) -> Provenance:
        return Provenance("source", self._source, as_of=status.as_of if status.day == day else None)

    def _nearest(self, text: str, symbol: Symbol) -> str:
        """What else may have been meant; nothing where the stock is one that we know."""
        known = self._table.instruments
        return "" if symbol in known else offers(text, known, known)

    # --- what is asked of the feed

    async def _histories(self, symbols: tuple[Symbol, ...], until: date | None, count: int) -> _Told:
        """Each stock's days, and the feed's status.

        A feed that has just started fits a stock when it is watched, so a refusal is asked again once its row is split.
        """
        self._link.watch(symbols, symbols)
        told = Rows(symbols)
        answers: dict[Symbol, History] = {}
        again: set[Symbol] = set()
        for symbol in symbols:
            self._link.ask_history(symbol, count, until)

        def taken(event: LinkEvent) -> _Told | None:
            told.take(event)
            if isinstance(event, History):
                answers[event.symbol] = event
            elif isinstance(event, Refused):
                raise CliError(f"the feed refused: {clean(event.reason)}")
            refused = [symbol for symbol, answer in answers.items() if answer.error]
            for symbol in refused:
                if symbol not in again and told.is_split(symbol):
                    again.add(symbol)
                    del answers[symbol]
                    self._link.ask_history(symbol, count, until)
            final = (symbol in again or told.has_reason(symbol) for symbol in refused)
            return answered() if told.begun and all(final) else None

        def answered() -> _Told | None:
            return (answers, told.status) if len(answers) == len(symbols) else None

        return await self._until(taken, answered, self._first_fit_s)

    async def _rows(self, symbols: tuple[Symbol, ...]) -> Rows:
        self._link.watch(symbols, symbols)
        told = Rows(symbols)

        def taken(event: LinkEvent) -> Rows | None:
            told.take(event)
            return told if told.complete else None

        return await self._until(taken, lambda: told if told.rows else None, SETTLED_S)

    async def _until(
        self, taken: Callable[[LinkEvent], T | None], partly: Callable[[], T | None], settled_s: float
    ) -> T:
        """Listen until `taken` makes something of what the feed says, or until nothing new is said for `settled_s`
        while `partly` has something.

        CliError where neither happens.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience_s
        losses = 0
        status = FeedStatus()
        try:
            async with asyncio.timeout_at(end) as limit, aclosing(self._link.events()) as events:
                async for event in events:
                    if isinstance(event, Lost | Incompatible):
                        losses += 1
                        if losses >= MOST_LOSSES or isinstance(event, Incompatible):
                            raise CliError(f"the feed of {self._source} does not answer: {event.reason}")
                    if isinstance(event, Snapshot | Change):
                        status = event.status or status
                    if (found := taken(event)) is not None:
                        return found
                    is_news = isinstance(event, History) or (isinstance(event, Snapshot | Change) and bool(event.rows))
                    if is_news and partly() is not None:
                        limit.reschedule(min(end, loop.time() + settled_s))
        except TimeoutError:
            if (found := partly()) is not None:
                return found
        raise CliError(f"{self._source} did not answer within {self._patience_s:.0f} s{_trouble(status)}")


def usual_link(source: str, config_file: Path | None) -> FeedLink:
    """The link to the user's feed of a source."""
    paths = Paths()
    try:
        socket = paths.socket(source)
    except FileError as error:
        raise CliError(str(error)) from error
    # -P: nothing is imported from the folder that the command happens to be run in.
    argv = [sys.executable, "-P", "-m", "tui", "feed", "--source", source]
    if config_file is not None:
        argv += ["--config", os.fspath(config_file.absolute())]
    return FeedLink(socket, __version__, start=StartFeed(tuple(argv), paths.log(f"feed-{source}")))


def _trouble(status: FeedStatus, known: str = "") -> str:
    """ ": yahoo limited, too many requests", or nothing; a reason that is already `known` is not said again."""
    well = (SourceState.OK, SourceState.RESTING)
    ill = (each for each in status.sources if each.state not in well and not (each.reason and each.reason in known))
    said = [f"{each.name} {each.state.replace('_', ' ')}{', ' * bool(each.reason)}{clean(each.reason)}" for each in ill]
    return f": {'; '.join(said)}" if said else ""
