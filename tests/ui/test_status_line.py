"""The status line in trouble: the next try is never cut off, and reasons are said in the language of the screen."""

import pytest

from tests.ui.rows import NOW
from tui.domain.reason import Reason, Why
from tui.domain.row import FeedStatus, SourceHealth, SourceState
from tui.render.language import Language
from tui.render.width import cells, cut
from tui.ui.model import LinkPhase, LinkView, Look, ViewState
from tui.ui.widgets.status import status_run

HOST = "query1.finance.yahoo.com"
LIMITED = SourceHealth(
    "yahoo", SourceState.LIMITED, "in English", next_try=NOW + 240_000, why=Reason(Why.LIMITS, HOST, number=429)
)
OFFLINE = tuple(
    SourceHealth(name, SourceState.OFFLINE, next_try=NOW + wait, why=Reason(Why.UNREACHABLE, host))
    for name, host, wait in (
        ("yahoo", HOST, 20_000),
        ("yahoo news", HOST, 60_000),
        ("HKEXnews", "www1.hkexnews.hk", 300_000),
        ("RTHK news", "rthk.hk", 300_000),
    )
)


def said(sources: tuple[SourceHealth, ...], width: int, language: Language = "en") -> str:
    state = ViewState(
        "yahoo", NOW, status=FeedStatus(sources=sources), link=LinkView(LinkPhase.LIVE), look=Look(language)
    )
    return cut(status_run(state, width)[0], width)


def test_a_limit_says_its_next_try_before_the_reason() -> None:
    assert said((LIMITED,), 80) == f"yahoo: limited, next try 14:35: {HOST} limits us (429)"
    assert said((LIMITED,), 80, "zh") == f"yahoo：受限，下次重試 14:35：{HOST} 限制請求（429）"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 120])
def test_a_network_that_is_gone_names_every_source_and_the_earliest_try(width: int, language: Language) -> None:
    words = {"en": ": offline, next try 14:31", "zh": "：離線，下次重試 14:31"}
    line = said(OFFLINE, width, language)
    assert line.startswith(f"yahoo, yahoo news, HKEXnews, RTHK news{words[language]}")
    assert cells(line) <= width
    if width == 120:
        assert "could not be reached" in line or "未能連接" in line


def test_sources_in_different_trouble_each_say_when() -> None:
    line = said((LIMITED, *OFFLINE[2:]), 80)
    assert line.startswith("yahoo: limited, next try 14:35; HKEXnews, RTHK news: offline, next try 14:36")


def test_words_of_an_older_feed_stay_as_they_are() -> None:
    old = SourceHealth("yahoo", SourceState.HUNG, "it did not answer")
    assert said((old,), 80, "zh").endswith("：it did not answer")


def test_a_shared_budget_is_said_once() -> None:
    well = [
        SourceHealth(name, SourceState.OK, used=5, budget=30, door=door)
        for name, door in (("yahoo", "yahoo"), ("yahoo news", "yahoo"), ("RTHK news", "RTHK"))
    ]
    assert said(tuple(well), 80) == "yahoo ok 5/30  yahoo news ok  RTHK news ok 5/30"
