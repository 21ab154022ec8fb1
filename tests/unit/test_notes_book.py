"""The notes: saved once however often, both texts of a conflict kept, nothing gone that was deleted."""

import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from tests.unit.notes_data import CREATED, DAY, note
from tui.domain.event import Note
from tui.domain.symbol import Symbol
from tui.store.notes import MIGRATIONS, NoteBook, NotesError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "notes.sqlite"


def with_text(one: Note, text: str, updated: int = CREATED + 1000) -> Note:
    return msgspec.structs.replace(one, text=text, updated=updated)


def test_a_note_comes_back_as_it_was_saved(path: Path) -> None:
    full = Note(
        id="a",
        symbol=Symbol("^HSI"),
        day=DAY,
        text="買入 ' \" %_\nsecond line \N{ROCKET}",
        created=CREATED,
        updated=CREATED,
        event_id="e",
        event_title="標題",
        event_time=CREATED - 5,
        event_url="https://example.com/a?b=c",
    )
    with closing(NoteBook(path)) as book:
        assert book.add(full) == full
    with closing(NoteBook(path)) as book:
        assert book.list() == (full,)
        assert (book.get("a"), book.get("b")) == (full, None)
        assert (book.writable, book.notices) == (True, ())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_saved_again_it_is_the_same_note(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        assert book.add(note(1, "so far")) == book.add(note(1, "so far"))
        more = book.add(with_text(note(1), "so far and on"))
        assert book.list() == (more,)
        assert book.edit(with_text(note(1), "so far and on"), CREATED) == more, "an edit that was stored after all"


def test_a_retry_after_another_terminal_changed_the_note_keeps_both_texts(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        book.add(note(1, "mine"))
        theirs = book.edit(with_text(note(1), "theirs"), CREATED)
        mine = book.add(with_text(note(1), "mine and more", theirs.updated + 5))
        assert mine.id != theirs.id
        assert {one.text for one in book.list()} == {"theirs", "mine and more"}


def test_two_terminals_that_edit_one_note_both_keep_their_text(path: Path) -> None:
    with closing(NoteBook(path)) as one, closing(NoteBook(path)) as other:
        opened = one.add(note(1, "opened"))
        first = one.edit(with_text(opened, "first"), opened.updated)
        second = other.edit(with_text(opened, "second"), opened.updated)
        assert first.id == opened.id
        assert second.id != opened.id
        assert (second.symbol, second.day, second.created) == (opened.symbol, opened.day, opened.created)
        again = other.edit(with_text(opened, "second"), opened.updated)
        assert again == second, "tried again, it is not doubled"
        assert {each.text for each in one.list()} == {"first", "second"}


def test_an_edit_always_gets_a_new_time_so_that_nobody_misses_it(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        opened = book.add(note(1, "a"))
        edited = book.edit(with_text(opened, "b", updated=opened.updated - 50), opened.updated)
        assert edited.updated > opened.updated
        assert book.edit(with_text(opened, "c"), opened.updated).id != opened.id


def test_a_deleted_note_can_be_restored(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        book.add(note(1))
        book.delete("id-1", CREATED + 1)
        book.delete("id-1", CREATED + 2)
        assert (book.list(), book.get("id-1"), book.search("note")) == ((), None, ())
    with closing(NoteBook(path)) as book:
        assert book.restore("id-1") == note(1)
        assert book.list() == (note(1),)
        with pytest.raises(NotesError, match="no such note"):
            book.delete("id-2", CREATED)
        with pytest.raises(NotesError, match="no such note"):
            book.restore("id-2")


def test_a_text_saved_after_the_note_was_deleted_elsewhere_is_kept(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        opened = book.add(note(1, "a"))
        book.delete(opened.id, CREATED + 1)
        kept = book.edit(with_text(opened, "a and b"), opened.updated)
        assert book.list() == (kept,)
        book.restore(opened.id)
        assert {one.text for one in book.list()} == {"a", "a and b"}


def test_lists_are_by_stock_and_day_newest_first(path: Path) -> None:
    days = [date(2026, 3, day) for day in (2, 4, 3)]
    with closing(NoteBook(path)) as book:
        for number, day in enumerate(days):
            book.add(note(number, day=day))
        book.add(note(9, symbol="0700.HK", day=days[1]))
        assert [one.id for one in book.list(Symbol("9988.HK"))] == ["id-1", "id-2", "id-0"]
        assert [one.id for one in book.list(first=days[2], last=days[2])] == ["id-2"]
        assert [one.id for one in book.list(first=days[2])] == ["id-1", "id-9", "id-2"]
        assert [one.id for one in book.list(last=days[0])] == ["id-0"]


def test_a_newer_programs_notes_are_shown_and_not_changed(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        book.add(note(1))
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("ALTER TABLE notes ADD COLUMN mood TEXT")
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with closing(NoteBook(path)) as book:
        assert not book.writable
        assert book.list() == (note(1),)
        assert book.search("note") == (note(1),)
        for change in (lambda: book.add(note(2)), lambda: book.delete("id-1", 1)):
            with pytest.raises(NotesError, match="written by a newer whymove"):
                change()
    assert path.read_bytes() == before


def test_half_a_character_is_a_sentence_and_no_note(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        with pytest.raises(NotesError, match="no character"):
            book.add(note(1, "a \ud800"))
        assert book.list() == ()
        assert book.search("a \ud800") == ()


def test_every_thread_may_use_it(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        threads = [Thread(target=lambda n=number: book.add(note(n))) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(book.list()) == 8


def test_a_file_put_in_its_place_is_the_one_that_is_written(path: Path, tmp_path: Path) -> None:
    with closing(NoteBook(path)) as book:
        book.add(note(1))
        copy = tmp_path / "copy.sqlite"
        copy.write_bytes(path.read_bytes())
        book.add(note(2))
        copy.replace(path)
        book.add(note(3))
        assert {one.id for one in book.list()} == {"id-1", "id-3"}
        path.unlink()
        book.add(note(4))
    with closing(NoteBook(path)) as book:
        assert [one.id for one in book.list()] == ["id-4"]


def test_a_commit_outlives_a_power_cut(path: Path) -> None:
    with closing(NoteBook(path)) as book:
        (journal,) = book._connection.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = book._connection.execute("PRAGMA synchronous").fetchone()
    assert journal == "delete", "a write-ahead log would not work in an NFS home"
    assert synchronous == 3, "FULL, and the folder's entry as well"
