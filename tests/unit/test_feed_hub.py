"""The hub over real sockets: greeting, watching, snapshots, changes, and terminals that misbehave."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tui import wire
from tui.domain.market import Quote
from tui.domain.row import Row
from tui.domain.symbol import Symbol
from tui.feed.client import MOST_GARBAGE, REQUEST_LIMIT, Client
from tui.feed.hub import Hub
from tui.feed.listening import Listener
from tui.feed.options import Patience
from tui.feed.state import State

A, B = Symbol("0001.HK"), Symbol("0002.HK")
QUICK = Patience(silent_s=0.2, blocked_s=0.4, farewell_s=0.3)


def row(symbol: Symbol, price: float, note: str = "") -> Row:
    return Row(symbol, quote=Quote(symbol, price, 1, 1, "sample"), note=note)


class Desk:
    """Answers and remembers."""

    def __init__(self) -> None:
        self.refusal = ""
        self.watches = 0

    async def history(self, ask: wire.AskHistory) -> wire.History:
        return wire.History(ask.symbol, error="none here")

    async def effects(self, ask: wire.AskEffect) -> wire.Effects:
        raise AssertionError("nobody asks for effects here")

    def ahead(self, ask: wire.AskAhead) -> wire.Ahead:
        raise AssertionError("nobody asks what is ahead here")

    async def unexplained(self, ask: wire.AskUnexplained) -> wire.Unexplained:
        raise AssertionError("nobody asks for unexplained moves here")

    def refresh(self) -> str:
        return self.refusal

    def leave(self, client: Client) -> str:
        return "it serves 1 other terminal"

    def watch_changed(self) -> None:
        self.watches += 1


class House:
    """A hub on a real socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = State()
        self.desk = Desk()
        hello = wire.Hello(wire.PROTOCOL, "test", "sample", 1, wire.ClockInfo("fixed", 0, 0.0))
        self.hub = Hub(self.state, self.desk, lambda: hello, QUICK)

    def publish(self, *rows: Row) -> None:
        for each in rows:
            self.state.put_row(each)
        self.hub.publish()

    async def connect(self, *symbols: Symbol, greet: bool = True) -> "Terminal":
        reader, writer = await asyncio.open_unix_connection(str(self.path), limit=wire.READ_LIMIT)
        terminal = Terminal(reader, writer)
        assert isinstance(await terminal.read(), wire.Hello)
        if greet:
            terminal.send(wire.Greeting(wire.PROTOCOL, "test"), wire.Watch(symbols))
        return terminal


class Terminal:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, *frames: wire.TerminalFrame) -> None:
        for frame in frames:
            self.writer.write(wire.encode(frame))

    async def read(self, timeout: float = 5.0) -> wire.FeedFrame:
        async with asyncio.timeout(timeout):
            return wire.decode_feed(await self.reader.readline())

    async def ended(self, timeout: float = 5.0) -> bool:
        """Read to the end of the connection."""
        try:
            async with asyncio.timeout(timeout):
                while await self.reader.read(65536):
                    pass
        except ConnectionResetError:
            return True
        return True


@asynccontextmanager
async def open_house(path: Path) -> AsyncIterator[House]:
    house = House(path)
    listener = Listener(path)
    await house.hub.serve(listener.socket)
    try:
        yield house
    finally:
        await house.hub.close("test over")
        listener.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    place = tmp_path / "run"
    place.mkdir(mode=0o700)
    async with open_house(place / "s.sock") as opened:
        yield opened


async def test_a_snapshot_then_changes_that_name_their_base(house: House) -> None:
    terminal = await house.connect(A, B)
    house.publish(row(A, 1.0), row(B, 1.0))
    snapshot = await terminal.read()
    assert isinstance(snapshot, wire.Snapshot)
    assert {r.symbol for r in snapshot.rows} == {A, B}
    house.publish(row(A, 2.0))
    change = await terminal.read()
    assert isinstance(change, wire.Change)
    assert (change.base, change.rows) == (snapshot.seq, (row(A, 2.0),))


async def test_nothing_is_sent_where_nothing_concerns_the_terminal(house: House) -> None:
    terminal = await house.connect(A)
    house.publish(row(A, 1.0), row(B, 1.0))
    assert isinstance(await terminal.read(), wire.Snapshot)
    house.publish(row(B, 2.0))
    house.publish(row(B, 3.0))
    with pytest.raises(TimeoutError):
        await terminal.read(timeout=0.1)
    house.publish(row(A, 2.0))
    change = await terminal.read()
    assert isinstance(change, wire.Change)
    assert (change.base, change.seq) == (1, 4), "the change reaches back to what this terminal saw"


async def test_watching_more_brings_a_snapshot_and_watching_less_nothing(house: House) -> None:
    house.publish(row(A, 1.0), row(B, 1.0))
    terminal = await house.connect(A)
    assert isinstance(await terminal.read(), wire.Snapshot)
    terminal.send(wire.Watch((A, B), (B,)))
    snapshot = await terminal.read()
    assert isinstance(snapshot, wire.Snapshot)
    assert len(snapshot.rows) == 2
    assert house.hub.watched()[0] == B, "what is on a screen comes first"
    terminal.send(wire.Watch((B,)))
    with pytest.raises(TimeoutError):
        await terminal.read(timeout=0.1)
    assert house.hub.watched() == (B,)


async def test_a_terminal_may_ask_for_everything_again(house: House) -> None:
    house.publish(row(A, 1.0))
    terminal = await house.connect(A)
    first = await terminal.read()
    terminal.send(wire.AskSnapshot())
    assert await terminal.read() == first


async def test_requests_are_answered_in_order(house: House) -> None:
    house.publish(row(A, 1.0))
    terminal = await house.connect(A)
    await terminal.read()
    house.desk.refusal = "yahoo is limited"
    terminal.send(wire.AskHistory(A), wire.AskRefresh(), wire.AskLeave("9"), wire.AskHistory(B))
    assert [await terminal.read() for _ in range(4)] == [
        wire.History(A, error="none here"),
        wire.Refused("ask_refresh", "yahoo is limited"),
        wire.Refused("ask_leave", "it serves 1 other terminal"),
        wire.History(B, error="none here"),
    ]


async def test_a_slow_terminal_gets_the_newest_state_and_no_backlog(house: House) -> None:
    """It reads nothing while a hundred publications pass, far more than its socket holds."""
    house.publish(row(A, 0.0))
    terminal = await house.connect(A)
    await terminal.read()
    terminal.reader._transport.pause_reading()  # type: ignore[attr-defined]
    big = "n" * 100_000
    for number in range(100):
        house.publish(row(A, float(number + 1), note=f"{number}{big}"))
        await asyncio.sleep(0.001)
    terminal.reader._transport.resume_reading()  # type: ignore[attr-defined]
    frames = [await terminal.read()]
    while not (isinstance(frames[-1], wire.Change) and frames[-1].rows[0].note.startswith("99n")):
        frames.append(await terminal.read())
    assert len(frames) < 20, "most publications were never sent"
    bases = [frame.base for frame in frames if isinstance(frame, wire.Change)]
    seqs = [1, *(frame.seq for frame in frames if isinstance(frame, wire.Change))]
    assert bases == seqs[:-1], "each change begins where the one before ended"


async def test_a_blocked_terminal_delays_nobody_and_is_dropped(house: House) -> None:
    blocked = socket.socket(socket.AF_UNIX)
    blocked.connect(str(house.path))
    blocked.sendall(wire.encode(wire.Greeting(wire.PROTOCOL, "test")) + wire.encode(wire.Watch((A,))))
    good = await house.connect(A)
    loop = asyncio.get_running_loop()
    big = "n" * 1_000_000
    house.publish(row(A, 1.0, note=big))
    assert isinstance(await good.read(), wire.Snapshot)
    slowest = 0.0
    for number in range(20):
        began = loop.time()
        house.publish(row(A, float(number), note=str(number) + big))
        await good.read()
        slowest = max(slowest, loop.time() - began)
        await asyncio.sleep(0.05)
    assert slowest < QUICK.blocked_s, "the good terminal never waited for the blocked one"
    assert house.hub.terminals == 1, "and the blocked one was given up"
    blocked.close()


async def test_who_says_nothing_is_let_go_and_counts_for_nothing(house: House) -> None:
    silent = await house.connect(greet=False)
    assert house.hub.terminals == 0
    assert await silent.ended(timeout=2)


async def test_garbage_is_refused_by_name_and_then_hung_up_on(house: House) -> None:
    house.publish(row(A, 1.0))
    terminal = await house.connect(A)
    await terminal.read()
    terminal.writer.write(b"garbage\n")
    refused = await terminal.read()
    assert isinstance(refused, wire.Refused)
    assert "not a frame" in refused.reason
    house.publish(row(A, 2.0))
    assert isinstance(await terminal.read(), wire.Change), "a single bad line harms nothing"
    for _ in range(MOST_GARBAGE):
        terminal.writer.write(b"\xff\xfe\x00\n")
    assert await terminal.ended()


async def test_an_endless_line_is_not_kept(house: House) -> None:
    terminal = await house.connect(A)
    try:
        for _ in range(40):
            terminal.writer.write(b"x" * (REQUEST_LIMIT // 8))
            await terminal.writer.drain()
    except ConnectionError:
        pass
    assert await terminal.ended()
    assert house.hub.terminals == 0


async def test_half_a_line_and_a_cut_connection_leave_no_trace(house: House) -> None:
    terminal = await house.connect(A)
    terminal.writer.write(b'{"frame":"watch","symb')
    await terminal.writer.drain()
    terminal.writer.transport.abort()
    other = await house.connect(A)
    house.publish(row(A, 1.0))
    assert isinstance(await other.read(), wire.Snapshot)
    async with asyncio.timeout(2):
        while house.hub.terminals > 1:
            await asyncio.sleep(0.01)


async def test_another_protocol_is_told_so_and_may_only_ask_us_to_leave(house: House) -> None:
    stranger = await house.connect(greet=False)
    stranger.send(wire.Greeting(wire.PROTOCOL + 1, "9.0"), wire.AskLeave("9.0"), wire.Watch((A,)))
    assert await stranger.read() == wire.Refused("ask_leave", "it serves 1 other terminal")
    refused = await stranger.read()
    assert isinstance(refused, wire.Refused)
    assert (refused.request, "speaks protocol" in refused.reason) == ("watch", True)
    assert house.hub.terminals == 0


async def test_goodbye_is_said_to_everybody(tmp_path: Path) -> None:
    place = tmp_path / "run"
    async with open_house(place / "s.sock") as house:
        house.publish(row(A, 1.0))
        terminals = [await house.connect(A) for _ in range(3)]
        for terminal in terminals:
            await terminal.read()
    for terminal in terminals:
        assert await terminal.read() == wire.Bye("test over")
    assert not (place / "s.sock").exists()
