"""The terminal as a thing that can go away: painted through a descriptor of our own, left as it was found.

Textual's loop stops when the terminal's output blocks, and its input thread spins when the terminal is gone. So the
end does not depend on the loop: a thread waits for a signal or for the terminal to hang up, asks the app to leave, and
after PATIENCE_S restores the terminal itself and ends the process.
"""

import gc
import os
import select
import shutil
import signal
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any, Final

from textual.app import App

from tui.domain.text import is_web_link
from tui.render.language import Language
from tui.render.width import forget_widths
from tui.ui import phrases
from tui.ui.environment import over_ssh

PATIENCE_S: Final = 2.0
_TRIES: Final = 200
_TRY_S: Final = 0.005
SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_DESKTOPS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
# Mouse, focus, bracketed paste, in-band resize and kitty keys off, wrap on, main screen, cursor shown, plain colours.
RESTORE: Final = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u"
    b"\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"
)


def open_link(app: App[Any], url: str, language: Language) -> str:
    """Hand a web address (http or https only) to the desktop's browser; what became of it, as a sentence.

    Over SSH a browser would open where nobody sits, and without a desktop it would take this very terminal: there the
    address goes to the terminal's clipboard instead (OSC 52). Whether the terminal took it we are not told.
    """
    if not is_web_link(url):
        return phrases.NO_LINK.say(language)
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    has_desktop = sys.platform == "darwin" or any(map(os.environ.get, _DESKTOPS))
    if has_desktop and not over_ssh(os.environ) and shutil.which(opener):
        quiet = subprocess.DEVNULL
        subprocess.Popen([opener, url], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        return phrases.OPENED.say(language).format(url)
    app.copy_to_clipboard(url)
    return phrases.SENT_TO_TERMINAL.say(language).format(url)


def settle() -> None:
    """After the start: what is here now stays, so the collector of garbage need not look at it again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back_memory()


def give_back_memory() -> None:
    """Let the system have what is free: with glibc three of forty-five megabytes after the start, later what lies
    scattered between that which stays."""
    import ctypes  # not needed for the first paint

    forget_widths()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def own_terminal(log: Path) -> Iterator[TextIOWrapper]:
    """The terminal behind stdout as a file of its own, while descriptor 2 writes to the log.

    What a library prints on stderr would otherwise land in the middle of the screen.
    """
    sys.stderr.flush()
    before = os.dup(2)
    log_file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    terminal = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(log_file, 2)
    os.close(log_file)
    try:
        yield terminal
    finally:
        sys.stderr.flush()
        os.dup2(before, 2)
        os.close(before)
        with suppress(OSError):
            terminal.close()


class EndWell:
    """Watches for the end while an app runs: `with EndWell(fd) as end: end.leave_by(ask_to_exit); app.run()`."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._attributes: list[Any] | None = None
        with suppress(termios.error):
            self._attributes = termios.tcgetattr(terminal)
        self._wake_read, self._wake_write = os.pipe()
        self._finished = threading.Event()
        self._ask: Callable[[], None] = lambda: None
        self._handlers: dict[signal.Signals, Any] = {}
        self._thread = threading.Thread(target=self._watch, name="end-well", daemon=True)

    def leave_by(self, ask: Callable[[], None]) -> None:
        """What asks the app to leave; called from another thread."""
        self._ask = ask

    def begin(self) -> None:
        """The app is leaving by itself; from now on it has PATIENCE_S."""
        with suppress(OSError):
            os.write(self._wake_write, b"\0")

    def __enter__(self) -> "EndWell":
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._on_signal)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finished.set()
        self.begin()
        self._thread.join(PATIENCE_S)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        os.write(self._wake_write, bytes([number]))

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        # No event is asked for: a hangup is always reported.
        poll.register(self._terminal, 0)
        reason = 0
        for descriptor, _ in poll.poll():
            reason = os.read(self._wake_read, 1)[0] if descriptor == self._wake_read else int(signal.SIGHUP)
        if self._finished.is_set():
            return
        if reason:
            with suppress(RuntimeError):
                # The loop may be gone already; then nothing is left to ask.
                self._ask()
        if not self._finished.wait(PATIENCE_S):
            self._restore()
            os._exit(128 + reason if reason else 0)

    def _restore(self) -> None:
        """Give the terminal back without waiting for it: what it has not taken yet is dropped."""
        with suppress(OSError, termios.error):
            # A description of its own, so that not blocking stays our affair and not the shell's.
            again = os.open(os.ttyname(self._terminal), os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
            # Frames that still wait go nowhere; the one that is being written goes with the terminal's queue.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._terminal)
            if self._attributes is not None:
                termios.tcsetattr(again, termios.TCSANOW, self._attributes)
            for _ in range(_TRIES):
                # The frame that is being written keeps the terminal to itself. Dropping what waits makes room for
                # more of it, stopping and starting the flow wakes its writer, until it has come to its end.
                termios.tcflush(again, termios.TCOFLUSH)
                termios.tcflow(again, termios.TCOOFF)
                termios.tcflow(again, termios.TCOON)
                with suppress(BlockingIOError):
                    if os.write(again, RESTORE) == len(RESTORE):
                        break
                self._finished.wait(_TRY_S)
