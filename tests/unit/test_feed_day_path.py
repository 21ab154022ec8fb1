"""A day by exchange minute, its sparkline, and the prices that are believed."""

from datetime import date, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SPARK_POINTS
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, from_hkt, weekday_default
from tui.feed.day_path import DayPath, slot_of, spark_of
from tui.feed.tape import Tape
from tui.feed.volume import UsualVolume, relative_day
from tui.render.reasons import reason_words

FRIDAY = date(2026, 3, 6)
TENCENT = Symbol("0700.HK")


def at(clock: str, day: date = FRIDAY) -> int:
    return from_hkt(day, time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("clock", "slot", "point"),
    [
        ("09:20", 0, 1),
        ("09:30:59", 0, 1),
        ("09:35", 5, 2),
        ("11:59:59", 149, 30),
        ("12:00", 149, 30),
        ("12:59", 149, 30),
        ("13:00", 150, 31),
        ("14:31", 241, 49),
        ("15:59:59", 329, 66),
        ("16:00", 330, 66),
        ("16:01", 331, 67),
        ("16:08", 331, 67),
        ("20:00", 331, 67),
    ],
)
def test_slots_of_a_full_day(clock: str, slot: int, point: int) -> None:
    assert slot_of(at(clock), DayKind.FULL) == slot
    assert spark_of(slot, DayKind.FULL) == point


@pytest.mark.parametrize(
    ("clock", "slot", "point"), [("11:59", 149, 30), ("12:00", 150, 30), ("12:08", 151, 31), ("15:00", 151, 31)]
)
def test_slots_of_a_half_day(clock: str, slot: int, point: int) -> None:
    assert slot_of(at(clock), DayKind.HALF) == slot
    assert spark_of(slot, DayKind.HALF) == point


@given(st.integers(0, 24 * 3600 - 1), st.sampled_from([DayKind.FULL, DayKind.HALF]))
def test_every_moment_has_a_slot_and_a_later_one_never_an_earlier(second: int, kind: DayKind) -> None:
    path = DayPath(FRIDAY, kind)
    slot = slot_of(at("00:00") + second * 1000, kind)
    later = slot_of(at("00:00") + min(second + 60, 24 * 3600 - 1) * 1000, kind)
    assert 0 <= slot <= later < path.slots
    assert 0 <= spark_of(slot, kind) < len(path.spark)


def test_the_spark_has_the_open_every_five_minutes_and_the_auction() -> None:
    path = DayPath(FRIDAY, DayKind.FULL)
    assert len(path.spark) == SPARK_POINTS
    path.put(at("09:30:10"), 100.0, 10.0, opened=99.5)
    path.put(at("09:33"), 101.0, 20.0)
    path.put(at("09:36"), 102.0, 30.0)
    path.put(at("09:52"), 103.0, 40.0)
    path.put(at("16:08"), 104.0, 50.0)
    assert path.spark[:6] == (99.5, 101.0, 102.0, None, None, 103.0)
    assert path.spark[-2:] == (None, 104.0)
    assert (path.price(3), path.price(4), path.price_by(4)) == (101.0, None, 101.0)
    assert path.shares_by(330) == 40.0


def test_a_filled_path_keeps_what_was_known_of_other_minutes() -> None:
    path = DayPath(FRIDAY, DayKind.FULL)
    path.put(at("14:31"), 110.0, 900.0)
    path.fill([PathPoint(at("09:30"), 100.0, 100.0), PathPoint(at("09:35"), 101.0, 50.0)])
    assert (path.price(0), path.price(5), path.price(241), path.last) == (100.0, 101.0, 110.0, 241)
    assert (path.shares_by(5), path.shares_by(241)) == (150.0, 900.0)
    assert path.spark[0] == 100.0


# --- the tape ---


def quote(price: float, clock: str, *, day: date = FRIDAY, received: str = "", previous: float | None = 100.0) -> Quote:
    return Quote(TENCENT, price, at(clock, day), at(received or clock, day), "yahoo", previous_close=previous)


def test_an_equal_quote_changes_nothing_and_is_confirmed_now_and_then() -> None:
    tape = Tape(weekday_default)
    assert tape.take_quotes({TENCENT: quote(100.0, "10:00")}, at("10:00")) == {TENCENT}
    assert tape.take_quotes({TENCENT: quote(100.0, "10:00", received="10:00:15")}, at("10:00:15")) == set()
    assert tape.quotes[TENCENT].received == at("10:00")
    assert tape.take_quotes({TENCENT: quote(100.0, "10:00", received="10:00:30")}, at("10:00:30")) == {TENCENT}
    assert tape.quotes[TENCENT].received == at("10:00:30")


def test_an_older_quote_of_the_same_source_is_refused() -> None:
    tape = Tape(weekday_default)
    tape.take_quotes({TENCENT: quote(100.0, "10:05")}, at("10:05"))
    assert tape.take_quotes({TENCENT: quote(99.0, "10:01", received="10:06")}, at("10:06")) == set()
    assert tape.quotes[TENCENT].price == 100.0


@pytest.mark.parametrize("price", [float("nan"), float("inf"), 0.0, -3.0])
def test_a_price_that_is_none_is_refused_and_said(price: float) -> None:
    tape = Tape(weekday_default)
    assert tape.take_quotes({TENCENT: quote(price, "10:00")}, at("10:00")) == set()
    assert tape.doubts[TENCENT] == Reason(Why.BAD_PRICE, "yahoo", f"{price}")
    assert TENCENT not in tape.quotes


def test_a_price_a_hundred_times_too_large_is_shown_only_when_said_twice() -> None:
    tape = Tape(weekday_default)
    tape.take_quotes({TENCENT: quote(100.0, "10:00")}, at("10:00"))
    assert tape.take_quotes({TENCENT: quote(10_000.0, "10:01")}, at("10:01")) == set()
    assert tape.quotes[TENCENT].price == 100.0
    assert "10000 after 100" in reason_words(tape.doubts[TENCENT])
    assert tape.take_quotes({TENCENT: quote(100.5, "10:02")}, at("10:02")) == {TENCENT}
    assert tape.doubts == {}
    tape.take_quotes({TENCENT: quote(40.0, "10:03")}, at("10:03"))
    assert tape.take_quotes({TENCENT: quote(40.2, "10:04")}, at("10:04")) == {TENCENT}, "said twice, so it is so"


def test_a_price_from_the_future_is_refused() -> None:
    tape = Tape(weekday_default)
    assert tape.take_quotes({TENCENT: quote(100.0, "11:00")}, at("10:00")) == set()
    assert tape.doubts[TENCENT].code == Why.FUTURE_PRICE


def test_another_day_begins_a_new_path_and_hands_over_the_old_one() -> None:
    finished: list[date] = []
    tape = Tape(weekday_default, lambda symbol, path: finished.append(path.day))
    thursday = FRIDAY - timedelta(days=1)
    tape.take_quotes({TENCENT: quote(100.0, "16:08", day=thursday)}, at("16:08", thursday))
    tape.take_quotes({TENCENT: quote(101.0, "09:30")}, at("09:30"))
    assert finished == [thursday]
    assert tape.paths[TENCENT].day == FRIDAY
    assert tape.take_paths({TENCENT: [PathPoint(at("15:00", thursday), 99.0)]}) == set(), "yesterday's path comes late"


def test_what_nobody_needs_is_forgotten() -> None:
    tape = Tape(weekday_default)
    tape.take_quotes({TENCENT: quote(100.0, "10:00")}, at("10:00"))
    tape.forget([])
    assert (tape.quotes, tape.paths) == ({}, {})


@given(
    st.lists(
        st.tuples(st.floats(allow_nan=True, allow_infinity=True), st.integers(-(2**40), 2**41)), min_size=1, max_size=20
    )
)
def test_no_quote_whatever_breaks_the_tape(rows: list[tuple[float, int]]) -> None:
    tape = Tape(weekday_default)
    for price, moment in rows:
        tape.take_quotes({TENCENT: Quote(TENCENT, price, abs(moment), abs(moment), "x")}, 2**41)
    for held in tape.quotes.values():
        assert 0 < held.price < float("inf")
        msgspec.json.encode(held)


# --- relative volume ---


def day_with(volume: float, day: date) -> DayPath:
    path = DayPath(day, DayKind.FULL)
    path.fill([PathPoint(at(clock, day), 100.0, volume / 4) for clock in ("10:00", "11:00", "14:00", "16:08")])
    return path


def test_volume_is_measured_against_the_same_minute_of_other_days() -> None:
    usual = UsualVolume()
    for back, volume in ((4, 4000.0), (3, 8000.0), (2, 12_000.0)):
        usual.learn(TENCENT, day_with(volume, FRIDAY - timedelta(days=back)))
    today = DayPath(FRIDAY, DayKind.FULL)
    today.put(at("11:00"), 100.0, 12_000.0)
    assert usual.relative(TENCENT, today, slot_of(at("11:00"), DayKind.FULL), ()) == pytest.approx(3.0, abs=0.02)
    assert usual.relative(TENCENT, today, slot_of(at("10:30"), DayKind.FULL), ()) is None, "nothing traded by then"


def test_without_enough_days_only_the_closed_day_is_compared() -> None:
    usual = UsualVolume()
    bars = [
        Bar(TENCENT, FRIDAY - timedelta(days=back), 100.0, volume=volume)
        for back, volume in ((3, 0.0), (2, 50.0), (1, 100.0))
    ]
    bars = [Bar(TENCENT, FRIDAY - timedelta(days=4), 100.0, volume=150.0), *bars]
    today = DayPath(FRIDAY, DayKind.FULL)
    today.put(at("11:00"), 100.0, 200.0)
    assert usual.relative(TENCENT, today, 90, bars) is None
    assert usual.relative(TENCENT, today, today.slots - 1, bars) == 2.0, "a day without volume is no measure"
    assert relative_day(bars[:2], FRIDAY, 200.0) is None
    assert relative_day(bars, FRIDAY, None) is None


def test_the_days_size_comes_from_the_bars_and_its_course_from_the_minutes() -> None:
    usual = UsualVolume()
    for back, volume in ((4, 40.0), (3, 80.0), (2, 120.0)):
        usual.learn(TENCENT, day_with(volume, FRIDAY - timedelta(days=back)))
    bars = [Bar(TENCENT, FRIDAY - timedelta(days=back), 100.0, volume=1000.0) for back in (5, 4, 3, 2, 1)]
    today = DayPath(FRIDAY, DayKind.FULL)
    today.put(at("11:00"), 100.0, 1000.0)
    # By 11:00 half of a day is usual; the bars say that a whole one is 1,000 shares, the minutes know 80.
    assert usual.relative(TENCENT, today, slot_of(at("11:00"), DayKind.FULL), bars) == pytest.approx(2.0, abs=0.02)
    today.put(at("16:08"), 100.0, 1500.0)
    assert usual.relative(TENCENT, today, today.slots - 1, bars) == relative_day(bars, FRIDAY, 1500.0) == 1.5


def test_half_days_are_no_habit() -> None:
    usual = UsualVolume()
    half = DayPath(FRIDAY, DayKind.HALF)
    half.put(at("11:00"), 100.0, 10.0)
    usual.learn(TENCENT, half)
    assert usual.known(TENCENT) == ()
