"""Cache and notes on a disk that is read-only, full or locked, or in files that are damaged: what the screen says."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.faults.conftest import Table
from tests.faults.record import Holdings
from tests.faults.scene import FEED, JD, START, Scene, leave_stored, terminal_in
from tests.faults.scene_link import SceneClock
from tests.faults.terminals import in_little_room
from tests.read_only import read_only
from tests.world.server import World
from tui.config.paths import Paths
from tui.sources.sample import load_sample
from tui.store.database import connect

PAGE = 4096


class House:
    """A home in which a feed has stored its rows and a trader a note."""

    def __init__(self, home: Path, before: Holdings) -> None:
        self.home = home
        self.before = before
        self.cache = Paths().cache("sample")
        self.notes = home / "notes" / "notes.sqlite"

    @asynccontextmanager
    async def terminal(self, command: Sequence[str] = FEED) -> AsyncIterator[Scene]:
        """A terminal that comes home, and its feed."""
        clock = SceneClock(START, 0)
        world = World(self.home, load_sample(), clock)
        async with terminal_in(self.home, world, clock, source="sample", command=command) as scene:
            yield scene


@pytest.fixture
async def house(short_home: Path) -> House:
    clock = SceneClock(START, 0)
    before = await leave_stored(short_home, World(short_home, load_sample(), clock), clock, "sample")
    return House(short_home, before)


async def write_a_note(scene: Scene) -> None:
    """Type one and save it."""
    await scene.press("n")
    await scene.says("new note")
    await scene.press("m", "i", "n", "e", "ctrl+s")


async def test_a_read_only_disk(house: House, table: Table) -> None:
    with ExitStack() as frozen:
        for folder in (house.cache.parent, house.notes.parent):
            frozen.enter_context(read_only(folder))
        async with house.terminal() as scene:
            assert not scene.blank(), "what was stored is painted"
            await scene.says("notes are shown and cannot be saved")
            await scene.until(lambda s: s.settled and s.app.desk.state.events and s.status.warnings)
            assert "prices are not stored" in scene.status.warnings[0]
            await scene.to_the_top()
            table.add("read-only disk", None, house.before, scene.look(JD))
            await write_a_note(scene)
            await scene.says("NOT SAVED", "mine")
            table.add("read-only disk, a note", None, house.before, scene.look(JD))


async def test_a_full_disk_under_the_cache(house: House, table: Table) -> None:
    for file in house.cache.parent.glob(house.cache.name + "*"):
        file.unlink()
    async with house.terminal(in_little_room(*FEED[1:])) as scene:
        await scene.until(lambda s: s.settled and s.app.desk.state.events)
        await scene.says("not stored")
        await scene.to_the_top()
        table.add("full disk under the cache", None, house.before, scene.look(JD))


@pytest.mark.slow
async def test_locked_databases(house: House, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    # Five seconds of patience are right for a trader and too long for a test.
    monkeypatch.setattr("tui.store.notes.connect", partial(connect, busy_s=0.05))
    with ExitStack() as held:
        others = [sqlite3.connect(path, isolation_level=None) for path in (house.cache, house.notes)]
        for other in others:
            held.enter_context(closing(other))
        async with house.terminal() as scene:
            for other in others:
                other.execute("BEGIN EXCLUSIVE")
            await scene.until(lambda s: s.settled and s.app.desk.state.events)
            await scene.says("not stored")
            await scene.to_the_top()
            said = scene.lines(), scene.line_of(JD), scene.status_line
            await write_a_note(scene)
            await scene.says("NOT SAVED", "mine")
            note_said = scene.lines(), scene.line_of(JD), scene.status_line
            for other in others:
                other.execute("ROLLBACK")
            seen = scene.look(JD)
            for fault, (lines, row, status) in {"locked cache": said, "locked notes": note_said}.items():
                table.add(fault, None, house.before, replace(seen, lines=lines, row=row, status=status))
            await scene.press("ctrl+s")
            await scene.says("saved")
            assert len(scene.look().holds["notes"]) == 2, "what was refused is saved by the same key"


async def test_damaged_databases(house: House, table: Table) -> None:
    notes = house.notes.read_bytes()
    house.notes.write_bytes(notes[:100] + bytes(PAGE - 100) + notes[PAGE:])
    async with house.terminal() as scene:
        await scene.until(lambda s: s.settled and s.app.desk.state.events)
        await scene.to_the_top()
        await scene.says("damaged")
        table.add("damaged notes", None, house.before, scene.look(JD))
    house.cache.write_bytes(b"SQLite format 3\0" + b"damage" * 4000)
    async with house.terminal() as scene:
        await scene.until(lambda s: s.settled and s.app.desk.state.events)
        await scene.to_the_top()
        await scene.says("damaged")
        table.add("damaged cache", None, house.before, scene.look(JD))
