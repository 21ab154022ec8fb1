"""Yahoo's headlines through the real yfinance on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.world.news_desk import HOUR, NOW, Desk
from tests.world.press import Press, press
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import to_iso
from tui.sources.ports import SourceError
from tui.sources.yahoo import YahooSource
from tui.sources.yahoo_news import AGAIN_MS, SYMBOLS_A_QUESTION, YahooNews

TENCENT, AIA = Symbol("0700.HK"), Symbol("1299.HK")
NEWS = "finance.yahoo.com/xhr/ncp"


def _article(number: int, title: str, **more: Any) -> dict[str, Any]:
    content = {
        "title": title,
        "summary": "",
        "pubDate": to_iso(NOW - number * HOUR),
        "provider": {"displayName": "A Wire"},
        "canonicalUrl": {"url": f"https://a.example/{number}"},
    }
    return {"id": f"id{number}", "content": content | more}


def _stream(*articles: object) -> dict[str, Any]:
    return {"data": {"tickerStream": {"stream": list(articles)}}}


def _open(world: Press) -> None:
    cookie = "A3=d=world; Expires=Fri, 01 Jan 2038 00:00:00 GMT; Domain=.yahoo.com; Path=/; Secure"
    world.documents["fc.yahoo.com/"] = lambda request: web.Response(status=404, headers={"Set-Cookie": cookie})
    world.documents["query1.finance.yahoo.com/v1/test/getcrumb"] = "loopback.crumb"


class Scene(Desk):
    """A desk with Yahoo's client in it."""

    def __init__(self, world: Press, folder: Path) -> None:
        super().__init__(world)
        self.yahoo = YahooSource(self.clock, self.door, folder / "yahoo", timeout_s=3)
        self.news = YahooNews(self.yahoo, self.clock, self.reader)


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    from yfinance.data import SingletonMeta

    # yfinance keeps cookie and crumb for the life of a process: each test is a new one to it.
    SingletonMeta._instances.clear()
    async with press(tmp_path) as world:
        _open(world)
        for name, value in world.environment.items():
            monkeypatch.setenv(name, value)
        made = Scene(world, tmp_path)
        yield made
        await made.yahoo.close()
        assert world.refused == [], "the client left the world"


def _asked(scene: Scene) -> int:
    return sum("/xhr/ncp" in asked for asked in scene.press.asked)


async def test_headlines_are_linked_by_what_they_say(scene: Scene) -> None:
    scene.press.documents[NEWS] = _stream(
        _article(1, "Tencent buys back shares"),
        _article(2, "A quiet day for gardeners"),
        _article(3, "The week ahead", summary="Tencent reports on Wednesday."),
        _article(4, "AIA opens an office"),
        {"id": "ad", "ad": ["x"], "content": {"title": "Tencent advertisement"}},
    )
    answer = await scene.news.news([TENCENT, HSI], NOW - 100 * HOUR, NOW)
    assert [(event.id, event.symbols, event.source) for event in answer.events] == [
        ("yahoo:id1", (TENCENT,), "A Wire"),
        ("yahoo:id3", (TENCENT,), "A Wire"),
    ]
    assert answer.events[0].url == "https://a.example/1"
    assert (answer.asked, answer.start, answer.end) == ((TENCENT,), NOW - 4 * HOUR, NOW)


async def test_an_empty_answer_is_no_answer_for_ever(scene: Scene) -> None:
    scene.press.documents[NEWS] = _stream()
    empty = await scene.news.news([TENCENT], NOW - HOUR, NOW)
    assert (empty.events, empty.asked, empty.start) == ((), (TENCENT,), NOW - HOUR)
    scene.press.documents[NEWS] = _stream(_article(0, "Tencent buys back shares"))
    assert (await scene.news.news([TENCENT], NOW - HOUR, NOW)).asked == ()
    scene.clock.advance(AGAIN_MS / 1000)
    assert len((await scene.news.news([TENCENT], NOW - HOUR, scene.clock.now_ms())).events) == 1
    assert _asked(scene) == 2


async def test_a_few_stocks_a_round_each_in_turn(scene: Scene) -> None:
    scene.press.documents[NEWS] = _stream()
    symbols = [Symbol(f"{number:04d}.HK") for number in range(1, 11)]
    seen: list[Symbol] = []
    for _ in range(3):
        answer = await scene.news.news(symbols, NOW - HOUR, NOW)
        assert len(answer.asked) <= SYMBOLS_A_QUESTION
        seen += answer.asked
    assert seen == symbols
    assert _asked(scene) == len(symbols)


async def test_what_cannot_be_used_is_counted(scene: Scene) -> None:
    scene.press.documents[NEWS] = _stream(
        _article(1, ""),
        _article(2, "Tencent", pubDate="yesterday"),
        _article(-2, "Tencent"),
        _article(3, "Tencent", canonicalUrl={"url": "javascript:alert(1)"}, provider=None),
        {"id": "x", "content": None},
    )
    answer = await scene.news.news([TENCENT], NOW - 100 * HOUR, NOW)
    assert [(event.url, event.source) for event in answer.events] == [("", "Yahoo")]
    assert scene.news.dropped == {"no id, title or date": 2, "dated in the future": 1, "another shape": 1}


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (lambda request: web.Response(status=429), SourceState.LIMITED),
        (b"Will be right back...", SourceState.OFFLINE),
        (b"<html></html>", SourceState.BAD_DATA),
        ({"data": {"tickerStream": {"stream": {"a": 1}}}}, SourceState.BAD_DATA),
    ],
    ids=["429", "down", "html", "shape"],
)
async def test_failures_have_names(scene: Scene, document: Any, state: SourceState) -> None:
    scene.press.documents[NEWS] = document
    with pytest.raises(SourceError) as raised:
        await scene.news.news([TENCENT], NOW - HOUR, NOW)
    assert raised.value.state is state
