"""A feed made of a real Unix socket and a script, for tests of the terminal's end of the wire."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

from tui import wire
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol

Script = Callable[["Talk"], Awaitable[None]]
READ_S = 5.0


def hello(protocol: int = wire.PROTOCOL, version: str = "0.1.0") -> wire.Hello:
    return wire.Hello(protocol, version, "sample", 1, wire.ClockInfo("fixed", 1_772_778_660_000, 0.0))


def snapshot(seq: int, *codes: str) -> wire.Snapshot:
    return wire.Snapshot(seq, tuple(Row(Symbol(code)) for code in codes), (), FeedStatus())


class Talk:
    """One accepted connection, seen from the feed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.heard: list[wire.TerminalFrame] = []
        self.over = asyncio.Event()

    def say(self, *frames: wire.FeedFrame | bytes) -> None:
        for frame in frames:
            self._writer.write(frame if isinstance(frame, bytes) else wire.encode(frame))

    async def hear(self, kind: type) -> wire.TerminalFrame:
        """The next frame of a kind; the others are kept in `heard`."""
        async with asyncio.timeout(READ_S):
            while True:
                frame = wire.decode_terminal(await self._reader.readline())
                self.heard.append(frame)
                if isinstance(frame, kind):
                    return frame

    def hang_up(self) -> None:
        self._writer.close()


class FeedDouble:
    """Listens on a path; each connection is answered by the next script, the last one repeats."""

    def __init__(self, path: Path, *scripts: Script) -> None:
        self.path = path
        self._scripts = list(scripts)
        self.talks: list[Talk] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._accept, self.path, limit=wire.READ_LIMIT)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for talk in self.talks:
            talk.over.set()
            talk.hang_up()
        # The scripts end by themselves now.
        await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = Talk(reader, writer)
        self.talks.append(talk)
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        try:
            await script(talk)
        except (ConnectionError, wire.FrameError):
            talk.hang_up()
