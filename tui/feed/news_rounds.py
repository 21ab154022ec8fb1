"""Asking every news source, each by itself: often while the exchange is busy, seldom at night."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from tui.domain.clock import Clock
from tui.domain.event import Event
from tui.domain.row import NewsReach
from tui.domain.symbol import Symbol
from tui.domain.trading_day import Phase, phase_at, to_hkt
from tui.feed.asking import Asker, Urgency
from tui.feed.health import Health, told
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.parties import NewsParty
from tui.feed.pause import pause_until
from tui.sources.ports import NewsAnswer

BUSY_S: Final = 60.0
# Results come in the evening; nothing much between midnight and six.
QUIET_S: Final = 300.0
NIGHT_S: Final = 1800.0
# How far back a stock's news is asked for at first, and what is asked for twice, because items come late.
FIRST_SPAN_MS: Final = 10 * 24 * 3600 * 1000
OVERLAP_MS: Final = 15 * 60 * 1000


class NewsRounds:
    """One news source's questions."""

    def __init__(
        self, clock: Clock, days: MarketDays, party: NewsParty, asker: Asker, health: Health, desk: NewsDesk
    ) -> None:
        self.wake = asyncio.Event()
        """Set to ask at once: a stock is new."""
        self.watched: tuple[Symbol, ...] = ()
        self.on_events: Callable[[tuple[Event, ...]], None] = lambda events: None
        self.health = health
        health.reach = self._reach
        self._clock = clock
        self._days = days
        self._source = party.source
        self._asker = asker
        self._desk = desk
        self._left_out: tuple[tuple[str, int], ...] = ()

    async def run(self) -> None:
        """Ask for what is new since the last answer, for as long as the feed lives."""
        while True:
            self.wake.clear()
            if self.watched:
                await self._ask()
            due = self._clock.now_ms() + round(self._interval_s() * 1000)
            self.health.asks_next(due)
            await pause_until(self._clock, due, self.wake)

    async def _ask(self) -> None:
        """One question for all: from the first moment for which one of them was not asked yet."""
        now = self._clock.now_ms()
        spans = (self._desk.coverage.until(self._source.name, symbol) for symbol in self.watched)
        start = min((max(until or 0, now - FIRST_SPAN_MS) for until in spans), default=now) - OVERLAP_MS
        errand = self._asker.ask(
            ("news", self._source.name),
            Urgency.NEWS,
            self.health,
            partial(self._source.news, self.watched, start, now),
            self._took,
        )
        await errand.done.wait()

    def _took(self, answer: NewsAnswer) -> None:
        self._left_out = answer.left_out
        if answer.diary_at is not None:
            self._desk.diary_at = max(answer.diary_at, self._desk.diary_at or 0)
        self._desk.coverage.add(self._source.name, answer.asked, answer.start, answer.end)
        self.on_events(self._desk.take(answer.events, self._days.days))

    def _reach(self) -> NewsReach:
        """How many of the watched stocks were asked about, until when all of these were, and what was of no use."""
        ends = [self._desk.coverage.until(self._source.name, symbol) for symbol in self.watched]
        known = [end for end in ends if end is not None]
        return NewsReach(len(known), len(ends), told(min(known, default=None), self._clock), self._left_out)

    def _interval_s(self) -> float:
        now = self._clock.now_ms()
        at = to_hkt(now)
        phase = phase_at(now, self._days.day(at.date()))
        if phase.trading or phase in (Phase.PRE_OPEN, Phase.LUNCH):
            return BUSY_S
        return QUIET_S if at.hour >= 6 else NIGHT_S
