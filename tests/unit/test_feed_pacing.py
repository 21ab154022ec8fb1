"""Budget, breaker and door on a clock that stands until it is told to move."""

import random
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tui.domain.clock import FixedClock
from tui.feed.pacing import Breaker, Budget, NotNow, PoliteDoor

NOON = 1_772_769_600_000
HOST = "prices.example"


class NoChance(random.Random):
    """Always the shortest pause."""

    def uniform(self, a: float, b: float) -> float:
        return a


def door(clock: FixedClock, per_minute: int = 30) -> PoliteDoor:
    return PoliteDoor(clock, per_minute, NoChance())


def test_a_budget_admits_its_number_a_minute_and_tells_when_the_next_fits() -> None:
    clock = FixedClock(NOON)
    budget = Budget(clock, 3)
    for _ in range(3):
        assert budget.wait_s() == 0
        budget.take()
        clock.advance(10)
    assert budget.used == 3
    assert budget.wait_s() == pytest.approx(30), "the first one was 30 seconds ago"
    clock.advance(30)
    assert budget.wait_s() == 0
    assert budget.used == 2


def test_what_is_less_urgent_leaves_room_for_the_urgent() -> None:
    clock = FixedClock(NOON)
    budget = Budget(clock, 10)
    for _ in range(4):
        budget.take()
    assert budget.wait_s(keep=6) == 60
    assert budget.wait_s() == 0


def test_pauses_double_from_five_minutes_to_an_hour() -> None:
    clock = FixedClock(NOON)
    breaker = Breaker(clock, 300, 3600, NoChance())
    pauses = []
    for _ in range(6):
        breaker.trip()
        pauses.append(breaker.wait_s())
        clock.advance(breaker.wait_s())
        breaker.pass_through()
    assert pauses == [300, 600, 1200, 2400, 3600, 3600]


def test_a_pause_that_runs_is_not_made_longer_by_what_was_already_on_its_way() -> None:
    clock = FixedClock(NOON)
    breaker = Breaker(clock, 300, 3600, NoChance())
    for _ in range(4):
        breaker.trip()
    assert breaker.wait_s() == 300
    breaker.trip(at_least_s=900)
    assert breaker.wait_s() == 900, "but what the host asks for is obeyed"


def test_after_a_pause_one_probe_decides() -> None:
    clock = FixedClock(NOON)
    breaker = Breaker(clock, 300, 3600, NoChance())
    breaker.trip()
    clock.advance(300)
    assert breaker.wait_s() == 0
    breaker.pass_through()
    assert breaker.wait_s() == 60, "the others wait for the probe's answer"
    breaker.heal()
    assert breaker.wait_s() == 0
    assert breaker.closed


def test_growth_is_forgotten_only_after_a_good_hour() -> None:
    clock = FixedClock(NOON)
    breaker = Breaker(clock, 300, 3600, NoChance())
    breaker.trip()
    clock.advance(300)
    breaker.heal()
    clock.advance(600)
    breaker.trip()
    assert breaker.wait_s() == 600, "limited again ten minutes later: the pause grows on"
    clock.advance(600)
    breaker.heal()
    clock.advance(3700)
    breaker.trip()
    assert breaker.wait_s() == 300


def test_after_a_429_the_host_gets_nothing_for_five_minutes() -> None:
    clock = FixedClock(NOON)
    polite = door(clock)
    polite.admit(HOST)
    polite.observe(HOST, 429, {})
    for _ in range(300):
        with pytest.raises(NotNow) as refused:
            polite.admit(HOST)
        assert refused.value.retry_after_s == polite.wait_s() > 0
        clock.advance(0.99)
    assert polite.limited


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_in_both_its_forms(status: int) -> None:
    clock = FixedClock(NOON)
    polite = door(clock)
    polite.observe(HOST, status, {"Retry-After": "1200"})
    assert polite.wait_s() == 1200
    other = door(clock)
    at = datetime.fromtimestamp(NOON / 1000 + 1500, UTC)
    other.observe(HOST, status, {"retry-after": format_datetime(at, usegmt=True)})
    assert other.wait_s() == 1500


@pytest.mark.parametrize("nonsense", ["", "soon", "-5", "9" * 400, "Mon, 99 Foo 2026", "\x00"])
def test_a_nonsensical_retry_after_leaves_our_own_pause(nonsense: str) -> None:
    clock = FixedClock(NOON)
    polite = door(clock)
    polite.observe(HOST, 429, {"Retry-After": nonsense, "Date": nonsense})
    assert 300 <= polite.wait_s() <= 12 * 3600


def test_the_minute_of_one_host_is_not_that_of_another() -> None:
    clock = FixedClock(NOON)
    polite = door(clock, per_minute=2)
    polite.admit("a.example")
    polite.admit("a.example")
    with pytest.raises(NotNow, match=r"a\.example has had its requests"):
        polite.admit("a.example")
    polite.admit("b.example")
    assert polite.used == 2
    assert polite.wait_s() == 60
    assert not polite.limited, "a spent minute is our manners, not a limit"


def test_a_success_ends_a_rest() -> None:
    clock = FixedClock(NOON)
    polite = door(clock)
    polite.observe(HOST, 429, {})
    clock.advance(300)
    polite.admit(HOST)
    with pytest.raises(NotNow, match=rf"{HOST} limits us \(429\)"):
        polite.admit(HOST)
    polite.observe(HOST, 200, {})
    polite.admit(HOST)
    assert not polite.limited


@pytest.mark.parametrize(("ahead_s", "expected"), [(0, 0), (20, 0), (95, 95), (-3600, -3600)])
def test_the_hosts_date_tells_our_clocks_skew(ahead_s: int, expected: int) -> None:
    clock = FixedClock(NOON)
    polite = door(clock)
    date = format_datetime(datetime.fromtimestamp(NOON / 1000 + ahead_s, UTC), usegmt=True)
    polite.observe(HOST, 200, {"Date": date})
    assert polite.skew_s == expected


def test_fronts_of_one_service_rest_together() -> None:
    clock = FixedClock(NOON)
    fronts = PoliteDoor(clock, 30, NoChance(), as_one=True)
    for front in (HOST, "other.example"):
        fronts.admit(front)
    fronts.observe(HOST, 429, {})
    with pytest.raises(NotNow, match=rf"{HOST} limits us \(429\)") as raised:
        fronts.admit("other.example")
    assert raised.value.retry_after_s == 300
    clock.advance(300)
    fronts.admit(HOST)
    fronts.observe(HOST, 200, {})
    fronts.admit("other.example")
