"""Answers of a feed: what a terminal would be told, from a real feed process on the sample."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from datetime import date
from pathlib import Path

import pytest

from tui import __version__
from tui.cli.asking import FeedSessions
from tui.cli.closed import SampleSessions
from tui.cli.errors import CliError
from tui.config import Config
from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.row import FeedStatus, Row, SourceHealth, SourceState
from tui.domain.symbol import Symbol
from tui.ui.link import FeedLink, LinkEvent, StartFeed
from tui.wire import History, Snapshot

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


class Telling(FeedLink):
    """A link on which a feed has told one snapshot and, asked for a history, one refusal."""

    def __init__(self, folder: Path, rows: tuple[Row, ...], refusal: str = "") -> None:
        super().__init__(folder / "none.sock", __version__, start=None)
        status = FeedStatus(day=FRIDAY, sources=(SourceHealth("yahoo", SourceState.OFFLINE, "no route"),))
        self._told: list[LinkEvent] = [Snapshot(1, rows, (), status)]
        if refusal:
            self._told.append(History(ALIBABA, error=refusal))

    async def events(self) -> AsyncGenerator[LinkEvent, None]:
        for event in self._told:
            yield event
        await asyncio.sleep(60)


FRIDAY = date(2026, 3, 6)
ALIBABA, JD = Symbol("9988.HK"), Symbol("9618.HK")


def test_a_list_without_a_single_price_is_no_answer(tmp_path: Path) -> None:
    link = Telling(tmp_path, (Row(ALIBABA), Row(JD)))
    with pytest.raises(CliError, match=r"^yahoo has no prices yet: yahoo offline, no route$") as refused:
        FeedSessions("yahoo", Config(), link, 0.2).session((ALIBABA, JD), None)
    assert refused.value.code == 1


def test_a_list_names_the_stocks_without_a_split(tmp_path: Path) -> None:
    split = Row(ALIBABA, day=Attribution(ALIBABA, FRIDAY, Verdict.QUIET, Window(250, FRIDAY, FRIDAY, 250)))
    told = FeedSessions("yahoo", Config(), Telling(tmp_path, (split, Row(JD))), 0.2).session((ALIBABA, JD), None)
    assert told.trouble == "yahoo has no split of 9618 yet: yahoo offline, no route"


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("yahoo has not answered for 40 s", "yahoo has not answered for 40 s: yahoo offline, no route"),
        ("no route; next try in 15 s", "no route; next try in 15 s"),
    ],
)
def test_a_refused_history_says_how_the_source_does(tmp_path: Path, refusal: str, said: str) -> None:
    with pytest.raises(CliError) as refused:
        FeedSessions("yahoo", Config(), Telling(tmp_path, (), refusal), 5.0, 0.1).explain("9988", None, 1)
    assert refused.value.message == said


def test_a_feed_that_does_not_come_up_is_named_with_its_last_words(tmp_path: Path) -> None:
    broken = StartFeed((sys.executable, "-c", "print('no such disk'); raise SystemExit(1)"), tmp_path / "log")
    link = FeedLink(tmp_path / "none.sock", __version__, start=broken)
    with pytest.raises(CliError, match=r"the feed of yahoo does not answer: .*no such disk"):
        FeedSessions("yahoo", Config(), link, 30.0).explain("9988", None, 1)
