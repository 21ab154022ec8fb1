"""What the loopback world tells through the real clients of Yahoo, HKEXnews and RTHK: the sample week's events only."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.feeds import ALIBABA, JD, TENCENT
from tests.world.client import forget_yfinance
from tests.world.news_desk import NOW, Desk
from tests.world.server import World
from tui.domain.clock import FixedClock
from tui.domain.event import Event
from tui.domain.symbol import Symbol
from tui.sources.rss import RTHK_FEEDS, RTHK_HOSTS
from tui.sources.sample import load_sample
from tui.sources.yahoo import YahooSource
from tui.sources.yahoo_news import YahooNews

WEEK_MS = 7 * 24 * 3_600_000
INVENTED = Symbol("99904.HK")


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    forget_yfinance()
    world = World(tmp_path, load_sample(), FixedClock(NOW))
    world.put_out_news()
    await world.start()
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    yield world
    await world.stop()


def titles(events: tuple[Event, ...]) -> set[str]:
    return {event.title for event in events}


async def test_the_exchange_files_results_and_answers_for_every_stock(world: World) -> None:
    desk = Desk(world.press)
    source = desk.hkex()
    answer = await source.news([ALIBABA, JD, INVENTED], NOW - WEEK_MS, NOW)
    assert set(answer.asked) == {ALIBABA, JD, INVENTED}
    assert titles(answer.events) == {
        "JD.com reports fourth-quarter results",
        "Sample filing of a stock that does not exist",
    }
    assert all(event.end <= NOW for event in answer.events)
    await source.close()


async def test_rthk_says_what_it_is_and_names_nobody(world: World) -> None:
    desk = Desk(world.press)
    source = desk.feed(*RTHK_FEEDS, redirect_hosts=RTHK_HOSTS)
    answer = await source.news([TENCENT], NOW - WEEK_MS, NOW)
    assert (answer.asked, answer.events) == ((TENCENT,), ())
    await source.close()


async def test_yahoo_tells_the_press_of_the_week_with_its_publishers(world: World, tmp_path: Path) -> None:
    desk = Desk(world.press)
    yahoo = YahooSource(desk.clock, desk.door, tmp_path / "yahoo")
    answer = await YahooNews(yahoo, desk.clock, desk.reader).news([ALIBABA, TENCENT], NOW - WEEK_MS, NOW)
    await yahoo.close()
    known = {event.id: event for event in load_sample().events}
    told = {event.id.removeprefix("yahoo:"): event for event in answer.events}
    assert {"qwen-departure", "alibaba-task-force", "iran-conflict", "oil-eases"} <= set(told)
    assert "finanzen-round-up" not in told, "it was written after the close"
    for key, event in told.items():
        assert (event.title, event.source) == (known[key].title, known[key].source)
        assert known[key].start <= event.start <= known[key].end
        assert event.symbols == known[key].symbols
