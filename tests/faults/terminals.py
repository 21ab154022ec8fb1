"""Terminals that start in a moment: forked, each on a pty of its own, from a process that has loaded the program.

A new interpreter would take most of the time of a test that kills twenty of them.
"""

import fcntl
import os
import sys
import termios
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from typing import Self

from tests.pty import Screen

# No file may grow beyond this many bytes: room for settings and locks, none for a database.
ROOM = 12_000
_CONFINED = (
    f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, {ROOM})); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.conftest", "tui.cli.watch", "tui.ui.start", "tui.ui.screens.editor"])


def in_little_room(*arguments: str) -> tuple[str, ...]:
    """`python ARGUMENTS` on a disk that is as good as full."""
    return sys.executable, "-c", _CONFINED, *arguments


def _run(tty: str, environment: Mapping[str, str], argv: Sequence[str]) -> None:
    """Be `whymove` on a terminal, as the leader of its session."""
    os.setsid()
    terminal = os.open(tty, os.O_RDWR)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for descriptor in range(3):
        os.dup2(terminal, descriptor)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    # multiprocessing has closed it, and Textual reads the keys there.
    sys.__stdin__ = sys.stdin  # type: ignore[misc]  # final only for who reads it
    os.environ.clear()
    os.environ.update(environment)
    from tui.cli import main

    sys.exit(main(argv))


class Forked(Screen):
    """Runs `whymove` with these arguments on a new pty. Blocking."""

    def __init__(self, argv: Sequence[str], columns: int = 120, lines: int = 40) -> None:
        super().__init__(columns, lines)
        self._process = _FORKS.Process(target=_run, args=(os.ttyname(self._slave), dict(os.environ), tuple(argv)))
        self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self._slave)
        os.close(self._master)

    def kill(self) -> None:
        """End it now, as kill −9 does."""
        self._process.kill()
        self._process.join()
