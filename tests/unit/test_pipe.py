"""The pipe with real processes and a real socket."""

import asyncio
import contextlib
import gc
import json
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import date, time
from pathlib import Path

import pytest

from tui.domain.clock import FixedClock, ReplayClock, SystemClock
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt
from tui.sources import child
from tui.sources.pipe import PipeSource
from tui.sources.ports import SourceError

TENCENT = Symbol("0700.HK")
PRINT_ONE = (
    "import json,sys,time; print(json.dumps({'symbol':'700','price':%s,'time':int(time.time()*1000)}), flush=True)"
)


class NoHistory:
    """A history source that has none."""

    name = "none"

    async def quotes(self, symbols: Sequence[Symbol]) -> dict[Symbol, Quote]:
        return {}

    async def paths(self, symbols: Sequence[Symbol]) -> dict[Symbol, Sequence[PathPoint]]:
        raise SourceError(SourceState.OFFLINE, "no history here")

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        return ()

    async def close(self) -> None:
        return


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
async def sources() -> AsyncIterator[list[PipeSource]]:
    opened: list[PipeSource] = []
    yield opened
    for source in opened:
        await source.close()


async def _until_state(source: PipeSource, state: SourceState) -> SourceError:
    async with asyncio.timeout(20):
        while True:
            try:
                await source.quotes([TENCENT])
            except SourceError as error:
                if error.state is state:
                    return error
            await asyncio.sleep(0.01)


async def _until_price(source: PipeSource, price: float) -> Quote:
    async with asyncio.timeout(20):
        while True:
            try:
                quotes = await source.quotes([TENCENT])
            except SourceError:
                quotes = {}
            if TENCENT in quotes and quotes[TENCENT].price == price:
                return quotes[TENCENT]
            await asyncio.sleep(0.01)


async def test_a_command_brings_prices_and_ends_and_is_started_again(sources: list[PipeSource], tmp_path: Path) -> None:
    counter = tmp_path / "starts"
    code = f"open({str(counter)!r}, 'a').write('x');" + PRINT_ONE % "519.0" + ";print('tired', file=sys.stderr)"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(code), pauses_s=(0.02,))
    sources.append(source)
    await _until_price(source, 519.0)
    error = await _until_state(source, SourceState.STOPPED)
    assert "ended with code 0: tired" in str(error)
    async with asyncio.timeout(20):
        while len(counter.read_text()) < 3:
            await asyncio.sleep(0.02)
    assert source.restarts >= 2
    path = (await source.paths([TENCENT]))[TENCENT]
    assert path[-1].price == 519.0


async def test_a_babbling_command_is_named_and_its_good_prices_stay(sources: list[PipeSource]) -> None:
    code = PRINT_ONE % "519.0" + ";[print('babble', flush=True) for _ in range(40)]; time.sleep(60)"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(code))
    sources.append(source)
    error = await _until_state(source, SourceState.BAD_DATA)
    assert "not a JSON object" in str(error)
    async with asyncio.timeout(20):
        while source.bad_lines < 40:
            await asyncio.sleep(0.01)
    assert (await source.paths([TENCENT]))[TENCENT][-1].price == 519.0


async def test_an_endless_line_is_refused_and_reading_goes_on(sources: list[PipeSource]) -> None:
    code = "import sys; sys.stdout.write('x'*300000 + '\\n');" + PRINT_ONE % "520.0" + ";time.sleep(60)"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(code))
    sources.append(source)
    await _until_price(source, 520.0)
    assert source.bad_lines >= 1


def _at(hour: int, minute: int) -> int:
    return from_hkt(date(2026, 3, 6), time(hour, minute))


def _say_once(moment: int) -> list[str]:
    line = json.dumps({"symbol": "700", "price": 519.0, "time": moment})
    return _python(f"import time; print({line!r}, flush=True); time.sleep(60)")


async def test_silence_is_a_stall_while_the_exchange_trades(sources: list[PipeSource]) -> None:
    clock = ReplayClock(_at(14, 31), 1.0)
    source = PipeSource(clock, NoHistory(), command=_say_once(_at(14, 31)), stall_s=0.3)
    sources.append(source)
    await _until_price(source, 519.0)
    error = await _until_state(source, SourceState.HUNG)
    assert "has said nothing for" in str(error)


@pytest.mark.parametrize(("hour", "minute"), [(12, 20), (13, 0), (9, 30), (20, 0)])
async def test_silence_at_lunch_and_at_night_is_none(sources: list[PipeSource], hour: int, minute: int) -> None:
    clock = FixedClock(_at(hour, minute))
    source = PipeSource(clock, NoHistory(), command=_say_once(_at(hour, minute)), stall_s=30)
    sources.append(source)
    await _until_price(source, 519.0)
    clock.advance(29)
    assert TENCENT in await source.quotes([TENCENT])
    if (hour, minute) in ((13, 0), (9, 30)):
        clock.advance(2)
        with pytest.raises(SourceError):
            await source.quotes([TENCENT])


async def test_while_the_pipe_speaks_what_it_does_not_repeat_stands(sources: list[PipeSource]) -> None:
    clock = FixedClock(_at(14, 31))
    source = PipeSource(clock, NoHistory(), command=_say_once(_at(14, 31)))
    sources.append(source)
    await _until_price(source, 519.0)
    clock.advance(600)
    assert source.accept(json.dumps({"symbol": "9988", "price": 130.0, "time": _at(14, 40)}).encode())
    clock.advance(10)
    quote = (await source.quotes([TENCENT]))[TENCENT]
    assert (quote.exchange_time, quote.received) == (_at(14, 31), _at(14, 41))


def test_a_symbol_that_a_speaking_pipe_never_tells_of_has_no_quote() -> None:
    clock = FixedClock(_at(14, 31))
    source = PipeSource(clock, NoHistory(), command=["bridge"])
    clock.advance(600)
    assert source.problem(TENCENT) is None, "it has not spoken yet"
    assert source.accept(json.dumps({"symbol": "9988", "price": 130.0, "time": _at(14, 40)}).encode())
    clock.advance(30)
    assert source.problem(TENCENT) is None, "its first words are not over"
    clock.advance(31)
    assert source.problem(TENCENT) == Reason(Why.NO_QUOTE, "bridge")
    assert source.problem(Symbol("9988.HK")) is None
    assert source.accept(json.dumps({"symbol": "700", "price": 519.0, "time": _at(14, 41)}).encode())
    assert source.problem(TENCENT) is None


async def test_a_command_that_is_not_there(sources: list[PipeSource]) -> None:
    source = PipeSource(SystemClock(), NoHistory(), command=["/no/such/program"])
    sources.append(source)
    error = await _until_state(source, SourceState.OFFLINE)
    assert "the pipe (program) could not be opened" in str(error)


async def test_a_socket(sources: list[PipeSource], tmp_path: Path) -> None:
    path = tmp_path / "prices.sock"
    now = SystemClock().now_ms()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for price, age in ((518.0, 2), (519.0, 1), (517.0, 3), (600.0, -3_600_000)):
            line = {"symbol": "0700.HK", "price": price, "time": now - age, "volume": 10}
            writer.write(json.dumps(line).encode() + b"\n")
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        source = PipeSource(SystemClock(), NoHistory(), socket=path)
        sources.append(source)
        # The older 517 arrives late and the 600 comes from an hour ahead: neither replaces 519.
        await _until_price(source, 519.0)
        async with asyncio.timeout(20):
            while source.bad_lines == 0:
                await asyncio.sleep(0.01)
        assert (await source.quotes([TENCENT]))[TENCENT].price == 519.0
        await source.close()


def _gone(pid: int) -> bool:
    """Whether a process has ended; one that waits for a parent which is no child of ours has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


# Neither the command nor what it starts minds being asked to end.
STUBBORN = """
import json, os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
other = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
pathlib.Path(%r).write_text(f"{os.getpid()} {other.pid}")
while True:
    print(json.dumps({"symbol": "700", "price": 519.0, "time": int(time.time() * 1000)}), flush=True)
    print("complaint", file=sys.stderr, flush=True)
    time.sleep(0.05)
"""


@pytest.mark.filterwarnings("error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning")
async def test_closing_ends_the_command_and_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "END_PATIENCE_S", 0.2)
    mark = tmp_path / "pids"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(STUBBORN % str(mark)))
    await _until_price(source, 519.0)
    await source.close()
    async with asyncio.timeout(20):
        while not all(_gone(int(pid)) for pid in mark.read_text().split()):
            await asyncio.sleep(0.01)
    gc.collect()


@pytest.mark.filterwarnings("error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning")
async def test_a_command_that_ends_by_itself_leaves_no_pipe_open(sources: list[PipeSource]) -> None:
    code = PRINT_ONE % "519.0" + ";print('tired', file=sys.stderr)"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(code), pauses_s=(0.02,))
    sources.append(source)
    async with asyncio.timeout(20):
        while source.restarts < 3:
            with contextlib.suppress(SourceError):
                await source.quotes([TENCENT])
            await asyncio.sleep(0.02)
    gc.collect()


def test_a_pipe_is_a_command_or_a_socket() -> None:
    with pytest.raises(ValueError, match="either a command or a socket"):
        PipeSource(SystemClock(), NoHistory())
