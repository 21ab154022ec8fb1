"""Daily bars of all symbols, and what is fitted on them: once a day for each stock, off the loop."""

import asyncio
import logging
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Final

from tui.attribution.book import Book
from tui.attribution.factors import TRACKER
from tui.attribution.panel import panel_from_bars
from tui.attribution.prepare import Fit
from tui.domain.market import Bar
from tui.domain.symbol import HSTECH, Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import TradingDay

# More members of a sector than this make its median no better, only dearer to fetch.
MOST_PEERS: Final = 9

log = logging.getLogger(__name__)


class Fits:
    """Bars, the book of attributed days made from them, and the fit of each stock's running day."""

    def __init__(self, table: SectorTable, market: Symbol) -> None:
        self.table = table
        self.market = market
        self.book: Book | None = None
        self._bars: dict[Symbol, tuple[Bar, ...]] = {}
        self._fits: dict[tuple[Symbol, date], Fit] = {}
        self._bare: dict[tuple[Symbol, date], Fit] = {}
        self._fitted: Mapping[Symbol, tuple[Bar, ...]] = {}

    # --- bars ---

    def take_bars(self, symbol: Symbol, bars: Sequence[Bar]) -> bool:
        """Take daily bars, merged by day into those held; False where nothing is new. Unsound bars are left out."""
        held = self._bars.get(symbol, ())
        merged = {bar.day: bar for bar in held} | {bar.day: bar for bar in bars if _sound(bar)}
        taken = tuple(merged[day] for day in sorted(merged))
        if taken == held:
            return False
        self._bars[symbol] = taken
        return True

    def keep(self, symbols: Iterable[Symbol]) -> None:
        """Forget the bars of all other symbols."""
        kept = set(symbols)
        self._bars = {symbol: bars for symbol, bars in self._bars.items() if symbol in kept}

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        """What is known of a symbol's days, oldest first."""
        return self._bars.get(symbol, ())

    def last_day(self, symbol: Symbol) -> date | None:
        """The day of the newest bar."""
        bars = self._bars.get(symbol)
        return bars[-1].day if bars else None

    def around(self, symbol: Symbol, day: date) -> tuple[Bar | None, Bar | None]:
        """The last bar before a day, and the bar of the day itself where it is known."""
        bars = self._bars.get(symbol, ())
        if bars and bars[-1].day < day:
            return bars[-1], None
        at = bisect_left(bars, day, key=lambda bar: bar.day)
        today = bars[at] if at < len(bars) and bars[at].day == day else None
        return (bars[at - 1] if at else None), today

    # --- what a split needs ---

    def factors(self, symbol: Symbol) -> tuple[Symbol, ...]:
        """The symbols beside the stock itself that its split is made with."""
        word = self.table.sector(symbol)
        if not word:
            return (self.market,)
        index = self.table.index_of.get(word)
        return (self.market, index) if index else (self.market, *self.table.peers(symbol)[:MOST_PEERS])

    def needed(self, watched: Iterable[Symbol]) -> tuple[Symbol, ...]:
        """Everything that has to be known to show these symbols: the indices, themselves, their peers."""
        chosen = tuple(watched)
        wanted = dict.fromkeys((self.market, HSTECH, *chosen))
        for symbol in chosen:
            wanted.update(dict.fromkeys(self.factors(symbol)))
        return tuple(wanted)

    def stood_in(self, symbol: Symbol) -> bool:
        """True where the source had no history of an index and gave that of the fund that tracks it."""
        bars = self._bars.get(symbol, ())
        return symbol != TRACKER and any(bar.origin.endswith(f" {TRACKER}") for bar in bars[-1:])

    # --- fits ---

    @property
    def stale(self) -> bool:
        """True where bars came in that no fit has seen."""
        return self._fitted != self._bars

    def fit(self, symbol: Symbol, day: date) -> Fit | None:
        """The stock's fit as of a day; None where `refit` has not made it yet."""
        return self._fits.get((symbol, day))

    def without_sector(self, fit: Fit) -> Fit:
        """The fit on the market alone, made once."""
        key = (fit.symbol, fit.day)
        if key not in self._bare:
            self._bare[key] = fit.without_sector()
        return self._bare[key]

    async def refit(self, wanted: Mapping[Symbol, date], trading_days: Sequence[TradingDay]) -> bool:
        """Make the fits of these symbols' days, and of no others, from the bars at hand; True where one is new."""
        stale = self.stale
        missing = {s: day for s, day in wanted.items() if stale or (s, day) not in self._fits}
        if not missing or (self.book is None and not self._bars):
            return False
        bars = dict(self._bars)
        book = self.book
        if stale or book is None:
            book = await asyncio.to_thread(self._make_book, bars, trading_days)
        fits = await asyncio.to_thread(_fits_of, book, missing)
        kept = {} if book is not self.book else self._fits
        self.book, self._fitted = book, bars
        made = {(fit.symbol, fit.day): fit for fit in fits}
        self._fits = {key: fit for key, fit in (kept | made).items() if wanted.get(key[0]) == key[1]}
        self._bare = {}
        return bool(fits)

    def _make_book(self, bars: Mapping[Symbol, Sequence[Bar]], trading_days: Sequence[TradingDay]) -> Book:
        return Book(panel_from_bars(bars, trading_days, self.market), self.table, self.market)


def _fits_of(book: Book, wanted: Mapping[Symbol, date]) -> list[Fit]:
    return [book.fit(s, day) for s, day in wanted.items() if s in book.panel and s != book.market]


def _sound(bar: Bar) -> bool:
    """A bar that can be used at all; anything odd beyond that is flagged, not dropped."""
    return (
        isfinite(bar.close) and bar.close > 0 and isfinite(bar.dividend) and bar.dividend >= 0
        and isfinite(bar.split) and bar.split > 0
    )  # fmt: skip
