"""The terminal on a real pty, beside an empty Textual app and beside the same list as a Textual DataTable.

First paint with a hundred stored rows (the whole command, its settings, lists and cache read from disk), bytes and CPU
of ten rows a second, a key's last byte while they change, memory. The feed is a script of this process that says the
same frames to each.
"""

import os
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
from unittest import mock

from benchmarks.feed import cpu_s, rss_mb
from tests.feeds import TENCENT, sample_feed
from tests.pty import Pty
from tests.ui.feed_double import hello
from tests.ui.rows import code, many, row, snapshot
from tui import wire
from tui.config.lists import save_lists
from tui.config.paths import Paths
from tui.config.state import ScreenState, save_state
from tui.domain.row import Row
from tui.store.cache import Cache

ROWS = 100
STARTS = 9
SECONDS = 12
KEYS = 40
DOWN, UP = "\x1b[B", "\x1b[A"
# The first stock of the list; what is painted when it is.
FIRST = "0001"
QUIET_S = 0.08
# After this long the terminal has given back what starting up needed.
SETTLING_S = 6.0


@dataclass
class Figures:
    """What one program needed; times in milliseconds."""

    first_ms: float = 0.0
    first_cpu_ms: float = 0.0
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


@dataclass(frozen=True)
class Program:
    """What is started: arguments of Python, `{}` for the socket's path."""

    name: str
    arguments: tuple[str, ...]

    def argv(self, path: Path) -> list[str]:
        """Its command line."""
        return [sys.executable, *(word.format(path) for word in self.arguments)]


EMPTY = Program("empty Textual app", ("-m", "benchmarks.terminal_empty", FIRST))
TABLE = Program("DataTable", ("-m", "benchmarks.terminal_peers", str(ROWS), "{}"))
OURS = Program("whymove", ("-m", "tui", "--source", "yahoo"))


@contextmanager
def place() -> Iterator[tuple[Path, dict[str, str]]]:
    """A home with the list and the stored rows, as environment, and the socket where its terminals look for a feed."""
    with tempfile.TemporaryDirectory(prefix="whymove-bench-") as folder:
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        environment = {"HOME": folder, "XDG_RUNTIME_DIR": str(runtime)}
        environment |= {f"XDG_{kind}_HOME": f"{folder}/{kind.lower()}" for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
        with mock.patch.dict(os.environ, environment):
            paths = Paths()
            path = paths.socket("yahoo")
            save_lists(paths, {"Many": tuple(code(n) for n in range(ROWS))})
            save_state(paths, ScreenState(list="Many", sort="list"))
            cache = Cache.open_writer(paths.cache("yahoo"))
        cache.put_rows(many(ROWS))
        cache.close()
        yield path, environment


def start(program: Program) -> tuple[float, float]:
    """From the start of the process to the bytes of the first row: wall and CPU time in milliseconds."""
    with place() as (path, environment):
        script = Script(path)
        with Pty(program.argv(path), environment=environment) as running:
            began = time.perf_counter()
            seen = b""
            while FIRST.encode() not in seen:
                chunk = running.raw(10.0)
                if not chunk:
                    raise TimeoutError(f"{program.name} never painted its first row")
                seen += chunk
            wall = (time.perf_counter() - began) * 1000
            used = thread_ms(running.pid)
        script.close()
        return wall, used


def thread_ms(pid: int) -> float:
    """CPU time of all threads of a process so far, in milliseconds."""
    spent = (each.read_text().split()[0] for each in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(map(int, spent)) / 1e6


def under_load(program: Program, figures: Figures) -> None:
    """Ten rows a second, first alone, then with keys between them."""
    with place() as (path, environment):
        script = Script(path)
        with Pty(program.argv(path), environment=environment) as running:
            running.until(FIRST)
            script.greet()
            running.read(SETTLING_S)
            cpu, received, began = cpu_s(running.pid), running.received, time.perf_counter()
            for second in range(SECONDS):
                script.change(ten(second))
                while (left := began + second + 1 - time.perf_counter()) > 0:
                    running.read(left)
            took = time.perf_counter() - began
            figures.bytes_each = (running.received - received) / SECONDS
            figures.cpu_pct = 100 * (cpu_s(running.pid) - cpu) / took
            for number in range(KEYS):
                if number % 4 == 0:
                    script.change(ten(1000 + number))
                figures.keys_ms.append(key_ms(running, DOWN if number % 20 < 10 else UP))
                running.read(0.1)
            figures.mb = rss_mb(running.pid)
        script.close()


def key_ms(running: Pty, key: str) -> float:
    """From a key to the last byte before the terminal is quiet again."""
    began = last = time.perf_counter()
    running.write(key)
    while running.raw(QUIET_S):
        last = time.perf_counter()
    return (last - began) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def run() -> None:
    """Print medians, ratios and budgets."""
    told = {program: Figures() for program in (EMPTY, TABLE, OURS)}
    # In turn, so that what else the machine does falls on all alike.
    starts = [[start(program) for program in told] for _ in range(STARTS)]
    for (program, figures), took in zip(told.items(), zip(*starts, strict=True), strict=True):
        figures.first_ms, figures.first_cpu_ms = (statistics.median(each) for each in zip(*took, strict=True))
        if program is not EMPTY:
            under_load(program, figures)
    print(f"{ROWS} stored rows, 120x40; ten changed rows a second (medians)")
    heads = f"{'':20}{'first paint':>12}{'its CPU':>10}{'bytes/10 rows':>15}"
    print(f"{heads}{'CPU %':>8}{'key p50':>9}{'p95 ms':>8}{'MB':>7}")
    for program, one in told.items():
        first = f"{program.name:20}{one.first_ms:9.0f} ms{one.first_cpu_ms:7.0f} ms"
        if not one.keys_ms:
            print(first)
            continue
        p50, p95 = percentile(one.keys_ms, 0.5), percentile(one.keys_ms, 0.95)
        print(f"{first}{one.bytes_each:15,.0f}{one.cpu_pct:8.1f}{p50:9.1f}{p95:8.1f}{one.mb:7.1f}")
    empty, table, ours = told.values()
    print(f"{'budget':20}{'1.35 x empty':>12}{'':10}{'4,500':>15}{'1.0':>8}{'':17}{'45':>7}")
    first_ratio, cpu_ratio = ours.first_ms / empty.first_ms, ours.first_cpu_ms / empty.first_cpu_ms
    sent, cpu = table.bytes_each / ours.bytes_each, table.cpu_pct / max(ours.cpu_pct, 0.1)
    print(f"first paint {first_ratio:.2f} x empty, its CPU {cpu_ratio:.2f} x", end="; ")
    print(f"DataTable {sent:.1f} x our bytes, {cpu:.1f} x our CPU")
    with tempfile.TemporaryDirectory() as folder:
        place_of_feed = Path(folder) / "run" / "f.sock"
        with sample_feed("--private", "--speed", "0", path=place_of_feed) as feed, feed.terminal(TENCENT) as terminal:
            terminal.snapshot()
            print(f"the feed on the sample: {rss_mb(feed.process.pid):.0f} MB")
