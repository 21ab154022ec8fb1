"""A recovery that is itself cut off: killed at many of its own steps, or done by two terminals at once."""

import os
import signal
import sys
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

import pytest

from tests.faults.test_store_notes_damage import make
from tests.unit.notes_data import note
from tui.domain.event import Note
from tui.store.database import connect, is_sound
from tui.store.notes import NoteBook

PAGE = 4096
KILLS = int(os.environ.get("WHYMOVE_FAULT_KILLS", "20"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "notes.sqlite"


@pytest.fixture
def damaged(path: Path) -> tuple[bytes, dict[str, Note]]:
    """A notes file whose schema is gone, in its place; its bytes, and the notes that can be read of it."""
    shown = make(path)
    path.write_bytes(path.read_bytes()[:100] + bytes(PAGE - 100) + path.read_bytes()[PAGE:])
    return path.read_bytes(), shown


def open_until(path: Path, step: int, report: Path) -> None:
    """Open the notes and end at the given call of the store into SQLite, the disk or the interpreter, as kill -9 does.

    Without a step, count the calls and report them.
    """
    count = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        if event == "c_call" and "/tui/" in frame.f_code.co_filename and frame.f_code.co_name not in _READERS:
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    with closing(NoteBook(path)):
        sys.setprofile(None)
    report.write_text(str(count))


# They are called thousands of times and change nothing.
_READERS = frozenset({"_from_leaves", "_payload", "_record", "_exactly", "_varint", "_by_rowid", "is_note", "salvage"})


def ended(path: Path, step: int) -> int:
    """Open the notes in a process of their own up to a step; how many steps there were, 0 where it was killed."""
    report = path.parent.parent / "report"
    report.write_text("0")
    process = get_context("fork").Process(target=open_until, args=(path, step, report))
    process.start()
    process.join(30)
    assert process.exitcode in (0, -signal.SIGKILL)
    return int(report.read_text())


def test_killed_at_any_step_nothing_is_lost(path: Path, damaged: tuple[bytes, dict[str, Note]]) -> None:
    broken, shown = damaged
    steps = ended(path, 0)
    assert steps > KILLS
    for number in range(KILLS):
        for entry in path.parent.iterdir():
            entry.unlink()
        path.write_bytes(broken)
        assert ended(path, 1 + number * (steps - 1) // (KILLS - 1)) == 0
        assert path.exists(), "at every instant there is a notes file in its place"
        if path.read_bytes() != broken:
            with closing(connect(path, readonly=False)) as connection:
                assert is_sound(connection, thorough=True)
        with closing(NoteBook(path)) as book:
            assert {one.id: one for one in book.list()} == shown
            book.add(note(5000))
        assert broken in [kept.read_bytes() for kept in path.parent.glob("*.damaged-*")]
        with closing(NoteBook(path)) as book:
            assert book.notices == ()
            assert {one.id for one in book.list()} == {*shown, "id-5000"}


def open_and_add(path: Path, number: int) -> None:
    with closing(NoteBook(path)) as book:
        book.add(note(number))


def test_three_terminals_that_find_the_damage_at_once(path: Path, damaged: tuple[bytes, dict[str, Note]]) -> None:
    broken, shown = damaged
    processes = [get_context("fork").Process(target=open_and_add, args=(path, 6000 + each)) for each in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert [kept.read_bytes() for kept in path.parent.glob("*.damaged-*")] == [broken], "one of them has recovered it"
    with closing(NoteBook(path)) as book:
        assert book.notices == ()
        assert {one.id for one in book.list()} == {*shown, "id-6000", "id-6001", "id-6002"}
