from datetime import date, time

import pytest

from tui.domain.trading_day import (
    DayKind,
    Phase,
    TradingDay,
    close_time,
    from_hkt,
    phase_at,
    phase_end,
    session_minutes,
    to_hkt,
    to_iso,
    weekday_default,
)

FRIDAY = date(2026, 3, 6)
FULL = TradingDay(FRIDAY, DayKind.FULL)
HALF = TradingDay(FRIDAY, DayKind.HALF)


@pytest.mark.parametrize(
    ("at", "full", "half"),
    [
        (time(8, 59, 59), Phase.BEFORE, Phase.BEFORE),
        (time(9, 0), Phase.PRE_OPEN, Phase.PRE_OPEN),
        (time(9, 30), Phase.MORNING, Phase.MORNING),
        (time(11, 59, 59), Phase.MORNING, Phase.MORNING),
        (time(12, 0), Phase.LUNCH, Phase.AUCTION),
        (time(12, 10), Phase.LUNCH, Phase.AFTER),
        (time(13, 0), Phase.AFTERNOON, Phase.AFTER),
        (time(16, 0), Phase.AUCTION, Phase.AFTER),
        (time(16, 10), Phase.AFTER, Phase.AFTER),
    ],
)
def test_phases(at: time, full: Phase, half: Phase) -> None:
    moment = from_hkt(FRIDAY, at)
    assert phase_at(moment, FULL) is full
    assert phase_at(moment, HALF) is half
    assert phase_at(moment, TradingDay(FRIDAY, DayKind.CLOSED, "typhoon")) is Phase.HOLIDAY


def test_trading_phases_are_those_in_which_prices_change() -> None:
    assert {phase for phase in Phase if phase.trading} == {Phase.MORNING, Phase.AFTERNOON, Phase.AUCTION}


def test_the_end_of_a_phase() -> None:
    assert phase_end(from_hkt(FRIDAY, time(14, 31)), FULL) == time(16, 0)
    assert phase_end(from_hkt(FRIDAY, time(10, 0)), HALF) == time(12, 0)
    assert phase_end(from_hkt(FRIDAY, time(17, 0)), FULL) is None


def test_minutes_of_continuous_trading() -> None:
    assert [session_minutes(kind) for kind in (DayKind.FULL, DayKind.HALF, DayKind.CLOSED)] == [330, 150, 0]


def test_hong_kong_time_and_back() -> None:
    moment = from_hkt(FRIDAY, time(0))
    assert to_iso(moment) == "2026-03-05T16:00:00Z"
    assert to_hkt(moment).date() == FRIDAY
    assert to_hkt(moment).utcoffset() is not None


def test_news_windows_end_with_the_last_auction() -> None:
    assert close_time(DayKind.FULL) == time(16, 10)
    assert close_time(DayKind.HALF) == time(12, 10)


def test_without_a_table_weekdays_trade() -> None:
    assert weekday_default(FRIDAY).is_open
    assert not weekday_default(date(2026, 3, 7)).is_open
    assert weekday_default(date(2026, 3, 7)).origin == "weekday"
