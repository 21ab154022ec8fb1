"""Questions to one outside party: the most urgent first, a few at a time, within its manners and its health."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeVar

from tui.domain.clock import Clock
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.text import clean
from tui.feed.health import Health, unexpected
from tui.feed.pacing import NotNow
from tui.feed.pause import pause
from tui.sources.ports import SourceError

log = logging.getLogger(__name__)

T = TypeVar("T")

# Requests of a minute that stay free for quotes, however much history there is to fetch.
KEPT_FOR_QUOTES: Final = 8
# The longest a question may take, real seconds; sources have shorter limits of their own.
QUESTION_S: Final = 60.0
_SHORTEST_S: Final = 0.2


class Urgency(IntEnum):
    """What is asked first."""

    QUOTES = 0
    PATHS = 1
    HISTORY_ON_SCREEN = 2
    NEWS = 3
    HISTORY = 4
    MEASURES = 5
    """Bars of what is not watched itself: peers, and listings in New York."""
    PROFILE = 6


@dataclass
class Errand:
    """One question that waits for its turn."""

    key: Hashable
    urgency: Urgency
    health: Health
    question: Callable[[], Awaitable[Any]]
    take: Callable[[Any], None]
    fail: Callable[[SourceError], None]
    not_before: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def keep(self) -> int:
        """How much of the budget it leaves to others."""
        return 0 if self.urgency is Urgency.QUOTES else KEPT_FOR_QUOTES


class Asker:
    """The errands to one party. `in_flight` of them are out at a time."""

    def __init__(self, clock: Clock, in_flight: int, told: Callable[[], None] = lambda: None) -> None:
        """`told` is called whenever a source's health may have changed."""
        self._clock = clock
        self._told = told
        self._in_flight = in_flight
        self._waiting: dict[Hashable, Errand] = {}
        self._out: dict[Hashable, Errand] = {}
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()

    def ask(
        self,
        key: Hashable,
        urgency: Urgency,
        health: Health,
        question: Callable[[], Awaitable[T]],
        take: Callable[[T], None],
        fail: Callable[[SourceError], None] = lambda error: None,
    ) -> Errand:
        """Queue a question. One that waits or is out under the same key stands for both, as the more urgent one."""
        errand = self._waiting.get(key) or self._out.get(key)
        if errand is None:
            errand = self._waiting[key] = Errand(key, urgency, health, question, take, fail)
        errand.urgency = min(errand.urgency, urgency)
        self._changed.set()
        return errand

    async def answered(self, errands: Sequence[Errand]) -> None:
        """Wait until each errand has ended, or waits for a source that is down."""
        while not all(errand.done.is_set() or errand.health.is_down for errand in errands):
            await self._ended.wait()

    def look_again(self) -> None:
        """A source's pause is over before its time."""
        self._changed.set()

    async def run(self) -> None:
        """Send the errands out, for as long as the feed lives."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._in_flight):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            errand = await self._next()
            await self._go(errand)

    async def _next(self) -> Errand:
        """The most urgent errand whose source may be asked now."""
        while True:
            wait_s = float("inf")
            now = self._clock.monotonic()
            waits: dict[tuple[str, int], float] = {}
            for errand in sorted(self._waiting.values(), key=lambda errand: errand.urgency):
                party = (errand.health.name, errand.keep)
                if party not in waits:
                    waits[party] = errand.health.wait_s(errand.keep)
                errand_s = max(waits[party], errand.not_before - now)
                if errand_s <= 0:
                    self._out[errand.key] = self._waiting.pop(errand.key)
                    errand.health.asked()
                    return errand
                wait_s = min(wait_s, errand_s)
            self._changed.clear()
            await pause(self._clock, max(wait_s, _SHORTEST_S), self._changed)

    async def _go(self, errand: Errand) -> None:
        """Ask once. Whatever happens is a named state or an answer taken."""
        try:
            await self._put(errand)
        finally:
            del self._out[errand.key]
            self._ended.set()
            self._ended = asyncio.Event()
            # Others may have waited for what became of it.
            self._changed.set()
            self._told()

    async def _put(self, errand: Errand) -> None:
        try:
            async with asyncio.timeout(QUESTION_S):
                answer = await errand.question()
            errand.take(answer)
        except NotNow as error:
            errand.health.failed(error)
            errand.not_before = self._clock.monotonic() + max(error.retry_after_s or 0.0, 1.0)
            self._waiting[errand.key] = errand
            return
        except SourceError as error:
            self._failed(errand, error)
        except TimeoutError:
            self._failed(errand, SourceError(SourceState.HUNG, Reason(Why.NO_ANSWER, errand.health.name)))
        except Exception as error:  # whatever a source raises, or its answer makes us raise, becomes a named state
            log.exception("%s failed in a way nobody foresaw", errand.health.name)
            self._failed(errand, unexpected(errand.health.name, error))
        else:
            errand.health.succeeded()
        errand.done.set()

    def _failed(self, errand: Errand, error: SourceError) -> None:
        about = " ".join(map(str, errand.key)) if isinstance(errand.key, tuple) else str(errand.key)
        log.warning("%s, %s: %s (%s)", errand.health.name, clean(about, 60), error, error.state)
        errand.health.failed(error)
        errand.fail(error)
