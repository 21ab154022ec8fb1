"""A feed on prices by pipe with a CSV as history: they are split, and rows stay when the pipe dies."""

import json
import sys
from pathlib import Path

import pytest

from tests.feeds import ALIBABA, JD, feed_socket, running, start_feed
from tui.config.paths import Paths
from tui.config.shipped import shipped
from tui.domain.reason import Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.feed.factory import moment_of
from tui.render.reasons import row_words_short

AT = "2026-03-06T14:31"
LINES = [
    {"symbol": "^HSI", "price": 25600.0, "time": moment_of("2026-03-06T14:30:10"), "previous_close": 25321.34},
    {"symbol": "^HSTECH", "price": 4900.0, "time": moment_of("2026-03-06T14:30:20"), "previous_close": 4796.33},
    {"symbol": "9988", "price": 130.0, "time": moment_of("2026-03-06T14:30:30"), "volume": 21_000_000},
]
UNKNOWN = Symbol("4444.HK")
REST = "[news]\nsources = []\n[feed]\nrefresh_seconds = 5\n"


def settings(script: str, history: str) -> None:
    file = Paths().config_file
    file.parent.mkdir(parents=True)
    command = json.dumps([sys.executable, "-c", script])
    file.write_text(f"[pipe]\ncommand = {command}\nhistory = {json.dumps(history)}\n" + REST)


@pytest.fixture
def history(tmp_path: Path) -> str:
    """The sample's closes as a price file of the trader's own, up to the day before."""
    lines = shipped("tables/sample/close.csv").read_text().splitlines()
    file = tmp_path / "closes.csv"
    file.write_text("\n".join(line for line in lines if not line.startswith("2026-03-06")) + "\n")
    return str(file)


def test_prices_by_pipe_are_split_and_outlive_the_pipe(history: str, tmp_path: Path) -> None:
    # It tells its prices once; started again it has nothing to say.
    script = (
        f"import json, pathlib, time\nmark = pathlib.Path({str(tmp_path / 'told')!r})\n"
        "if mark.exists(): raise SystemExit(3)\n"
        f"for line in json.loads({json.dumps(json.dumps(LINES))}):\n    print(json.dumps(line), flush=True)\n"
        "mark.touch()\ntime.sleep(3)"
    )
    settings(script, history)
    feed = start_feed("--source", "pipe", "--at", AT, "--leave-after", "5", path=feed_socket("pipe"))
    with running(feed), feed.terminal(ALIBABA) as terminal:
        terminal.until(lambda t: t.rows.get(ALIBABA) and t.rows[ALIBABA].day)
        row = terminal.rows[ALIBABA]
        assert row.quote is not None
        assert (row.quote.source, row.quote.price) == ("pipe", 130.0)
        assert row.quote.previous_close == 126.3, "the history's close, because the pipe tells none"
        assert row.day is not None
        assert row.day.return_pct == pytest.approx((130 / 126.3 - 1) * 100)
        assert row.day.own_pp is not None
        assert len(row.day.factors) == 2
        terminal.until(lambda t: t.status.sources[0].state is SourceState.STOPPED)
        pipe, file = terminal.status.sources
        assert "ended with code" in pipe.reason
        assert (file.name, file.state) == ("file", SourceState.OK), "the history is well all the same"
        assert terminal.rows[ALIBABA].day is not None


def test_a_row_that_pipe_or_file_never_tells_of_says_so(history: str) -> None:
    script = (
        f"import json, time\nlines = json.loads({json.dumps(json.dumps([*LINES, LINES[2] | {'symbol': UNKNOWN}]))})\n"
        "while True:\n    for line in lines:\n        print(json.dumps(line), flush=True)\n    time.sleep(0.05)"
    )
    settings(script, history)
    feed = start_feed("--source", "pipe", "--at", AT, "--speed", "120", "--leave-after", "5", path=feed_socket("pipe"))
    with running(feed), feed.terminal(ALIBABA, JD, UNKNOWN) as terminal:
        terminal.until(lambda t: all((row := t.rows.get(symbol)) and row.why for symbol in (JD, UNKNOWN)))
        unknown = terminal.rows[UNKNOWN]
        assert unknown.note == "closes.csv has no column 4444.HK"
        assert (row_words_short(unknown), row_words_short(unknown, "zh")) == ("no history", "欠缺歷史")
        row = terminal.rows[JD]
        assert row.quote is None
        assert (row_words_short(row), row_words_short(row, "zh")) == ("no quote", "沒有報價")
        told = terminal.rows[ALIBABA].why
        assert told is None or told.code != Why.NO_QUOTE


def test_a_price_file_that_cannot_be_trusted_is_named_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "closes.csv"
    file.write_text("date,^HSI\n2026-03-05,much\n")
    settings("pass", str(file))
    with running(start_feed("--source", "pipe", path=feed_socket("pipe"))) as feed:
        assert feed.wait() == 1
        words = feed.words()
    assert "config.toml: [pipe] history:" in words
    assert "line 2, column ^HSI: 'much' is no price" in words
