"""Which trading day a dated item belongs to.

A trading day's news window runs from the end of the previous closing auction (16:10 HKT, 12:10 after a half-day)
to the end of its own: `[start, end)`, epoch milliseconds. What comes over a weekend or a holiday rolls forward.

An event is an interval too, because a date without a time is a whole day: `[start, end)`, or one instant where
both are equal. It is a candidate for every trading day whose window it meets; its *session* is that of its end.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from tui.domain.attribution import LegName
from tui.domain.event import Event
from tui.domain.trading_day import DayKind, Phase, TradingDay, close_time, from_hkt, phase_at, to_hkt, weekday_default

_LEG_OF_PHASE: dict[Phase, LegName] = {
    Phase.MORNING: "morning",
    Phase.LUNCH: "lunch",
    Phase.AFTERNOON: "afternoon",
    Phase.AUCTION: "auction",
}
_DAY = timedelta(days=1)
# The exchange has never been shut for longer; beyond it a table of trading days must be wrong.
_LONGEST_CLOSURE = 30


class NewsWindow(msgspec.Struct, frozen=True):
    """The span in which an item can matter to the prices of `day`: start <= moment < end."""

    day: TradingDay
    start: int
    end: int

    def meets(self, start: int, end: int) -> bool:
        """True if an item of [start, end) has a moment in this window."""
        return start < self.end and self.start <= last_moment(start, end)


def last_moment(start: int, end: int) -> int:
    """The last millisecond of [start, end), or the instant itself where start equals end."""
    return end - 1 if end > start else end


def day_in(days: Sequence[TradingDay], wanted: date) -> TradingDay:
    """The calendar day `wanted` in a table sorted by date.

    A date that the table skips between its ends is closed; beyond its ends Monday to Friday count as open.
    """
    at = bisect_left(days, wanted, key=lambda known: known.day)
    if at < len(days) and days[at].day == wanted:
        return days[at]
    if 0 < at < len(days):
        return TradingDay(wanted, DayKind.CLOSED)
    return weekday_default(wanted)


def window_of(day: date, days: Sequence[TradingDay]) -> NewsWindow:
    """The news window of a trading day; ValueError where the exchange is closed on `day`."""
    wanted = day_in(days, day)
    if not wanted.is_open:
        raise ValueError(f"{day} is no trading day, so it has no news window")
    before = next(known for known in _walk(days, day, -_DAY) if known.is_open)
    return NewsWindow(wanted, _close(before), _close(wanted))


def session_of(moment: int, days: Sequence[TradingDay]) -> date:
    """The trading day whose window holds a moment: the first that closes after it."""
    today = to_hkt(moment).date()
    return next(known.day for known in _walk(days, today - _DAY, _DAY) if known.is_open and moment < _close(known))


def session_of_event(event: Event, days: Sequence[TradingDay]) -> date:
    """The trading day an event belongs to: that of its end."""
    return session_of(last_moment(event.start, event.end), days)


def sessions_met(start: int, end: int, days: Sequence[TradingDay]) -> tuple[date, ...]:
    """Every trading day for which an item of [start, end) is a candidate, oldest first."""
    first = session_of(start, days)
    last = session_of(last_moment(start, end), days)
    span = (first + _DAY * offset for offset in range((last - first).days + 1))
    return tuple(day for day in span if day_in(days, day).is_open)


def leg_of(moment: int, window: NewsWindow) -> LegName:
    """The part of the day that a moment of its window can move first: what comes before the open moves the night."""
    if to_hkt(moment).date() != window.day.day:
        return "overnight"
    return _LEG_OF_PHASE.get(phase_at(moment, window.day), "overnight")


def whole_day(day: date) -> tuple[int, int]:
    """The interval of an item of which only the Hong Kong date is known."""
    return from_hkt(day), from_hkt(day + _DAY)


def _close(day: TradingDay) -> int:
    return from_hkt(day.day, close_time(day.kind))


def _walk(days: Sequence[TradingDay], start: date, step: timedelta) -> Iterator[TradingDay]:
    """The calendar days after `start` in one direction, `start` excluded."""
    for count in range(1, _LONGEST_CLOSURE + 1):
        yield day_in(days, start + step * count)
    raise ValueError(f"the table of trading days has no open day within {_LONGEST_CLOSURE} days of {start}")
