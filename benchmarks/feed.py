"""The feed: its start, its memory, its share of a core, and what a tick of a hundred rows costs."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.crowd import crowd, stocks
from benchmarks.measure import median_ms
from tests.feeds import running, start_feed
from tui import wire
from tui.config.tables import sector_table
from tui.domain.clock import FixedClock
from tui.domain.symbol import Symbol
from tui.feed.coverage import Coverage
from tui.feed.factory import moment_of, sample_sectors
from tui.feed.fits import Fits
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.parties import Parties
from tui.feed.rows import Rows
from tui.sources.sample import Sample, SampleSource, load_sample

SECONDS = 10.0
AFTERNOON = moment_of("2026-03-06T14:31")
TICK = os.sysconf("SC_CLK_TCK")


def run() -> None:
    """Print it all."""
    process()
    import asyncio

    asyncio.run(tick(100))


def process() -> None:
    """A feed process on the sample with all its stocks, at several speeds of the replay."""
    symbols = stocks(load_sample())
    print(
        f"{'feed process, ' + str(len(symbols)) + ' stocks':34}{'snapshot s':>11}{'RSS MB':>8}{'CPU %':>7}{'kB/s':>7}"
    )
    for speed in ("0", "1", "30", "60"):
        folder = Path(tempfile.mkdtemp(prefix="whymove-bench-"))
        try:
            began = time.perf_counter()
            feed = start_feed("--source", "sample", "--private", "--speed", speed, path=folder / "run" / "f.sock")
            with running(feed), feed.terminal(*symbols) as terminal:
                terminal.snapshot()
                first_s = time.perf_counter() - began
                cpu, start, received = cpu_s(feed.process.pid), time.perf_counter(), 0
                while (left := start + SECONDS - time.perf_counter()) > 0:
                    try:
                        received += len(wire.encode(terminal.read(left)))
                    except TimeoutError:
                        break
                took = time.perf_counter() - start
                share = 100 * (cpu_s(feed.process.pid) - cpu) / took
                label = "time stands" if speed == "0" else f"replay at {speed}x"
                mb = rss_mb(feed.process.pid)
                print(f"  {label:32}{first_s:11.2f}{mb:8.0f}{share:7.1f}{received / took / 1024:7.1f}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


async def tick(count: int) -> None:
    """In this process: every one of `count` rows made anew, as when the index moves."""
    sample: Sample = crowd(count)
    symbols: tuple[Symbol, ...] = stocks(sample)
    clock = FixedClock(AFTERNOON)
    source = SampleSource(clock, sample)
    sectors = sample_sectors(sample, sector_table())
    days = MarketDays(lambda first, last: [day for day in sample.trading_days if first <= day.day <= last])
    days.load(sample.trading_days[-1].day)
    fits = Fits(sectors, Symbol("^HSI"))
    news = NewsDesk(sectors, Coverage([source.name]))
    news.take((await source.news(symbols, 0, AFTERNOON)).events, days.days)
    rows = Rows(clock, Parties(source, sectors, lambda first, last: sample.trading_days), days, fits, news)
    rows.watch(symbols)
    for symbol in sample.bars:
        fits.take_bars(symbol, await source.bars(symbol, sample.trading_days[0].day))
    rows.tape.take_quotes(await source.quotes(tuple(sample.bars)), AFTERNOON)
    rows.tape.take_paths(await source.paths(tuple(sample.bars)))
    wanted = dict.fromkeys(symbols, sample.trading_days[0].day) | {
        symbol: day for symbol in symbols if (day := rows.tape.day(symbol)) is not None
    }
    began = time.perf_counter()
    await fits.refit(wanted, days.days)
    refit_ms = (time.perf_counter() - began) * 1000
    rows.update(symbols)
    assert all((row := rows.state.row(symbol)) is not None and row.day is not None for symbol in symbols)
    split_ms = median_ms(lambda: [rows.attributor.tell(symbol) for symbol in symbols])
    rows_ms = median_ms(lambda: rows.update(symbols))
    wire_ms = median_ms(lambda: wire.encode(rows.state.snapshot()))
    print(f"{count} rows, in process: bars to fits {refit_ms:.0f} ms (off the loop), split {split_ms:.1f} ms,")
    print(f"  whole rows {rows_ms:.1f} ms, snapshot on the wire {wire_ms:.1f} ms")


def cpu_s(pid: int) -> float:
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def rss_mb(pid: int) -> float:
    """Resident memory of a process, MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
