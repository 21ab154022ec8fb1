"""`whymove check --pipe`: what is accepted and refused of a pipe, with real processes."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.checkup.pipe import REASONS_SHOWN, PipeError, PipeReport, read_pipe
from tui.domain.clock import FixedClock, SystemClock

NOW = 1_772_784_480_000


def line(**fields: object) -> bytes:
    return json.dumps({"symbol": "700", "price": 519.0, "time": NOW - 500, **fields}).encode() + b"\n"


def judged(*lines: bytes) -> list[str]:
    clock = FixedClock(NOW)
    report = PipeReport(clock)
    for each in lines:
        report.take(each)
    clock.advance(2)
    report.stop()
    return list(report.text())


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_good_lines() -> None:
    assert judged(line(), line(symbol="^HSI", price=25757.29, time=NOW - 1500), line(price=519.5, time=NOW)) == [
        "lines     3 in 2.0 s: 3 accepted, 0 refused",
        "symbols   2: 0700.HK ^HSI",
        "rate      1.5 quotes a second",
        "late      0.5 s typically, 1.5 s at most",
    ]


def test_each_reason_is_said_once_with_its_count_and_first_line() -> None:
    said = judged(line(), line(price=0), b"no json\n", line(price=0), line(price=0))
    assert said[0] == "lines     5 in 2.0 s: 1 accepted, 4 refused"
    refused = [each for each in said if each.startswith("refused")]
    assert refused[0] == "refused   3 lines, first line 2: price must be at least 1e-06, not 0"
    assert refused[1].startswith("refused   line 3: not a JSON object")


def test_times_ahead_old_and_out_of_order() -> None:
    said = "\n".join(judged(line(time=NOW + 61_000), line(), line(time=NOW - 400_000), line(time=NOW - 500_000)))
    assert "time lies more than 60 s ahead (here 61 s)" in said
    assert "2 quotes are older than one before them" in said
    assert "quotes are minutes old" in said
    assert "send ^HSI too" in said


def test_more_symbols_and_reasons_than_fit() -> None:
    said = judged(*(line(symbol=str(code)) for code in range(1, 41)), *(line(price=f"{n}") for n in range(30)))
    assert next(each for each in said if each.startswith("symbols")).endswith("and 20 more")
    assert said[-1] == f"refused   and for {30 - REASONS_SHOWN} more reasons"


@given(st.lists(st.binary(max_size=200) | st.builds(line, price=st.floats() | st.text()), max_size=30))
def test_whatever_comes_every_line_is_counted(lines: list[bytes]) -> None:
    said = judged(*lines)
    counted = said[0].split()
    assert int(counted[1]) == len(lines) == int(counted[5]) + int(counted[7])
    assert all(each.isprintable() for each in said)


async def test_a_command_is_run_and_ended() -> None:
    loop = (
        "import json,time\n"
        "while True:\n"
        "    print(json.dumps({'symbol': '700', 'price': 519, 'time': int(time.time() * 1000)}), flush=True)\n"
        "    time.sleep(0.02)\n"
    )
    report = await read_pipe(python(loop), SystemClock(), 0.8)
    assert report.accepted > 5
    assert (report.refused, report.ended) == (0, "")


async def test_a_command_that_ends_by_itself() -> None:
    code = (
        f"import sys; sys.stdout.buffer.write({line()!r} * 3 + b'half')\n"
        "print('no \\x1b[31mbroker', file=sys.stderr); sys.exit(7)"
    )
    report = await read_pipe(python(code), SystemClock(), 20)
    assert (report.lines, report.accepted) == (3, 3)
    assert list(report.text())[-2:] == ["ended     with code 7; the feed would start it again", "stderr    no broker"]


async def test_a_command_that_does_not_want_to_end() -> None:
    code = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    report = await read_pipe(python(code), SystemClock(), 0.5)
    assert report.accepted == 0
    assert report.seconds < 5


async def test_a_babbler_is_bounded() -> None:
    code = f"import sys\nwhile True: sys.stdout.buffer.write(b'x' * 200_000 + b'\\n' + {line()!r} + b'garbage\\n')"
    report = await read_pipe(python(code), SystemClock(), 0.6)
    said = "\n".join(report.text())
    assert report.accepted > 0
    assert report.lines == report.accepted + report.refused
    assert "the line is longer than 64 KiB" in said
    assert "not a JSON object" in said


async def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    report = await read_pipe(
        [sys.executable, "-c", "import sys; print(sys.argv[1:])", f"; touch {tmp_path}/harm"], SystemClock(), 20
    )
    assert report.lines == 1
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("command", ["/no/such/program", "nul\0byte", "/etc"])
async def test_a_command_that_cannot_start(command: str) -> None:
    with pytest.raises(PipeError, match="cannot be run"):
        await read_pipe([command], SystemClock(), 1)
