"""New York's closes of dual listings and the dollar's rate, fetched once a night, and the gaps they imply."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from functools import partial
from typing import Final

from tui.attribution.adr import after_the_open, before_the_open, parity_gap
from tui.attribution.book import Book
from tui.domain.adr import USDHKD, DualListing, ParityGap
from tui.domain.clock import Clock
from tui.domain.market import Bar
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt, to_hkt
from tui.feed.asking import Asker, Urgency
from tui.feed.fits import Fits
from tui.feed.health import OF_THE_SYMBOL, Health
from tui.feed.keeper import Keeper
from tui.feed.market_days import MarketDays
from tui.feed.pause import pause
from tui.sources.ports import PriceSource, SourceError

HISTORY: Final = timedelta(days=400)
OVERLAP: Final = timedelta(days=10)
LOOK_S: Final = 60.0
# New York closes at 04:00 or 05:00 in Hong Kong; before this time its last bar may still move.
FINAL: Final = time(5, 10)
# Until a question is put again whose answer was not there yet: a holiday, or a source that is late.
LATER_S: Final = 3 * 3600.0
# Until a listing that the source does not know is asked for again.
UNKNOWN_S: Final = 12 * 3600.0
_OPEN: Final = time(9, 30)
_LONGEST_CLOSURE: Final = 15


class NewYork:
    """Bars of the watched stocks' other listings; `watched` are Hong Kong's symbols."""

    def __init__(
        self,
        clock: Clock,
        days: MarketDays,
        listings: Mapping[Symbol, DualListing],
        fits: Fits,
        market_night: Callable[[date], float | None],
        prices: PriceSource,
        asker: Asker,
        health: Health,
        keeper: Keeper,
    ) -> None:
        """`market_night` tells the index' return from the last close to a day's open, percent; None where unknown."""
        self.on_bars: Callable[[Sequence[Symbol]], None] = lambda symbols: None
        """Told whose gap may be another one now."""
        self.wake = asyncio.Event()
        self._clock = clock
        self._days = days
        self._listings = listings
        self._fits = fits
        self._market_night = market_night
        self._prices = prices
        self._asker = asker
        self._health = health
        self._keeper = keeper
        self._watched: tuple[DualListing, ...] = ()
        self._bars: dict[Symbol, tuple[Bar, ...]] = {}
        self._loaded: set[Symbol] = set()
        self._not_before: dict[Symbol, float] = {}
        self._morning: tuple[object, dict[Symbol, ParityGap]] = (None, {})

    def watch(self, symbols: Sequence[Symbol]) -> None:
        """Look after the dual listings among these stocks, and no others."""
        watched = tuple(self._listings[symbol] for symbol in symbols if symbol in self._listings)
        if watched != self._watched:
            self._watched = watched
            self.wake.set()

    async def run(self) -> None:
        """Ask for the last night's bars once each is final."""
        while True:
            self.wake.clear()
            needed = self._needed()
            new = [symbol for symbol in needed if symbol not in self._loaded]
            self._loaded.update(new)
            for symbol, bars in (await self._keeper.stored_bars(new)).items():
                self._take(symbol, bars)
            for symbol in needed:
                self._want(symbol)
            await pause(self._clock, LOOK_S, self.wake)

    # --- the gaps ---

    def gap(self, symbol: Symbol) -> ParityGap | None:
        """What the last night implies for today's session, or for the one to come where today has none.

        Before the open it is split by the other dual listings, from the open on by the index' own night.
        """
        if symbol not in self._listings:
            return None
        now = self._clock.now_ms()
        today = to_hkt(now).date()
        day = next((d for d in _from(today) if self._days.day(d).is_open), None)
        if day is None:
            return None
        gap = self._of_morning(day).get(symbol)
        if gap is None or day != today or now < from_hkt(day, _OPEN):
            return gap
        fit, night_pct = self._fits.fit(symbol, day), self._market_night(day)
        if fit is None or fit.regression is None or night_pct is None:
            return gap
        return after_the_open(gap, fit.regression.market.value, night_pct)

    def past(self, symbol: Symbol, days: Sequence[date], book: Book) -> dict[date, ParityGap]:
        """The gaps of closed sessions of a book, split by the index' own night where its open is known."""
        found: dict[date, ParityGap] = {}
        for day in days:
            gap = self._whole(symbol, day)
            if gap is None or day not in book.panel.dates:
                continue
            night_pct = book.night(day)
            regression = book.fit(symbol, day).regression
            if regression is not None and night_pct is not None:
                gap = after_the_open(gap, regression.market.value, night_pct)
            found[day] = gap
        return found

    def _of_morning(self, day: date) -> dict[Symbol, ParityGap]:
        """Every watched stock's gap of a day, split by the others; made once for the same bars."""
        stocks = tuple(self._fits.bars(listing.symbol)[-1:] for listing in self._watched)
        made_from = (day, self._watched, tuple(map(id, self._bars.values())), stocks)
        if self._morning[0] != made_from:
            whole = {each.symbol: gap for each in self._watched if (gap := self._whole(each.symbol, day))}
            self._morning = (made_from, before_the_open(whole))
        return self._morning[1]

    def _whole(self, symbol: Symbol, day: date) -> ParityGap | None:
        listing = self._listings.get(symbol)
        if listing is None:
            return None
        adr, rates = self._bars.get(listing.adr, ()), self._bars.get(USDHKD, ())
        return parity_gap(listing, day, self._fits.bars(symbol), adr, rates)

    # --- the bars ---

    def _needed(self) -> tuple[Symbol, ...]:
        return (*(listing.adr for listing in self._watched), *((USDHKD,) if self._watched else ()))

    def _want(self, symbol: Symbol) -> None:
        """Ask for a symbol's bars where a night that is over is not among them."""
        now = self._clock.now_ms()
        held = self._bars.get(symbol, ())
        last = held[-1].day if held else None
        if self._clock.monotonic() < self._not_before.get(symbol, 0.0):
            return
        if last is not None and last >= last_final(now):
            return
        since = to_hkt(now).date() - HISTORY if last is None else last - OVERLAP
        self._asker.ask(
            ("bars", symbol),
            Urgency.MEASURES,
            self._health,
            partial(self._prices.bars, symbol, since),
            partial(self._took, symbol),
            partial(self._failed, symbol),
        )

    def _took(self, symbol: Symbol, bars: Sequence[Bar]) -> None:
        self._not_before[symbol] = self._clock.monotonic() + LATER_S
        if new := self._take(symbol, bars):
            self._keeper.put_bars(new)
            self.on_bars([each.symbol for each in self._watched if symbol in (each.adr, USDHKD)])

    def _failed(self, symbol: Symbol, error: SourceError) -> None:
        """A gap is a nicety: whatever the trouble is, it is tried again some other time."""
        later_s = UNKNOWN_S if error.state in OF_THE_SYMBOL else LATER_S
        self._not_before[symbol] = self._clock.monotonic() + later_s

    def _take(self, symbol: Symbol, bars: Sequence[Bar]) -> list[Bar]:
        """Take the bars of nights that are over; those that are new or changed."""
        end = last_final(self._clock.now_ms())
        held = {bar.day: bar for bar in self._bars.get(symbol, ())}
        new = [bar for bar in bars if bar.day <= end and held.get(bar.day) != bar]
        if new:
            held |= {bar.day: bar for bar in new}
            self._bars[symbol] = tuple(held[day] for day in sorted(held))
        return new


def last_final(now: int) -> date:
    """The last weekday whose session in New York is over at a moment, whether there was one or not."""
    day = to_hkt(now).date() - timedelta(days=1)
    if now < from_hkt(day + timedelta(days=1), FINAL):
        day -= timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def _from(day: date) -> list[date]:
    return [day + timedelta(days=ahead) for ahead in range(_LONGEST_CLOSURE)]
