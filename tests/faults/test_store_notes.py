"""The notes under real processes: killed at any instant, three at once, no room, no permission, locked."""

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.faults.notes_writer import Writer, draft, final
from tests.read_only import read_only
from tests.unit.notes_data import note
from tui.domain.event import Note
from tui.store.database import connect
from tui.store.notes import NoteBook, NotesError

# The long form of the fault suite sets more.
KILLS = int(os.environ.get("WHYMOVE_FAULT_KILLS", "20"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "notes.sqlite"


def test_killed_at_any_instant_no_saved_note_is_lost_or_doubled(path: Path) -> None:
    draw = random.Random(6)
    reported = 0
    for _ in range(KILLS):
        writer = Writer(path, "a", reported)
        writer.wait_for(draw.randrange(4))
        time.sleep(draw.uniform(0, 0.02))
        reported += writer.kill()
        with closing(NoteBook(path)) as book:
            assert not book.notices
            with suppress(NotesError):
                book.restore(f"a-{reported}")  # killed between deleting it and restoring it, or before it was added
            held = {one.id: one for one in book.list()}
            for number in range(reported):
                assert held.pop(f"a-{number}") == final("a", number)
            # Of the note under way there is what was asked for last, or nothing; never a second one.
            for one in held.values():
                assert one in (draft("a", reported), final("a", reported))
            assert len(held) <= 1
            if held:
                # The next writer starts with this note again, as an editor whose save was cut off would.
                assert book.add(final("a", reported)).id == f"a-{reported}"
                reported += 1
    assert reported >= KILLS
    assert [entry.name for entry in path.parent.glob("*damaged*")] == []


def test_a_half_written_transaction_is_undone_and_no_damage(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        kept = [book.add(note(number, f"kept {number} " + "x" * 2000)) for number in range(50)]
    program = (
        "import sqlite3, sys, time\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "connection.execute(\"UPDATE notes SET text = 'half' || text\")\n"
        "print('written', flush=True)\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.kill()
    process.communicate()
    assert b"halfkept" in path.read_bytes(), "the pages of the transaction have reached the file"
    assert path.with_name("notes.sqlite-journal").stat().st_size > 0
    with closing(NoteBook(path)) as book:
        assert not book.notices
        assert sorted(book.list(), key=lambda one: one.id) == sorted(kept, key=lambda one: one.id)


def test_three_terminals_write_at_once(path: Path) -> None:
    writers = {name: Writer(path, name, 0) for name in "abc"}
    for writer in writers.values():
        writer.wait_for(5)
    counts = {name: writer.kill() for name, writer in writers.items()}
    with closing(NoteBook(path)) as book:
        held = {one.id: one for one in book.list()}
        assert len(held) <= sum(counts.values()) + len(counts)
        for name, count in counts.items():
            for number in range(count):
                assert held[f"{name}-{number}"] == final(name, number)


def test_a_full_disk_is_said_and_the_note_can_be_saved_later(path: Path) -> None:
    saved, sentence = Writer(path, "a", 0, 96 * 1024).refused()
    assert sentence.startswith("the disk ")
    assert str(path.parent) in sentence
    assert saved > 5
    with closing(NoteBook(path)) as book:
        assert not book.notices
        held = {one.id: one for one in book.list()}
        assert all(held[f"a-{number}"] == final("a", number) for number in range(saved))
        refused = final("a", saved)
        assert book.add(refused).text == refused.text
        assert len(book.list()) == saved + 1


def test_the_same_book_saves_again_once_there_is_room(path: Path) -> None:
    large = "x" * 60_000
    with closing(NoteBook(path)) as book:
        book.add(note(1))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
        try:
            with pytest.raises(NotesError, match="the disk "):
                book.add(note(2, large))
            assert [one.id for one in book.list()] == ["id-1"], "what can be read is read"
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, before)
        assert book.add(note(2, large)).text == large
        assert [one.id for one in book.list()] == ["id-1", "id-2"]


def test_a_read_only_disk_shows_the_notes_and_says_why_it_saves_none(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        book.add(note(1))
        with read_only(path.parent), pytest.raises(NotesError, match=r"cannot be|refuses"):
            book.add(note(2))
    with read_only(path.parent):
        with closing(NoteBook(path)) as book:
            assert not book.writable
            assert any("cannot be saved" in notice for notice in book.notices)
            assert book.list() == book.search("note") == (note(1),)
            with pytest.raises(NotesError, match="cannot be saved"):
                book.add(note(2))
        with pytest.raises(NotesError, match="cannot be"):
            NoteBook(path.with_name("notes-sample.sqlite"))
    with closing(NoteBook(path)) as book:
        book.add(note(2))
        assert len(book.list()) == 2


def test_a_locked_file_is_waited_for_said_and_never_taken_for_damage(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five seconds of patience are right for a trader and too long for a test.
    monkeypatch.setattr("tui.store.notes.connect", partial(connect, busy_s=0.05))
    with closing(NoteBook(path)) as book, closing(sqlite3.connect(path, isolation_level=None)) as other:
        kept: Note = book.add(note(1))
        other.execute("BEGIN EXCLUSIVE")
        for attempt in (lambda: book.add(note(2)), lambda: book.list(), lambda: NoteBook(path)):
            with pytest.raises(NotesError, match="locked by another program: try again"):
                attempt()
        other.execute("ROLLBACK")
        assert book.list() == (kept,)
        assert book.add(note(2)).id == "id-2"
    assert list(path.parent.glob("*damaged*")) == []


def test_a_reader_in_another_terminal_does_not_lose_a_save(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.store.notes.connect", partial(connect, busy_s=0.05))
    with closing(NoteBook(path)) as book, closing(sqlite3.connect(path, isolation_level=None)) as other:
        book.add(note(1))
        # A reader that holds on keeps the commit from its last step.
        other.execute("BEGIN")
        other.execute("SELECT * FROM notes").fetchall()
        with pytest.raises(NotesError, match="locked"):
            book.add(note(2))
        assert [one.id for one in book.list()] == ["id-1"]
        other.execute("COMMIT")
        book.add(note(2))
        assert [one.id for one in book.list()] == ["id-1", "id-2"]
