"""RTHK and feeds of the user over real TLS on loopback: what is asked, what is answered, what is refused."""

import gzip
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web

from tests.world.news_desk import FEED, HOUR, NOW, Desk, rss
from tests.world.press import press
from tui.domain.event import EventKind, Scope
from tui.domain.reason import Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.sources.fetch import MB, Fetcher
from tui.sources.ports import SourceError
from tui.sources.rss import RTHK_FEEDS

TENCENT, OTHER, AIA = Symbol("0700.HK"), Symbol("1234.HK"), Symbol("1299.HK")


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with press(tmp_path) as world:
        for name, value in world.environment.items():
            monkeypatch.setenv(name, value)
        yield Desk(world)
        assert world.refused == [], "the client left the world"


async def _state(asked: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await asked()  # type: ignore[misc]  # every caller hands an async function
    return raised.value


async def test_a_feeds_items_are_linked_and_only_what_concerns_is_told(desk: Desk) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = rss(
        "Tencent buys back shares", "Fed keeps rates unchanged", "A day at the zoo", "AIA opens an office"
    )
    source = desk.feed(FEED)
    answer = await source.news([TENCENT], NOW - 5 * HOUR, NOW)
    assert [(event.scope, event.kind, event.symbols) for event in answer.events] == [
        (Scope.COMPANY, EventKind.BUYBACK, (TENCENT,)),
        (Scope.MARKET, EventKind.MACRO, ()),
    ]
    assert answer.events[0].session == date(2026, 3, 6)
    assert answer.asked == (TENCENT,)
    await source.close()


async def test_a_feed_answers_only_for_as_far_back_as_it_reaches(desk: Desk) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = rss(*(f"Item {n}" for n in range(5)))
    source = desk.feed(FEED)
    answer = await source.news([TENCENT], NOW - 100 * HOUR, NOW)
    assert (answer.start, answer.end) == (NOW - 5 * HOUR, NOW)
    assert (await source.news([TENCENT], NOW - 2 * HOUR, NOW)).start == NOW - 2 * HOUR
    await source.close()


async def test_one_old_item_does_not_make_a_feed_complete(desk: Desk) -> None:
    items = [f"Item {n}" for n in range(11)]
    old = rss("Kept for a year", at=NOW - 9000 * HOUR)
    whole = rss(*items).replace("</channel></rss>", "") + old.removeprefix("<rss><channel>")
    desk.press.documents["feeds.example.org/news.xml"] = whole
    source = desk.feed(FEED)
    assert (await source.news([TENCENT], NOW - 100 * HOUR, NOW)).start >= NOW - 11 * HOUR
    await source.close()


async def test_an_unchanged_feed_is_not_sent_again(desk: Desk) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = rss("Tencent buys back shares")
    source = desk.feed(FEED)
    first = await source.news([TENCENT], NOW - 2 * HOUR, NOW)
    second = await source.news([TENCENT], NOW - 2 * HOUR, NOW)
    assert first.events == second.events
    assert [tag != "" for _, tag in desk.press.conditions] == [False, True]
    await source.close()


async def test_both_languages_of_rthk_are_asked(desk: Desk) -> None:
    for language, title in (
        ("e_expressnews_efinance", "AIA extends buy-back"),
        ("c_expressnews_cfinance", "友邦擴大回購"),
    ):
        desk.press.documents[f"rthk.hk/rthk/news/rss/{language}.xml"] = rss(title)
    source = desk.feed(*RTHK_FEEDS)
    answer = await source.news([AIA], NOW - HOUR, NOW)
    assert [event.symbols for event in answer.events] == [(AIA,), (AIA,)]
    assert len(desk.press.asked) == 2
    await source.close()


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        ("https://www.rthk.hk/moved.xml", True),
        ("/moved.xml", True),
        ("https://evil.example/moved.xml", False),
        ("http://feeds.example.org/moved.xml", False),
        ("file:///etc/passwd", False),
        ("https://feeds.example.org:8443/moved.xml", False),
        ("https://feeds.example.org@evil.example/moved.xml", False),
        ("", False),
        ("https://[::1/moved.xml", False),
    ],
)
async def test_redirects_lead_to_listed_hosts_only(desk: Desk, location: str, followed: bool) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = lambda request: web.Response(
        status=302, headers={"Location": location}
    )
    for host in ("feeds.example.org", "www.rthk.hk"):
        desk.press.documents[f"{host}/moved.xml"] = rss("Tencent buys back shares")
    source = desk.feed(FEED, redirect_hosts=("www.rthk.hk",))
    if followed:
        assert len((await source.news([TENCENT], NOW - 2 * HOUR, NOW)).events) == 1
        assert len(desk.press.asked) == 2
    else:
        error = await _state(lambda: source.news([TENCENT], NOW - 2 * HOUR, NOW))
        assert error.state is SourceState.BAD_DATA
        assert all(asked == "feeds.example.org/news.xml" for asked in desk.press.asked)
    await source.close()


async def test_a_circle_of_redirects_ends(desk: Desk) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = lambda request: web.Response(
        status=301, headers={"Location": FEED}
    )
    source = desk.feed(FEED)
    assert "redirects more than" in str(await _state(lambda: source.news([TENCENT], 0, NOW)))
    assert len(desk.press.asked) == 4
    await source.close()


def _bomb(request: web.Request) -> web.Response:
    """A megabyte and a half that travels as a kilobyte and a half."""
    body = gzip.compress(b"<rss>" + b" " * (3 * MB // 2))
    return web.Response(body=body, headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("document", "state", "reason"),
    [
        (b"<rss>" + b" " * (MB + 10), SourceState.BAD_DATA, "more than 1 MB"),
        (_bomb, SourceState.BAD_DATA, "more than 1 MB"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>', SourceState.BAD_DATA, "entities"),
        (b"<html></html>", SourceState.BAD_DATA, "neither RSS nor Atom"),
        (b"<rss><channel></channel></rss>", SourceState.EMPTY, "no items"),
        (lambda request: web.Response(status=429, headers={"Retry-After": "90"}), SourceState.LIMITED, "429"),
        (lambda request: web.Response(status=503), SourceState.LIMITED, "503"),
        (lambda request: web.Response(status=403), SourceState.REFUSED, "403"),
        (lambda request: web.Response(status=404), SourceState.BAD_DATA, "404"),
        (lambda request: web.Response(status=500), SourceState.BAD_DATA, "500"),
    ],
    ids=["large", "bomb", "entities", "html", "empty", "429", "503", "403", "404", "500"],
)
async def test_every_failure_has_a_name(desk: Desk, document: object, state: SourceState, reason: str) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = document  # type: ignore[assignment]  # one of Press' kinds
    source = desk.feed(FEED)
    error = await _state(lambda: source.news([TENCENT], NOW - HOUR, NOW))
    assert error.state is state
    assert reason in str(error)
    assert error.retry_after_s == (90.0 if "429" in reason else None)
    await source.close()


async def test_a_limited_host_is_not_asked_again(desk: Desk) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = lambda request: web.Response(status=429)
    source = desk.feed(FEED)
    for _ in range(10):
        assert (await _state(lambda: source.news([TENCENT], NOW - HOUR, NOW))).state is SourceState.LIMITED
    assert len(desk.press.asked) == 1
    await source.close()


async def test_a_host_that_cannot_be_trusted_is_offline(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    source = desk.feed(FEED)
    error = await _state(lambda: source.news([TENCENT], NOW - HOUR, NOW))
    assert (error.state, error.reason.code) == (SourceState.OFFLINE, Why.UNTRUSTED)
    assert desk.press.asked == []
    await source.close()


@pytest.mark.parametrize(
    ("proxy", "reason"),
    [
        ("http://127.0.0.1:1", (Why.NO_PROXY, "feeds.example.org")),
        ("http://proxy.invalid:3128", (Why.UNRESOLVED, "proxy.invalid")),
    ],
)
async def test_a_proxy_that_is_gone_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, proxy: str, reason: tuple[Why, str]
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    source = desk.feed(FEED)
    error = await _state(lambda: source.news([TENCENT], NOW - HOUR, NOW))
    assert error.state is SourceState.OFFLINE
    assert (error.reason.code, error.reason.who) == reason
    await source.close()


async def test_dropped_items_are_counted(desk: Desk) -> None:
    desk.press.documents["feeds.example.org/news.xml"] = rss("", "Tencent buys back shares") + "<rss>"
    source = desk.feed(FEED)
    answer = await source.news([TENCENT], NOW - 3 * HOUR, NOW)
    assert source.dropped == dict(answer.left_out) == {"no title": 1, "broken off": 1}
    await source.close()


async def test_plain_http_is_never_asked(desk: Desk) -> None:
    fetcher = Fetcher(desk.clock, desk.door, ("feeds.example.org",), pause=desk.pause)
    for url in ("http://feeds.example.org/news.xml", "file:///etc/passwd", "ftp://feeds.example.org/", "", "https://"):
        assert (await _state(lambda url=url: fetcher.get(url))).state is SourceState.BAD_DATA  # type: ignore[misc]
    assert desk.press.asked == []
    await fetcher.close()


async def test_a_feed_that_broke_stays_broken_until_it_changes(desk: Desk) -> None:
    whole = rss("Tencent buys back shares")
    desk.press.documents["feeds.example.org/news.xml"] = whole
    source = desk.feed(FEED)
    assert len((await source.news([TENCENT], NOW - 2 * HOUR, NOW)).events) == 1
    desk.press.documents["feeds.example.org/news.xml"] = "<html>maintenance</html>"
    for _ in range(2):
        error = await _state(lambda: source.news([TENCENT], NOW - 2 * HOUR, NOW))
        assert error.state is SourceState.BAD_DATA, "an unchanged page of maintenance is no news of before"
    assert desk.press.conditions[-1][1] != "", "the second time it was not sent"
    desk.press.documents["feeds.example.org/news.xml"] = whole
    assert len((await source.news([TENCENT], NOW - 2 * HOUR, NOW)).events) == 1
    await source.close()
