"""The cache under real processes: killed at any instant, four at once, no room, no permission, locked, damaged."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.faults import cache_writer
from tests.faults.cache_writer import BARS, batch, symbol
from tests.read_only import read_only
from tui.domain.symbol import Symbol
from tui.store.cache import Cache, CacheError
from tui.store.database import connect, is_sound
from tui.store.survey import survey

ROOT = Path(__file__).parents[2]
# The long form of the fault suite sets more.
KILLS = int(os.environ.get("WHYMOVE_FAULT_KILLS", "20"))
DAMAGES = 24


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "cache-yahoo.sqlite"


def writer(path: Path, first: int, *more: str) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "tests.faults.cache_writer", str(path), str(first), *more]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def opened(process: "subprocess.Popen[str]") -> str:
    """The first line of a writer, which it prints when its cache is open."""
    assert process.stdout is not None
    return process.stdout.readline()


def ended(process: "subprocess.Popen[str]") -> str:
    """What else a writer said before its end."""
    assert process.stdout is not None
    assert process.stderr is not None
    # Not communicate(), which misses what readline() has read ahead.
    output, errors = process.stdout.read(), process.stderr.read()
    process.wait(timeout=20)
    assert errors == ""
    return output


def numbers(output: str) -> list[int]:
    """The batches that a writer reported as stored."""
    return [int(line) for line in output.splitlines() if line.isdigit()]


def forked_writer(path: Path, first: int, output: Path) -> None:
    """What `writer` is, forked: a new interpreter would take most of the time of a test that kills twenty of them."""
    with output.open("w") as sys.stdout:
        sys.argv = ["", str(path), str(first)]
        cache_writer.main()


def test_killed_at_any_instant_it_loses_nothing_it_reported(path: Path, tmp_path: Path) -> None:
    draw = random.Random(4)
    reported: list[int] = []
    output = tmp_path / "output"
    for _ in range(KILLS):
        output.write_text("")
        process = get_context("fork").Process(target=forked_writer, args=(path, len(reported), output))
        process.start()
        while not (said := output.read_text()).endswith("\n"):
            assert process.is_alive(), said
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.06))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        said = output.read_text()
        assert said.splitlines()[0] == "open", "a killed writer leaves nothing to mend"
        reported += numbers(said[: said.rindex("\n")])
        with closing(Cache.open_reader(path)) as cache:
            # The batch under way may be there as well, but never in part.
            written = [batch_number for batch_number in range(len(reported) + 1) if cache.bars(symbol(batch_number))]
            assert written[: len(reported)] == reported == list(range(len(reported)))
            for number in written[-3:]:
                assert cache.bars(symbol(number)) == tuple(batch(number))
    with closing(Cache.open_writer(path)) as cache:
        assert cache.notices == ()
        for number in reported:
            assert cache.bars(symbol(number)) == tuple(batch(number))
    assert len(reported) > KILLS
    assert survey(path).sound


def test_four_programs_that_make_it_at_once(path: Path) -> None:
    processes = [writer(path, 1000 * number) for number in range(4)]
    firsts = [opened(process) for process in processes]
    stored = numbers("".join(opened(process) for process in processes))
    assert len({number // 1000 for number in stored}) == 4, "each of them could write"
    for process in processes:
        process.kill()
        stored += numbers(ended(process))
    assert firsts == ["open\n"] * 4
    with closing(Cache.open_writer(path)) as cache:
        assert all(len(cache.bars(symbol(number))) == BARS for number in stored)


def test_a_full_disk_is_said_and_harms_nothing(path: Path) -> None:
    process = writer(path, 0, str(256 * 1024))
    output = ended(process)
    assert process.returncode == 3
    stored = numbers(output)
    assert len(stored) > 5
    assert output.splitlines()[-1].startswith("the disk ")
    with closing(Cache.open_writer(path)) as cache:
        assert cache.notices == ()
        for number in stored:
            assert cache.bars(symbol(number)) == tuple(batch(number))
        cache.put_bars(batch(5000))
        assert len(cache.bars(symbol(5000))) == BARS


def test_a_read_only_disk(path: Path) -> None:
    with closing(Cache.open_writer(path)) as cache:
        cache.put_bars(batch(1))
    with read_only(path.parent):
        with closing(Cache.open_reader(path)) as reader:
            assert reader.bars(symbol(1)) == tuple(batch(1))
        with pytest.raises(CacheError, match=f"{path.name} cannot be .*{path.parent}"):
            Cache.open_writer(path)
        with pytest.raises(CacheError, match="cannot be"):
            Cache.open_writer(path.with_name("cache-pipe.sqlite"))
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    with closing(Cache.open_writer(path)) as cache:
        cache.put_bars(batch(2))


def test_a_locked_cache_is_waited_for_and_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Cache.open_writer(path)) as cache:
        cache.put_bars(batch(1))
    # Five seconds of patience are right for a feed and too long for a test.
    monkeypatch.setattr(connect, "__kwdefaults__", {**(connect.__kwdefaults__ or {}), "busy_s": 0.05})
    inode = path.stat().st_ino
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for attempt in (Cache.open_writer, Cache.open_reader):
            with pytest.raises(CacheError, match="locked by another program"):
                attempt(path)
        other.execute("ROLLBACK")
    assert path.stat().st_ino == inode
    assert not list(path.parent.glob("*.damaged*"))
    with closing(Cache.open_writer(path)) as cache:
        assert cache.bars(symbol(1)) == tuple(batch(1))


def damaged(content: bytes, draw: random.Random) -> bytes:
    """A file that was cut short, has random bytes somewhere, or lost whole pages."""
    body = bytearray(content)
    match draw.randrange(4):
        case 0:
            return bytes(body[: draw.randrange(len(body))])
        case 1:
            start = draw.randrange(len(body))
            body[start : start + 200] = draw.randbytes(min(200, len(body) - start))
        case 2:
            for _ in range(draw.randrange(1, 4)):
                start = draw.randrange(len(body) // 4096) * 4096
                body[start : start + 4096] = bytes(4096)
        case _:
            for _ in range(50):
                body[draw.randrange(len(body))] = draw.randrange(256)
    return bytes(body)


def test_damaged_in_any_way_it_answers_refuses_or_is_rebuilt(path: Path) -> None:
    with closing(Cache.open_writer(path)) as cache:
        for number in range(30):
            cache.put_bars(batch(number))
    whole = path.read_bytes()
    rebuilt = 0
    for seed in range(DAMAGES):
        path.write_bytes(damaged(whole, random.Random(seed)))
        with suppress(CacheError), closing(Cache.open_reader(path)) as reader:
            for number in range(30):
                with suppress(CacheError):
                    reader.bars(symbol(number))
        with closing(Cache.open_writer(path)) as cache:
            rebuilt += bool(cache.notices)
            cache.put_bars(batch(77))
            assert cache.bars(symbol(77)) == tuple(batch(77))
        with closing(connect(path, readonly=True)) as connection:
            assert is_sound(connection)
        for entry in path.parent.iterdir():
            entry.unlink()
    assert rebuilt > DAMAGES // 2


def test_a_damaged_cache_is_set_aside_and_said(path: Path) -> None:
    with closing(Cache.open_writer(path)) as cache:
        cache.put_bars(batch(1))
    path.write_bytes(b"SQLite format 3\0" + b"damage" * 2000)
    broken = path.read_bytes()
    with pytest.raises(CacheError, match="is damaged"):
        Cache.open_reader(path)
    with closing(Cache.open_writer(path)) as cache:
        (kept,) = path.parent.glob("*.damaged*")
        assert cache.notices == (f"the cache was damaged and is rebuilt; the old one is {kept.name}",)
        assert kept.read_bytes() == broken
        assert cache.bars(Symbol("0001.HK")) == ()
    with closing(Cache.open_writer(path)) as cache:
        assert cache.notices == ()
