"""A program on a terminal of its own: typed to, read, resized, and looked at as the screen shows it."""

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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import pyte

ROOT = Path(__file__).parents[1]
# pyte does not know the kitty keyboard's sequences and would print them.
_UNKNOWN = (b"\x1b[>25u", b"\x1b[<u")


class Screen:
    """A new pty and what a terminal of that size shows of it. Blocking."""

    def __init__(self, columns: int = 120, lines: int = 40) -> None:
        self.screen_now = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen_now)
        self.received = 0
        self._master, self._slave = pty.openpty()
        self._resize(columns, lines)

    def read(self, seconds: float) -> bytes:
        """What the program writes until it has been quiet that long, or nothing."""
        taken = bytearray()
        while select.select([self._master], [], [], seconds)[0]:
            try:
                taken += os.read(self._master, 65536)
            except OSError:
                break  # the program is gone
            if len(taken) > 1 << 20:
                break
        self.received += len(taken)
        for sequence in _UNKNOWN:
            taken = taken.replace(sequence, b"")
        self._stream.feed(bytes(taken))
        return bytes(taken)

    def raw(self, seconds: float) -> bytes:
        """The next bytes as they come, within that time; the screen is not kept up."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            chunk = os.read(self._master, 65536)
        except OSError:
            return b""
        self.received += len(chunk)
        return chunk

    def until(self, words: str, patience_s: float = 30.0) -> None:
        """Read on until the screen says so."""
        deadline = time.monotonic() + patience_s
        while words not in "\n".join(self.screen()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{words!r} never stood on the screen:\n" + "\n".join(self.screen()))
            self.read(0.01)

    def write(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def screen(self) -> list[str]:
        """The lines as they stand."""
        return list(self.screen_now.display)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self.screen_now.resize(lines, columns)
        self._resize(columns, lines)

    def _resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


class Pty(Screen):
    """Runs a command as the foreground job of a new pty; `pid` is the command's. Blocking."""

    def __init__(
        self,
        argv: Sequence[str],
        columns: int = 120,
        lines: int = 40,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(columns, lines)
        report, report_end = os.pipe()
        control_end, self._control = os.pipe()
        self._shell = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.pty_shell", str(report_end), str(control_end), *argv],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
            pass_fds=(report_end, control_end),
        )
        for descriptor in (report_end, control_end, self._slave):
            os.close(descriptor)
        self._report = os.fdopen(report, "r", encoding="ascii")
        self.pid = int(self._report.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self._control)
        os.close(self._master)
        self._shell.wait()
        self._report.close()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the program."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
