"""How a source does: its named state, the pause after a failure, and what the screen is told of both."""

import random
from collections.abc import Callable
from typing import Final

import msgspec

from tui.domain.clock import Clock
from tui.domain.reason import Reason, Why
from tui.domain.row import NewsReach, SourceHealth, SourceState
from tui.domain.text import clean
from tui.feed.pacing import FIRST_PAUSE_S, LONGEST_PAUSE_S, Breaker, NotNow, PoliteDoor
from tui.render.reasons import reason_words
from tui.sources.ports import SourceError

FIRST_RETRY_S: Final = 15.0
LONGEST_RETRY_S: Final = 300.0
# What refuses us seldom thinks better of it soon.
FIRST_REFUSED_S: Final = 60.0
LONGEST_REFUSED_S: Final = 1800.0
# A symbol's own trouble; the source itself answered.
OF_THE_SYMBOL: Final = frozenset({SourceState.NO_SUCH_SYMBOL, SourceState.EMPTY})

_PLAIN: Final = {
    SourceState.LIMITED: Why.ASKS_FEWER,
    SourceState.OFFLINE: Why.UNREACHABLE,
    SourceState.HUNG: Why.NO_ANSWER,
    SourceState.BAD_DATA: Why.NO_SENSE,
    SourceState.STOPPED: Why.STOPPED,
}
# What a source says that says nothing.
NO_REASON: Final = Reason(Why.SAID)


class Health:
    """One source. Its values stay whatever happens; only this says that no new ones come."""

    def __init__(self, name: str, clock: Clock, door: PoliteDoor | None = None) -> None:
        chance = random.Random()  # noqa: S311 - spreads requests, guards nothing
        self.name = name
        self.door = door
        self.state = SourceState.STARTING
        self.reason: Reason | None = None
        self.notice: Callable[[], Reason | None] = lambda: None
        """What is odd about its answers while all is well."""
        self.last_success: int | None = None
        self.reach: Callable[[], NewsReach | None] = lambda: None
        """Whose news it has answered for, where it is a source of news."""
        self._clock = clock
        self._since = clock.now_ms()
        self._next_ask: int | None = None
        self._limit = Breaker(clock, FIRST_PAUSE_S, LONGEST_PAUSE_S, chance)
        # At a network's door the first question goes alone: what it meets would meet all the others.
        self._retry = Breaker(clock, FIRST_RETRY_S, LONGEST_RETRY_S, chance, proven=door is None)
        self._refusal = Breaker(clock, FIRST_REFUSED_S, LONGEST_REFUSED_S, chance)

    def wait_s(self, keep: int = 0) -> float:
        """Seconds until the source may be asked something that leaves `keep` of its budget."""
        own = max(breaker.wait_s() for breaker in self._breakers)
        return own if self.door is None else max(own, self.door.wait_s(keep))

    @property
    def is_down(self) -> bool:
        """Whether it waits out a failure to reach it, or a request for fewer requests."""
        return self.state in (SourceState.OFFLINE, SourceState.LIMITED) and self.wait_s() > 0

    def asked(self) -> None:
        """A question goes out."""
        for breaker in self._breakers:
            breaker.pass_through()

    def succeeded(self) -> None:
        """It answered."""
        for breaker in self._breakers:
            breaker.heal()
        self.last_success = self._clock.now_ms()
        self._turn(SourceState.OK)

    def failed(self, error: SourceError) -> None:
        """It did not answer, or said that it cannot."""
        if error.state in OF_THE_SYMBOL:
            self.succeeded()
            return
        if isinstance(error, NotNow) and self.door is not None and not self.door.limited:
            # Its minute is used up: that is our manners, not its state.
            return
        if error.state is SourceState.LIMITED:
            if not isinstance(error, NotNow):
                self._limit.trip(error.retry_after_s)
        else:
            (self._refusal if error.state is SourceState.REFUSED else self._retry).trip(error.retry_after_s)
        self._turn(error.state, error.reason)

    @property
    def words(self) -> str:
        """Why it is as it is, in plain English; "" where there is nothing to say."""
        why = self._why
        return "" if why is None else reason_words(why)

    def speaks(self) -> None:
        """It says by itself that it has something: there is no failure left to wait out."""
        self._retry.heal()

    def rests(self, until: int | None) -> None:
        """Nothing is to be asked before a time (None: not known), because the market rests."""
        self._next_ask = until
        if self.state in (SourceState.OK, SourceState.STARTING):
            self._turn(SourceState.RESTING)

    def asks_next(self, at: int | None) -> None:
        """When it is asked next while all is well."""
        self._next_ask = at
        if self.state is SourceState.RESTING:
            self._turn(SourceState.OK)

    def view(self) -> SourceHealth:
        """What the terminals are told."""
        wait_s = self.wait_s()
        # Whole seconds, so that telling it again does not change it.
        next_try = (
            round(self._clock.now_ms() / 1000 + wait_s) * 1000 if wait_s > 0 else told(self._next_ask, self._clock)
        )
        return SourceHealth(
            name=self.name,
            state=self.state,
            reason=self.words,
            since=self._since,
            last_success=told(self.last_success, self._clock),
            next_try=next_try,
            used=self.door.used if self.door else 0,
            budget=self.door.budget if self.door else 0,
            hosts=self.door.hosts if self.door else (),
            news=self.reach(),
            why=self._why,
            door=self.door.name if self.door else "",
        )

    @property
    def _breakers(self) -> tuple[Breaker, ...]:
        return self._limit, self._retry, self._refusal

    @property
    def _why(self) -> Reason | None:
        if self.reason is not None or self.state is not SourceState.OK:
            return self.reason
        notice = self.notice()
        # To the minute, so that telling it again does not change it.
        if notice is None or notice.until is None:
            return notice
        return msgspec.structs.replace(notice, until=notice.until // 60_000 * 60_000)

    def _turn(self, state: SourceState, reason: Reason | None = None) -> None:
        if state is not self.state:
            self._since = self._clock.now_ms()
        self.state = state
        if reason == NO_REASON:
            reason = Reason(_PLAIN[state], self.name) if state in _PLAIN else None
        self.reason = reason


def told(moment: int | None, clock: Clock) -> int | None:
    """A time as terminals are told it: to the second, or in a fast replay to the minute, which is all they show."""
    grain = 60_000 if clock.speed > 1 else 1000
    return None if moment is None else moment // grain * grain


def unexpected(name: str, error: BaseException) -> SourceError:
    """Anything that a source should never raise, as a named state; the log has the rest."""
    what = clean(f"{type(error).__name__}: {error}", 160)
    return SourceError(SourceState.BAD_DATA, Reason(Why.UNFORESEEN, name, what))
