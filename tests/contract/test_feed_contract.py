"""What starts a feed may rely on: its command line, its exit codes, what it loads, and its first words."""

import json
import subprocess
import sys

import pytest

from tests.feeds import COMMAND, JD, sample_feed
from tui import __version__, wire
from tui.domain.clock import ReplayClock
from tui.feed.factory import moment_of
from tui.feed.options import DEMO_START


def feed(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--source", "reuters"], "invalid choice: 'reuters'"),
        (["--source", "sample", "--at", "tomorrow"], "is no time; write it as 2026-03-06T14:31"),
        (["--source", "sample", "--speed", "-1"], "give seconds of the replay a second"),
        (["--source", "sample", "--speed", "nan"], "give seconds of the replay a second"),
        (["--source", "yahoo", "--speed", "60"], "--speed needs --at"),
        (["--source", "sample", "--leave-after", "-1"], "give seconds, 0 or more"),
        (["--source", "sample", "--config", "/nowhere/config.toml"], "cannot be read"),
    ],
)
def test_misuse_is_one_sentence_and_exit_code_2(arguments: list[str], words: str) -> None:
    done = feed(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_pipe_that_is_not_configured_says_what_to_write() -> None:
    done = feed("--source", "pipe")
    assert done.returncode == 1
    assert done.stderr == "whymove: config.toml: [pipe] needs either command or socket, see docs/pipe.md\n"


def test_the_feeds_core_loads_no_client_and_no_screen() -> None:
    script = "import json, sys, tui.feed.main; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"textual", "rich", "pandas", "yfinance", "curl_cffi", "aiohttp", "holidays", "ahocorasick", "opencc"}
    assert not heavy & set(json.loads(done.stdout))


def test_hello_tells_protocol_source_and_clock() -> None:
    with sample_feed() as started, started.terminal(JD) as terminal:
        hello = terminal.hello
        assert (hello.protocol, hello.version, hello.source) == (wire.PROTOCOL, __version__, "sample")
        assert hello.pid == started.process.pid
        assert (hello.clock.mode, hello.clock.speed) == ("replay", 30.0)
        assert 0 <= hello.clock.now - moment_of(DEMO_START) < 120_000, "the demo opens on 6 March 2026"
        assert hello.clock.end == moment_of("2026-03-06T17:00")
        assert terminal.snapshot().status.day == ReplayDay.day(hello.clock)


class ReplayDay:
    """The terminal's own clock, made from the feed's hello."""

    @staticmethod
    def day(info: wire.ClockInfo) -> object:
        from tui.domain.trading_day import to_hkt

        return to_hkt(ReplayClock(info.now, info.speed, info.end).now_ms()).date()
