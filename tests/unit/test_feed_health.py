"""A source's failures as named states, with the time of the next try."""

import pytest

from tui.domain.clock import FixedClock
from tui.domain.row import SourceState
from tui.feed.health import Health, unexpected
from tui.feed.pacing import NotNow, PoliteDoor
from tui.sources.ports import SourceError

NOON = 1_772_769_600_000


@pytest.mark.parametrize(
    "state",
    [SourceState.LIMITED, SourceState.OFFLINE, SourceState.HUNG, SourceState.BAD_DATA, SourceState.REFUSED],
)
def test_a_failure_is_named_dated_and_tried_again(state: SourceState) -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    health.succeeded()
    clock.advance(60)
    health.failed(SourceError(state, "it said no"))
    view = health.view()
    assert (view.state, view.reason, view.since) == (state, "it said no", NOON + 60_000)
    assert view.last_success == NOON, "the last success stays known"
    assert view.next_try is not None
    assert view.next_try > NOON + 60_000
    assert health.wait_s() > 0


def test_a_failure_without_a_reason_gets_plain_words() -> None:
    health = Health("yahoo", FixedClock(NOON))
    health.failed(SourceError(SourceState.HUNG, ""))
    assert health.view().reason == "yahoo did not answer in time"


def test_other_failures_are_tried_again_sooner_than_limits_and_later_each_time() -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    waits = []
    for _ in range(8):
        health.asked()
        health.failed(SourceError(SourceState.OFFLINE, "no route"))
        waits.append(health.wait_s())
        clock.advance(health.wait_s())
    assert 15 <= waits[0] <= 17
    assert waits == sorted(waits) or waits[-1] <= 330
    assert waits[-1] >= 300
    health.succeeded()
    assert health.wait_s() == 0
    assert health.view().state is SourceState.OK


def test_since_moves_only_with_the_state() -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    health.failed(SourceError(SourceState.OFFLINE, "no route"))
    clock.advance(600)
    health.asked()
    health.failed(SourceError(SourceState.OFFLINE, "no route"))
    assert health.view().since == NOON


def test_a_symbols_trouble_is_not_the_sources() -> None:
    health = Health("yahoo", FixedClock(NOON))
    health.failed(SourceError(SourceState.NO_SUCH_SYMBOL, "0000.HK is unknown"))
    assert health.view().state is SourceState.OK
    assert health.wait_s() == 0


def test_a_spent_minute_is_no_state_but_a_resting_host_is() -> None:
    clock = FixedClock(NOON)
    door = PoliteDoor(clock, 1)
    health = Health("yahoo", clock, door)
    health.succeeded()
    door.admit("host.example")
    with pytest.raises(NotNow) as spent:
        door.admit("host.example")
    health.failed(spent.value)
    assert health.view().state is SourceState.OK
    assert (health.view().used, health.view().budget) == (1, 1)
    door.observe("host.example", 429, {})
    with pytest.raises(NotNow) as resting:
        door.admit("host.example")
    health.failed(resting.value)
    assert health.view().state is SourceState.LIMITED
    assert health.wait_s() >= 300


def test_rest_is_shown_only_while_nothing_is_wrong() -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    health.succeeded()
    health.rests(NOON + 3_600_000)
    assert (health.view().state, health.view().next_try) == (SourceState.RESTING, NOON + 3_600_000)
    health.asks_next(NOON + 15_000)
    assert (health.view().state, health.view().next_try) == (SourceState.OK, NOON + 15_000)
    health.failed(SourceError(SourceState.OFFLINE, "no route"))
    health.rests(None)
    assert health.view().state is SourceState.OFFLINE


def test_what_nobody_foresaw_is_a_state_without_hostile_text() -> None:
    error = unexpected("yahoo", KeyError("\x1b[31mred\u202e"))
    assert error.state is SourceState.BAD_DATA
    assert "\x1b" not in error.reason
    assert "KeyError" in error.reason
