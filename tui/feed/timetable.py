"""When the market is worth a question: often while it trades, once at lunch and after the close, never at night.

A source that is late is asked until what it shows has reached the end of the phase: its present is `delay` ago.
All functions are pure; times are epoch milliseconds.
"""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Final

from tui.domain.trading_day import DayKind, Phase, TradingDay, from_hkt, phase_at, phases, to_hkt

DayOf = Callable[[date], TradingDay]

_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND
_PRE_OPEN_S: Final = 60.0
# What a source needs beyond its delay until the last print of a phase is out.
_SLACK: Final = 2 * _MINUTE
# Looks while the market rests: minutes after the start of lunch, and after the end of the closing auction.
_LUNCH_LOOK: Final = 5
_EVENING_LOOKS: Final = (3, 30, 60, 110)
# On a weekday that the table says is closed: is the table right?
_CLOSED_LOOK: Final = time(9, 45)
_HORIZON_DAYS: Final = 15


def interval_s(now: int, day_of: DayOf, refresh_s: float, delay_s: float) -> float | None:
    """Seconds between two questions for quotes at a moment; None while the market rests."""
    phase = _phase(now, day_of)
    if phase.trading or _phase(now - round(delay_s * _SECOND) - _SLACK, day_of).trading:
        return refresh_s
    return max(refresh_s, _PRE_OPEN_S) if phase is Phase.PRE_OPEN else None


def next_question(last: int | None, now: int, day_of: DayOf, refresh_s: float, delay_s: float) -> int:
    """When quotes are to be asked next, after the question of `last`; never before `now`."""
    if last is None:
        return now
    due = next(_looks(last, day_of, delay_s))
    step_s = interval_s(now, day_of, refresh_s, delay_s)
    if step_s is not None:
        due = min(due, last + round(step_s * _SECOND))
    return max(due, now)


def rests(now: int, day_of: DayOf, delay_s: float) -> bool:
    """True while no regular questions are asked."""
    return interval_s(now, day_of, 1.0, delay_s) is None


def bars_due(last_bar: date | None, now: int, day_of: DayOf, delay_s: float) -> bool:
    """True where a session that has closed for good has no bar yet."""
    newest = last_closed_session(now - round(delay_s * _SECOND) - 20 * _MINUTE, day_of)
    return last_bar is None or (newest is not None and last_bar < newest)


def last_closed_session(now: int, day_of: DayOf) -> date | None:
    """The last trading day whose closing auction is over."""
    for day in _back(to_hkt(now).date()):
        known = day_of(day)
        if known.is_open and from_hkt(day, phases(known.kind)[-1][0]) <= now:
            return day
    return None


def session_before(day: date, day_of: DayOf) -> date | None:
    """The last trading day before a day."""
    return next((earlier for earlier in _back(day - timedelta(days=1)) if day_of(earlier).is_open), None)


def current_session(now: int, day_of: DayOf) -> date | None:
    """The trading day that prices of a moment belong to: today's once it opened, else the one before."""
    for day in _back(to_hkt(now).date()):
        known = day_of(day)
        if known.is_open and from_hkt(day, time(9, 30)) <= now:
            return day
    return None


def _phase(moment: int, day_of: DayOf) -> Phase:
    return phase_at(moment, day_of(to_hkt(moment).date()))


def _back(day: date) -> Iterator[date]:
    return (day - timedelta(days=back) for back in range(_HORIZON_DAYS))


def _looks(after: int, day_of: DayOf, delay_s: float) -> Iterator[int]:
    """The single looks and the starts of the busy phases after a moment, oldest first."""
    first = to_hkt(after).date()
    for offset in range(_HORIZON_DAYS * 2):
        known = day_of(first + timedelta(days=offset))
        yield from (look for look in _looks_of(known, round(delay_s * _SECOND)) if look > after)


def _looks_of(known: TradingDay, delay: int) -> Iterator[int]:
    if known.kind is DayKind.CLOSED:
        if known.day.weekday() < 5:
            yield from_hkt(known.day, _CLOSED_LOOK) + delay
        return
    starts = {phase: from_hkt(known.day, start) for start, phase in phases(known.kind)}
    yield starts[Phase.PRE_OPEN]
    yield starts[Phase.MORNING]
    if Phase.LUNCH in starts:
        yield starts[Phase.LUNCH] + _LUNCH_LOOK * _MINUTE + delay
        yield starts[Phase.AFTERNOON]
    for minutes in _EVENING_LOOKS:
        yield starts[Phase.AFTER] + minutes * _MINUTE + delay
