"""Real feed processes: started twice, killed at any instant, orphaned, refused by the disk, and shouted at."""

import os
import random
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.feeds import ALIBABA, COMMAND, JD, FeedProcess, Terminal, feed_socket, running, sample_feed, start_feed
from tui import wire
from tui.config.paths import Paths
from tui.store.cache import Cache
from tui.wire import EXIT_ALREADY_RUNNING

STILL = ("--at", "2026-03-06T14:31", "--speed", "0")


def gone(process_id: int, within_s: float = 10.0) -> bool:
    """True once no such process runs."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


# --- one feed ---


def test_two_terminals_share_one_feed() -> None:
    with sample_feed(*STILL) as feed, feed.terminal(JD) as first, feed.terminal(JD, ALIBABA) as second:
        mine, theirs = first.snapshot(), second.snapshot()
        assert [row.symbol for row in mine.rows] == [JD]
        assert {row.symbol for row in theirs.rows} == {JD, ALIBABA}
        assert first.hello.pid == second.hello.pid == feed.process.pid
        first.close()
        assert second.history(ALIBABA, 3).days, "one leaves, the other is served on"


def test_the_log_is_its_owners_alone() -> None:
    log = Paths().log("feed-sample")
    log.touch(0o644)
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        assert "serving sample" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_second_feed_is_refused_politely_and_harms_nothing() -> None:
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        with running(start_feed("--source", "sample")) as second:
            assert second.wait() == EXIT_ALREADY_RUNNING
            words = second.words()
        assert words == f"whymove: a feed for this source is already running (process {feed.process.pid})\n"
        assert terminal.history(JD, 2).days
        with feed.terminal(JD) as another:
            another.snapshot()


def test_of_many_started_at_once_one_lives() -> None:
    feeds = [start_feed("--source", "sample", "--leave-after", "5", *STILL) for _ in range(4)]
    try:
        deadline = time.monotonic() + 20
        while sum(feed.process.poll() is None for feed in feeds) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        alive = [feed for feed in feeds if feed.process.poll() is None]
        assert len(alive) == 1
        assert all(feed.process.returncode == EXIT_ALREADY_RUNNING for feed in feeds if feed is not alive[0])
        with alive[0].terminal(JD) as terminal:
            assert terminal.hello.pid == alive[0].process.pid
    finally:
        for feed in feeds:
            with running(feed):
                feed.process.terminate()


def test_what_a_killed_feed_left_is_in_nobodys_way() -> None:
    place = feed_socket()
    place.parent.mkdir(mode=0o700)
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(place))
    dead.close()
    place.with_suffix(".lock").write_text("1\n")
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        assert terminal.snapshot().rows
        assert place.with_suffix(".lock").read_text() == f"{feed.process.pid}\n"


def test_the_socket_is_ours_alone() -> None:
    place = feed_socket()
    place.parent.mkdir(mode=0o755)
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        assert place.stat().st_mode & 0o777 == 0o600
        assert place.parent.stat().st_mode & 0o777 == 0o700
        assert Paths().cache("sample").stat().st_mode & 0o077 == 0


def test_something_else_at_the_sockets_place_is_left_alone() -> None:
    place = feed_socket()
    place.parent.mkdir(mode=0o700)
    place.write_text("a letter")
    with running(start_feed("--source", "sample")) as feed:
        assert feed.wait() == 1
        assert "is no socket: move it away" in feed.words()
    assert place.read_text() == "a letter"


# --- leaving ---


def test_it_leaves_after_the_last_terminal_and_where_none_comes() -> None:
    with running(start_feed("--source", "sample", "--leave-after", "0.3", *STILL)) as alone:
        assert alone.wait() == 0
    with running(start_feed("--source", "sample", "--leave-after", "0.5", *STILL)) as feed:
        with feed.terminal(JD) as terminal:
            terminal.snapshot()
            time.sleep(1.0)
            assert feed.process.poll() is None, "not while a terminal is there"
        assert feed.wait() == 0
    assert not feed_socket().exists()


def test_it_may_be_told_to_stay() -> None:
    with running(start_feed("--source", "sample", "--leave-after", "0", *STILL)) as feed:
        with feed.terminal(JD) as terminal:
            terminal.snapshot()
        time.sleep(0.7)
        assert feed.process.poll() is None


def test_it_makes_room_for_a_newer_one_when_it_serves_nobody_else() -> None:
    with sample_feed(*STILL) as feed, feed.terminal(JD) as busy, feed.terminal(greet=False) as newer:
        busy.snapshot()
        newer.send(wire.Greeting(wire.PROTOCOL + 1, "99"), wire.AskLeave("99"))
        assert newer.read() == wire.Refused("ask_leave", "it serves 1 other terminal")
        busy.close()
        deadline = time.monotonic() + 10
        while isinstance(answer := _ask_to_leave(feed), wire.Refused) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert isinstance(answer, wire.Bye)
        assert feed.wait() == 0


def _ask_to_leave(feed: FeedProcess) -> wire.FeedFrame:
    with feed.terminal(greet=False) as newer:
        newer.send(wire.AskLeave("99"))
        return newer.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        feed.process.send_signal(number)
        while not isinstance(terminal.read(), wire.Bye):
            pass
        with pytest.raises(EOFError):
            terminal.read()
        assert feed.wait() == 0
    cache = Paths().cache("sample")
    assert not feed_socket().exists()
    assert not cache.with_name(cache.name + "-wal").exists(), "the cache was closed"
    with_rows = Cache.open_reader(cache)
    assert [row.symbol for row in with_rows.rows()] == [JD]
    with_rows.close()


def test_the_window_that_started_a_shared_feed_may_close() -> None:
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        feed.process.send_signal(signal.SIGHUP)
        assert terminal.history(JD, 2).days


def test_a_private_feed_never_outlives_the_process_that_started_it(tmp_path: Path) -> None:
    path = tmp_path / "run" / "feed-sample-1.sock"
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    arguments = [*COMMAND, "--source", "sample", "--private", "--socket", str(path), *STILL]
    parent = subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    feed = FeedProcess(path, parent)
    try:
        with feed.terminal(JD) as terminal:
            terminal.snapshot()
            parent.kill()
            parent.wait()
            assert gone(child), "though a terminal still holds its socket"
        assert not path.exists()
    finally:
        parent.stdout.close()
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def test_a_private_feed_sweeps_up_after_killed_ones(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    dead = folder / "feed-sample-99.sock"
    leftover = socket.socket(socket.AF_UNIX)
    leftover.bind(str(dead))
    leftover.close()
    first, second = (folder / f"feed-sample-{number}.sock" for number in (1, 2))
    with sample_feed("--private", *STILL, path=first) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        assert not dead.exists()
        with sample_feed("--private", *STILL, path=second) as another, another.terminal(JD) as other:
            other.snapshot()
        assert terminal.history(JD, 2).days, "a living one is left alone"
    assert not Paths().cache("sample").exists(), "private feeds store nothing"


# --- the disk ---


def warned(words: str) -> Callable[[Terminal], bool]:
    return lambda terminal: any(words in warning for warning in terminal.status.warnings)


def test_a_full_disk_is_said_and_the_prices_go_on() -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    process = subprocess.Popen(
        [*COMMAND, "--source", "sample", "--leave-after", "5", *STILL],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=full,  # noqa: PLW1509 - a limit of the child alone
    )
    with running(FeedProcess(feed_socket(), process)) as feed, feed.terminal(JD) as terminal:
        terminal.until(warned("not stored"))
        terminal.until(lambda t: t.rows[JD].day)
        assert terminal.history(JD, 3).days


def test_a_damaged_cache_is_set_aside_and_said() -> None:
    cache = Paths().cache("sample")
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"SQLite format 3\x00" + random.Random(3).randbytes(20_000))
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.until(warned("damaged"))
        assert terminal.rows[JD].day is not None
    assert list(cache.parent.glob("*damaged*"))


def test_a_locked_cache_delays_nothing() -> None:
    cache = Paths().cache("sample")
    cache.parent.mkdir(parents=True)
    Cache.open_writer(cache).close()
    with sqlite3.connect(cache, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
            terminal.until(lambda t: t.rows.get(JD) and t.rows[JD].day)
            terminal.until(warned("not stored"))
        holder.execute("ROLLBACK")
    holder.close()


# --- shouted at ---


def test_a_storm_of_garbage_and_hangups_leaves_it_as_it_was() -> None:
    chance = random.Random(4)
    with sample_feed(*STILL) as feed, feed.terminal(JD) as terminal:
        terminal.snapshot()
        before = descriptors(feed)
        for _ in range(150):
            rude = socket.socket(socket.AF_UNIX)
            rude.connect(str(feed.path))
            with suppress(OSError):
                rude.sendall(
                    chance.choice([b"", b"\n" * 50, chance.randbytes(4000), b'{"frame":"watch"', b"[" * 90_000])
                )
            rude.close()
        assert terminal.history(JD, 2).days
        deadline = time.monotonic() + 5
        while descriptors(feed) > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert descriptors(feed) <= before


def descriptors(feed: FeedProcess) -> int:
    """How many files the feed has open."""
    return sum(1 for _ in Path(f"/proc/{feed.process.pid}/fd").iterdir())
