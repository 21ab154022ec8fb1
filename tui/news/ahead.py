"""The calendar ahead: results, ex-dates, half-days and holidays of the coming days, for the stocks of a list."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

import msgspec

from tui.domain.ahead import Coming, When
from tui.domain.event import Event, EventKind
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, TradingDay, from_hkt, to_hkt
from tui.news.window import day_in, sessions_met

# How far the calendar looks ahead, in days.
AHEAD = 14
_KINDS = frozenset({EventKind.RESULTS, EventKind.EX_DATE})
_WEEKEND = 5
_MOVED_FROM = re.compile(r", moved from (\d{4}-\d\d-\d\d): ")


def ahead(
    events: Iterable[Event], days: Sequence[TradingDay], symbols: Collection[Symbol], now: int, span: int = AHEAD
) -> tuple[Coming, ...]:
    """What is known of the coming days, soonest first: half-days and holidays, then the list's results and ex-dates.

    An event belongs to the Hong Kong day it ends in; one of which the hour has passed is left out.
    """
    today = to_hkt(now).date()
    last = today + timedelta(days=span)
    coming = [
        Coming(day.day, _when(day.day, today), trading_day=day)
        for day in (day_in(days, today + timedelta(days=offset)) for offset in range(span + 1))
        if day.kind is DayKind.HALF or (day.kind is DayKind.CLOSED and day.day.weekday() < _WEEKEND)
    ]
    for event in events:
        day = _last_day(event)
        named = event.kind in _KINDS and any(symbol in symbols for symbol in event.symbols)
        if named and event.precision == "day" and today <= day <= last and event.end > now:
            evening = event.kind is EventKind.RESULTS and day == today
            coming.append(Coming(day, When.TONIGHT if evening else _when(day, today), event=event))
    return tuple(sorted(coming, key=_order))


def results_day(symbol: Symbol, day: date, events: Iterable[Event], days: Sequence[TradingDay]) -> Event | None:
    """The results that a stock's session on `day` can have answered to: those announced for that day or the evening
    before. None where no meeting of the board is known."""
    results = (event for event in events if event.kind is EventKind.RESULTS and symbol in event.symbols)
    met = (event for event in results if not event.recap and day in sessions_met(event.start, event.end, days))
    return next(met, None)


def moved(known: Event, event: Event) -> Event:
    """What a diary announces again, with the day under which it stood before: "Ex-date, moved from 2026-03-20: …"."""
    if event.kind not in _KINDS or event.precision != "day":
        return event
    if known.start != event.start:
        return _moved_from(_last_day(known), event)
    before = _MOVED_FROM.search(known.title)
    told = _moved_from(date.fromisoformat(before[1]), event) if before else event
    return told if told.title == known.title else event


def _moved_from(before: date, event: Event) -> Event:
    return msgspec.structs.replace(
        event,
        title=event.title.replace(": ", f", moved from {before}: ", 1),
        title_zh=event.title_zh.replace("：", f"，原定 {before}：", 1),
    )


def _last_day(event: Event) -> date:
    """The Hong Kong day that an event ends in."""
    return to_hkt(max(event.start, event.end - 1)).date()


def _when(day: date, today: date) -> When:
    if day == today:
        return When.TODAY
    if day == today + timedelta(days=1):
        return When.TOMORROW
    return When.THIS_WEEK if day.isocalendar()[:2] == today.isocalendar()[:2] else When.LATER


def _order(line: Coming) -> tuple[date, bool, int, str]:
    at = line.event.start if line.event else from_hkt(line.day)
    return line.day, line.event is not None, at, line.event.id if line.event else ""
