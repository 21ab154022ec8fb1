"""Hong Kong's trading day: full, half or closed, and the phases of each, as pure functions of a time.

Sessions (HKEX, securities market): pre-opening 09:00-09:30, morning 09:30-12:00, lunch to 13:00, afternoon
to 16:00, closing auction to a random end by 16:10. A half-day ends at 12:00, its auction by 12:10.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

import msgspec

# Hong Kong has kept UTC+8 without daylight saving since 1979, so a fixed offset is exact for every bar we hold.
HKT = timezone(timedelta(hours=8), "HKT")


class DayKind(StrEnum):
    FULL = "full"
    HALF = "half"
    CLOSED = "closed"


class Phase(StrEnum):
    """Where in the day a moment lies."""

    HOLIDAY = "holiday"
    BEFORE = "before"
    PRE_OPEN = "pre_open"
    MORNING = "morning"
    LUNCH = "lunch"
    AFTERNOON = "afternoon"
    AUCTION = "auction"
    AFTER = "after"

    @property
    def trading(self) -> bool:
        """True while prices can change."""
        return self in (Phase.MORNING, Phase.AFTERNOON, Phase.AUCTION)


class TradingDay(msgspec.Struct, frozen=True):
    """One calendar day of the exchange. `origin` is table, user or evidence (an index bar that says otherwise)."""

    day: date
    kind: DayKind
    name: str = ""
    name_zh: str = ""
    origin: str = "table"

    @property
    def is_open(self) -> bool:
        return self.kind is not DayKind.CLOSED


_FULL = (
    (time(9, 0), Phase.PRE_OPEN),
    (time(9, 30), Phase.MORNING),
    (time(12, 0), Phase.LUNCH),
    (time(13, 0), Phase.AFTERNOON),
    (time(16, 0), Phase.AUCTION),
    (time(16, 10), Phase.AFTER),
)
_HALF = (
    (time(9, 0), Phase.PRE_OPEN),
    (time(9, 30), Phase.MORNING),
    (time(12, 0), Phase.AUCTION),
    (time(12, 10), Phase.AFTER),
)


_MINUTES = {DayKind.FULL: 330, DayKind.HALF: 150, DayKind.CLOSED: 0}


def phases(kind: DayKind) -> tuple[tuple[time, Phase], ...]:
    """Start and phase of each part of a day, in order; empty for a closed day."""
    return {DayKind.FULL: _FULL, DayKind.HALF: _HALF, DayKind.CLOSED: ()}[kind]


def to_hkt(moment_ms: int) -> datetime:
    """Epoch milliseconds as a Hong Kong time."""
    return datetime.fromtimestamp(moment_ms / 1000, HKT)


def from_hkt(day: date, at: time = time(0)) -> int:
    """A Hong Kong day and time as epoch milliseconds."""
    return round(datetime.combine(day, at, HKT).timestamp() * 1000)


def to_iso(moment_ms: int) -> str:
    """Epoch milliseconds as "2026-03-05T16:00:00Z"."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def phase_at(moment_ms: int, day: TradingDay) -> Phase:
    """The phase of a moment that lies on `day`."""
    if not day.is_open:
        return Phase.HOLIDAY
    at = to_hkt(moment_ms).time()
    current = Phase.BEFORE
    for start, phase in phases(day.kind):
        if at < start:
            break
        current = phase
    return current


def phase_end(moment_ms: int, day: TradingDay) -> time | None:
    """When the phase of a moment ends, Hong Kong time; None where the day has no later phase."""
    at = to_hkt(moment_ms).time()
    return next((start for start, _ in phases(day.kind) if start > at), None)


def session_minutes(kind: DayKind) -> int:
    """Minutes of continuous trading: 330, 150 or 0."""
    return _MINUTES[kind]


def close_time(kind: DayKind) -> time:
    """The last possible end of the closing auction, where a day's news window ends (16:10, half-day 12:10)."""
    return time(12, 10) if kind is DayKind.HALF else time(16, 10)


def weekday_default(day: date) -> TradingDay:
    """The guess where no table covers a day: Monday to Friday are full days."""
    kind = DayKind.FULL if day.weekday() < 5 else DayKind.CLOSED
    return TradingDay(
        day,
        kind,
        "" if kind is DayKind.FULL else "weekend",
        "" if kind is DayKind.FULL else "週末",
        "weekday",
    )
