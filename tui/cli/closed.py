"""Answers from closed sessions, computed in this process: the sample week, or a file of closes."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.cli.answers import Answer, Session
from tui.cli.errors import CliError
from tui.cli.naming import offers, symbol_of
from tui.config import Config
from tui.config.schema_words import nearest
from tui.domain.attribution import Attribution
from tui.domain.market import Instrument
from tui.domain.symbol import HSTECH, Symbol, SymbolError, parse_symbol
from tui.domain.text import clean
from tui.domain.trading_day import TradingDay
from tui.render.provenance import Provenance
from tui.render.table import IndexLine, TableRow

if TYPE_CHECKING:
    from tui.attribution.book import Book
    from tui.attribution.factors import SectorChoice
    from tui.attribution.panel import Panel
    from tui.domain.tables import SectorTable


class ClosedSessions:
    """A panel of closed sessions and its book. `place` is what sentences call it."""

    def __init__(self, place: str, book: "Book", instruments: dict[Symbol, Instrument]) -> None:
        self.place = place
        self.book = book
        self.instruments = instruments
        if book.market not in book.panel:
            raise CliError(
                f"{place} has no {book.market}, the index that moves are measured against: "
                f"add it, or name another with --market{self._nearest(book.market)}"
            )
        if book.sector not in ("auto", "none") and Symbol(book.sector) not in book.panel:
            near = nearest(book.sector, ("auto", "none")) or self._nearest(book.sector)
            raise CliError(f"{place} has no {book.sector}: --sector is auto, none or a symbol it has{near}", 2)

    # --- what the kinds of sessions differ in

    def calendar(self, day: date) -> TradingDay:
        """What the exchange does on a day."""
        from tui.sources.calendar import trading_days

        return trading_days(day, day)[0]

    def dressed(self, day: Attribution) -> Attribution:
        """The day with what is known beside its prices."""
        return day

    def provenance(self, days: Sequence[Attribution]) -> Provenance:
        """Where the numbers of one stock's days come from."""
        return Provenance("file", self.place)

    def provenance_of_table(self, days: Sequence[Attribution]) -> Provenance:
        """Where the numbers of many stocks' day come from."""
        return Provenance("file", self.place)

    # --- answers

    def explain(self, text: str, day: date | None, count: int) -> Answer:
        symbol = self._symbol(text)
        until = self._session_day(day)
        try:
            days = self.book.days(symbol, count, until) or (self.book.day(symbol, until),)
        except ValueError as error:
            raise CliError(clean(str(error)), 2) from error
        if days[0].date != until:
            # Not listed yet on that day, or not in the file.
            days = (self.book.day(symbol, until), *days[: count - 1])
        instrument = self.instruments.get(symbol) or Instrument(symbol)
        return Answer(instrument, tuple(map(self.dressed, days)), self.provenance(days))

    def session(self, symbols: tuple[Symbol, ...], day: date | None) -> Session:
        until = self._session_day(day)
        here = [symbol for symbol in symbols if symbol in self.book.panel and symbol != self.book.market]
        rows = tuple(
            TableRow(self.instruments.get(symbol) or Instrument(symbol), self.dressed(self.book.day(symbol, until)))
            for symbol in here
        )
        absent = tuple(symbol for symbol in symbols if symbol not in self.book.panel)
        provenance = self.provenance_of_table([row.day for row in rows if row.day])
        return Session(until, tuple(self._indices(until)), rows, provenance, absent)

    def histories(self, symbols: tuple[Symbol, ...], count: int) -> dict[Symbol, Answer]:
        panel, market = self.book.panel, self.book.market
        here = [symbol for symbol in symbols if symbol in panel and symbol != market]
        days = {symbol: self.book.days(symbol, count) for symbol in here}
        return {
            symbol: Answer(
                self.instruments.get(symbol) or Instrument(symbol),
                tuple(map(self.dressed, told)),
                self.provenance(told),
            )
            for symbol, told in days.items()
            if told
        }

    def _indices(self, day: date) -> Iterable[IndexLine]:
        panel = self.book.panel
        row = panel.row(day)
        for symbol in dict.fromkeys((self.book.market, HSTECH)):
            if symbol in panel:
                column = panel.column(symbol)
                close, move = float(panel.closes[row, column]), float(panel.moves[row, column])
                yield IndexLine(symbol, None if isnan(close) else close, None if isnan(move) else move)

    # --- what a user writes

    def _symbol(self, text: str) -> Symbol:
        """The symbol that a text spells; CliError offers the nearest by code and by name."""
        try:
            symbol = symbol_of(text, self.book.panel, self.instruments)
        except SymbolError as error:
            if near := self._nearest(text):
                raise CliError(f"{clean(text, 40)!r} is no symbol{near}", 2) from error
            raise CliError(str(error), 2) from error
        if symbol not in self.book.panel:
            raise CliError(f"{symbol} is not in {self.place}{self._nearest(text)}", 2)
        return symbol

    def _nearest(self, text: str) -> str:
        return offers(text, self.book.panel.symbols, self.instruments)

    def _session_day(self, day: date | None) -> date:
        """The session meant; CliError tells why a day is none and which ones are near."""
        dates = self.book.panel.dates
        if day is None:
            return dates[-1]
        if day > dates[-1]:
            raise CliError(f"{day} lies after the last session of {self.place}, {dates[-1]}", 2)
        if day < dates[0]:
            raise CliError(f"{day} lies before the first session of {self.place}, {dates[0]}", 2)
        at = self.book.panel.sessions_before(day)
        if dates[at] == day:
            return day
        known = self.calendar(day)
        if known.is_open:
            why = f"{self.place} has no prices for {day}"
        else:
            why = f"{day} is no trading day ({known.name})" if known.name else f"{day} is no trading day"
        raise CliError(f"{why}; the sessions around it are {dates[at - 1]} and {dates[at]}", 2)


class SampleSessions(ClosedSessions):
    """The bundled week."""

    def __init__(self, config: Config, market: str | None, sector: str) -> None:
        from tui.attribution.panel import panel_from_bars
        from tui.config.tables import sector_table
        from tui.feed.factory import sample_sectors
        from tui.sources.sample import load_sample

        self._sample = load_sample()
        self._table = sample_sectors(self._sample, sector_table(config))
        panel = panel_from_bars(self._sample.bars, self._sample.trading_days)
        book = _book(panel, self._table, config, market, sector)
        super().__init__("the sample week", book, self._sample.instruments)

    def calendar(self, day: date) -> TradingDay:
        return self._sample.trading_day(day)

    def dressed(self, day: Attribution) -> Attribution:
        """With the week's events, and the day's volume against the usual."""
        from tui.feed.volume import relative_day
        from tui.news.ranking import attach, peers_speaking

        sample = self._sample
        bars = sample.bars[day.symbol]
        volume = next((bar.volume for bar in reversed(bars) if bar.day == day.date), None)
        peers = self._table.peers(day.symbol)
        speaking = peers_speaking(sample.events)
        told = attach(
            day,
            sample.events,
            asked=day.symbol in sample.asked,
            days=sample.trading_days,
            peers=peers,
            moved={peer: self.book.day(peer, day.date) for peer in peers if peer in speaking},
        )
        return msgspec.structs.replace(told, relative_volume=relative_day(bars, day.date, volume))

    def provenance(self, days: Sequence[Attribution]) -> Provenance:
        origins = self._origins(days[0].symbol)
        window = days[0].window
        closes = [origins[known] for known in origins if window.first and window.first <= known < days[0].date]
        return Provenance(
            "sample",
            shown=len(days),
            shown_published=sum(map(self._is_published, days)),
            window=len(closes),
            window_published=sum(closes),
            invented=not any(origins.values()),
        )

    def provenance_of_table(self, days: Sequence[Attribution]) -> Provenance:
        return Provenance("sample", shown=len(days), shown_published=sum(map(self._is_published, days)))

    def _is_published(self, day: Attribution) -> bool:
        """Whether both closes of the move are published facts."""
        origins = self._origins(day.symbol)
        before = max((known for known in origins if known < day.date), default=None)
        return before is not None and origins[before] and origins.get(day.date, False)

    def _origins(self, symbol: Symbol) -> dict[date, bool]:
        """Whether each close is a published fact."""
        from tui.sources.sample_files import PUBLISHED

        return {bar.day: bar.origin == PUBLISHED for bar in self._sample.bars[symbol]}


class FileSessions(ClosedSessions):
    """A wide CSV of closes."""

    def __init__(self, path: Path, config: Config, market: str | None, sector: str) -> None:
        from tui.attribution.panel import panel_from_closes
        from tui.config.tables import sector_table
        from tui.sources.closes import PriceFileError, read_closes

        table = sector_table(config)
        try:
            prices = read_closes(path)
            panel = panel_from_closes(prices.dates, prices.closes)
        except (PriceFileError, ValueError) as error:
            raise CliError(clean(str(error), 500)) from error
        super().__init__(clean(path.name), _book(panel, table, config, market, sector), table.instruments)


def _book(panel: "Panel", table: "SectorTable", config: Config, market: str | None, sector: str) -> "Book":
    """The panel's book, measured against the market and sector that were asked for."""
    from tui.attribution.book import Book

    try:
        index = config.attribution.market if market is None else parse_symbol(market)
        choice: SectorChoice = "auto" if sector == "auto" else "none" if sector == "none" else parse_symbol(sector)
    except SymbolError as error:
        raise CliError(str(error), 2) from error
    return Book(panel, table, index, choice)
