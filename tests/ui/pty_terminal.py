"""A real terminal (pty) with the real app on it, and a feed that the test speaks for."""

import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pyte

from tests.ui.feed_double import FeedDouble, Talk, hello
from tests.ui.rows import snapshot
from tui import wire

ROOT = Path(__file__).parents[2]
START_S = 30.0
PATIENCE_S = 10.0
IN_VAIN_S = 0.8


class PtyTerminal:
    """The app of tests.ui.pty_child. Output is read only in `settle`, as bytes."""

    def __init__(self, folder: Path, columns: int = 120, lines: int = 40, rows: int = 40, **environ: str) -> None:
        self.columns, self.lines, self.rows = columns, lines, rows
        self._folder = folder
        self._environ = environ
        self.talk: Talk | None = None
        self._code: int | None = None
        self.master, self._slave = pty.openpty()
        self.resize(columns, lines)
        self.attributes = termios.tcgetattr(self._slave)
        self.output = b""

    async def __aenter__(self) -> Self:
        socket = self._folder / "feed.sock"
        self._feed = FeedDouble(socket, self._serve)
        await self._feed.__aenter__()
        environ = {**os.environ, "TEST_ROWS": str(self.rows), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        report, report_end = os.pipe()
        control_end, self._control = os.pipe()
        app = [sys.executable, "-m", "tests.ui.pty_child", str(socket)]
        self._shell = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.pty_shell", str(report_end), str(control_end), *app],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=ROOT,
            env=environ | self._environ,
            pass_fds=(report_end, control_end),
        )
        os.close(report_end)
        os.close(control_end)
        self._report = os.fdopen(report, "r", encoding="ascii")
        self.pid = int(await asyncio.to_thread(self._report.readline))
        async with asyncio.timeout(START_S):
            while self.talk is None:
                await self.read(0.05)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.exit_code() is None:
            os.kill(self.pid, signal.SIGKILL)
        os.close(self._control)
        self._shell.wait()
        self._report.close()
        await self._feed.__aexit__()
        for descriptor in (self.master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)

    async def _serve(self, talk: Talk) -> None:
        talk.say(hello())
        await talk.hear(wire.Watch)
        talk.say(snapshot(self.rows))
        self.talk = talk
        await talk.over.wait()

    # --- the terminal

    async def read(self, seconds: float) -> bytes:
        """What the app writes within this time at most; returns with the first bytes."""
        ready, _, _ = await asyncio.to_thread(select.select, [self.master], [], [], seconds)
        try:
            chunk = os.read(self.master, 65536) if ready else b""
        except OSError:
            chunk = b""  # the app is gone
        self.output += chunk
        return chunk

    async def settle(self, quiet_s: float = 0.35) -> bytes:
        """Everything the app writes until it has been quiet for a while."""
        taken = b""
        while chunk := await self.read(quiet_s):
            taken += chunk
        return taken

    async def until(self, true: Callable[[list[str]], bool]) -> list[str]:
        """The lines of the screen once something is so on it."""
        async with asyncio.timeout(PATIENCE_S):
            while not true(self.screen()):
                await self.read(0.2)
        await self.settle()
        return self.screen()

    async def press(self, keys: str) -> bytes:
        """Type, and take the answer."""
        os.write(self.master, keys.encode())
        return await self._answer()

    async def say(self, *frames: wire.FeedFrame) -> bytes:
        """Let the feed speak, and take what the app paints."""
        assert self.talk is not None
        self.talk.say(*frames)
        return await self._answer()

    async def say_in_vain(self, *frames: wire.FeedFrame) -> bytes:
        """Let the feed say what should paint nothing, and take what is painted all the same."""
        assert self.talk is not None
        self.talk.say(*frames)
        return await self.settle(IN_VAIN_S)

    async def _answer(self) -> bytes:
        first = await self.read(PATIENCE_S)
        return first + await self.settle()

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self.columns, self.lines = columns, lines
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def screen(self) -> list[str]:
        """The lines as they stand on the terminal now."""
        return list(self._painted().display)

    def cursor_line(self) -> int:
        """The line that the terminal's own cursor is on."""
        return int(self._painted().cursor.y)

    def cells(self, since: int = 0) -> list[list[pyte.screens.Char]]:
        """Text and look of every cell; `since`: as if the output had only begun there."""
        painted = self._painted(since)
        return [[painted.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]

    def _painted(self, since: int = 0) -> pyte.Screen:
        screen = pyte.Screen(self.columns, self.lines)
        # pyte does not know the kitty keyboard's sequences and would print them.
        pyte.ByteStream(screen).feed(self.output[since:].replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
        return screen

    def hang_up(self) -> None:
        """The terminal vanishes."""
        os.close(self.master)
        os.close(self._slave)
        self.master = self._slave = -1

    async def ended(self, seconds: float = 8.0) -> int:
        """The app's exit code once it has ended."""
        deadline = time.monotonic() + seconds
        while (code := self.exit_code()) is None:
            if time.monotonic() > deadline:
                raise AssertionError("the app did not end")
            if self.master >= 0:
                await self.read(0.05)
            else:
                await asyncio.sleep(0.05)
        if self.master >= 0:
            await self.settle(0.1)
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the app."""
        os.kill(self.pid, number)

    def exit_code(self) -> int | None:
        """How the app ended; None while it runs."""
        if self._code is None and select.select([self._report], [], [], 0)[0]:
            self._code = int(self._report.readline())
        return self._code
