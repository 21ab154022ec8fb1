"""The newest quote and the day's path of every symbol, as far as they are to be believed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Final

import msgspec

from tui.domain.market import PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, TradingDay, to_hkt
from tui.feed.day_path import DayPath, slot_of
from tui.feed.timetable import DayOf

# A quote that only confirms the one before is passed on this seldom: a terminal takes a price for stale that was
# not confirmed for a minute.
CONFIRM_MS: Final = 30_000
# A price this far from the last one is believed when the source says it twice.
JUMP: Final = 1.5
SAME: Final = 0.05
# A quote from further ahead than two clocks differ is none.
AHEAD_MS: Final = 120_000


class Tape:
    """What the sources said last. Prices that make no sense are refused and counted."""

    def __init__(self, day_of: DayOf, finished: Callable[[Symbol, DayPath], None] = lambda symbol, path: None) -> None:
        """`finished` is told the path of a day that another day's first price ends."""
        self.quotes: dict[Symbol, Quote] = {}
        self.paths: dict[Symbol, DayPath] = {}
        self.doubts: dict[Symbol, Reason] = {}
        """Why a symbol's newest price is not shown."""
        self.on_day: Callable[[], None] = lambda: None
        """Told that a symbol's newest quote is of another day than the one before."""
        self.day_of = day_of
        """The exchange's calendar."""
        self._finished = finished
        self._unbelieved: dict[Symbol, float] = {}

    def take_quotes(self, quotes: Mapping[Symbol, Quote], now: int) -> set[Symbol]:
        """Take an answer; the symbols whose quote differs from the one held."""
        return {symbol for symbol, quote in quotes.items() if self._take(symbol, quote, now)}

    def take_paths(self, paths: Mapping[Symbol, Sequence[PathPoint]]) -> set[Symbol]:
        """Take the paths of a day; the symbols whose path is new."""
        changed = set()
        for symbol, points in paths.items():
            sound = [point for point in points if isfinite(point.price) and point.price > 0]
            if not sound:
                continue
            day = to_hkt(sound[-1].time).date()
            known = self.paths.get(symbol)
            if known is not None and known.day > day:
                continue
            path = self._path(symbol, day)
            path.fill(point for point in sound if to_hkt(point.time).date() == day)
            changed.add(symbol)
        return changed

    def forget(self, kept: Iterable[Symbol]) -> None:
        """Drop everything of symbols that nobody needs."""
        keep = set(kept)
        for held in (self.quotes, self.paths, self.doubts, self._unbelieved):
            for symbol in [symbol for symbol in held if symbol not in keep]:
                held.pop(symbol, None)

    def day(self, symbol: Symbol) -> date | None:
        """The Hong Kong date of the newest quote."""
        quote = self.quotes.get(symbol)
        return None if quote is None else to_hkt(quote.exchange_time).date()

    def slot(self, symbol: Symbol) -> int | None:
        """The exchange minute of the newest quote on its day."""
        quote, path = self.quotes.get(symbol), self.paths.get(symbol)
        return None if quote is None or path is None else slot_of(quote.exchange_time, path.kind)

    def _take(self, symbol: Symbol, quote: Quote, now: int) -> bool:
        held = self.quotes.get(symbol)
        if held is not None and held.source != quote.source:
            # The source turned to another spelling of the same thing (a fund for its index): another level of prices.
            self.paths.pop(symbol, None)
            held = None
        if doubt := self._doubt(quote, held, now):
            self.doubts[symbol] = doubt
            return False
        self.doubts.pop(symbol, None)
        if held is not None and quote.exchange_time < held.exchange_time:
            return False
        if held is not None and msgspec.structs.replace(quote, received=held.received) == held:
            if quote.received - held.received < CONFIRM_MS:
                return False
            self.quotes[symbol] = quote
            return True
        before, day = self.day(symbol), to_hkt(quote.exchange_time).date()
        self.quotes[symbol] = quote
        self._path(symbol, day).put(quote.exchange_time, quote.price, quote.volume, quote.open)
        if day != before:
            self.on_day()
        return True

    def _doubt(self, quote: Quote, held: Quote | None, now: int) -> Reason | None:
        """Why a quote is not believed; None where it is."""
        if not (isfinite(quote.price) and quote.price > 0):
            return Reason(Why.BAD_PRICE, quote.source, f"{quote.price}")
        if quote.exchange_time > now + AHEAD_MS:
            return Reason(Why.FUTURE_PRICE, quote.source)
        last = held.price if held else quote.previous_close
        if last and not 1 / JUMP < quote.price / last < JUMP:
            before = self._unbelieved.get(quote.symbol)
            if before is None or abs(quote.price / before - 1) > SAME:
                self._unbelieved[quote.symbol] = quote.price
                return Reason(Why.JUMP, quote.source, f"{last:g}", quote.price)
        self._unbelieved.pop(quote.symbol, None)
        return None

    def _path(self, symbol: Symbol, day: date) -> DayPath:
        """The path of a day; one of another day gives way to it."""
        path = self.paths.get(symbol)
        if path is None or path.day != day:
            if path is not None and path.day < day:
                self._finished(symbol, path)
            known: TradingDay = self.day_of(day)
            path = self.paths[symbol] = DayPath(day, known.kind if known.is_open else DayKind.FULL)
        return path
