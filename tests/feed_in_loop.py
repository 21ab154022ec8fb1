"""A whole feed in the test's own loop, and one terminal at it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from tui import wire
from tui.config import Config
from tui.config.paths import Paths
from tui.domain.attribution import Attribution
from tui.domain.clock import Clock
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol
from tui.feed.factory import moment_of, open_world
from tui.feed.keeper import Keeper
from tui.feed.listening import Listener
from tui.feed.options import FeedOptions
from tui.feed.parties import Parties
from tui.feed.service import Feed

FRIDAY = date(2026, 3, 6)
CLOSED = "2026-03-06T16:40"
AFTERNOON = "2026-03-06T14:31"


class World:
    """A feed that runs in this loop, and one terminal at it."""

    def __init__(self, feed: Feed, clock: Clock, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.feed = feed
        self.clock = clock
        self.rows: dict[Symbol, Row] = {}
        self.snapshot = wire.Snapshot(0, (), (), FeedStatus())
        self.status = self.snapshot.status
        self._reader = reader
        self._writer = writer

    def send(self, *frames: wire.TerminalFrame) -> None:
        for frame in frames:
            self._writer.write(wire.encode(frame))

    async def read(self, patience_s: float = 10.0) -> wire.FeedFrame:
        async with asyncio.timeout(patience_s):
            frame = wire.decode_feed(await self._reader.readline())
        if isinstance(frame, wire.Snapshot):
            self.snapshot, self.rows, self.status = frame, {row.symbol: row for row in frame.rows}, frame.status
        elif isinstance(frame, wire.Change):
            self.rows.update({row.symbol: row for row in frame.rows})
            self.status = frame.status or self.status
        return frame

    async def until(self, seen: Callable[["World"], object]) -> None:
        async with asyncio.timeout(60):
            while not seen(self):
                await self.read()

    async def history(self, symbol: Symbol, days: int = 10) -> wire.History:
        self.send(wire.AskHistory(symbol, days))
        while not isinstance(frame := await self.read(), wire.History):
            pass
        return frame

    def day(self, symbol: Symbol) -> Attribution:
        day = self.rows[symbol].day
        assert day is not None, self.rows[symbol].note
        return day


@asynccontextmanager
async def world(
    tmp_path: Path,
    *symbols: Symbol,
    at: str = CLOSED,
    speed: float = 0.0,
    change: Callable[[Parties, Clock], Parties] | None = None,
    cache: Path | None = None,
) -> AsyncIterator[World]:
    options = FeedOptions("sample", tmp_path / "run" / "f.sock", at=moment_of(at), speed=speed, cache=cache)
    clock, parties = open_world(options, Config(), Paths())
    if change is not None:
        parties = change(parties, clock)
    feed = Feed(clock, options, parties, Keeper(options.cache, clock))
    listener = Listener(options.socket)
    running = asyncio.create_task(feed.run(listener))
    reader, writer = await asyncio.open_unix_connection(str(options.socket), limit=wire.READ_LIMIT)
    opened = World(feed, clock, reader, writer)
    try:
        assert isinstance(await opened.read(), wire.Hello)
        opened.send(wire.Greeting(wire.PROTOCOL, "test"), wire.Watch(symbols, symbols))
        await opened.until(lambda w: w.snapshot.seq)
        yield opened
    finally:
        feed.stop("the test is over")
        assert await running == "the test is over"
        writer.close()
        listener.close()
