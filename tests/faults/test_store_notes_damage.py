"""Damaged notes: never overwritten, copied aside byte for byte, what can be read recovered, the trader told."""

import random
import resource
import signal
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.notes_data import CREATED, note
from tui.domain.event import Note
from tui.store.database import connect, is_sound
from tui.store.notes import NoteBook, NotesError
from tui.store.salvage import is_note, salvage

PAGE = 4096
NOTES = 120
DAMAGES = 24


def make(path: Path) -> dict[str, Note]:
    """A file of notes, short ones and ones of many pages, every tenth deleted; those that show, by id."""
    with closing(NoteBook(path)) as book:
        book.add(note(0))
    notes = [
        note(number, f"note {number} {'京東 ' * (number * 97 % 2500)}".strip(), day=date(2026, 1, 1 + number % 28))
        for number in range(NOTES)
    ]
    with closing(sqlite3.connect(path)) as quick, quick:
        quick.executemany(
            "INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?, ?, '', '', NULL, '', ?)",
            [
                (one.id, one.symbol, one.day.isoformat(), one.text, one.created, one.updated, deleted)
                for number, one in enumerate(notes)
                for deleted in (None if number % 10 else CREATED + 1,)
            ],
        )
    return {one.id: one for number, one in enumerate(notes) if number % 10}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, Note]]:
    path = tmp_path_factory.mktemp("whole") / "notes.sqlite"
    shown = make(path)
    return path.read_bytes(), shown


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.sqlite"


def copies(path: Path) -> list[bytes]:
    return [kept.read_bytes() for kept in path.parent.glob("*.damaged-*")]


def recovered(path: Path, damaged: bytes) -> tuple[dict[str, Note], str]:
    """Open a damaged file: the notes that show afterwards and what was said."""
    path.write_bytes(damaged)
    with closing(NoteBook(path)) as book:
        (said,) = book.notices
        assert copies(path) == [damaged]
        held = {one.id: one for one in book.list()}
        assert f"{len(held)} recovered" in said
        added = book.add(note(999))
        assert book.get("id-999") == added
    with closing(connect(path, readonly=True)) as connection:
        assert is_sound(connection, thorough=True)
    return held, said


def test_everything_comes_back_where_only_the_header_and_the_schema_are_gone(
    path: Path, whole: tuple[bytes, dict[str, Note]]
) -> None:
    content, shown = whole
    held, _ = recovered(path, b"\xff" * PAGE + content[PAGE:])
    assert held == shown
    with closing(NoteBook(path)) as book:
        assert book.restore("id-10").text.startswith("note 10"), "deleted notes are recovered as deleted ones"


def test_everything_comes_back_where_an_index_is_damaged(path: Path, whole: tuple[bytes, dict[str, Note]]) -> None:
    content, shown = whole
    body = bytearray(content)
    for start in range(0, len(body), PAGE):
        if body[start] == 0x0A:  # the leaf of an index
            body[start + 100 : start + 500] = bytes(400)
    held, _ = recovered(path, bytes(body))
    assert held == shown


def test_of_a_file_cut_short_the_pages_that_are_left_are_read(path: Path, whole: tuple[bytes, dict[str, Note]]) -> None:
    content, shown = whole
    held, said = recovered(path, content[: len(content) // 2 // PAGE * PAGE])
    assert 0 < len(held) < len(shown)
    assert all(held[one] == shown[one] for one in held)
    assert "the damaged file is kept as notes.sqlite.damaged-" in said


def test_a_file_that_is_none_is_kept_and_a_new_one_begun(path: Path) -> None:
    held, _ = recovered(path, b"my shopping list\n" * 1000)
    assert held == {}


def hurt(content: bytes, draw: random.Random) -> bytes:
    """A file that was cut short, has random bytes somewhere, or lost whole pages."""
    body = bytearray(content)
    match draw.randrange(4):
        case 0:
            return bytes(body[: draw.randrange(len(body))])
        case 1:
            start = draw.randrange(len(body))
            body[start : start + 3000] = draw.randbytes(min(3000, len(body) - start))
        case 2:
            for _ in range(draw.randrange(1, 4)):
                start = draw.randrange(len(body) // PAGE) * PAGE
                body[start : start + PAGE] = bytes(PAGE)
        case _:
            for _ in range(50):
                body[draw.randrange(len(body))] = draw.randrange(256)
    return bytes(body)


def test_damaged_in_any_way_it_is_never_overwritten_and_can_be_written_again(
    path: Path, whole: tuple[bytes, dict[str, Note]]
) -> None:
    content, shown = whole
    kept_whole = 0
    for seed in range(DAMAGES):
        damaged = hurt(content, random.Random(seed))
        path.write_bytes(damaged)
        with closing(NoteBook(path)) as book:
            if book.notices:
                assert copies(path) == [damaged]
            held = {one.id: one for one in book.list()}
            intact = [one for one in held if one in shown and held[one] == shown[one]]
            kept_whole += len(intact)
            book.add(note(999))
            assert book.get("id-999") == note(999)
        for entry in path.parent.iterdir():
            entry.unlink()
    assert kept_whole > DAMAGES * len(shown) // 2, "most damage leaves most notes"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_salvage_reads_any_bytes_without_falling(
    tmp_path_factory: pytest.TempPathFactory, whole: tuple[bytes, dict[str, Note]], data: st.DataObject
) -> None:
    content, _ = whole
    file = tmp_path_factory.mktemp("any") / "notes.sqlite"
    start = data.draw(st.integers(0, len(content) // PAGE - 4)) * PAGE
    piece = bytearray(content[start : start + 4 * PAGE])
    for at in data.draw(st.lists(st.integers(0, len(piece) - 1), max_size=30)):
        piece[at] = data.draw(st.integers(0, 255))
    file.write_bytes(bytes(piece))
    rows = salvage(file, "SELECT *, deleted FROM notes WHERE rowid = ?", is_note)
    assert all(is_note(row) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)


def test_of_several_versions_the_newest_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    with closing(NoteBook(path)) as book:
        opened = book.add(note(1, "old " + "x" * 3000))
        newest = book.edit(msgspec.structs.replace(opened, text="new"), opened.updated)
    held, _ = recovered(path, bytes(PAGE) + path.read_bytes()[PAGE:])
    assert held == {newest.id: newest}


def test_where_there_is_no_room_to_recover_nothing_is_touched(path: Path, whole: tuple[bytes, dict[str, Note]]) -> None:
    content, shown = whole
    damaged = b"\xff" * PAGE + content[PAGE:]
    path.write_bytes(damaged)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(damaged) // 2, hard))
    try:
        with pytest.raises(NotesError, match="cannot be used"):
            NoteBook(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert path.read_bytes() == damaged
    assert copies(path) == [], "half a copy is not left lying about"
    with closing(NoteBook(path)) as book:
        assert len(book.list()) == len(shown)


def test_a_terminal_that_is_open_goes_on_in_the_recovered_file(path: Path) -> None:
    with closing(NoteBook(path)) as early:
        early.add(note(1))
        path.write_bytes(b"\xff" * PAGE + path.read_bytes()[PAGE:])
        with closing(NoteBook(path)) as late:
            assert len(late.notices) == 1
            late.add(note(2))
            early.add(note(3))
            assert {one.id for one in late.list()} == {"id-1", "id-2", "id-3"}


def test_damage_under_an_open_book_is_said_and_trying_again_recovers(
    path: Path, whole: tuple[bytes, dict[str, Note]]
) -> None:
    content, shown = whole
    path.write_bytes(content)
    with closing(NoteBook(path)) as book:
        assert not book.notices
        body = bytearray(content)
        # Another change counter makes the book read the file again instead of trusting its memory.
        body[24:28] = (int.from_bytes(body[24:28], "big") + 1).to_bytes(4, "big")
        body[PAGE : 4 * PAGE] = b"\xff" * 3 * PAGE
        with path.open("r+b") as file:
            file.write(bytes(body))
        with pytest.raises(NotesError, match="damaged: try again, it is then recovered"):
            book.add(note(999))
        assert book.add(note(999)) == note(999)
        held = {one.id: one for one in book.list()}
        assert len(held) > len(shown) * 3 // 4
        assert copies(path) == [bytes(body)]
        assert any("recovered; the damaged file is kept" in notice for notice in book.notices)


def test_a_newer_programs_damaged_notes_are_left_to_it(path: Path, whole: tuple[bytes, dict[str, Note]]) -> None:
    path.write_bytes(whole[0])
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 2")
    damaged = bytearray(path.read_bytes())
    damaged[5 * PAGE : 7 * PAGE] = b"\xff" * 2 * PAGE
    path.write_bytes(bytes(damaged))
    with pytest.raises(NotesError, match="written by a newer whymove: open it with that version"):
        NoteBook(path)
    assert path.read_bytes() == bytes(damaged)
