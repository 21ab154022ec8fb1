"""The terminal's link against real sockets: the normal day, gaps, garbage, other versions, death and return."""

import asyncio
import os
import signal
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.ui.feed_double import FeedDouble, Talk, hello, snapshot
from tui import wire
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol
from tui.ui import link as link_module
from tui.ui.link import Connected, FeedLink, Incompatible, LinkEvent, Lost, StartFeed

HSBC, JD = Symbol("0005.HK"), Symbol("9618.HK")


async def until_gone(talk: Talk) -> None:
    """Keep the connection until the terminal leaves."""
    await talk.over.wait()


async def take(link: FeedLink, count: int) -> list[LinkEvent]:
    """The link's first events."""
    taken: list[LinkEvent] = []
    async with asyncio.timeout(15), aclosing(link.events()) as events:
        async for event in events:
            taken.append(event)
            if len(taken) == count:
                break
    return taken


def link_to(path: Path, start: StartFeed | None = None, version: str = "0.1.0") -> FeedLink:
    return FeedLink(path, version, start=start)


@pytest.fixture
def socket(own_home: Path) -> Path:
    return own_home / "runtime" / "feed.sock"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "PAUSES_S", (0.01, 0.02))


async def test_hello_snapshot_change(socket: Path) -> None:
    async def script(talk: Talk) -> None:
        talk.say(hello())
        assert isinstance(await talk.hear(wire.Greeting), wire.Greeting)
        watch = await talk.hear(wire.Watch)
        assert watch == wire.Watch((HSBC, JD), (JD,))
        talk.say(snapshot(3, HSBC), wire.Change(4, 3, rows=(Row(JD),)))

    link = link_to(socket)
    link.watch((HSBC, JD), (JD,))
    async with FeedDouble(socket, script):
        events = await take(link, 3)
    assert isinstance(events[0], Connected)
    assert events[0].hello.source == "sample"
    assert events[1] == snapshot(3, HSBC)
    assert events[2] == wire.Change(4, 3, rows=(Row(JD),))


async def test_a_gap_asks_for_a_snapshot_and_shows_no_change_before_it(socket: Path) -> None:
    async def script(talk: Talk) -> None:
        talk.say(hello(), snapshot(3, HSBC))
        talk.say(wire.Change(6, 5, rows=(Row(JD),)), wire.Change(7, 6, rows=(Row(JD),)))
        await talk.hear(wire.AskSnapshot)
        talk.say(snapshot(7, HSBC, JD), wire.Change(8, 7, status=FeedStatus(as_of=1)))

    async with FeedDouble(socket, script):
        events = await take(link_to(socket), 4)
    assert events[1:] == [snapshot(3, HSBC), snapshot(7, HSBC, JD), wire.Change(8, 7, status=FeedStatus(as_of=1))]


async def test_one_line_of_garbage_asks_for_a_snapshot_and_the_link_holds(socket: Path) -> None:
    async def script(talk: Talk) -> None:
        talk.say(hello(), snapshot(1, HSBC), b'\xff\x00{"frame":"nonsense"}\n')
        await talk.hear(wire.AskSnapshot)
        talk.say(snapshot(2, JD))

    async with FeedDouble(socket, script):
        events = await take(link_to(socket), 3)
    assert events[1:] == [snapshot(1, HSBC), snapshot(2, JD)]


@pytest.mark.usefixtures("quick")
async def test_lasting_garbage_ends_the_link_with_a_reason_and_it_comes_back(socket: Path) -> None:
    async def garbage(talk: Talk) -> None:
        talk.say(hello(), b"!\n" * link_module.BAD_FRAMES_LIMIT)

    async def well(talk: Talk) -> None:
        talk.say(hello(), snapshot(1, HSBC))

    async with FeedDouble(socket, garbage, well):
        events = await take(link_to(socket), 4)
    assert isinstance(events[1], Lost)
    assert events[1].reason == "the feed sends what is no frame"
    assert isinstance(events[2], Connected)
    assert events[3] == snapshot(1, HSBC)


@pytest.mark.parametrize("first_line", [b"HTTP/1.1 400 Bad Request\r\n", wire.encode(wire.Bye("x")), b"\n"])
async def test_something_else_at_the_socket_is_said(socket: Path, first_line: bytes) -> None:
    async def script(talk: Talk) -> None:
        talk.say(first_line)

    async with FeedDouble(socket, script):
        (event,) = await take(link_to(socket), 1)
    assert event == Lost("something that is no feed answers at feed.sock", link_module.PAUSES_S[0])


async def test_a_line_beyond_the_limit_ends_the_link(socket: Path) -> None:
    async def script(talk: Talk) -> None:
        talk.say(hello(), b"x" * (wire.READ_LIMIT + 2) + b"\n")

    async with FeedDouble(socket, script):
        events = await take(link_to(socket), 2)
    assert events[1] == Lost("the feed sent a line of more than 16 MiB", link_module.PAUSES_S[0])


@pytest.mark.usefixtures("quick")
async def test_an_older_idle_feed_is_asked_to_leave(socket: Path) -> None:
    async def old(talk: Talk) -> None:
        talk.say(hello(protocol=0, version="0.0.9"))
        await talk.hear(wire.AskLeave)
        talk.say(wire.Bye("a newer terminal asked"))
        talk.hang_up()

    async def new(talk: Talk) -> None:
        talk.say(hello())

    async with FeedDouble(socket, old, new):
        events = await take(link_to(socket), 2)
    assert isinstance(events[0], Lost)
    assert events[0].reason == "the older feed (version 0.0.9) made room"
    assert isinstance(events[1], Connected)


async def test_an_older_feed_that_serves_others_is_said(socket: Path) -> None:
    async def old(talk: Talk) -> None:
        talk.say(hello(protocol=0, version="0.0.9"))
        await talk.hear(wire.AskLeave)
        talk.say(wire.Refused("ask_leave", "two terminals are served"))

    async with FeedDouble(socket, old):
        (event,) = await take(link_to(socket), 1)
    assert isinstance(event, Incompatible)
    assert event.reason == "the feed is older (version 0.0.9) and stays: two terminals are served"


async def test_a_newer_feed_is_said(socket: Path) -> None:
    async def newer(talk: Talk) -> None:
        talk.say(hello(protocol=wire.PROTOCOL + 1, version="9.0"))

    async with FeedDouble(socket, newer):
        (event,) = await take(link_to(socket), 1)
    assert isinstance(event, Incompatible)
    assert event.reason == "the feed is newer (version 9.0): start whymove again"


@pytest.mark.usefixtures("quick")
async def test_pauses_grow_and_a_lost_history_is_asked_again(socket: Path) -> None:
    async def dies(talk: Talk) -> None:
        talk.say(hello())
        await talk.hear(wire.AskHistory)
        talk.hang_up()

    async def answers(talk: Talk) -> None:
        talk.say(hello())
        ask = await talk.hear(wire.AskHistory)
        assert ask == wire.AskHistory(JD, 250)
        talk.say(wire.History(JD))

    link = link_to(socket)
    link.ask_history(JD, 250)
    async with FeedDouble(socket, dies, dies, answers):
        events = await take(link, 6)
    lost = [event for event in events if isinstance(event, Lost)]
    assert [event.retry_s for event in lost] == [0.01, 0.02]
    assert events[-1] == wire.History(JD)


async def test_no_feed_and_none_to_start(socket: Path) -> None:
    assert await take(link_to(socket), 1) == [Lost("no feed is running", link_module.PAUSES_S[0])]


FAKE_FEED = """
import socket, sys, time
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1]); listening.listen()
talk, _ = listening.accept()
talk.sendall(sys.argv[2].encode() + b"\\n")
time.sleep(20)
"""


async def test_a_feed_is_started_without_a_shell_in_a_session_of_its_own(socket: Path, tmp_path: Path) -> None:
    argv = (sys.executable, "-c", FAKE_FEED, str(socket), wire.encode(hello()).decode().strip())
    link = link_to(socket, StartFeed(argv, tmp_path / "feed.log"))
    events = await take(link, 1)
    child = link._child
    assert isinstance(events[0], Connected)
    assert child is not None
    assert child.poll() is None, "the feed outlives the link"
    child.kill()
    child.wait()


# The first one finds another feed running, as its exit says.
LATE_FEED = (
    """
import pathlib, sys
mark = pathlib.Path(sys.argv[3])
if not mark.exists():
    mark.touch()
    sys.exit(75)
"""
    + FAKE_FEED
)
assert wire.EXIT_ALREADY_RUNNING == 75


async def test_a_feed_that_met_one_that_was_leaving_is_started_again(
    socket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "LEAVING_S", 0.05)
    mark = tmp_path / "was here"
    argv = (sys.executable, "-c", LATE_FEED, str(socket), wire.encode(hello()).decode().strip(), str(mark))
    link = link_to(socket, StartFeed(argv, tmp_path / "feed.log"))
    (event,) = await take(link, 1)
    assert isinstance(event, Connected), "one try of the link, no loss in between"
    assert mark.exists()
    assert link._child is not None
    link._child.kill()
    link._child.wait()


@pytest.mark.usefixtures("quick")
async def test_another_feed_that_never_answers_is_named(
    socket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "START_PATIENCE_S", 3.0)
    monkeypatch.setattr(link_module, "LEAVING_S", 0.05)
    argv = ("sh", "-c", f"exit {wire.EXIT_ALREADY_RUNNING}")
    (event,) = await take(link_to(socket, StartFeed(argv, tmp_path / "feed.log")), 1)
    assert isinstance(event, Lost)
    assert "another feed of this source runs" in event.reason


@pytest.mark.usefixtures("quick")
async def test_a_feed_that_ends_at_once_says_its_last_words(socket: Path, tmp_path: Path) -> None:
    log = tmp_path / "feed.log"
    log.write_text("old words\n")
    script = "import sys; print('whymove: \\x1b[31mthe lock is held', file=sys.stderr); sys.exit(1)"
    link = link_to(socket, StartFeed((sys.executable, "-c", script), log))
    (event,) = await take(link, 1)
    assert event == Lost("the feed ended: whymove: the lock is held", 0.01)


@pytest.mark.usefixtures("quick")
async def test_a_feed_that_cannot_be_opened_says_why(socket: Path, tmp_path: Path) -> None:
    """[pipe] names neither command nor socket."""
    log = tmp_path / "feed.log"
    argv = (sys.executable, "-m", "tui", "feed", "--source", "pipe", "--socket", str(socket))
    (event,) = await take(link_to(socket, StartFeed(argv, log)), 1)
    assert isinstance(event, Lost)
    assert "config.toml: [pipe] needs either command or socket" in event.reason
    assert log.stat().st_mode & 0o077 == 0, "what a feed writes is its owner's alone"


@pytest.mark.usefixtures("quick")
async def test_a_killed_replay_goes_on_from_where_it_stood(socket: Path, tmp_path: Path) -> None:
    argv = (sys.executable, "-m", "tui", "feed", "--source", "sample", "--private", "--socket", str(socket))
    link = link_to(socket, StartFeed((*argv, "--speed", "600"), tmp_path / "feed.log"))
    hellos: list[wire.Hello] = []
    async with asyncio.timeout(30), aclosing(link.events()) as events:
        async for event in events:
            if isinstance(event, Connected):
                hellos.append(event.hello)
                if len(hellos) == 2:
                    break
                # Half a second is five minutes of this replay.
                await asyncio.sleep(0.5)
                os.kill(event.hello.pid, signal.SIGKILL)
    os.kill(hellos[1].pid, signal.SIGTERM)
    first, second = (hello.clock for hello in hellos)
    assert second.now >= first.now + 300_000
    assert (second.mode, second.speed, second.end) == ("replay", 600.0, first.end)


async def test_an_unstartable_feed_is_a_reason_and_not_a_crash(socket: Path, tmp_path: Path) -> None:
    link = link_to(socket, StartFeed(("/nonexistent/python",), tmp_path / "feed.log"))
    (event,) = await take(link, 1)
    assert isinstance(event, Lost)
    assert "No such file" in event.reason


async def test_a_home_that_takes_no_log_still_gets_a_feed(socket: Path) -> None:
    argv = (sys.executable, "-c", FAKE_FEED, str(socket), wire.encode(hello()).decode().strip())
    link = link_to(socket, StartFeed(argv, Path("/proc/no/such/place.log")))
    (event,) = await take(link, 1)
    assert isinstance(event, Connected)
    assert link._child is not None
    link._child.kill()
    link._child.wait()
