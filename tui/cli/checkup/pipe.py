"""`whymove check --pipe CMD`: runs a price pipe for a few seconds and says what of its lines can be used."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from tui.domain.clock import Clock
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.sources import child
from tui.sources.pipe import FUTURE_MS, clean_tail
from tui.sources.pipe_line import LINE_LIMIT, PipeLineError, parse_line

SECONDS: Final = 5.0
REASONS_SHOWN: Final = 10
SYMBOLS_SHOWN: Final = 20
# A pipe that is wrong may say thousands of different wrong things: memory is bounded, counts are not.
_MOST_KEPT: Final = 10_000
_LATE_MS: Final = 300_000


class PipeError(Exception):
    """The command could not be run at all."""


class PipeReport:
    """What was read of a pipe. Times are milliseconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._newest: dict[Symbol, int] = {}
        self._lateness: list[int] = []
        self._reasons: Counter[str] = Counter()
        self._first_at: dict[str, int] = {}
        self.seconds = 0.0
        self.lines = 0
        self.accepted = 0
        self.out_of_order = 0
        self.ended = ""
        """How the command ended where it ended by itself."""
        self.complaint = ""
        """Its last line on standard error."""

    @property
    def refused(self) -> int:
        """Lines that are no quote."""
        return self.lines - self.accepted

    def take(self, line: bytes) -> None:
        """Look at one line as the feed would."""
        self.lines += 1
        now = self._clock.now_ms()
        try:
            quote = parse_line(line, now)
            if quote.exchange_time > now + FUTURE_MS:
                ahead_s = (quote.exchange_time - now) / 1000
                raise PipeLineError(f"time lies more than {FUTURE_MS // 1000} s ahead (here {ahead_s:.0f} s)")
        except PipeLineError as error:
            self._refuse(str(error))
            return
        self.accepted += 1
        if quote.exchange_time < self._newest.get(quote.symbol, 0):
            self.out_of_order += 1
        elif len(self._newest) < _MOST_KEPT or quote.symbol in self._newest:
            self._newest[quote.symbol] = quote.exchange_time
        if len(self._lateness) < _MOST_KEPT:
            self._lateness.append(now - quote.exchange_time)

    def too_long(self) -> None:
        """A line that the feed would not even read to its end."""
        self.lines += 1
        self._refuse(f"the line is longer than {LINE_LIMIT // 1024} KiB")

    def stop(self) -> None:
        """The reading is over."""
        self.seconds = max(self._clock.monotonic() - self._began, 0.001)

    def _refuse(self, reason: str) -> None:
        if reason in self._reasons or len(self._reasons) < _MOST_KEPT:
            self._reasons[reason] += 1
            self._first_at.setdefault(reason, self.lines)

    def text(self) -> Iterator[str]:
        """The report, line by line."""
        yield f"lines     {self.lines} in {self.seconds:.1f} s: {self.accepted} accepted, {self.refused} refused"
        if self.accepted:
            symbols = sorted(self._newest)
            more = f" and {len(symbols) - SYMBOLS_SHOWN} more" if len(symbols) > SYMBOLS_SHOWN else ""
            yield f"symbols   {len(symbols)}: {' '.join(symbols[:SYMBOLS_SHOWN])}{more}"
            yield f"rate      {self.accepted / self.seconds:.1f} quotes a second"
            yield f"late      {_seconds(median(self._lateness))} typically, {_seconds(max(self._lateness))} at most"
            yield from self._advice()
        for reason, count in self._reasons.most_common(REASONS_SHOWN):
            times = (
                f"{count} lines, first line {self._first_at[reason]}" if count > 1 else f"line {self._first_at[reason]}"
            )
            yield f"refused   {times}: {reason}"
        if len(self._reasons) > REASONS_SHOWN:
            yield f"refused   and for {len(self._reasons) - REASONS_SHOWN} more reasons"
        if self.ended:
            yield f"ended     {self.ended}; the feed would start it again"
        if self.complaint:
            yield f"stderr    {self.complaint}"

    def _advice(self) -> Iterator[str]:
        if self.out_of_order:
            yield f"order     {self.out_of_order} quotes are older than one before them and change nothing"
        if median(self._lateness) > _LATE_MS:
            yield "advice    quotes are minutes old: is the market open, and `time` in UTC or with its zone?"
        if not any(symbol.startswith("^") for symbol in self._newest):
            yield "advice    no index: send ^HSI too, for stock and index are only compared at the same minute"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f} s"


async def read_pipe(command: Sequence[str], clock: Clock, seconds: float) -> PipeReport:
    """Run a command without a shell and look at its lines for some seconds. Raises PipeError where it cannot start."""
    try:
        process = await child.start(command, LINE_LIMIT)
    except (OSError, ValueError) as error:
        raise PipeError(f"{clean(command[0], 200)} cannot be run: {clean(str(error), 200)}") from error
    assert process.stdout is not None
    assert process.stderr is not None
    report = PipeReport(clock)
    listening = asyncio.create_task(_listen(process.stderr, report))
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _read(process.stdout, report)
                report.ended = f"with code {await process.wait()}"
                await listening
    finally:
        report.stop()
        listening.cancel()
        await child.end(process)
    return report


async def _read(stream: asyncio.StreamReader, report: PipeReport) -> None:
    inside_long_line = False
    while True:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return  # half a line at the end is not a quote
        except asyncio.LimitOverrunError as error:
            await stream.read(error.consumed or LINE_LIMIT)
            inside_long_line = True
            continue
        if inside_long_line:
            inside_long_line = False
            report.too_long()
        elif line.strip():
            report.take(line)


async def _listen(stream: asyncio.StreamReader, report: PipeReport) -> None:
    while chunk := await stream.read(4096):
        if said := [line for line in clean_tail(chunk) if line]:
            report.complaint = said[-1]
