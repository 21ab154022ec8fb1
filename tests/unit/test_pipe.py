"""The pipe with real processes and a real socket."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from tui.domain.clock import SystemClock
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
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


async def test_silence_is_a_stall(sources: list[PipeSource]) -> None:
    code = PRINT_ONE % "519.0" + ";time.sleep(60)"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(code), stall_s=0.3)
    sources.append(source)
    await _until_price(source, 519.0)
    error = await _until_state(source, SourceState.HUNG)
    assert "has said nothing for" in str(error)


async def test_a_command_that_is_not_there(sources: list[PipeSource]) -> None:
    source = PipeSource(SystemClock(), NoHistory(), command=["/no/such/program"])
    sources.append(source)
    error = await _until_state(source, SourceState.OFFLINE)
    assert "the pipe (/no/such/program) could not be opened" in str(error)


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


async def test_closing_ends_the_command(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = f"import os; open({str(mark)!r}, 'w').write(str(os.getpid()));" + PRINT_ONE % "519.0" + ";time.sleep(600)"
    source = PipeSource(SystemClock(), NoHistory(), command=_python(code))
    await _until_price(source, 519.0)
    await source.close()
    assert not Path(f"/proc/{mark.read_text()}").exists()


def test_a_pipe_is_a_command_or_a_socket() -> None:
    with pytest.raises(ValueError, match="either a command or a socket"):
        PipeSource(SystemClock(), NoHistory())
