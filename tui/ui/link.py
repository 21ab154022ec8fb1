"""The terminal's end of the wire: finds or starts the feed, keeps the newest state, comes back after a loss.

No Textual here, so that commands can ask a feed the same way:

    link = FeedLink(socket, version, start=StartFeed(argv, log))
    link.watch(symbols)
    async for event in link.events():
        ...
"""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Final, cast

from tui.config.errors import FileError
from tui.config.paths import private_file
from tui.domain.clock import Clock, FixedClock, ReplayClock, SystemClock
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import to_iso
from tui.wire import (
    EXIT_ALREADY_RUNNING,
    PROTOCOL,
    READ_LIMIT,
    Ahead,
    AskAhead,
    AskEffect,
    AskHistory,
    AskLeave,
    AskRefresh,
    AskSnapshot,
    AskUnexplained,
    Bye,
    Change,
    ClockInfo,
    Effects,
    FeedFrame,
    FrameError,
    Greeting,
    Hello,
    History,
    Refused,
    Snapshot,
    TerminalFrame,
    Unexplained,
    Watch,
    decode_feed,
    encode,
)

# Seconds between two tries; the last one repeats. A link that held for STEADY_S starts from the first again.
PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
STEADY_S: Final = 30.0
START_PATIENCE_S: Final = 30.0
# A feed that found another one running is started again after so long, where that one cannot be reached.
LEAVING_S: Final = 1.0
HELLO_PATIENCE_S: Final = 10.0
BAD_FRAMES_LIMIT: Final = 3
_CONNECT_STEP_S: Final = 0.05
_LOG_LIMIT: Final = 1024 * 1024


@dataclass(frozen=True)
class StartFeed:
    """How to start a feed: its command line, and the file that its stdout and stderr go to.

    A replay that was heard before is started again where it would stand now.
    """

    argv: tuple[str, ...]
    log: Path


@dataclass(frozen=True)
class Connected:
    """A feed said hello; a snapshot follows."""

    hello: Hello


@dataclass(frozen=True)
class Lost:
    """There is no feed now, and why. The next try follows in `retry_s` seconds."""

    reason: str
    retry_s: float


@dataclass(frozen=True)
class Incompatible:
    """A feed of another version that cannot be talked to, and what to do about it."""

    reason: str
    retry_s: float


Answer = Snapshot | Change | History | Effects | Ahead | Unexplained | Refused
LinkEvent = Connected | Lost | Incompatible | Answer


class _LinkLost(Exception):
    """This connection is over; the sentence says why."""


class _WrongVersion(_LinkLost):
    """The feed speaks another protocol and does not leave."""


class FeedLink:
    """One terminal's link to one feed. `start` None: only an existing feed is used."""

    def __init__(self, socket: Path, version: str, *, start: StartFeed | None) -> None:
        self._socket = socket
        self._version = version
        self._start = start
        self._child: subprocess.Popen[bytes] | None = None
        self._log_mark = 0
        self._world: Clock | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._watch = Watch(())
        self._histories: dict[Symbol, AskHistory] = {}
        self._seq: int | None = None

    # --- requests; each is kept until a feed is there

    def watch(self, symbols: tuple[Symbol, ...], visible: tuple[Symbol, ...] = ()) -> None:
        """Tell the feed what this terminal needs."""
        wanted = Watch(symbols, visible)
        if wanted != self._watch:
            self._watch = wanted
            self._send(wanted)

    def ask_history(self, symbol: Symbol, days: int, until: date | None = None) -> None:
        """Ask for a stock's attributed days; a History follows."""
        request = AskHistory(symbol, days, until)
        self._histories[symbol] = request
        self._send(request)

    def ask(self, question: AskEffect | AskAhead | AskUnexplained) -> bool:
        """Ask something whose answer is a frame of its own. False where there is no feed to ask."""
        return self._send(question)

    def ask_refresh(self) -> bool:
        """Ask the sources now; False where there is no feed to ask."""
        return self._send(AskRefresh())

    def _send(self, frame: TerminalFrame) -> bool:
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(encode(frame))
        return True

    # --- the life of the link

    async def events(self) -> AsyncGenerator[LinkEvent, None]:
        """Everything the feed says, and what becomes of the link, until the caller stops listening."""
        loop = asyncio.get_running_loop()
        attempt = 0
        while True:
            connected_at: float | None = None
            try:
                reader, self._writer = await self._connect()
                try:
                    yield Connected(await self._greet(reader))
                    connected_at = loop.time()
                    async for answer in self._answers(reader):
                        yield answer
                finally:
                    self._hang_up()
            except (OSError, EOFError, FrameError, _LinkLost) as error:
                if connected_at is not None and loop.time() - connected_at >= STEADY_S:
                    attempt = 0
                pause = PAUSES_S[min(attempt, len(PAUSES_S) - 1)]
                attempt += 1
                reason = clean(str(error) or "the feed hung up", 200)
                yield Incompatible(reason, pause) if isinstance(error, _WrongVersion) else Lost(reason, pause)
                await asyncio.sleep(pause)

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        self._seq = None

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to a feed that is there, else to one that is started now."""
        with suppress(OSError):
            return await asyncio.open_unix_connection(self._socket, limit=READ_LIMIT)
        if self._start is None:
            raise _LinkLost("no feed is running")
        self._start_feed(self._start)
        loop = asyncio.get_running_loop()
        began = started = loop.time()
        met_another = False
        while loop.time() < began + START_PATIENCE_S:
            code = self._child.poll() if self._child else EXIT_ALREADY_RUNNING
            with suppress(OSError):
                return await asyncio.open_unix_connection(self._socket, limit=READ_LIMIT)
            if code not in (None, EXIT_ALREADY_RUNNING):
                raise _LinkLost(self._last_words(self._start))
            if code == EXIT_ALREADY_RUNNING and loop.time() >= started + LEAVING_S:
                # The other one was about to leave, or is still opening its door.
                met_another = True
                self._start_feed(self._start)
                started = loop.time()
            await asyncio.sleep(_CONNECT_STEP_S)
        if met_another:
            raise _LinkLost(f"another feed of this source runs, and has not answered for {START_PATIENCE_S:.0f} s")
        raise _LinkLost(f"the feed was started but did not answer for {START_PATIENCE_S:.0f} s")

    def _start_feed(self, start: StartFeed) -> None:
        """Start a feed of its own session, so that no key or signal of this terminal reaches it."""
        if self._child is not None and self._child.poll() is None:
            return
        with suppress(OSError):
            if start.log.stat().st_size > _LOG_LIMIT:
                start.log.unlink()
        try:
            private_file(start.log)
            log: IO[bytes] | int = start.log.open("ab")
        except (FileError, OSError):
            # A home that takes no file is no reason to have no feed.
            log = subprocess.DEVNULL
        try:
            self._log_mark = 0 if isinstance(log, int) else log.tell()
            where = (
                () if self._world is None or self._world.mode == "system" else ("--at", to_iso(self._world.now_ms()))
            )
            self._child = subprocess.Popen(
                (*start.argv, *where), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        finally:
            if not isinstance(log, int):
                log.close()

    def _last_words(self, start: StartFeed) -> str:
        """What the feed wrote last before it ended."""
        code = self._child.returncode if self._child else None
        with suppress(OSError), start.log.open("rb") as log:
            log.seek(self._log_mark)
            lines = [clean(line.decode("utf-8", "replace"), 160) for line in log.read(_LOG_LIMIT).splitlines()]
            said = [line for line in lines if line]
            if said:
                return f"the feed ended: {said[-1]}"
        return f"the feed ended with code {code}"

    async def _greet(self, reader: asyncio.StreamReader) -> Hello:
        """Exchange hello and greeting; an older feed that serves nobody else is asked to leave."""
        self._send(Greeting(PROTOCOL, self._version))
        try:
            async with asyncio.timeout(HELLO_PATIENCE_S):
                hello = await _read(reader)
        except TimeoutError as error:
            raise _LinkLost(f"the feed said nothing for {HELLO_PATIENCE_S:.0f} s") from error
        except FrameError as error:
            raise _LinkLost(f"something that is no feed answers at {self._socket.name}") from error
        if not isinstance(hello, Hello):
            raise _LinkLost(f"something that is no feed answers at {self._socket.name}")
        if hello.protocol > PROTOCOL:
            raise _WrongVersion(f"the feed is newer (version {hello.version}): start whymove again")
        if hello.protocol < PROTOCOL:
            await self._ask_to_leave(reader, hello)
        self._world = clock_of(hello.clock)
        self._send(self._watch)
        for request in self._histories.values():
            self._send(request)
        return hello

    async def _ask_to_leave(self, reader: asyncio.StreamReader, hello: Hello) -> None:
        self._send(AskLeave(self._version))
        reason = "does not answer"
        with suppress(TimeoutError, FrameError):
            async with asyncio.timeout(HELLO_PATIENCE_S):
                answer = await _read(reader)
                while not isinstance(answer, Refused | Bye):
                    answer = await _read(reader)
                if isinstance(answer, Bye):
                    raise _LinkLost(f"the older feed (version {hello.version}) made room")
                reason = answer.reason
        raise _WrongVersion(f"the feed is older (version {hello.version}) and stays: {reason}")

    async def _answers(self, reader: asyncio.StreamReader) -> AsyncIterator[Answer]:
        bad = 0
        while True:
            try:
                frame = await _read(reader)
            except FrameError as error:
                bad += 1
                if bad >= BAD_FRAMES_LIMIT:
                    raise _LinkLost("the feed sends what is no frame") from error
                # What was lost may have been a change, so the state is asked for again.
                self._seq = None
                self._send(AskSnapshot())
                continue
            if isinstance(frame, Bye):
                raise _LinkLost(f"the feed left: {frame.reason}")
            if isinstance(frame, Change):
                if self._seq is None:
                    continue
                if frame.base != self._seq:
                    self._seq = None
                    self._send(AskSnapshot())
                    continue
                self._seq = frame.seq
            elif isinstance(frame, Snapshot):
                self._seq = frame.seq
            elif isinstance(frame, History):
                self._histories.pop(frame.symbol, None)
            elif isinstance(frame, Hello):
                continue
            with self._rest():
                yield frame

    @contextmanager
    def _rest(self) -> Iterator[None]:
        """Read nothing while the caller has its hands full: the feed notices, and sends the newest state instead."""
        transport = cast(asyncio.ReadTransport, self._writer.transport) if self._writer else None
        if transport is not None:
            transport.pause_reading()
        yield
        if transport is not None:
            transport.resume_reading()


def clock_of(info: ClockInfo) -> Clock:
    """The feed's world as a clock of our own."""
    if info.mode == "replay":
        return ReplayClock(info.now, info.speed, info.end)
    return FixedClock(info.now) if info.mode == "fixed" else SystemClock()


async def _read(reader: asyncio.StreamReader) -> FeedFrame:
    """The next frame. EOFError: the feed hung up; FrameError: a line that is none."""
    try:
        line = await reader.readline()
    except ValueError as error:
        raise _LinkLost(f"the feed sent a line of more than {READ_LIMIT >> 20} MiB") from error
    if not line.endswith(b"\n"):
        raise EOFError("the feed hung up")
    return decode_feed(line)
