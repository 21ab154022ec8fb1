"""The whole system hit from outside: feed and terminal killed, a terminal that takes nothing, a disk that is full."""

import asyncio
import os
import random
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.faults.conftest import Table
from tests.faults.scene import JD, SceneClock, terminal_in
from tests.pty import Pty
from tests.world.server import World
from tui.config.paths import Paths
from tui.sources.sample import load_sample
from tui.store.notes import NoteBook
from tui.ui.model import LinkPhase

AT = ("--at", "2026-03-06T14:31")
DEMO = (sys.executable, "-m", "tui", "demo", *AT)
SAVE, ESCAPE = "\x13", "\x1b"
# No file may grow beyond this many bytes: room for settings, none for a database.
ROOM = 12_000
LIMITED = (
    f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, {ROOM})); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


async def kill_feeds(folder: Path, table: Table, rounds: int, seed: int) -> None:
    """Kill the feed −9 again and again: the rows stay, the loss is said, and a new feed comes by itself."""
    chance = random.Random(seed)
    clock = SceneClock("2026-03-06T14:31", 30)
    world = World(folder, load_sample(), clock)
    async with terminal_in(folder, world, clock, source="sample") as scene:
        await scene.until(lambda s: s.complete and not s.blank())
        for _ in range(rounds):
            pid = scene.link.feed_pid
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            os.kill(pid, signal.SIGKILL)
            await scene.until(lambda s: s.app.desk.state.link.phase is LinkPhase.LOST)
            await scene.until(lambda s: "feed gone" in s.status_line)
            said, row = scene.status_line, scene.line_of(JD)
            assert "the rows stay" in said
            assert not scene.blank(), "\n".join(scene.lines())
            assert scene.complete, "no value is lost with the feed"
            await scene.until(lambda s, pid=pid: s.link.feed_pid != pid)  # type: ignore[misc]
            await scene.until(lambda s: s.app.desk.state.link.phase is LinkPhase.LIVE and s.complete)
            assert not scene.blank()
        table.add(f"feed killed −9, {rounds} times", None, row, said)


async def test_the_feed_is_killed(tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.ui.link.PAUSES_S", (0.3,))
    await kill_feeds(tmp_path, table, 2, seed=1)


@pytest.mark.slow
async def test_the_feed_is_killed_often(tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.ui.link.PAUSES_S", (0.3,))
    await kill_feeds(tmp_path, table, 40, seed=2)


def kill_terminals(table: Table, rounds: int, seed: int) -> None:
    """Kill the terminal −9 around the moment in which it saves a note: what it called saved is there, once."""
    chance = random.Random(seed)
    saved: set[str] = set()
    for number in range(rounds):
        text = f"thought {number} of {rounds}"
        with Pty([*DEMO, "--speed", "0"]) as terminal:
            terminal.until("9618")
            terminal.write("n")
            terminal.until("new note")
            terminal.write(text)
            terminal.until(text)
            terminal.write(SAVE)
            end = time.monotonic() + chance.uniform(0.0, 0.25)
            while time.monotonic() < end:
                terminal.read(0.01)
            said = any("saved" in line and "not saved" not in line.lower() for line in terminal.screen()[-3:])
            terminal.kill()
        book = NoteBook(Paths().notes("sample"))
        texts = [note.text for note in book.list()]
        assert not book.notices, "a kill is no damage"
        book.close()
        if said:
            saved.add(text)
        assert len(texts) == len(set(texts)), "no note is doubled"
        assert saved <= set(texts), "a note that was called saved is lost"
        saved.update(texts)
    table.add(f"terminal killed −9 while saving, {rounds} times", None, f"{len(saved)} notes", "saved means on disk")


def test_the_terminal_is_killed_while_it_saves_a_note(table: Table) -> None:
    kill_terminals(table, 3, seed=3)


@pytest.mark.slow
def test_the_terminal_is_killed_often_while_it_saves_a_note(table: Table) -> None:
    kill_terminals(table, 40, seed=4)


def minute(terminal: Pty) -> int:
    """The time in the header, minutes after midnight."""
    found = re.search(r"(\d\d):(\d\d)", terminal.screen()[0])
    assert found, terminal.screen()[0]
    return int(found[1]) * 60 + int(found[2])


def block(table: Table, seconds: float) -> None:
    """Nobody reads the terminal's output for a while; then it shows the newest state and no backlog."""
    speed = 30.0
    with Pty([*DEMO, "--speed", str(speed)]) as terminal:
        terminal.until("9618")
        terminal.read(0.3)
        before = minute(terminal)
        time.sleep(seconds)
        began = time.monotonic()
        taken = len(terminal.read(0.2))
        passed = (seconds + time.monotonic() - began) * speed / 60
        terminal.until("JD.com")
        terminal.read(0.5)
        after = minute(terminal)
        table.add(f"output blocked for {seconds:g} s", None, f"{taken} bytes to catch up", terminal.screen()[0].strip())
        assert after >= min(before + passed - 2, 17 * 60)
        assert any("9618" in line for line in terminal.screen())
        terminal.write("q")


def test_the_output_is_blocked_for_a_while(table: Table) -> None:
    block(table, 3.0)


@pytest.mark.slow
def test_the_output_is_blocked_for_a_minute(table: Table) -> None:
    block(table, 60.0)


def test_a_full_disk_costs_no_text_and_is_said(table: Table) -> None:
    with Pty([sys.executable, "-c", LIMITED, "-m", "tui", "demo", *AT, "--speed", "0"]) as terminal:
        terminal.until("9618")
        terminal.write("n")
        terminal.until("new note")
        terminal.write("kept on the screen")
        terminal.until("kept on the screen")
        terminal.write(SAVE)
        terminal.until("NOT SAVED")
        screen = terminal.screen()
        said = next(line for line in screen if "NOT SAVED" in line)
        assert any("kept on the screen" in line for line in screen)
        table.add("full disk", None, next(line for line in screen if "9618" in line), said)
