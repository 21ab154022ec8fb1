"""The exchange's calendar against days that are on record."""

from datetime import date
from itertools import pairwise

import pytest

from tui.domain.trading_day import DayKind, TradingDay
from tui.sources.calendar import trading_days


def on(day: date) -> TradingDay:
    (found,) = trading_days(day, day)
    return found


@pytest.mark.parametrize("day", [date(2023, 7, 17), date(2023, 9, 1), date(2023, 9, 8)])
def test_storm_closures_of_2023(day: date) -> None:
    found = on(day)
    assert found.kind is DayKind.CLOSED
    assert "Severe Weather" in found.name
    assert "惡劣天氣" in found.name_zh


@pytest.mark.parametrize("day", [date(2025, 9, 23), date(2025, 9, 24)])
def test_since_september_2024_storms_do_not_close_the_market(day: date) -> None:
    assert on(day).kind is DayKind.FULL


@pytest.mark.parametrize(
    ("day", "name", "name_zh"),
    [
        (date(2026, 2, 16), "Chinese New Year's Eve", "農曆年初一的前一日"),
        (date(2025, 12, 24), "Christmas Eve", "平安夜"),
        (date(2025, 12, 31), "New Year's Eve", "新年前夕"),
    ],
)
def test_half_days_are_named_without_their_kind(day: date, name: str, name_zh: str) -> None:
    assert on(day) == TradingDay(day, DayKind.HALF, name, name_zh)


def test_new_year_2026_closes_three_days() -> None:
    week = trading_days(date(2026, 2, 16), date(2026, 2, 22))
    half, *closed, full, saturday, sunday = week
    assert half.kind is DayKind.HALF
    assert [day.kind for day in closed] == [DayKind.CLOSED] * 3
    assert [day.name_zh for day in closed] == ["農曆年初一", "農曆年初二", "農曆年初三"]
    assert full == TradingDay(date(2026, 2, 20), DayKind.FULL)
    assert [saturday.name, sunday.name_zh] == ["weekend", "週末"]


def test_mid_autumn_day_is_a_full_day_and_the_day_after_is_closed() -> None:
    assert on(date(2025, 10, 6)).kind is DayKind.FULL
    assert on(date(2025, 10, 7)).kind is DayKind.CLOSED


def test_the_window_of_6_march_2026_has_250_sessions() -> None:
    window = trading_days(date(2025, 2, 28), date(2026, 3, 5))
    assert sum(day.is_open for day in window) == 250


def test_every_day_comes_once_in_order_across_years() -> None:
    days = [day.day for day in trading_days(date(2024, 12, 30), date(2026, 1, 2))]
    assert days[0] == date(2024, 12, 30)
    assert days[-1] == date(2026, 1, 2)
    assert {(later - earlier).days for earlier, later in pairwise(days)} == {1}
    assert len(days) == 369


def test_years_beyond_the_table_say_that_they_are_a_guess() -> None:
    assert on(date(2012, 12, 25)) == TradingDay(date(2012, 12, 25), DayKind.FULL, origin="weekday")
    assert on(date(2101, 1, 1)).origin == "weekday"
    assert on(date(2026, 3, 6)).origin == "table"


def test_an_empty_span_has_no_days() -> None:
    assert trading_days(date(2026, 3, 6), date(2026, 3, 5)) == ()
