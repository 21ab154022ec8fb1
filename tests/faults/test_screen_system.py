"""The whole system hit from outside: feed and terminal killed, a terminal that takes nothing, a disk that is full."""

import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.conftest import Table
from tests.faults.record import Holdings, Seen, losses
from tests.faults.scene import JD, NOTE, START, terminal_in
from tests.faults.scene_link import SceneClock
from tests.faults.terminals import Forked, in_little_room
from tests.feeds import feed_socket, running, start_feed
from tests.pty import Pty, Screen
from tests.world.server import World
from tui.config.paths import Paths
from tui.sources.sample import load_sample
from tui.store.notes import NoteBook

# The long form of the fault suite sets more.
KILLS = int(os.environ.get("WHYMOVE_FAULT_KILLS", "20"))
DEMO = (sys.executable, "-m", "tui", "demo", "--at", START)
SAVE = "\x13"
# Seconds of a feed's life within which it is killed: from its first instruction to well after its first words.
LIFE_S = 1.2
# Thirty frames wait in Textual's queue while nobody reads; the loop stands then, and the feed keeps one more for it.
FRAMES, FRAME_BYTES = 31, 4500


def painted(terminal: Screen, notes: str = "sample") -> Seen:
    """What stands on a terminal of its own, and the rows and notes that there are."""
    lines = terminal.screen()
    rows = [line.strip("│▸ ") for line in lines]
    shown = [row[:4] for row in rows if re.match(r"\d{4} +\d", row)]
    with closing(NoteBook(Paths().notes(notes))) as book:
        kept = {note.id: float(len(note.text)) for note in book.list()}
    row = next((row for row in rows if row.startswith("9618")), "")
    return Seen(lines, row, lines[-2], {"rows": dict.fromkeys(shown, 1), "notes": kept})


# --- killed


async def test_the_feed_is_killed_at_any_instant(tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows stay, the loss is said, a new feed comes by itself, and the cache is never damaged."""
    monkeypatch.setattr("tui.ui.link.PAUSES_S", (0.05,))
    chance = random.Random(1)
    clock = SceneClock(START, 0)
    world = World(tmp_path, load_sample(), clock)
    async with terminal_in(tmp_path, world, clock, source="sample") as scene:
        await scene.until(lambda s: s.settled and s.app.desk.state.events)
        before = holds = scene.look(JD).holds
        await scene.to_the_top()
        monkeypatch.setattr("tui.ui.link.PAUSES_S", (2.0, 0.05))
        os.kill(scene.link.feed_pid, signal.SIGKILL)
        await scene.until(lambda s: "feed gone" in s.status_line)
        said = scene.look(JD)
        clock.speed = 30.0
        for number in range(KILLS):
            await scene.until(lambda s: s.link.child_pid)
            pid = scene.link.child_pid
            assert pid, "a signal to process 0 would end this one"
            await asyncio.sleep(chance.uniform(0.0, LIFE_S))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            await scene.until(lambda s, pid=pid: s.link.child_pid != pid)  # type: ignore[misc]
            check_cache(Paths().cache("sample"), forget=number % 4 == 3)
            now = scene.look(JD).holds
            assert losses(holds, now)[0] == 0, (losses(holds, now), scene.lines())
            holds = now
        await scene.until(lambda s: s.link.feed_pid == s.link.child_pid and s.settled)
        table.add("feed killed −9 at random instants", None, before, replace(said, holds=scene.look(JD).holds))


def check_cache(cache: Path, *, forget: bool) -> None:
    """A killed feed has left a sound cache, or none; now and then it is taken away, so that another one is made."""
    assert not list(cache.parent.glob("*damaged*"))
    if cache.exists():
        with closing(sqlite3.connect(cache, timeout=30)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if forget:
        for file in cache.parent.glob(cache.name + "*"):
            file.unlink(missing_ok=True)


@contextmanager
def a_feed_for_all() -> Iterator[None]:
    """A feed that terminals share, so that each of them starts in a moment. Its pipe says nothing."""
    settings = Paths().config_file
    settings.parent.mkdir(parents=True)
    silent = f'["{sys.executable}", "-c", "import time; time.sleep(3600)"]'
    settings.write_text(f"[news]\nsources = []\n[pipe]\ncommand = {silent}\n")
    arguments = ("--source", "pipe", "--at", START, "--speed", "0")
    with running(start_feed(*arguments, path=feed_socket("pipe"))) as feed:
        feed.terminal().close()
        yield


def test_the_terminal_is_killed_while_it_saves_a_note(table: Table) -> None:
    """Whenever it is killed: a note that it called saved is there, no note is there twice, and the file is sound."""
    chance = random.Random(3)
    saved: dict[str, float] = {}
    with a_feed_for_all():
        for number in range(KILLS):
            text = f"thought {number}"
            with Forked(["--source", "pipe"]) as terminal:
                terminal.until("9618")
                terminal.write("n")
                terminal.until("new note")
                terminal.write(text + SAVE)
                if number == 0:
                    terminal.until("saved")
                    terminal.until("▸ thought 0")
                    terminal.until("next 14:31")
                    first = painted(terminal, "pipe")
                end = time.monotonic() + chance.uniform(0.0, 0.3)
                while time.monotonic() < end:
                    terminal.read(0.01)
                said = any("saved" in line and "not saved" not in line.lower() for line in terminal.screen()[-3:])
                terminal.kill()
            with closing(NoteBook(Paths().notes("pipe"))) as book:
                assert not book.notices, "a kill is no damage"
                texts = [note.text for note in book.list()]
            assert len(texts) == len(set(texts)), "no note is doubled"
            if said:
                saved[text] = 1
            assert losses({"notes": saved}, {"notes": dict.fromkeys(texts, 1)})[0] == 0, (saved, texts)
            saved |= dict.fromkeys(texts, 1)
    held: Holdings = {"notes": dict.fromkeys(texts, 1)}
    table.add("terminal killed −9 while it saves a note", None, {"notes": saved}, replace(first, holds=held))


# --- blocked


@pytest.fixture
def a_note() -> None:
    """One that was written before."""
    with closing(NoteBook(Paths().notes("sample"))) as book:
        book.add(NOTE)


def block(table: Table, seconds: float) -> None:
    """Nobody reads the terminal's output until the replay has come to its end; then that end is shown, and no backlog.

    The replay has two and a half hours to go, and goes them in four fifths of the time.
    """
    speed = 149 * 60 / (seconds * 0.8)
    with Pty([*DEMO, "--speed", str(speed)]) as terminal:
        # The prices are there; until the feed speaks, the time is the machine's.
        terminal.until("▴")
        before, taken = painted(terminal).holds, terminal.received
        time.sleep(seconds)
        read_on = time.monotonic()
        terminal.until("17:00  closed")
        terminal.until("106.60  ▴  +9.95 own +6.85")
        taken, waited = terminal.received - taken, time.monotonic() - read_on
        assert taken <= FRAMES * FRAME_BYTES, "frames that nobody needs any more"
        # In an order that does not depend on when the first prices came.
        terminal.until("sample resting")
        terminal.write("zg")
        terminal.until("▸9618")
        terminal.until("timeline  9618")
        terminal.write("lgh")
        terminal.until("▸Fri 6 Mar")
        terminal.until("s sort  n note")
        seen = painted(terminal)
        # Whether the last question has just been answered or the source rests again is a matter of the moment.
        lines = [line.replace("sample ok", "sample resting") for line in seen.lines]
        caught_up = f"{seen.status} ({taken} bytes and {waited:.1f} s until the newest state)"
        table.add(f"output blocked for {seconds:g} s", None, before, replace(seen, lines=lines, status=caught_up))
        terminal.write("q")


@pytest.mark.usefixtures("a_note")
def test_the_output_is_blocked_for_a_while(table: Table) -> None:
    block(table, 4.0)


@pytest.mark.slow
@pytest.mark.usefixtures("a_note")
def test_the_output_is_blocked_for_a_minute(table: Table) -> None:
    block(table, 60.0)


# --- full


@pytest.mark.usefixtures("short_home", "a_note")
def test_a_full_disk_costs_no_text_and_is_said(table: Table) -> None:
    with Pty(in_little_room("-m", "tui", "demo", "--at", START, "--speed", "0")) as terminal:
        terminal.until("▴")
        terminal.until("▪1")
        terminal.until("timeline  2618")
        before = painted(terminal).holds
        terminal.write("n")
        terminal.until("new note")
        terminal.write("kept on the screen")
        terminal.until("kept on the screen")
        terminal.write(SAVE)
        terminal.until("NOT SAVED")
        seen = painted(terminal)
        said = next(line for line in seen.lines if "NOT SAVED" in line)
        assert any("kept on the screen" in line for line in seen.lines)
        table.add("full disk", None, before, replace(seen, status=said))
