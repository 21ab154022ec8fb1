"""Real-time prices that a program of the trader's own brings: JSON lines from a command or a Unix socket.

The command is started without a shell, restarted with growing pauses when it ends, and never waited for: what it
said last is what `quotes` answers. History comes from another source.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from tui.domain.clock import Clock
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import Phase, from_hkt, phase_at, phases, to_hkt, weekday_default
from tui.sources import child
from tui.sources.pipe_line import LINE_LIMIT, PipeLineError, parse_line
from tui.sources.ports import PriceSource, SourceError

STALL_S: Final = 30.0
# Who speaks tells of every symbol within this time.
FIRST_WORDS_S: Final = 60.0
PAUSES_S: Final = (1.0, 2.0, 5.0, 15.0, 60.0)
BABBLE_LINES: Final = 20
MAX_SYMBOLS: Final = 5_000
PATH_STEP_MS: Final = 60_000
FUTURE_MS: Final = 60_000
# The phases in which trading begins anew.
_STARTS: Final = (Phase.MORNING, Phase.AFTERNOON)


class PipeSource:
    """The PriceSource for `source = "pipe"`. Either `command` or `socket` is given."""

    name = "pipe"

    def __init__(
        self,
        clock: Clock,
        history: PriceSource,
        *,
        command: Sequence[str] = (),
        socket: Path | None = None,
        stall_s: float = STALL_S,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        if bool(command) == (socket is not None):
            raise ValueError("a pipe reads either a command or a socket")
        self._clock = clock
        self._history = history
        self._command = tuple(command)
        self._socket = socket
        self._stall_s = stall_s
        self._pauses_s = tuple(pauses_s)
        # As a sentence names it; where it lies stands in the settings.
        self._what = clean((socket or Path(self._command[0])).name, 80)
        self._quotes: dict[Symbol, Quote] = {}
        self._paths: dict[Symbol, list[PathPoint]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._last_line = clock.monotonic()
        self._first_quote: float | None = None
        self._bad_in_a_row = 0
        self._fault: SourceError | None = SourceError(SourceState.STARTING, Reason(Why.PIPE_QUIET, self._what))
        self.bad_lines = 0
        self.restarts = 0
        self.last_complaint = ""
        self.changed = asyncio.Event()
        """Set with every accepted quote, so that a feed need not wait for its next round."""

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        """The newest accepted quotes. SourceError while the pipe is dead, babbling or silent for too long."""
        self._ensure_reading()
        if self._fault is not None:
            raise self._fault
        silent_s = self._clock.monotonic() - self._last_line
        if silent_s > self._stall_s and self._trading_s() > self._stall_s:
            raise SourceError(SourceState.HUNG, Reason(Why.PIPE_SILENT, self._what, number=round(silent_s)))
        # While the pipe speaks, what it does not repeat still stands.
        heard = self._clock.now_ms() - round(silent_s * 1000)
        quotes = (self._quotes[symbol] for symbol in symbols if symbol in self._quotes)
        return {quote.symbol: msgspec.structs.replace(quote, received=max(heard, quote.received)) for quote in quotes}

    def problem(self, symbol: Symbol) -> Reason | None:
        """That a pipe which has spoken for a minute never told of a symbol."""
        if symbol in self._quotes or self._first_quote is None:
            return None
        spoken_s = self._clock.monotonic() - self._first_quote
        return Reason(Why.NO_QUOTE, self._what) if spoken_s > FIRST_WORDS_S else None

    def _trading_s(self) -> float:
        """For how long the exchange has traded since it last rested: nobody speaks at lunch or at night."""
        now = self._clock.now_ms()
        day = weekday_default(to_hkt(now).date())
        if not phase_at(now, day).trading:
            return 0.0
        begun = (from_hkt(day.day, start) for start, phase in phases(day.kind) if phase in _STARTS)
        return (now - max(start for start in begun if start <= now)) / 1000

    async def paths(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[PathPoint]]:
        """What the pipe itself brought today, after what the history source knew before its first point."""
        self._ensure_reading()
        try:
            earlier = await self._history.paths(symbols)
        except SourceError:
            earlier = {}  # the day's path begins with the pipe
        joined: dict[Symbol, Sequence[PathPoint]] = {}
        for symbol in symbols:
            own = self._paths.get(symbol, [])
            before = [p for p in earlier.get(symbol, ()) if not own or p.time < own[0].time]
            if before or own:
                joined[symbol] = [*before, *own]
        return joined

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        """The history source's bars."""
        return await self._history.bars(symbol, since)

    async def close(self) -> None:
        """End the command and the history source."""
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        await self._history.close()

    def _ensure_reading(self) -> None:
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._supervise(), name="price pipe")

    async def _supervise(self) -> None:
        failures = 0
        while True:
            accepted = await self._read_once()
            failures = 0 if accepted else failures + 1
            pause = self._pauses_s[min(failures, len(self._pauses_s) - 1)]
            self.restarts += 1
            await asyncio.sleep(pause)

    async def _read_once(self) -> bool:
        """Run the pipe to its end; True if it brought at least one quote."""
        try:
            return await (self._read_socket() if self._socket else self._read_command())
        except OSError as error:
            reason = Reason(Why.PIPE_NOT_OPENED, self._what, clean(str(error), 120))
            self._fault = SourceError(SourceState.OFFLINE, reason)
            return False

    async def _read_command(self) -> bool:
        process = await child.start(self._command, LINE_LIMIT)
        assert process.stdout is not None
        assert process.stderr is not None
        complaints = asyncio.create_task(self._keep_last_complaint(process.stderr))
        try:
            accepted = await self._read_lines(process.stdout)
            code = await process.wait()
            await complaints
            why = Why.PIPE_COMPLAINED if self.last_complaint else Why.PIPE_ENDED
            self._fault = SourceError(SourceState.STOPPED, Reason(why, self._what, self.last_complaint, code))
            return accepted
        finally:
            complaints.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await complaints
            await child.end(process)

    async def _read_socket(self) -> bool:
        assert self._socket is not None
        reader, writer = await asyncio.open_unix_connection(str(self._socket), limit=LINE_LIMIT)
        try:
            accepted = await self._read_lines(reader)
        finally:
            writer.close()
        self._fault = SourceError(SourceState.STOPPED, Reason(Why.PIPE_CLOSED, self._what))
        return accepted

    async def _keep_last_complaint(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(4096):
            lines = [line for line in clean_tail(chunk) if line]
            if lines:
                self.last_complaint = lines[-1]

    async def _read_lines(self, reader: asyncio.StreamReader) -> bool:
        accepted = False
        while True:
            try:
                line = await reader.readuntil(b"\n")
            except asyncio.IncompleteReadError:
                return accepted  # half a line at the end is not a quote
            except asyncio.LimitOverrunError as error:
                await reader.read(error.consumed or LINE_LIMIT)
                self._refuse(f"a line is longer than {LINE_LIMIT // 1024} KiB")
                continue
            if line.strip():
                accepted = self.accept(line) or accepted

    def accept(self, line: bytes) -> bool:
        """Take one line; False where it is refused, which is counted and named."""
        now = self._clock.now_ms()
        self._last_line = self._clock.monotonic()
        try:
            quote = parse_line(line, now)
            if quote.exchange_time > now + FUTURE_MS:
                raise PipeLineError(f"time of {quote.symbol} lies {(quote.exchange_time - now) / 1000:.0f} s ahead")
            if quote.symbol not in self._quotes and len(self._quotes) >= MAX_SYMBOLS:
                raise PipeLineError(f"more than {MAX_SYMBOLS} symbols")
        except PipeLineError as error:
            self._refuse(str(error))
            return False
        before = self._quotes.get(quote.symbol)
        if before is not None and quote.exchange_time < before.exchange_time:
            return True  # an older quote that arrived late changes nothing
        self._bad_in_a_row = 0
        self._fault = None
        if self._first_quote is None:
            self._first_quote = self._last_line
        self._quotes[quote.symbol] = quote
        self._extend_path(quote, before)
        self.changed.set()
        return True

    def _refuse(self, reason: str) -> None:
        self.bad_lines += 1
        self._bad_in_a_row += 1
        if self._bad_in_a_row >= BABBLE_LINES:
            babble = Reason(Why.PIPE_BABBLES, self._what, clean(reason, 160), self._bad_in_a_row)
            self._fault = SourceError(SourceState.BAD_DATA, babble)

    def _extend_path(self, quote: Quote, before: Quote | None) -> None:
        path = self._paths.setdefault(quote.symbol, [])
        if path and to_hkt(path[-1].time).date() != to_hkt(quote.exchange_time).date():
            path.clear()
        traded = 0.0
        if before is not None and before.volume is not None and quote.volume is not None:
            traded = max(quote.volume - before.volume, 0.0)
        if path and quote.exchange_time // PATH_STEP_MS == path[-1].time // PATH_STEP_MS:
            path[-1] = PathPoint(path[-1].time, quote.price, path[-1].volume + traded)
        else:
            path.append(PathPoint(quote.exchange_time, quote.price, traded))


def clean_tail(chunk: bytes) -> list[str]:
    """The lines of a piece of stderr, harmless and short."""
    return [clean(line, 160) for line in chunk.decode("utf-8", "replace").splitlines()]
