"""The bundled week replayed: a source that knows at its clock's time only what was known then."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, time
from typing import Final

from tui.domain.clock import Clock
from tui.domain.market import Bar, PathPoint, Quality, Quote
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import close_time, from_hkt
from tui.sources.ports import NewsAnswer, SourceError
from tui.sources.sample_files import Sample, load_sample

__all__ = ["NAME", "Sample", "SampleSource", "load_sample"]

NAME: Final = "sample"
# The closing price is printed about two minutes before the last possible end of the auction.
_PRINT_LEAD_MS: Final = 120_000


class SampleSource:
    """The sample as a price and news source: at its clock's time it tells what could be known then, no more.

    A quote is the path's last point; before the open, and for a stock that does not trade that day, the last
    closed session's. A bar exists once its session has closed. An event is told from the first moment at which
    it may have happened: a day's item with the day.
    """

    name = NAME

    def __init__(self, clock: Clock, sample: Sample | None = None) -> None:
        self._clock = clock
        self._sample = sample or load_sample()

    async def quotes(self, symbols: Sequence[Symbol]) -> dict[Symbol, Quote]:
        """The newest quote of each symbol of the sample; SourceError before the sample begins."""
        now = self._clock.now_ms()
        self._refuse_before_start(now)
        found = ((symbol, self._quote(symbol, now)) for symbol in symbols if symbol in self._sample.bars)
        return {symbol: quote for symbol, quote in found if quote}

    async def paths(self, symbols: Sequence[Symbol]) -> dict[Symbol, tuple[PathPoint, ...]]:
        """Today's path of each symbol up to now; before the open, the last session's. Only the week has paths."""
        now = self._clock.now_ms()
        day = self._session(now)
        known = self._sample.paths.get(day, {}) if day else {}
        return {symbol: _until(known[symbol], now) for symbol in symbols if symbol in known}

    async def bars(self, symbol: Symbol, since: date) -> tuple[Bar, ...]:
        """The bars of closed sessions; SourceError(NO_SUCH_SYMBOL) for a stock that the sample lacks."""
        if symbol not in self._sample.bars:
            raise SourceError(SourceState.NO_SUCH_SYMBOL, f"the sample week has no {symbol}")
        return tuple(bar for bar in self._closed_bars(symbol, self._clock.now_ms()) if bar.day >= since)

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        """The events that meet [start, end) and may have happened by now: those of these stocks and of all."""
        now = self._clock.now_ms()
        wanted = set(symbols)
        events = tuple(
            event
            for event in self._sample.events
            if event.start <= now
            and event.start < end
            and event.end > start
            and (not event.symbols or wanted.intersection(event.symbols))
        )
        asked = tuple(symbol for symbol in symbols if symbol in self._sample.asked)
        return NewsAnswer(events, asked, start, end)

    async def close(self) -> None:
        """Nothing is held."""

    def _refuse_before_start(self, now: int) -> None:
        first = self._sample.bars[HSI][0].day
        if now < self._bar_known_from(first):
            raise SourceError(SourceState.EMPTY, f"the sample begins on {first}")

    def _bar_known_from(self, day: date) -> int:
        return from_hkt(day, close_time(self._sample.trading_day(day).kind))

    def _closed_bars(self, symbol: Symbol, now: int) -> tuple[Bar, ...]:
        bars = self._sample.bars[symbol]
        return bars[: bisect_right(bars, now, key=lambda bar: self._bar_known_from(bar.day))]

    def _session(self, now: int) -> date | None:
        """The last session with paths that has opened; None before the week."""
        opened = (day for day in self._sample.paths if from_hkt(day, time(9, 30)) <= now)
        return max(opened, default=None)

    def _quote(self, symbol: Symbol, now: int) -> Quote | None:
        """From the running or last path where the stock traded that day, else from its last closed bar."""
        bars = self._closed_bars(symbol, now)
        session = self._session(now)
        path = self._sample.paths[session].get(symbol, ()) if session else ()
        if session and path:
            before = [bar for bar in bars if bar.day < session]
            return _quote_of_path(symbol, _until(path, now), before[-1] if before else None, now)
        if not bars:
            return None
        return _quote_of_bar(bars, self._bar_known_from(bars[-1].day) - _PRINT_LEAD_MS, now)


def _until(path: Sequence[PathPoint], now: int) -> tuple[PathPoint, ...]:
    return tuple(path[: bisect_right(path, now, key=lambda point: point.time)])


def _quote_of_path(symbol: Symbol, path: Sequence[PathPoint], before: Bar | None, now: int) -> Quote:
    prices = [point.price for point in path]
    volume = sum(point.volume for point in path)
    return Quote(
        symbol=symbol,
        price=prices[-1],
        exchange_time=path[-1].time,
        received=now,
        source=NAME,
        previous_close=before.close if before else None,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        volume=volume or None,
        turnover=sum(point.volume * point.price for point in path) or None,
        quality=Quality.SAMPLE,
    )


def _quote_of_bar(bars: Sequence[Bar], printed: int, now: int) -> Quote:
    last = bars[-1]
    return Quote(
        symbol=last.symbol,
        price=last.close,
        exchange_time=printed,
        received=now,
        source=NAME,
        # The exchange restates the close before a split in new shares.
        previous_close=bars[-2].close / last.split if len(bars) > 1 else None,
        open=last.open,
        high=last.high,
        low=last.low,
        volume=last.volume,
        quality=Quality.SAMPLE,
    )
