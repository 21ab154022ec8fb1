import time

import pytest

from tui.domain.clock import Clock, FixedClock, ReplayClock, SystemClock


def test_the_system_clock_is_the_machines() -> None:
    clock: Clock = SystemClock()
    before = time.time_ns() // 1_000_000
    assert before <= clock.now_ms() <= before + 60_000
    assert clock.monotonic() <= clock.monotonic()


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(1_000)
    assert (clock.now_ms(), clock.monotonic()) == (1_000, 0.0)
    clock.advance(2.5)
    assert (clock.now_ms(), clock.monotonic()) == (3_500, 2.5)
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-1)


def test_a_replay_runs_at_its_speed_and_stands_at_its_end() -> None:
    clock = ReplayClock(start_ms=1_000_000, speed=1_000_000.0, end_ms=1_500_000)
    real_before = time.monotonic()
    virtual_before = clock.monotonic()
    while time.monotonic() - real_before < 0.005:
        pass
    # The clock was read inside [before, now], so the virtual span is bounded by the real one from below.
    assert clock.monotonic() - virtual_before >= 0.005 * 1_000_000 * 0.9
    assert clock.now_ms() == 1_500_000


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_replay_needs_a_speed(speed: float) -> None:
    with pytest.raises(ValueError, match="speed above 0"):
        ReplayClock(0, speed)
