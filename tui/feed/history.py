"""A stock's attributed days, newest first, with the news beside them and the parts of each day."""

import asyncio
from datetime import date
from typing import Final

import msgspec

from tui.attribution.book import Book
from tui.domain.attribution import Attribution, Flag, Leg
from tui.domain.clock import Clock
from tui.domain.symbol import Symbol, short_code
from tui.feed.attributor import Attributor
from tui.feed.backfill import Backfill
from tui.feed.fits import Fits
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.state import State
from tui.feed.volume import relative_day
from tui.wire import AskHistory, History

MOST_DAYS: Final = 1000

Days = tuple[tuple[Attribution, ...], dict[date, tuple[Leg, ...]]]


class Historian:
    """Answers AskHistory from the book of closed days and the running day's row."""

    def __init__(
        self,
        clock: Clock,
        days: MarketDays,
        fits: Fits,
        news: NewsDesk,
        state: State,
        attributor: Attributor,
        backfill: Backfill,
    ) -> None:
        self._clock = clock
        self._days = days
        self._fits = fits
        self._news = news
        self._state = state
        self._attributor = attributor
        self._backfill = backfill

    async def answer(self, ask: AskHistory) -> History:
        """The days, or the reason why there are none."""
        if ask.symbol == self._fits.market:
            return History(
                ask.symbol, error=f"{short_code(ask.symbol)} is the market itself: there is nothing to split"
            )
        if reason := await self._backfill.ensure(ask.symbol):
            return History(ask.symbol, error=reason)
        book = self._fits.book
        if book is None or ask.symbol not in book.panel:
            return History(ask.symbol, error=f"there is no history of {short_code(ask.symbol)} yet")
        count = min(max(ask.days, 1), MOST_DAYS)
        closed, parts = await asyncio.to_thread(self._closed_days, book, ask.symbol, count, ask.until)
        days = self._with_running_day(ask, closed, parts)[:count]
        now = self._clock.now_ms()
        table = self._days.days
        told = tuple(self._news.beside(day, table, now, parts.get(day.date, ())) for day in days)
        shown = {day.date for day in told}
        return History(ask.symbol, told, {day: part for day, part in parts.items() if day in shown})

    def _with_running_day(
        self, ask: AskHistory, closed: tuple[Attribution, ...], parts: dict[date, tuple[Leg, ...]]
    ) -> tuple[Attribution, ...]:
        """The day as the list shows it takes the place of the same day from its bar, so that both always agree."""
        row = self._state.row(ask.symbol)
        if row is None or row.day is None or (ask.until is not None and row.day.date > ask.until):
            return closed
        if closed and closed[0].date > row.day.date:
            return closed
        if running := self._attributor.legs(ask.symbol):
            parts[row.day.date] = running
        return (row.day, *(day for day in closed if day.date != row.day.date))

    def _closed_days(self, book: Book, symbol: Symbol, count: int, until: date | None) -> Days:
        """Runs in a thread: hundreds of fits where none is remembered."""
        bars = self._fits.bars(symbol)
        volumes = {bar.day: bar.volume for bar in bars}
        days = tuple(
            msgspec.structs.replace(
                day,
                relative_volume=relative_day(bars, day.date, volumes.get(day.date)),
                flags=self._flags(day),
            )
            for day in book.days(symbol, count, until)
        )
        parts = {day.date: found for day in days if (found := book.legs(symbol, day.date))}
        return days, parts

    def _flags(self, day: Attribution) -> tuple[Flag, ...]:
        """The day's flags, and that a fund stood in for the sector's index."""
        proxy = any(self._fits.stood_in(Symbol(factor.name)) for factor in day.factors)
        return tuple(flag for flag in Flag if flag in day.flags or (proxy and flag is Flag.SECTOR_PROXY))
