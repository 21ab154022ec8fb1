"""Real feeds for tests: a process on the sample, and a terminal reduced to its socket.

with sample_feed("--speed", "60") as feed, feed.terminal(TENCENT) as terminal:
    snapshot = terminal.snapshot()
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from tui import wire
from tui.domain.event import Event
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol

ALIBABA, XIAOMI, TENCENT, JD, HSBC, BILIBILI = map(
    Symbol, ("9988.HK", "1810.HK", "0700.HK", "9618.HK", "0005.HK", "9626.HK")
)
COMMAND = (sys.executable, "-m", "tui", "feed")
PATIENCE_S = 20.0


class Terminal:
    """Greets, watches, and keeps what it is told; nothing is drawn. Blocking, with a time limit on every read."""

    def __init__(self, path: Path, *symbols: Symbol, greet: bool = True) -> None:
        self.rows: dict[Symbol, Row] = {}
        self.events: dict[str, Event] = {}
        self.status = FeedStatus()
        self.seq: int | None = None
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(str(path))
        self._buffer = bytearray()
        hello = self.read()
        assert isinstance(hello, wire.Hello)
        self.hello = hello
        if greet:
            self.send(wire.Greeting(wire.PROTOCOL, "test"), wire.Watch(symbols, symbols))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, *frames: wire.TerminalFrame) -> None:
        """Send requests."""
        self.socket.sendall(b"".join(map(wire.encode, frames)))

    def read(self, patience_s: float = PATIENCE_S) -> wire.FeedFrame:
        """The next frame; EOFError where the feed has hung up, TimeoutError where it says nothing for that long."""
        self.socket.settimeout(patience_s)
        while (end := self._buffer.find(b"\n")) < 0:
            chunk = self.socket.recv(1 << 20)
            if not chunk:
                raise EOFError("the feed hung up")
            self._buffer += chunk
        frame = wire.decode_feed(bytes(self._buffer[: end + 1]))
        del self._buffer[: end + 1]
        self._keep(frame)
        return frame

    def snapshot(self) -> wire.Snapshot:
        """Read on to the next snapshot."""
        while not isinstance(frame := self.read(), wire.Snapshot):
            pass
        return frame

    def history(self, symbol: Symbol, days: int = 20) -> wire.History:
        """Ask for a stock's days and read on to the answer."""
        self.send(wire.AskHistory(symbol, days))
        while not isinstance(frame := self.read(), wire.History):
            pass
        return frame

    def until(self, seen: "object", patience_s: float = PATIENCE_S) -> None:
        """Read on until `seen(self)` is true; AssertionError with the last state if it never is."""
        assert callable(seen)
        deadline = time.monotonic() + patience_s
        while not seen(self):
            left = deadline - time.monotonic()
            assert left > 0, f"never happened; status {self.status}, rows {list(self.rows)}"
            with suppress(TimeoutError):
                self.read(min(left, 1.0))

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def _keep(self, frame: wire.FeedFrame) -> None:
        if isinstance(frame, wire.Snapshot):
            self.rows = {row.symbol: row for row in frame.rows}
            self.events = {event.id: event for event in frame.events}
            self.status, self.seq = frame.status, frame.seq
        elif isinstance(frame, wire.Change):
            assert frame.base == self.seq, "a change that does not follow what was seen last"
            self.rows.update({row.symbol: row for row in frame.rows})
            self.events.update({event.id: event for event in frame.events})
            self.status, self.seq = frame.status or self.status, frame.seq


class FeedProcess:
    """A feed as a process of its own."""

    def __init__(self, path: Path, process: "subprocess.Popen[str]") -> None:
        self.path = path
        self.process = process

    def terminal(self, *symbols: Symbol, greet: bool = True) -> Terminal:
        """Connect, waiting until the feed listens."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return Terminal(self.path, *symbols, greet=greet)
            except (ConnectionError, FileNotFoundError):
                assert self.process.poll() is None, f"the feed ended: {self.words()}"
                assert time.monotonic() < deadline, "the feed never listened"
                time.sleep(0.01)

    def wait(self, patience_s: float = PATIENCE_S) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(patience_s)

    def words(self) -> str:
        """What it wrote on stderr, once it has ended."""
        return self.process.communicate(timeout=PATIENCE_S)[1]


def feed_socket(source: str = "sample") -> Path:
    """Where a feed of this test's own home listens."""
    return Path(os.environ["XDG_RUNTIME_DIR"]) / "whymove" / f"feed-{source}.sock"


def start_feed(*arguments: str, path: Path | None = None, command: Sequence[str] = COMMAND) -> FeedProcess:
    """Start a feed; the caller ends it."""
    given = ("--socket", str(path)) if path else ()
    process = subprocess.Popen(
        [*command, *given, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return FeedProcess(path or feed_socket(), process)


@contextmanager
def running(feed: FeedProcess) -> Iterator[FeedProcess]:
    """End a feed with the block, however the block ends."""
    try:
        yield feed
    finally:
        if feed.process.poll() is None:
            feed.process.terminate()
            try:
                feed.wait(5)
            except subprocess.TimeoutExpired:
                feed.process.kill()
                feed.wait()
        if feed.process.stderr is not None:
            feed.process.stderr.close()


@contextmanager
def sample_feed(*arguments: str, path: Path | None = None) -> Iterator[FeedProcess]:
    """A feed on the sample for the length of a block. It stores in the test's own home and leaves soon after."""
    with running(start_feed("--source", "sample", "--leave-after", "5", *arguments, path=path)) as feed:
        yield feed
