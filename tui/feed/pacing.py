"""Manners: a budget of requests a minute for each host, and a breaker that lets a host rest when it limits us.

Everything here runs on the clock it is given and never waits: it says how long to wait.
"""

import random
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from tui.domain.clock import Clock
from tui.domain.reason import Reason, Why
from tui.domain.row import HostUse, SourceState
from tui.sources.ports import SourceError

MINUTE_S: Final = 60.0
FIRST_PAUSE_S: Final = 300.0
LONGEST_PAUSE_S: Final = 3600.0
# A host may ask for more than our longest pause; beyond half a day the answer is a mistake.
LONGEST_RETRY_AFTER_S: Final = 12 * 3600.0
# How long the one request that tries a rested host may take before another may try.
PROBE_S: Final = 60.0
TOO_MANY: Final = 429
LIMITED_STATUS: Final = (TOO_MANY, 503)
# A header's time is cut to the second and takes its way; less than this is no skew.
SKEW_S: Final = 30.0


class NotNow(SourceError):
    """Our own door holds a request back. Not the host's answer, so it makes no pause grow."""


class Budget:
    """At most `per_minute` requests in any minute."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self._taken: deque[float] = deque()
        self.per_minute = per_minute

    @property
    def used(self) -> int:
        """Requests of the last minute."""
        oldest = self._clock.monotonic() - MINUTE_S
        while self._taken and self._taken[0] <= oldest:
            self._taken.popleft()
        return len(self._taken)

    def take(self) -> None:
        """Count one request."""
        self._taken.append(self._clock.monotonic())

    def wait_s(self, keep: int = 0) -> float:
        """Seconds until a request fits that leaves `keep` of the minute's budget to more urgent ones."""
        room = max(self.per_minute - keep, 1)
        over = self.used - room
        return 0.0 if over < 0 else self._taken[over] + MINUTE_S - self._clock.monotonic()


class Breaker:
    """Open after a failure, for a pause that doubles each time; then one probe decides whether it closes.

    The growth is forgotten once the host has been well for as long as the longest pause.
    """

    def __init__(
        self, clock: Clock, first_s: float, longest_s: float, chance: random.Random, *, proven: bool = True
    ) -> None:
        """`proven` False: the first request of all is a probe too."""
        self._clock = clock
        self._first_s = first_s
        self._longest_s = longest_s
        self._chance = chance
        self._failures = 0
        self._until = float("-inf")
        self._probe: float | None = None
        self._closed = proven

    @property
    def closed(self) -> bool:
        """True while nothing is wrong."""
        return self._closed

    def wait_s(self) -> float:
        """Seconds until a request may go; 0 if now."""
        if self._closed:
            return 0.0
        now = self._clock.monotonic()
        until = self._until if self._probe is None else self._probe + PROBE_S
        return max(until - now, 0.0)

    def pass_through(self) -> None:
        """A request goes: after a pause it is the probe, and nobody else may go until it has an answer."""
        if not self._closed:
            self._probe = self._clock.monotonic()

    def trip(self, at_least_s: float | None = None) -> None:
        """A failure. What fails while the pause already runs makes it no longer, unless the host says so."""
        now = self._clock.monotonic()
        if self._closed or self._probe is not None or now >= self._until:
            if self._closed and now - self._until > self._longest_s:
                self._failures = 0
            pause = min(self._first_s * 2**self._failures, self._longest_s)
            self._until = now + pause * self._chance.uniform(1.0, 1.1)
            self._failures = min(self._failures + 1, 16)
        if at_least_s is not None:
            self._until = max(self._until, now + min(at_least_s, LONGEST_RETRY_AFTER_S))
        self._probe = None
        self._closed = False

    def heal(self) -> None:
        """A success."""
        if not self._closed:
            self._until = self._clock.monotonic()
        self._closed = True
        self._probe = None


class _Host:
    """One host's budget and breaker."""

    def __init__(self, clock: Clock, per_minute: int, chance: random.Random) -> None:
        self.budget = Budget(clock, per_minute)
        self.breaker = Breaker(clock, FIRST_PAUSE_S, LONGEST_PAUSE_S, chance)
        self.limit_status = 0
        """What it said when it was asked for too much; 0 if it never was."""

    def wait_s(self, keep: int = 0) -> float:
        return max(self.budget.wait_s(keep), self.breaker.wait_s())


class PoliteDoor:
    """`sources.ports.Door` for one party, which may have several hosts. Safe to call from any thread."""

    def __init__(
        self,
        clock: Clock,
        per_minute: int,
        chance: random.Random | None = None,
        *,
        name: str = "",
        as_one: bool = False,
    ) -> None:
        """`name` tells doors apart; `as_one`: the hosts are fronts of one service: all rest when one limits us."""
        self.name = name
        self._clock = clock
        self._chance = chance or random.Random()  # noqa: S311 - spreads requests, guards nothing
        self._as_one = as_one
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self.budget = per_minute
        self.skew_s = 0.0
        """How far the machine's clock is behind the hosts'; 0 within what a header can tell."""

    def admit(self, host: str) -> None:
        """Count one request; NotNow while the host rests or its minute is used up."""
        with self._lock:
            known = self._hosts.get(host)
            if known is None:
                known = self._hosts[host] = _Host(self._clock, self.budget, self._chance)
            together = self._hosts if self._as_one else {host: known}
            wait_s = max(known.wait_s(), *(each.breaker.wait_s() for each in together.values()))
            if wait_s > 0:
                raise NotNow(SourceState.LIMITED, _held_back(host, together), wait_s)
            known.breaker.pass_through()
            known.budget.take()

    def observe(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Learn from a reply: 429 and 503 make the host rest, any other status ends its rest."""
        lower = {name.lower(): value for name, value in headers.items()}
        sent_ms = _http_date_ms(lower.get("date", ""))
        with self._lock:
            known = self._hosts.setdefault(host, _Host(self._clock, self.budget, self._chance))
            if status in LIMITED_STATUS:
                known.limit_status = status
                known.breaker.trip(self._retry_after_s(lower.get("retry-after", "")))
            else:
                known.breaker.heal()
            if sent_ms is not None:
                skew_s = (sent_ms - self._clock.now_ms()) / 1000
                self.skew_s = skew_s if abs(skew_s) > SKEW_S else 0.0

    @property
    def limited(self) -> bool:
        """True while a host rests."""
        with self._lock:
            return any(not host.breaker.closed for host in self._hosts.values())

    @property
    def hosts(self) -> tuple[HostUse, ...]:
        """Each host that was asked: its requests of the last minute, and whether it rests."""
        with self._lock:
            known = sorted(self._hosts.items())
            return tuple(HostUse(name, host.budget.used, not host.breaker.closed) for name, host in known)

    @property
    def used(self) -> int:
        """Requests of the last minute at the busiest host."""
        with self._lock:
            return max((host.budget.used for host in self._hosts.values()), default=0)

    def wait_s(self, keep: int = 0) -> float:
        """Seconds until every host would admit a request that leaves `keep` of its budget."""
        with self._lock:
            return max((host.wait_s(keep) for host in self._hosts.values()), default=0.0)

    def _retry_after_s(self, text: str) -> float | None:
        """Retry-After, as seconds or as a date; None where it is absent or nonsense."""
        text = text.strip()
        if text.isdigit():
            return float(text[:9])
        at_ms = _http_date_ms(text)
        return None if at_ms is None else max((at_ms - self._clock.now_ms()) / 1000, 0.0)


def _held_back(host: str, together: Mapping[str, _Host]) -> Reason:
    """Why no request goes to a host: what it, or another that rests with it, has said; else its minute is used up."""
    for name, known in together.items():
        if not known.breaker.closed:
            why = Why.LIMITS if known.limit_status == TOO_MANY else Why.OVERLOADED
            return Reason(why, name, number=known.limit_status)
    return Reason(Why.MINUTE_USED, host)


def _http_date_ms(text: str) -> int | None:
    """A header's date as epoch milliseconds; None where it is none."""
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return round(when.timestamp() * 1000)
