"""The health pane's lines: state, reason, times, manners and reach of every source, in both languages, at any width."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.row import FeedStatus, HostUse, NewsReach, SourceHealth, SourceState
from tui.render.health import Ends, health_lines
from tui.render.language import Language
from tui.render.tone import plain
from tui.render.width import cells

NOW = 1_772_778_660_000  # Friday 6 March 2026, 14:31 in Hong Kong
ENDS = Ends("0.1.0", "connected", link_is_well=True, feed_version="0.1.0", source="yahoo", process=4321)
YAHOO = SourceHealth(
    "yahoo",
    SourceState.LIMITED,
    "yahoo answered 429, too many requests",
    since=NOW - 60_000,
    last_success=NOW - 75_000,
    next_try=NOW + 240_000,
    used=12,
    budget=30,
    hosts=(HostUse("query1.finance.yahoo.com", 12, rests=True), HostUse("query2.finance.yahoo.com", 3)),
    door="yahoo",
)
HKEX = SourceHealth(
    "hkex news",
    SourceState.OK,
    since=NOW - 86_400_000,
    last_success=NOW - 20_000,
    used=2,
    budget=30,
    hosts=(HostUse("www1.hkexnews.hk", 2),),
    door="hkex",
    news=NewsReach(17, 19, NOW - 3_600_000),
)
STATUS = FeedStatus(sources=(YAHOO, HKEX), warnings=("this machine's clock is 95 s behind",))


def text(status: FeedStatus, ends: Ends = ENDS, width: int = 100, language: Language = "en") -> list[str]:
    return [plain(line).rstrip() for line in health_lines(status, ends, NOW, width, language)]


def test_everything_that_is_known() -> None:
    assert text(STATUS) == [
        " feed",
        "  connected",
        "  version 0.1.0, source yahoo, process 4321",
        "  this terminal: version 0.1.0",
        "",
        " sources",
        "  yahoo  limited  since 14:30:00",
        "    yahoo answered 429, too many requests",
        "    last answer 14:29:45, next try 14:35:00",
        "    query1.finance.yahoo.com: 12 of 30 requests in the last minute, rests",
        "    query2.finance.yahoo.com: 3 of 30 requests in the last minute",
        "  hkex news  ok  since Thu 5 Mar 14:31:00",
        "    last answer 14:30:40",
        "    www1.hkexnews.hk: 2 of 30 requests in the last minute",
        "    news of 17 of 19 stocks, asked until 13:31:00",
        "",
        " warnings",
        "  this machine's clock is 95 s behind",
    ]


def test_in_chinese() -> None:
    lines = text(STATUS, language="zh")
    assert "  yahoo  受限  自 14:30:00" in lines
    assert "    上次回覆 14:29:45，下次 14:35:00" in lines
    assert "    已查詢 17 / 19 隻股票的消息，查詢至 13:31:00" in lines


def test_a_feed_that_never_spoke_and_one_that_is_well() -> None:
    lost = text(FeedStatus(), Ends("0.1.0", "feed gone: it was killed", link_is_well=False))
    assert lost[:3] == [" feed", "  feed gone: it was killed", "  this terminal: version 0.1.0"]
    assert "  No source has been heard of yet." in lost
    assert "  None. Trouble with the clock, the disk or the feed itself would stand here." in lost


def test_hosts_behind_one_door_stand_once() -> None:
    news = msgspec.structs.replace(HKEX, name="yahoo news", hosts=YAHOO.hosts, door="yahoo")
    lines = text(FeedStatus(sources=(YAHOO, news)))
    assert sum("query1.finance.yahoo.com" in line for line in lines) == 1
    assert "    requests shared with yahoo" in lines
    assert "    請求與 yahoo 共用" in text(FeedStatus(sources=(YAHOO, news)), language="zh")


def test_news_that_is_complete_for_no_stock() -> None:
    status = FeedStatus(sources=(SourceHealth("sample news", SourceState.OK, news=NewsReach(0, 26)),))
    assert "    news complete for none of 26 stocks" in text(status)
    assert "    26 隻股票的消息均未查詢齊全" in text(status, language="zh")
    assert not any("news of 0" in line for line in text(status))


def test_what_a_source_left_out_is_counted_by_reason() -> None:
    news = NewsReach(2, 2, None, (("no readable date", 3), ("[/] new", 1)))
    status = FeedStatus(sources=(SourceHealth("RTHK", SourceState.OK, news=news),))
    assert "    left out: 3 no readable date, 1 [/] new" in text(status)
    assert "    略去：3 日期無法辨認，1 [/] new" in text(status, language="zh")
    assert not any("left out" in line for line in text(STATUS))


@pytest.mark.parametrize("state", list(SourceState))
def test_trouble_has_the_tone_of_a_warning(state: SourceState) -> None:
    lines = health_lines(FeedStatus(sources=(SourceHealth("yahoo", state, "so it is"),)), ENDS, NOW, 100)
    tones = {tone for line in lines for words, tone in line if "so it is" in words}
    assert tones == {"text" if state in ("ok", "resting") else "muted" if state == "starting" else "warn"}


@given(reason=st.text(max_size=200), host=st.text(max_size=60), width=st.integers(20, 160), zh=st.booleans())
def test_no_line_is_wider_than_the_pane_whatever_a_source_says(reason: str, host: str, width: int, zh: bool) -> None:
    source = SourceHealth("yahoo", SourceState.HUNG, reason, since=0, budget=30, hosts=(HostUse(host, 1),) * 2)
    status = FeedStatus(sources=(source,), warnings=(reason,))
    for line in health_lines(status, ENDS, NOW, width, "zh" if zh else "en"):
        assert cells(plain(line)) <= width
        assert plain(line).isprintable()
