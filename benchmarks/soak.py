"""`make soak`: a trading day of a hundred stocks in minutes, and what it leaves behind in memory, files and tasks.

Feed and terminal are real processes, the terminal on a real pty. Both live on one replay clock, which also paces the
feed's questions and publications: two a second of its time where the machine keeps up, ten rows changed in each, every
row whenever the index moves. How many came is printed. Now and then the source limits, hangs, sends nonsense or cannot
be reached, other terminals come and go, and the window changes its size. `make soak MINUTES=12` takes that long.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
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
LUNCH_S = 3600
ASKED = 2.0
# Seconds of the day between two questions: a little less than half a second, which makes up for what comes late.
STEP_S = 0.4
MINUTES = 6.0
LIMIT_PCT = 3.0
# Visitors come and go between two looks, and the loop's own tasks with them.
FILES, TASKS = 1, 4
_TICK = 0.0005
# Minutes after midnight in which the source does not do what it should.
FAULTS = {
    10 * 60 + 20: SourceError(SourceState.OFFLINE, "the exchange cannot be reached"),
    11 * 60 + 20: SourceError(SourceState.LIMITED, "the exchange limits us"),
    13 * 60 + 40: SourceError(SourceState.HUNG, "the exchange did not answer in time"),
    14 * 60 + 30: SourceError(SourceState.BAD_DATA, "the exchange sends nonsense"),
    15 * 60 + 10: SourceError(SourceState.REFUSED, "the exchange refuses us"),
}


class Day(ReplayClock):
    """The day, which stands at its start until it is begun: none of it is lost while processes come up."""

    def __init__(self, speed: float) -> None:
        super().__init__(START, speed, END)
        self._begun = False

    def begin(self) -> None:
        """Let time pass from now on."""
        if not self._begun:
            super().__init__(START, self.speed, END)
            self._begun = True

    def monotonic(self) -> float:
        return super().monotonic() if self._begun else 0.0


class Busy(SampleSource):
    """The crowd's week, where ten stocks differ from one question to the next, and faults come by the clock.

    The first question begins the day: somebody watches.
    """

    def __init__(self, day: Day, told: Path) -> None:
        self.crowd = crowd(STOCKS)
        super().__init__(day, self.crowd)
        self._day = day
        self._stocks = stocks(self.crowd)
        self._told = told
        self._minute = -1
        self._turn = 0
        self._quotes: dict[Symbol, Quote] = {}

    async def quotes(self, symbols: Sequence[Symbol]) -> dict[Symbol, Quote]:
        self._day.begin()
        now = self._day.now_ms()
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
        day = Day(speed)
        source = Busy(day, path.with_suffix(".feed"))
        sample = source.crowd
        days = {known.day: known for known in sample.trading_days}
        sectors = sample_sectors(sample, sector_table())
        parties = Parties(
            source,
            sectors,
            lambda first, last: [known for date_, known in days.items() if first <= date_ <= last],
            instruments=sample.instruments,
            quotes_per_call=len(sample.bars),
            paths_per_call=len(sample.bars),
        )
        return day, parties

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
    """The measures of both processes, oldest first, and what stood on the screen at the end."""

    feed: list[Measure]
    terminal: list[Measure]
    screen: list[str]

    @staticmethod
    def growth_pct(measures: list[Measure]) -> float:
        """Growth of memory from 11:00 to 16:00, percent; the median of some looks against that of as many at the end,
        because what is just being read is in memory, too."""
        sizes = [one.kb for one in measures if one.at >= FROM]
        some = max(len(sizes) // 4, 1)
        return (statistics.median(sizes[-some:]) / statistics.median(sizes[:some]) - 1) * 100

    @property
    def reached(self) -> float:
        """Updates that the terminal heard in a second of the market's time from 11:00 to 16:00."""
        first = next(one for one in self.terminal if one.at >= FROM)
        last = self.terminal[-1]
        return (last.work - first.work) / ((last.at - first.at) / 1000 - LUNCH_S)

    def problems(self, limit_pct: float = LIMIT_PCT) -> list[str]:
        """What grew that should not have; `limit_pct` is of the terminal's memory, the feed's limit stands."""
        found = []
        for name, measures, limit in (("feed", self.feed, LIMIT_PCT), ("terminal", self.terminal, limit_pct)):
            if (growth := self.growth_pct(measures)) > limit:
                found.append(f"the {name}'s memory grew by {growth:.1f} %, limit {limit:g} %")
            for what, allowed in (("files", FILES), ("tasks", TASKS)):
                counts = [getattr(one, what) for one in measures]
                if max(counts) - min(counts) > allowed:
                    found.append(f"the {name} has {min(counts)} to {max(counts)} {what}")
            if not 0 < measures[0].work < measures[-1].work:
                found.append(f"the {name} does nothing")
        return found


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
            wait_for(lambda: listens(path), "the feed never listened")
            with Pty([sys.executable, "-m", "benchmarks.soak_terminal", str(path)]) as terminal:
                told = path.with_suffix(".terminal")
                wait_for(lambda: terminal.read(0.05) is None or told.exists(), "the terminal never heard its feed")
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


def wait_for(so: Callable[[], bool], otherwise: str, patience_s: float = 60.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + patience_s
    while not so():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


def listens(path: Path) -> bool:
    """Whether somebody listens at a socket."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))
        return True
    return False


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
    lines.append(f"updates a second of the market's time: {ASKED:g} asked for, {soaked.reached:.1f} reached")
    return lines


def main(arguments: Sequence[str]) -> int:
    """`feed PATH SPEED` is the feed's process; else the length of the day in minutes."""
    match list(arguments):
        case ["feed", path, speed]:
            run_feed(Path(path), float(speed))
        case _:
            soaked = soak(float(arguments[0]) if arguments else MINUTES)
            print("\n".join(table(soaked)))
            problems = soaked.problems()
            print("\n".join(problems), file=sys.stderr)
            return int(bool(problems))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
