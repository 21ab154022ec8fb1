"""The soak in seconds: a day of a hundred stocks, with faults, visitors and resizes, leaves nothing behind."""

from benchmarks.soak import soak, table

MINUTES = 0.2
# A day of seconds is over before the terminal's memory is warm; the long form holds the real limit.
TERMINAL_PCT = 15.0


def test_a_day_leaves_no_memory_file_or_task_behind() -> None:
    soaked = soak(MINUTES, looks=6)
    said = "\n".join(table(soaked))
    assert soaked.problems(TERMINAL_PCT) == [], said
    assert "16:0" in soaked.screen[0]
    assert any(line.lstrip("│▸ ")[:5].startswith("900") for line in soaked.screen), said
