"""The news window of a trading day, at its edges."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.event import Event
from tui.domain.trading_day import DayKind, TradingDay, from_hkt, weekday_default
from tui.news.window import leg_of, session_of, session_of_event, sessions_met, whole_day, window_of


def _days() -> tuple[TradingDay, ...]:
    """February and March 2026: half-day on the 16th, Lunar New Year on the 17th to 19th."""
    special = {date(2026, 2, 16): DayKind.HALF} | {date(2026, 2, day): DayKind.CLOSED for day in (17, 18, 19)}
    span = (date(2026, 2, 2) + timedelta(days=offset) for offset in range(56))
    return tuple(TradingDay(day, special.get(day, weekday_default(day).kind)) for day in span)


DAYS = _days()


@pytest.mark.parametrize(
    ("day", "at", "session"),
    [
        (date(2026, 3, 5), time(16, 9, 59), date(2026, 3, 5)),
        (date(2026, 3, 5), time(16, 10), date(2026, 3, 6)),
        (date(2026, 3, 5), time(0), date(2026, 3, 5)),
        (date(2026, 3, 6), time(16, 10), date(2026, 3, 9)),
        (date(2026, 3, 7), time(12), date(2026, 3, 9)),
        (date(2026, 3, 8), time(23, 59), date(2026, 3, 9)),
        (date(2026, 2, 16), time(12, 9, 59), date(2026, 2, 16)),
        (date(2026, 2, 16), time(12, 10), date(2026, 2, 20)),
        (date(2026, 2, 18), time(10), date(2026, 2, 20)),
        (date(2026, 2, 13), time(17), date(2026, 2, 16)),
    ],
)
def test_session_of_a_moment(day: date, at: time, session: date) -> None:
    assert session_of(from_hkt(day, at), DAYS) == session


def test_window_starts_at_the_previous_auctions_end() -> None:
    after_half_day = window_of(date(2026, 2, 20), DAYS)
    assert after_half_day.start == from_hkt(date(2026, 2, 16), time(12, 10))
    assert after_half_day.end == from_hkt(date(2026, 2, 20), time(16, 10))
    assert window_of(date(2026, 3, 9), DAYS).start == from_hkt(date(2026, 3, 6), time(16, 10))


def test_a_closed_day_has_no_window() -> None:
    with pytest.raises(ValueError, match="2026-02-17 is no trading day"):
        window_of(date(2026, 2, 17), DAYS)


def test_a_whole_day_is_a_candidate_for_two_trading_days_and_belongs_to_the_later() -> None:
    start, end = whole_day(date(2026, 3, 5))
    assert sessions_met(start, end, DAYS) == (date(2026, 3, 5), date(2026, 3, 6))
    event = Event(id="a", start=start, end=end, precision="day", title="t", source="s")
    assert session_of_event(event, DAYS) == date(2026, 3, 6)
    assert sessions_met(*whole_day(date(2026, 2, 17)), DAYS) == (date(2026, 2, 20),)


def test_a_minute_that_ends_with_the_auction_belongs_to_that_day() -> None:
    closing = from_hkt(date(2026, 3, 5), time(16, 10))
    assert sessions_met(closing - 60_000, closing, DAYS) == (date(2026, 3, 5),)
    assert sessions_met(closing, closing + 60_000, DAYS) == (date(2026, 3, 6),)
    assert sessions_met(closing, closing, DAYS) == (date(2026, 3, 6),)


def test_new_york_evening_is_hong_kong_morning() -> None:
    evening = datetime(2026, 3, 3, 15, 30, tzinfo=UTC) + timedelta(hours=5)
    assert session_of(round(evening.timestamp() * 1000), DAYS) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("day", "at", "leg"),
    [
        (date(2026, 3, 5), time(18), "overnight"),
        (date(2026, 3, 6), time(9, 29), "overnight"),
        (date(2026, 3, 6), time(9, 30), "morning"),
        (date(2026, 3, 6), time(12, 30), "lunch"),
        (date(2026, 3, 6), time(15, 59), "afternoon"),
        (date(2026, 3, 6), time(16, 5), "auction"),
    ],
)
def test_leg_of_a_moment(day: date, at: time, leg: str) -> None:
    assert leg_of(from_hkt(day, at), window_of(date(2026, 3, 6), DAYS)) == leg


def test_beyond_the_table_weekdays_are_open() -> None:
    assert session_of(from_hkt(date(2027, 1, 2), time(10)), DAYS) == date(2027, 1, 4)


@given(st.integers(from_hkt(date(2026, 2, 3)), from_hkt(date(2026, 3, 25))))
def test_every_moment_lies_in_exactly_its_sessions_window(moment: int) -> None:
    session = session_of(moment, DAYS)
    window = window_of(session, DAYS)
    assert window.start <= moment < window.end
    assert leg_of(moment, window) in ("overnight", "morning", "lunch", "afternoon", "auction")
    others = [day.day for day in DAYS if day.is_open and date(2026, 2, 2) < day.day != session]
    assert not any(window_of(other, DAYS).meets(moment, moment) for other in others)
