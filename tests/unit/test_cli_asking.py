"""Answers of a feed: what a terminal would be told, from a real feed process on the sample."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tui import __version__
from tui.cli.asking import FeedSessions
from tui.cli.closed import SampleSessions
from tui.cli.errors import CliError
from tui.config import Config
from tui.ui.link import FeedLink, StartFeed

Ask = Callable[[], FeedSessions]


@pytest.fixture(scope="module")
def feed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feed")


@pytest.fixture
def ask(feed_folder: Path) -> Ask:
    """Each question has a link of its own; the first starts the feed, which stays for the others."""
    socket = feed_folder / "feed.sock"
    argv = ["feed", "--source", "sample", "--socket", str(socket), "--private", "--at", "2026-03-06T16:30"]
    start = StartFeed((sys.executable, "-m", "tui", *argv, "--speed", "0"), feed_folder / "feed.log")
    return lambda: FeedSessions("sample", Config(), FeedLink(socket, __version__, start=start), 30.0, 2.0)


def test_a_feed_and_this_process_tell_the_same(ask: Ask) -> None:
    closed = SampleSessions(Config(), None, "auto")
    told, computed = ask().explain("9988", None, 3), closed.explain("9988", None, 3)
    assert [day.date for day in told.days] == [day.date for day in computed.days]
    for theirs, ours in zip(told.days, computed.days, strict=True):
        assert (theirs.verdict, theirs.own_pp, theirs.rarity) == (ours.verdict, ours.own_pp, ours.rarity)
    assert ask().explain("9988", None, 1).provenance.of_answer() == "Prices from sample, as of 16:08 HKT."


def test_a_list_of_today_and_of_another_day(ask: Ask) -> None:
    config = Config()
    symbols = config.list.start["Hong Kong"]
    closed = SampleSessions(config, None, "auto")
    for day in (None, date(2026, 3, 4)):
        told, computed = ask().session(symbols, day), closed.session(symbols, day)
        assert told.day == computed.day
        assert {row.instrument.symbol: row.day and row.day.verdict for row in told.rows} == {
            row.instrument.symbol: row.day and row.day.verdict for row in computed.rows
        }
    assert [index.symbol for index in ask().session(symbols, None).indices] == ["^HSI", "^HSTECH"]


@pytest.mark.parametrize(
    ("text", "day", "sentence"),
    [
        ("!!", None, "'!!' is no symbol"),
        ("1", None, "the sample week has no 0001.HK"),
        ("9988", date(2026, 3, 1), "2026-03-01 is no session of 9988 in sample; the one before is 2026-02-27"),
    ],
)
def test_what_a_feed_cannot_tell_is_one_sentence(ask: Ask, text: str, day: date | None, sentence: str) -> None:
    with pytest.raises(CliError, match=sentence):
        ask().explain(text, day, 1)


def test_a_feed_that_does_not_come_up_is_named_with_its_last_words(tmp_path: Path) -> None:
    broken = StartFeed((sys.executable, "-c", "print('no such disk'); raise SystemExit(1)"), tmp_path / "log")
    link = FeedLink(tmp_path / "none.sock", __version__, start=broken)
    with pytest.raises(CliError, match=r"the feed of yahoo does not answer: .*no such disk"):
        FeedSessions("yahoo", Config(), link, 30.0).explain("9988", None, 1)
