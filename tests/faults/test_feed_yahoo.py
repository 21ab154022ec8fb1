"""A feed process on the real yfinance against the loopback Yahoo: what it costs, and what a limit does to the rows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.feeds import ALIBABA, JD, TENCENT, XIAOMI, FeedProcess, Terminal, feed_socket, running, start_feed
from tests.world.server import World
from tui.config.paths import Paths
from tui.domain.clock import ReplayClock
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import to_hkt
from tui.feed.factory import moment_of
from tui.sources.sample import load_sample

# A minute of the exchange in a second, so that a pause of five minutes is over in five seconds.
SPEED = 60.0
WATCHED = (ALIBABA, JD, TENCENT, XIAOMI)
UNKNOWN = Symbol("4444.HK")


class Scene:
    """A world, and a feed and a terminal in it. What blocks is done in a thread, because the world is in this loop."""

    def __init__(self, world: World, feed: FeedProcess, terminal: Terminal) -> None:
        self.world = world
        self.feed = feed
        self.terminal = terminal

    async def until(self, seen: "object", patience_s: float = 25.0) -> None:
        """Read on until the terminal has seen it."""
        await asyncio.to_thread(self.terminal.until, seen, patience_s)

    async def read_for(self, clock_s: float) -> None:
        """Read on for seconds of the world's time."""
        end = self.world.clock.now_ms() + clock_s * 1000
        await self.until(lambda terminal: self.world.clock.now_ms() >= end)


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    clock = ReplayClock(moment_of("2026-03-06T14:31"), SPEED)
    world = World(tmp_path, load_sample(), clock)
    await world.start()
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    settings = Paths().config_file
    settings.parent.mkdir(parents=True)
    settings.write_text("[news]\nsources = []\n")
    moment = to_hkt(clock.now_ms()).isoformat()
    started = start_feed("--source", "yahoo", "--at", moment, "--speed", str(SPEED), path=feed_socket("yahoo"))
    try:
        with running(started) as feed:
            terminal = await asyncio.to_thread(feed.terminal, *WATCHED, UNKNOWN)
            with terminal:
                scene = Scene(world, feed, terminal)
                await scene.until(lambda t: all(t.rows.get(s) and t.rows[s].day for s in WATCHED))
                yield scene
    finally:
        await world.stop()
    assert world.proxy is not None
    assert world.proxy.refused == [], "the feed left the world"


async def test_one_request_a_refresh_and_a_start_within_the_budget(scene: Scene) -> None:
    counts = scene.world.counts()
    charts = [one.path for one in scene.world.asked if one.endpoint == "chart"]
    histories = [path for path in charts if "interval=1d" in path and (".HK?" in path or "%5EHS" in path)]
    assert len(histories) == len(WATCHED) + 3, "one history for each code and index, beside New York's"
    assert counts["spark"] == 1
    assert sum(counts.values()) <= 30
    assert sum(UNKNOWN in path for path in charts) == 1, "an unknown code has no days, so its minutes are not asked for"
    assert charts.index(next(path for path in histories if "HSTECH" in path)) < len(histories), "measures come first"
    start, before = scene.world.clock.now_ms(), scene.world.count("quote")
    await scene.read_for(60)
    minutes = (scene.world.clock.now_ms() - start) / 60_000
    assert 1 <= (scene.world.count("quote") - before) / minutes <= 5, "every fifteen seconds, one request for all"
    row = scene.terminal.rows[JD]
    assert row.quote is not None
    assert (row.quote.source, row.quote.delay_s) == ("yahoo", 900)
    assert row.day is not None
    await scene.until(lambda t: t.rows[JD].relative_volume)
    assert row.day.own_pp == pytest.approx(4.5, abs=1.5), "JD's own move of that afternoon"
    assert {health.name for health in scene.terminal.status.sources} == {"yahoo"}

    scene.world.book.indices.late_s = 1500
    await scene.until(lambda t: t.rows[JD].compared_at is not None)
    row = scene.terminal.rows[JD]
    assert row.quote is not None
    assert row.compared_at is not None
    assert row.compared_at <= row.quote.exchange_time, "an index later than its stocks moves the split back"
    assert "HSI is older" in row.note
    assert HSI in {quote.symbol for quote in scene.terminal.status.indices}
