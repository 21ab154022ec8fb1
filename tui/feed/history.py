"""A stock's attributed days, newest first, with the news beside them and the parts of each day."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from tui.attribution.book import Book
from tui.domain.adr import ParityGap
from tui.domain.attribution import Attribution, Flag, Leg
from tui.domain.clock import Clock
from tui.domain.effect import SPANS, Effect, Span
from tui.domain.symbol import Symbol, short_code
from tui.feed.backfill import Backfill
from tui.feed.fits import Fits
from tui.feed.market_days import MarketDays
from tui.feed.new_york import NewYork
from tui.feed.news_desk import NewsDesk
from tui.feed.rows import Rows
from tui.feed.volume import relative_day
from tui.wire import AskEffect, AskHistory, Effects, History

MOST_DAYS: Final = 1000
MOST_SPANS: Final = 20

Days = tuple[tuple[Attribution, ...], dict[date, tuple[Leg, ...]]]


class Historian:
    """Answers AskHistory from the book of closed days and the running day's row."""

    def __init__(
        self,
        clock: Clock,
        days: MarketDays,
        fits: Fits,
        news: NewsDesk,
        rows: Rows,
        backfill: Backfill,
        new_york: NewYork,
    ) -> None:
        self._clock = clock
        self._days = days
        self._fits = fits
        self._news = news
        self._rows = rows
        self._backfill = backfill
        self._new_york = new_york

    async def answer(self, ask: AskHistory) -> History:
        """The days, or the reason why there are none."""
        book = await self._book_with(ask.symbol)
        if isinstance(book, str):
            return History(ask.symbol, error=book)
        told, parts = await self._days_of(book, ask)
        dates = [day.date for day in told]
        shown = {day: part for day, part in parts.items() if day in dates}
        eventful = [day for day in dates if self._news.has_event(ask.symbol, day)]
        gaps, effects = await asyncio.to_thread(self._beside, book, ask.symbol, dates, eventful)
        results = {day.date: event for day in told if (event := self._news.results(day, self._days.days))}
        return History(ask.symbol, told, shown, gaps=gaps, effects=effects, results=results)

    async def known_days(self, symbol: Symbol, count: int) -> tuple[Attribution, ...]:
        """The last `count` days as far as they can be told without asking anybody for prices."""
        book = self._fits.book
        if book is None or symbol == self._fits.market or symbol not in book.panel:
            return ()
        return (await self._days_of(book, AskHistory(symbol, count)))[0]

    async def _days_of(self, book: Book, ask: AskHistory) -> Days:
        """The days with the news beside them, newest first, and the parts of each."""
        count = min(max(ask.days, 1), MOST_DAYS)
        closed, parts = await asyncio.to_thread(self._closed_days, book, ask.symbol, count, ask.until)
        days = self._with_running_day(ask, closed, parts)[:count]
        now = self._clock.now_ms()
        table = self._days.days
        speaking = {day.date: self._news.peers_speaking(ask.symbol, day.date) for day in days}
        moved = await asyncio.to_thread(_moved, book, speaking)
        for day in days[:1]:
            moved[day.date] |= self._rows.moved(speaking[day.date], day.date)
        told = (self._news.beside(day, table, now, parts.get(day.date, ()), moved[day.date]) for day in days)
        return tuple(told), parts

    async def effects(self, ask: AskEffect) -> Effects:
        """What a stock did by itself after an event, or the reason why that cannot be told."""
        book = await self._book_with(ask.symbol)
        if isinstance(book, str):
            return Effects(ask.symbol, ask.day, error=book)
        try:
            told = await asyncio.to_thread(_effects, book, ask.symbol, ask.day, ask.spans[:MOST_SPANS])
        except ValueError as error:
            return Effects(ask.symbol, ask.day, error=str(error))
        return Effects(ask.symbol, ask.day, told)

    async def _book_with(self, symbol: Symbol) -> Book | str:
        """The book with a stock's days in it, or the reason why there is none."""
        if symbol == self._fits.market:
            return f"{short_code(symbol)} is the market itself: there is nothing to split"
        if reason := await self._backfill.ensure(symbol):
            return reason
        book = self._fits.book
        if book is None or symbol not in book.panel:
            return f"there is no history of {short_code(symbol)} yet"
        return book

    def _beside(
        self, book: Book, symbol: Symbol, days: Sequence[date], eventful: Sequence[date]
    ) -> tuple[dict[date, ParityGap], dict[date, tuple[Effect, ...]]]:
        """What New York's nights implied, and what the stock did after the sessions of its events. In a thread."""
        gaps = self._new_york.past(symbol, days, book)
        row = self._rows.state.row(symbol)
        if row is not None and row.gap is not None and row.gap.day in days:
            gaps[row.gap.day] = row.gap
        return gaps, {day: _effects(book, symbol, day, SPANS) for day in eventful}

    def _with_running_day(
        self, ask: AskHistory, closed: tuple[Attribution, ...], parts: dict[date, tuple[Leg, ...]]
    ) -> tuple[Attribution, ...]:
        """The day as the list shows it takes the place of the same day from its bar, so that both always agree."""
        row = self._rows.state.row(ask.symbol)
        if row is None or row.day is None or (ask.until is not None and row.day.date > ask.until):
            return closed
        if closed and closed[0].date > row.day.date:
            return closed
        if running := self._rows.attributor.legs(ask.symbol):
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


def _moved(book: Book, speaking: Mapping[date, Sequence[Symbol]]) -> dict[date, dict[Symbol, Attribution]]:
    """What the peers whose news speaks did on these days, as far as the book has them. In a thread."""
    here, sessions = book.panel, frozenset(book.panel.dates)
    return {
        day: {peer: book.day(peer, day) for peer in peers if peer in here and day in sessions}
        for day, peers in speaking.items()
    }


def _effects(book: Book, symbol: Symbol, day: date, spans: Sequence[Span]) -> tuple[Effect, ...]:
    return tuple(book.effect(symbol, day, first, last) for first, last in spans)
