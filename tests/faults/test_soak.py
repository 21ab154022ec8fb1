"""The soak in seconds: a day of a hundred stocks, with faults, visitors and resizes, leaves nothing behind."""

import pytest

from benchmarks.soak import LIMIT_PCT, Soaked, soak, table

MINUTES = 0.25
# A day of seconds reaches 11:00 before the terminal's bounded caches are full; the long form holds the real limit.
TERMINAL_PCT = 15.0


@pytest.mark.slow
def test_a_day_leaves_no_memory_file_or_task_behind() -> None:
    soaked = soak(MINUTES, looks=6)
    said = "\n".join(table(soaked))
    assert Soaked.growth_pct(soaked.feed) < LIMIT_PCT, said
    assert Soaked.growth_pct(soaked.terminal) < TERMINAL_PCT, said
    for measures in (soaked.feed, soaked.terminal):
        assert max(one.files for one in measures) - min(one.files for one in measures) <= 1, said
        assert max(one.tasks for one in measures) - min(one.tasks for one in measures) <= 4, said
        assert measures[-1].work > measures[0].work > 0, said
    assert "16:0" in soaked.screen[0]
    assert any(line.lstrip("│▸ ")[:5].startswith("900") for line in soaked.screen), said
