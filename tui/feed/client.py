"""One terminal at the feed's socket: it reads requests one at a time and is sent the newest state, never a backlog.

At most one update is under way to each terminal. What changes meanwhile is sent as one change when that update
has left, so a blocked terminal holds one frame of memory and delays nobody.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Protocol

from tui import wire
from tui.domain.symbol import Symbol
from tui.feed.options import Patience

# A watchlist of thousands of symbols fits many times; a longer line is no request of ours.
REQUEST_LIMIT: Final = 1024 * 1024
# Lines that are no frame before the feed hangs up.
MOST_GARBAGE: Final = 8

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What a terminal may ask the feed to do."""

    async def history(self, ask: wire.AskHistory) -> wire.History:
        """One stock's attributed days."""

    async def effects(self, ask: wire.AskEffect) -> wire.Effects:
        """What a stock did after an event."""

    def ahead(self, ask: wire.AskAhead) -> wire.Ahead:
        """What the coming days hold."""

    async def unexplained(self, ask: wire.AskUnexplained) -> wire.Unexplained:
        """Own moves without news."""

    def refresh(self) -> str:
        """Ask the sources now; the reason why not, or an empty text."""

    def leave(self, client: "Client") -> str:
        """Make room for a newer feed; the reason why not, or an empty text."""

    def watch_changed(self) -> None:
        """A terminal came, went or watches something else."""


class Client:
    """A connection. It counts as a terminal once it has greeted in our protocol."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        desk: Desk,
        update: Callable[["Client"], bytes | None],
        patience: Patience,
    ) -> None:
        self.greeted = False
        self.symbols: frozenset[Symbol] | None = None
        """What it watches; None until it said so."""
        self.visible: tuple[Symbol, ...] = ()
        self.seen: int | None = None
        """The publication it was sent last; None asks for a snapshot."""
        self.ended = asyncio.Event()
        self._reader = reader
        self._writer = writer
        self._desk = desk
        self._update = update
        self._patience = patience
        self._answers: list[wire.FeedFrame] = []
        self._wake = asyncio.Event()
        self._sent = asyncio.Event()
        self._closing = False
        self._stranger = ""
        # The buffer counts as full unless it is empty: the next frame is made when the one before has left.
        writer.transport.set_write_buffer_limits(high=0)

    async def run(self, hello: wire.Hello) -> None:
        """Serve the connection until either side ends it. Never raises for what the other side does."""
        sender = asyncio.create_task(self._send(hello))
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait((sender, reader), return_when=asyncio.FIRST_COMPLETED)
            if reader.done() and not sender.done():
                # What was answered before the other side ended its half still goes out.
                self._closing = True
                self._wake.set()
                await asyncio.wait((sender,), timeout=self._patience.farewell_s)
        finally:
            for task in (sender, reader):
                task.cancel()
            results = await asyncio.gather(sender, reader, return_exceptions=True)
            self._writer.transport.abort()
            self.ended.set()
            for result in results:
                if isinstance(result, Exception) and not isinstance(result, OSError):
                    log.error("a terminal's connection ended: %s", result, exc_info=result)

    def notify(self) -> None:
        """Something was published, or a snapshot is due."""
        self._wake.set()

    def say(self, frame: wire.FeedFrame) -> None:
        """Send a frame beside the updates."""
        self._answers.append(frame)
        self._wake.set()

    def part(self, reason: str) -> None:
        """Say goodbye and end the connection, as soon as the other side takes it."""
        self._answers = [wire.Bye(reason)]
        self._closing = True
        self._wake.set()

    def cut(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()

    # --- sending ---

    async def _send(self, hello: wire.Hello) -> None:
        await self._write(wire.encode(hello))
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._answers:
                await self._write(wire.encode(self._answers.pop(0)))
            self._sent.set()
            if self._closing:
                return
            if self.symbols is not None and (line := self._update(self)) is not None:
                await self._write(line)
                self._wake.set()

    async def _write(self, line: bytes) -> None:
        """Write and wait until the other side has taken it; TimeoutError (an OSError) if it takes nothing."""
        self._writer.write(line)
        async with asyncio.timeout(self._patience.blocked_s):
            await self._writer.drain()

    # --- reading ---

    async def _read(self) -> None:
        garbage = 0
        while garbage < MOST_GARBAGE:
            async with asyncio.timeout(None if self.greeted else self._patience.silent_s):
                try:
                    line = await self._reader.readline()
                except ValueError:
                    self.say(wire.Refused("", f"a line of more than {REQUEST_LIMIT} bytes is no request"))
                    return
            if not line:
                return
            try:
                frame = wire.decode_terminal(line)
            except wire.FrameError as error:
                garbage += 1
                await self._answer(wire.Refused("", str(error)))
                continue
            await self._handle(frame)
        self.say(wire.Bye("too many lines that are no frames"))

    async def _answer(self, frame: wire.FeedFrame) -> None:
        """Answer and wait until it is on its way, so that answers never pile up."""
        self._sent.clear()
        self.say(frame)
        await self._sent.wait()

    async def _handle(self, frame: wire.TerminalFrame) -> None:
        match frame:
            case wire.Greeting():
                self._greet(frame)
            case wire.AskLeave():
                if reason := self._desk.leave(self):
                    await self._answer(wire.Refused("ask_leave", reason))
            case _ if not self.greeted:
                await self._answer(wire.Refused(_tag(frame), self._stranger or "greet first"))
            case wire.Watch():
                self._watch(frame)
            case wire.AskSnapshot():
                self.seen = None
                self.notify()
            case wire.AskRefresh():
                if reason := self._desk.refresh():
                    await self._answer(wire.Refused("ask_refresh", reason))
            case wire.AskHistory():
                await self._answer(await self._desk.history(frame))
            case wire.AskEffect():
                await self._answer(await self._desk.effects(frame))
            case wire.AskAhead():
                await self._answer(self._desk.ahead(frame))
            case wire.AskUnexplained():
                await self._answer(await self._desk.unexplained(frame))

    def _greet(self, greeting: wire.Greeting) -> None:
        if greeting.protocol != wire.PROTOCOL:
            # Our hello told it which protocol we speak; what it may still ask is that we leave.
            self._stranger = f"this feed speaks protocol {wire.PROTOCOL}, the terminal {greeting.protocol}"
            return
        self.greeted = True
        self._desk.watch_changed()

    def _watch(self, watch: wire.Watch) -> None:
        symbols = frozenset(watch.symbols)
        if not symbols <= (self.symbols or frozenset()):
            self.seen = None
        self.symbols = symbols
        self.visible = watch.visible
        self._desk.watch_changed()
        self.notify()


def _tag(frame: wire.TerminalFrame) -> str:
    """The frame's name on the wire."""
    return str(type(frame).__struct_config__.tag)
