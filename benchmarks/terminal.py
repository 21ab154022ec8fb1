"""The terminal on a real pty, beside an empty Textual app and beside the same list as a Textual DataTable.

First paint with a hundred stored rows, bytes and CPU of ten rows a second, a key's last byte while they change, memory.
The feed is a script of this process that says the same frames to each.
"""

import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from benchmarks.feed import cpu_s, rss_mb
from tests.feeds import TENCENT, sample_feed
from tests.pty import Pty
from tests.ui.feed_double import hello
from tests.ui.rows import code, many, row, snapshot
from tui import wire
from tui.domain.row import Row

ROWS = 100
STARTS = 5
SECONDS = 12
KEYS = 40
DOWN, UP = "\x1b[B", "\x1b[A"
# The first stock of the list; what is painted when it is.
FIRST = "0001"
QUIET_S = 0.08


@dataclass
class Figures:
    """What one program needed; times in milliseconds."""

    first_ms: float = 0.0
    bytes_each: float = 0.0
    cpu_pct: float = 0.0
    keys_ms: list[float] = field(default_factory=list)
    mb: float = 0.0


class Script:
    """A feed of one terminal: says hello and the rows, then what it is told to."""

    def __init__(self, path: Path) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(1)
        self._server.settimeout(20)
        self._seq = 1
        self.talk: socket.socket | None = None

    def greet(self) -> None:
        """Take the terminal that has connected and tell it everything."""
        self.talk, _ = self._server.accept()
        self.talk.sendall(wire.encode(hello()) + wire.encode(snapshot(ROWS)))

    def change(self, rows: Sequence[Row]) -> None:
        """Publish some rows."""
        assert self.talk is not None
        self.talk.sendall(wire.encode(wire.Change(self._seq + 1, self._seq, rows=tuple(rows))))
        self._seq += 1

    def close(self) -> None:
        """Hang up."""
        if self.talk is not None:
            self.talk.close()
        self._server.close()


def ten(number: int) -> list[Row]:
    """Ten of the first thirty rows with other prices and other own parts."""
    chance = random.Random(number)
    at = chance.sample(range(30), 10)
    return [row(code(n), 20 + chance.uniform(0, 3), 20.0, own=chance.uniform(-3, 3), number=n) for n in at]


@contextmanager
def place() -> Iterator[Path]:
    """A folder with the list, the stored rows and room for a socket."""
    with tempfile.TemporaryDirectory(prefix="whymove-bench-") as folder:
        path = Path(folder) / "f.sock"
        path.with_suffix(".list").write_text(" ".join(code(n) for n in range(ROWS)))
        path.with_suffix(".rows").write_bytes(msgspec.json.encode(many(ROWS)))
        yield path


def start_ms(arguments: Sequence[str]) -> float:
    """From the start of the process to the bytes of the first row."""
    with place() as path:
        began = time.perf_counter()
        with Pty([sys.executable, "-m", *arguments, str(path)]) as program:
            seen = b""
            while FIRST.encode() not in seen:
                chunk = program.raw(10.0)
                if not chunk:
                    raise TimeoutError(f"{arguments[-1]} never painted its first row")
                seen += chunk
            return (time.perf_counter() - began) * 1000


def under_load(arguments: Sequence[str], figures: Figures) -> None:
    """Ten rows a second, first alone, then with keys between them."""
    with place() as path:
        script = Script(path)
        with Pty([sys.executable, "-m", *arguments, str(path)]) as program:
            program.until(FIRST)
            script.greet()
            program.read(1.5)
            cpu, received, began = cpu_s(program.pid), program.received, time.perf_counter()
            for second in range(SECONDS):
                script.change(ten(second))
                while (left := began + second + 1 - time.perf_counter()) > 0:
                    program.read(left)
            took = time.perf_counter() - began
            figures.bytes_each = (program.received - received) / SECONDS
            figures.cpu_pct = 100 * (cpu_s(program.pid) - cpu) / took
            for number in range(KEYS):
                if number % 4 == 0:
                    script.change(ten(1000 + number))
                figures.keys_ms.append(key_ms(program, DOWN if number % 20 < 10 else UP))
                program.read(0.1)
            figures.mb = rss_mb(program.pid)
            script.close()


def key_ms(program: Pty, key: str) -> float:
    """From a key to the last byte before the terminal is quiet again."""
    began = last = time.perf_counter()
    program.write(key)
    while program.raw(QUIET_S):
        last = time.perf_counter()
    return (last - began) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


PROGRAMS = {
    "empty Textual app": ("benchmarks.terminal_peers", "empty"),
    "DataTable": ("benchmarks.terminal_peers", "table"),
    "whymove": ("benchmarks.soak_terminal",),
}


def run() -> None:
    """Print medians, ratios and budgets."""
    told = {name: Figures() for name in PROGRAMS}
    starts: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(STARTS):
        for name, arguments in PROGRAMS.items():
            starts[name].append(start_ms(arguments))
    for name, arguments in PROGRAMS.items():
        told[name].first_ms = statistics.median(starts[name])
        if name != "empty Textual app":
            under_load(arguments, told[name])
    print(f"{ROWS} stored rows, 120x40; ten changed rows a second (medians)")
    print(f"{'':20}{'first paint':>12}{'bytes/10 rows':>15}{'CPU %':>8}{'key p50':>9}{'p95 ms':>8}{'MB':>7}")
    for name, one in told.items():
        first = f"{name:20}{one.first_ms:9.0f} ms"
        if not one.keys_ms:
            print(first)
            continue
        p50, p95 = percentile(one.keys_ms, 0.5), percentile(one.keys_ms, 0.95)
        print(f"{first}{one.bytes_each:15,.0f}{one.cpu_pct:8.1f}{p50:9.1f}{p95:8.1f}{one.mb:7.1f}")
    empty, table, ours = told.values()
    print(f"{'budget':20}{'1.35 x empty':>12}{'4,500':>15}{'1.0':>8}{'':17}{'45':>7}")
    first_ratio, sent = ours.first_ms / empty.first_ms, table.bytes_each / ours.bytes_each
    cpu = table.cpu_pct / max(ours.cpu_pct, 0.1)
    print(f"first paint {first_ratio:.2f} x empty; DataTable {sent:.1f} x our bytes, {cpu:.1f} x our CPU")
    with tempfile.TemporaryDirectory() as folder:
        place_of_feed = Path(folder) / "run" / "f.sock"
        with sample_feed("--private", "--speed", "0", path=place_of_feed) as feed, feed.terminal(TENCENT) as terminal:
            terminal.snapshot()
            print(f"the feed on the sample: {rss_mb(feed.process.pid):.0f} MB")
