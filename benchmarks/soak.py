"""`make soak`: a trading day of a hundred stocks in minutes, and what it leaves behind in memory, files and tasks.

Feed and terminal are real processes, the terminal on a real pty. Both live on one replay clock, which also paces the
feed's publications: two a second of its time, ten rows changed in each, every row whenever the index moves. Now and
then the source limits, hangs, sends nonsense or cannot be reached, other terminals come and go, and the window changes
its size. `python -m benchmarks.soak [MINUTES]` takes that long.
"""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from datetime import time as day_time
from pathlib import Path

import msgspec

from benchmarks.crowd import crowd, stocks
from benchmarks.soak_terminal import tell
from tests.feeds import Terminal
from tests.pty import Pty
from tui.config.tables import sector_table
from tui.domain.clock import Clock, ReplayClock
from tui.domain.market import Quote
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt, to_hkt
from tui.feed.factory import sample_sectors
from tui.feed.main import serve
from tui.feed.options import FeedOptions
from tui.feed.parties import Parties
from tui.sources.ports import SourceError
from tui.sources.sample import SampleSource

STOCKS = 100
CHANGED = 10
DAY = date(2026, 3, 5)
START, END = from_hkt(DAY, day_time(9, 25)), from_hkt(DAY, day_time(16, 5))
FROM, TO = from_hkt(DAY, day_time(11)), from_hkt(DAY, day_time(16))
STEP_S = 0.5
MINUTES = 4.0
LIMIT_PCT = 3.0
_TICK = 0.0005
# Minutes after midnight in which the source does not do what it should.
FAULTS = {
    10 * 60 + 20: SourceError(SourceState.OFFLINE, "the exchange cannot be reached"),
    11 * 60 + 20: SourceError(SourceState.LIMITED, "the exchange limits us"),
    13 * 60 + 40: SourceError(SourceState.HUNG, "the exchange did not answer in time"),
    14 * 60 + 30: SourceError(SourceState.BAD_DATA, "the exchange sends nonsense"),
    15 * 60 + 10: SourceError(SourceState.REFUSED, "the exchange refuses us"),
}


class Busy(SampleSource):
    """The crowd's week, where ten stocks differ from one question to the next, and faults come by the clock."""

    def __init__(self, clock: Clock, told: Path) -> None:
        self.crowd = crowd(STOCKS)
        super().__init__(clock, self.crowd)
        self._stocks = stocks(self.crowd)
        self._told = told
        self._minute = -1
        self._turn = 0
        self._quotes: dict[Symbol, Quote] = {}

    async def quotes(self, symbols: Sequence[Symbol]) -> dict[Symbol, Quote]:
        now = self._clock.now_ms()
        at = to_hkt(now)
        minute = at.hour * 60 + at.minute
        if fault := FAULTS.get(minute):
            raise fault
        if minute != self._minute:
            self._minute = minute
            self._quotes = await super().quotes(tuple(self.crowd.bars))
            tell(self._told, self._turn)
        self._turn += 1
        for number in range(CHANGED):
            symbol = self._stocks[(self._turn * CHANGED + number) % STOCKS]
            quote = self._quotes[symbol]
            price = quote.price * (1 + _TICK * (-1) ** (self._turn // CHANGED))
            self._quotes[symbol] = msgspec.structs.replace(quote, price=price, exchange_time=now)
        return {
            symbol: msgspec.structs.replace(self._quotes[symbol], received=now)
            for symbol in symbols
            if symbol in self._quotes
        }


def run_feed(path: Path, speed: float) -> None:
    """The feed's process."""

    def world() -> tuple[Clock, Parties]:
        clock = ReplayClock(START, speed, END)
        source = Busy(clock, path.with_suffix(".feed"))
        sample = source.crowd
        days = {day.day: day for day in sample.trading_days}
        sectors = sample_sectors(sample, sector_table())
        parties = Parties(
            source,
            sectors,
            lambda first, last: [day for known, day in days.items() if first <= known <= last],
            instruments=sample.instruments,
            quotes_per_call=len(sample.bars),
            paths_per_call=len(sample.bars),
        )
        return clock, parties

    options = FeedOptions(
        source="sample",
        socket=path,
        speed=speed,
        refresh_s=STEP_S,
        publish_gap_s=STEP_S,
        publish_by="clock",
        leave_after_s=10.0,
    )
    serve(options, world)


@dataclass(frozen=True)
class Measure:
    """What a process holds at a moment of the day. `work` counts its questions (feed) or frames (terminal)."""

    at: int
    kb: int
    files: int
    tasks: int
    work: int


def measure(at: int, pid: int, told: Path) -> Measure:
    """Look at a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    tasks, work = map(int, told.read_text().split()) if told.exists() else (0, 0)
    return Measure(at, kb, files, tasks, work)


@dataclass(frozen=True)
class Soaked:
    """The measures of both processes, oldest first, and how they ended."""

    feed: list[Measure]
    terminal: list[Measure]
    screen: list[str]

    @staticmethod
    def growth_pct(measures: list[Measure]) -> float:
        """Growth of memory from 11:00 to 16:00, percent."""
        first = next(one for one in measures if one.at >= FROM)
        last = next((one for one in measures if one.at >= TO), measures[-1])
        return (last.kb / first.kb - 1) * 100


@contextmanager
def process(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of this module, ended with the block."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.soak", *arguments], start_new_session=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(10)


def soak(minutes: float, looks: int = 14) -> Soaked:
    """Run the day in that many minutes."""
    speed = (END - START) / 1000 / (minutes * 60)
    with tempfile.TemporaryDirectory(prefix="whymove-soak-") as folder:
        path = Path(folder) / "f.sock"
        path.with_suffix(".list").write_text(" ".join(stocks(crowd(STOCKS))))
        with process("feed", str(path), str(speed)) as feed:
            wait_for(path)
            with Pty([sys.executable, "-m", "benchmarks.soak_terminal", str(path)]) as terminal:
                return _watch(path, feed.pid, terminal, looks)


def _watch(path: Path, feed: int, terminal: Pty, looks: int) -> Soaked:
    """Read the terminal's output to the end of the day and look at both processes now and then."""
    with Terminal(path) as first:
        info = first.hello.clock
    clock = ReplayClock(info.now, info.speed, info.end)
    due = [FROM - (FROM - START) // 4, *(FROM + (TO - FROM) * look // (looks - 1) for look in range(looks))]
    told: dict[str, list[Measure]] = {"feed": [], "terminal": []}
    while due:
        terminal.read(0.05)
        if clock.now_ms() < due[0]:
            continue
        due.pop(0)
        at = clock.now_ms()
        told["feed"].append(measure(at, feed, path.with_suffix(".feed")))
        told["terminal"].append(measure(at, terminal.pid, path.with_suffix(".terminal")))
        columns = 120 if len(due) % 2 else 100
        terminal.resize(columns, 40)
        with suppress(OSError), Terminal(path, *stocks(crowd(3))) as visitor:
            visitor.snapshot()
    terminal.read(0.5)
    return Soaked(told["feed"], told["terminal"], terminal.screen())


def wait_for(path: Path, patience_s: float = 20.0) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            return
        time.sleep(0.05)
    raise TimeoutError("the feed never listened")


def table(soaked: Soaked) -> list[str]:
    """The measures as lines."""
    lines = [
        f"{'':12}{'feed':^32}{'terminal':^32}",
        f"{'Hong Kong':12}" + f"{'MB':>8}{'files':>7}{'tasks':>7}{'work':>10}" * 2,
    ]
    for feed, terminal in zip(soaked.feed, soaked.terminal, strict=True):
        told = "".join(f"{one.kb / 1024:8.1f}{one.files:7}{one.tasks:7}{one.work:10,}" for one in (feed, terminal))
        lines.append(f"{to_hkt(feed.at):%H:%M}       {told}")
    for name, measures in (("feed", soaked.feed), ("terminal", soaked.terminal)):
        lines.append(f"{name}: {Soaked.growth_pct(measures):+.1f} % from 11:00 to 16:00, limit {LIMIT_PCT:g} %")
    return lines


def main(arguments: Sequence[str]) -> int:
    """`feed PATH SPEED` is the feed's process; else the length of the day in minutes."""
    match list(arguments):
        case ["feed", path, speed]:
            run_feed(Path(path), float(speed))
        case _:
            soaked = soak(float(arguments[0]) if arguments else MINUTES)
            print("\n".join(table(soaked)))
            return int(any(Soaked.growth_pct(one) > LIMIT_PCT for one in (soaked.feed, soaked.terminal)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
