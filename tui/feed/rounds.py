"""The rounds of questions for quotes: by the market's clock, what is on a screen first, within the budget."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from tui.domain.clock import Clock
from tui.domain.market import Quote
from tui.domain.reason import Reason
from tui.domain.symbol import Symbol
from tui.feed.asking import KEPT_FOR_QUOTES, Asker, Urgency
from tui.feed.day_path import DayPath
from tui.feed.health import Health
from tui.feed.market_days import MarketDays
from tui.feed.options import FeedOptions
from tui.feed.parties import Parties
from tui.feed.pause import pause
from tui.feed.rows import Rows
from tui.feed.timetable import next_question, rests

# Questions come a little early or late, so that many feeds never ask at once.
JITTER: Final = 0.1
# A path with a hole of this many minutes is asked for again.
HOLE_MIN: Final = 10
LONGEST_DELAY_S: Final = 3600
# Peers that only serve as a sector's measure are asked in every fourth round, where they need a request of their own.
PEERS_EVERY: Final = 4


class QuoteRounds:
    """Asks for quotes for as long as the feed lives."""

    def __init__(
        self,
        clock: Clock,
        days: MarketDays,
        rows: Rows,
        parties: Parties,
        asker: Asker,
        health: Health,
        options: FeedOptions,
    ) -> None:
        self.poke = asyncio.Event()
        """Set to ask at once."""
        self.first_over = asyncio.Event()
        """Set when the first round has an answer, or none."""
        self.needed: tuple[Symbol, ...] = ()
        """Everything that is asked for, the most wanted first."""
        self.on_calendar: Callable[[], None] = lambda: None
        self.on_holes: Callable[[set[Symbol]], None] = lambda symbols: None
        self.on_answer: Callable[[], None] = lambda: None
        self._clock = clock
        self._days = days
        self._rows = rows
        self._parties = parties
        self._asker = asker
        self._health = health
        self._options = options
        self._chance = random.Random()  # noqa: S311 - spreads requests, guards nothing
        self._doubts: dict[Symbol, Reason | None] = {}
        self._turn = 0
        self._round = 0
        rows.refresh_s = max(options.refresh_s, self._fastest_s)

    @property
    def delay_s(self) -> float:
        """How late the source says it is."""
        delays = (quote.delay_s for quote in self._rows.tape.quotes.values())
        return min(max(delays, default=0), LONGEST_DELAY_S)

    async def run(self) -> None:
        """Ask, wait for the next time, ask again."""
        last: int | None = None
        step_s = self._step_s()
        while True:
            now = self._clock.now_ms()
            due = next_question(last, now, self._days.day, step_s, self.delay_s)
            self._announce(due, now)
            if not self.poke.is_set() and (due > now or not self.needed):
                await pause(self._clock, (due - now) / 1000 if self.needed else step_s, self.poke)
                continue
            self.poke.clear()
            if not self.needed:
                continue
            last = now
            await self._ask()
            self.first_over.set()
            step_s = self._step_s()
            await asyncio.sleep(self._options.publish_gap_s if self._options.publish_by == "real" else 0)

    async def pushes(self, pushed: asyncio.Event) -> None:
        """Ask whenever the source says that it has something, though not more often than is published."""
        while True:
            await pushed.wait()
            pushed.clear()
            self._health.speaks()
            self._asker.look_again()
            self.poke.set()
            await asyncio.sleep(self._options.publish_gap_s)

    def _step_s(self) -> float:
        """Clock seconds between two rounds."""
        return max(self._options.refresh_s * self._chance.uniform(1 - JITTER, 1 + JITTER), self._fastest_s)

    @property
    def _fastest_s(self) -> float:
        """No more rounds than publications, however fast a replay runs."""
        return self._options.publish_gap_s * self._clock.speed if self._options.publish_by == "real" else 0.0

    def _announce(self, due: int, now: int) -> None:
        self._rows.next_refresh = due
        if rests(now, self._days.day, self.delay_s):
            self._health.rests(due)
        else:
            self._health.asks_next(due)
        self.on_answer()

    async def _ask(self) -> None:
        """One round; over when every batch has an answer or a failure."""
        errands = [
            self._asker.ask(
                ("quotes", number),
                Urgency.QUOTES,
                self._health,
                partial(self._parties.prices.quotes, batch),
                self._took,
                lambda error: self.first_over.set(),
            )
            for number, batch in enumerate(self._batches())
        ]
        for errand in errands:
            await errand.done.wait()

    def _batches(self) -> list[Sequence[Symbol]]:
        """What one round asks for: the first batch always, the others in turn as the budget allows."""
        size = self._parties.quotes_per_call
        if self._parties.door is None or len(self.needed) <= size:
            return [self.needed]
        # Each batch asks for the market too: its price and theirs are then of one moment.
        rest = self.needed[size:]
        others = [(self._options.market, *rest[at : at + size - 1]) for at in range(0, len(rest), size - 1)]
        peers_only = len(self._rows.watched) + 2 <= size
        self._round += 1
        if peers_only and self._round % PEERS_EVERY != 1:
            return [self.needed[:size]]
        spare = (self._parties.door.budget - KEPT_FOR_QUOTES) * self._options.refresh_s / 60
        count = min(max(int(spare) - 1, 1), len(others))
        chosen = [others[(self._turn + step) % len(others)] for step in range(count)]
        self._turn = (self._turn + count) % len(others)
        return [self.needed[:size], *chosen]

    def _took(self, quotes: Mapping[Symbol, Quote]) -> None:
        now = self._clock.now_ms()
        before = {symbol: (path, path.last) for symbol, path in self._rows.tape.paths.items()}
        changed = self._rows.tape.take_quotes(quotes, now)
        market = quotes.get(self._options.market)
        newest = max((quote.exchange_time for quote in quotes.values()), default=0)
        if market is not None and self._days.learn(market, newest, now):
            self.on_calendar()
        if holes := {symbol for symbol in changed if _has_hole(self._rows.tape.paths[symbol], before.get(symbol))}:
            self.on_holes(holes)
        self._rows.update(dict.fromkeys((*self._rows.affected(changed), *self._newly_doubted())))
        self.on_answer()

    def _newly_doubted(self) -> list[Symbol]:
        """The watched symbols whose newest price is refused, or believed again, since the answer before."""
        told = self._doubts
        self._doubts = {
            symbol: self._rows.tape.doubts.get(symbol) or self._parties.problems(symbol)
            for symbol in self._rows.watched
        }
        return [symbol for symbol, doubt in self._doubts.items() if doubt != told.get(symbol)]


def _has_hole(path: DayPath, before: tuple[DayPath, int] | None) -> bool:
    """True where minutes passed without a question, or the day's path began anew though it had begun before."""
    if before is None or before[0].day != path.day:
        return False
    return path is not before[0] or 0 <= before[1] < path.last - HOLE_MIN
