"""Starting in trouble, and days on which nothing goes wrong: what is asked for, when, and what the screen says."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import Table
from tests.faults.scene import ALIBABA, JD, WATCHED, Scene, end, leave_stored, terminal_in, yahoo_world
from tests.world.authority import Authority
from tests.world.faults import Fault
from tests.world.server import World
from tui.config import load
from tui.config.shipped import shipped
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol

UNKNOWN, BARE = Symbol("4444.HK"), Symbol("0005.HK")
NO_TRUST = dict.fromkeys(("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"), os.devnull)
NO_PROXY = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://proxy.invalid:3128")


async def ill(scene: Scene, *states: SourceState) -> int:
    """Wait until the source is in one of these states; when that was."""
    await scene.until(lambda s: s.source.state in states)
    return scene.clock.now_ms()


async def test_429_from_the_first_request_with_nothing_stored(tmp_path: Path, table: Table) -> None:
    async with yahoo_world(tmp_path, speed=60) as (world, clock):
        world.faults.set("any", Fault("limited"))
        async with terminal_in(tmp_path, world, clock) as scene:
            before = scene.look().holds
            await ill(scene, SourceState.LIMITED)
            first = world.asked[0].time
            await scene.until(lambda s: s.clock.now_ms() > first + 60_000)
            sent = scene.sent(first - 1)
            table.add("429 at a cold start", sent, before, scene.look())
            assert sent <= 3, [asked.endpoint for asked in world.asked]
            assert "limited" in scene.status_line
            assert "next try" in scene.status_line
            for symbol in WATCHED:
                assert scene.line_of(symbol), "a row without a price is still a row"
            world.faults.clear()
            await scene.until(lambda s: s.complete)
            assert not scene.blank()


def hang_the_cookie_step(world: World) -> None:
    """Nothing that leads to a cookie answers."""
    for step in ("cookie", "crumb", "consent"):
        world.faults.set(step, Fault("hang"))


COLD: dict[str, tuple[Callable[[World], None], Mapping[str, str], SourceState, str]] = {
    "429": (lambda world: world.faults.set("any", Fault("limited")), {}, SourceState.LIMITED, "limited"),
    "no such proxy": (lambda world: None, NO_PROXY, SourceState.OFFLINE, "offline"),
    "untrusted certificate": (lambda world: None, NO_TRUST, SourceState.OFFLINE, "offline"),
    "hung cookie": (hang_the_cookie_step, {}, SourceState.OK, "ok"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COLD)
async def test_a_start_in_trouble_shows_what_was_stored(tmp_path: Path, table: Table, name: str) -> None:
    make_trouble, environment, state, words = COLD[name]
    async with yahoo_world(tmp_path) as (world, clock):
        before = await leave_stored(tmp_path, world, clock)
        make_trouble(world)
        asked = len(world.asked)
        async with terminal_in(tmp_path, world, clock, environment=environment) as scene:
            assert not scene.blank(), "the first paint has the rows of the last time"
            await ill(scene, state)
            first = world.asked[asked].time if len(world.asked) > asked else scene.clock.now_ms()
            if state is SourceState.OK:
                await scene.until(lambda s: s.settled)
            await scene.until(lambda s: s.clock.now_ms() > first + 60_000)
            sent = scene.sent(first - 1)
            table.add(f"{name} at a start with stored rows", sent, before, scene.look())
            assert words in scene.status_line


@pytest.mark.slow
async def test_an_unknown_code_and_one_without_history_cost_their_own_rows(tmp_path: Path, table: Table) -> None:
    watched = (*WATCHED, UNKNOWN, BARE)
    async with yahoo_world(tmp_path) as (world, clock), terminal_in(tmp_path, world, clock, watched=watched) as scene:
        world.book.bare.add(BARE)
        before = scene.look().holds
        await scene.until(lambda s: all((row := s.rows.get(symbol)) and row.day for symbol in WATCHED))
        await scene.until(lambda s: "does not know" in s.rows[UNKNOWN].note)
        await scene.until(lambda s: (row := s.rows.get(BARE)) and row.quote and row.note)
        await scene.says(" timeline  9618 ", "index-led     +0.90       1.64x")
        asked = [one.path for one in world.asked if UNKNOWN in one.path and one.endpoint == "chart"]
        assert len(asked) <= 2, "an unknown code is asked for once: its days and its minutes"
        table.add("unknown code", None, before, scene.look(UNKNOWN))
        table.add("empty history", None, before, scene.look(BARE))
        assert scene.source.state is SourceState.OK
        assert "4444" in scene.line_of(UNKNOWN)
        row = scene.rows[BARE]
        assert row.day is None or row.day.own_pp is None, "nothing is split without a history"
        days = [one.path for one in world.asked if BARE in one.path and "interval=1d" in one.path]
        assert len(days) <= 2, "what has no history is not asked for it again and again"


@pytest.mark.slow
async def test_a_cold_start_of_twenty_stays_within_the_budget(tmp_path: Path, table: Table) -> None:
    start = load(shipped("config.toml")).list.start
    symbols = tuple(dict.fromkeys(symbol for stocks in start.values() for symbol in stocks))[:20]
    async with yahoo_world(tmp_path) as (world, clock), terminal_in(tmp_path, world, clock, watched=symbols) as scene:
        before = scene.look().holds
        await scene.until(lambda s: s.complete and all(row.relative_volume for row in s.rows.values()), 60)
        await scene.says(" timeline  2618 ")
        by_host: dict[str, list[int]] = {}
        for one in world.asked:
            by_host.setdefault(one.host, []).append(one.time)
        busiest = max(
            sum(start <= other < start + 60_000 for other in times) for times in by_host.values() for start in times
        )
        table.add(f"none: a cold start of {len(symbols)}", busiest, before, scene.look(JD))
        assert busiest <= 30
        charts = [one.path for one in world.asked if one.endpoint == "chart" and "interval=1d" in one.path]
        assert len(charts) == len(set(charts)), "no history is asked for twice"


@asynccontextmanager
async def at(folder: Path, moment: str, speed: float) -> AsyncIterator[Scene]:
    """A scene at a moment of the sample week."""
    async with (
        yahoo_world(folder, at=moment, speed=speed, moving=True) as (world, clock),
        terminal_in(folder, world, clock) as scene,
    ):
        await scene.until(lambda s: s.settled)
        yield scene


@pytest.mark.slow
async def test_the_night_is_quiet(tmp_path: Path, table: Table) -> None:
    async with at(tmp_path, "2026-03-05T21:00", 300) as scene:
        # What a start needs beside the rows comes by and by; how soon is the machine's affair.
        await scene.until(lambda s: s.clock.now_ms() - s.world.asked[-1].time > 600_000)
        before = scene.look().holds
        since = scene.clock.now_ms()
        await scene.pass_s(3 * 3600)
        sent = scene.sent(since, 3 * 3600)
        await scene.says("yahoo resting")
        table.add("none: three hours of the night", sent, before, scene.look(JD))
        asked = [one.path for one in scene.world.asked if one.time > since]
        assert not [path for path in asked if ".HK" in path or "%5EHS" in path], "Hong Kong sleeps"
        assert sent <= 3, "New York, where two of these trade, is asked once, and what its dollar is worth"


@pytest.mark.slow
async def test_lunch_is_asked_about_once(tmp_path: Path, table: Table) -> None:
    async with at(tmp_path, "2026-03-06T11:58", 60) as scene:
        before = scene.look().holds
        # What Yahoo shows at 12:17 is noon; the one look of the break comes at 12:20.
        await scene.until(lambda s: s.clock.iso() >= "2026-03-06T12:18")
        since = scene.clock.now_ms()
        await scene.until(lambda s: s.clock.iso() >= "2026-03-06T12:58")
        sent = scene.world.count("quote", since=since)
        table.add("none: lunch", sent, before, scene.look(JD))
        assert sent == 1


@pytest.mark.slow
@pytest.mark.parametrize("what", ["impostor", "gone"])
async def test_another_server_in_the_middle_of_the_day(tmp_path: Path, table: Table, what: str) -> None:
    """The way leads to a server with a certificate nobody trusts, or to none; then to the right one again."""
    folder = tmp_path / "impostor"
    folder.mkdir()
    context = Authority(folder).server_context()
    impostor = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port: int = impostor.sockets[0].getsockname()[1]
    if what == "gone":
        impostor.close()
    async with yahoo_world(tmp_path) as (world, clock), terminal_in(tmp_path, world, clock) as scene:
        await scene.until(lambda s: s.settled)
        before = scene.look().holds
        assert world.proxy is not None
        right = world.proxy.target_port
        world.proxy.lead_to(port)
        await ill(scene, SourceState.OFFLINE)
        await scene.pass_s(60)
        name = "untrusted certificate" if what == "impostor" else "no server"
        table.add(f"{name}, mid-way", None, before, scene.look())
        assert "offline" in scene.status_line
        world.proxy.lead_to(right)
        await scene.until_fresh()
        assert "ok" in scene.status_line
    impostor.close()


@pytest.mark.slow
async def test_two_terminals_cost_what_one_costs(tmp_path: Path, table: Table) -> None:
    async with yahoo_world(tmp_path) as (world, clock):
        (tmp_path / "b").mkdir()
        async with terminal_in(tmp_path, world, clock) as first:
            await first.until(lambda s: s.settled)
            async with terminal_in(tmp_path / "b", world, clock, watched=(JD, ALIBABA), end_feed=False) as second:
                await second.until(lambda s: s.settled)
                before = second.look().holds
                assert second.link.feed_pid == first.link.feed_pid
                since = clock.now_ms()
                await second.pass_s(120)
                sent = second.sent(since, 120)
                table.add("two terminals, one feed (2 min)", sent, before, second.look(JD))
                assert sent <= 10, "a request a refresh, however many look on"
                assert second.line_of(JD).split()[:4] == first.line_of(JD).split()[:4]
        end(first.link.feed_pid)
