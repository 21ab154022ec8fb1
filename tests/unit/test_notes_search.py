"""Search: words in any order, the last letters may be left out, Chinese without blanks; with and without FTS5."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.notes_data import note
from tui.store import note_search
from tui.store.note_search import NoteIndex
from tui.store.notes import NoteBook

NOTES = (
    note(1, "Results beat: net profit +12 %", symbol="9618.HK"),
    note(2, "買入京東物流，等業績", symbol="2618.HK"),
    note(3, "Café société, 100% sure?", symbol="0700.HK"),
    note(4, 'quoted "words" AND (brackets) NEAR *stars*', symbol="0005.HK"),
)


@pytest.fixture(params=["full text", "one by one"])
def index(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[NoteIndex]:
    if request.param == "one by one":
        monkeypatch.setattr(note_search, "_TABLE", "CREATE VIRTUAL TABLE found USING no_such_module(id, words)")
    with closing(NoteIndex()) as made:
        assert made.has_full_text == (request.param == "full text")
        made.fill(NOTES)
        yield made


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("results", "1"),
        ("PROFIT beat", "1"),
        ("prof bea", "1"),
        ("results missing", ""),
        ("京東", "2"),
        ("業績 買入", "2"),
        ("東京", ""),
        ("物", "2"),
        ("9618", "1"),
        ("0700.HK", "3"),
        ("700", "3"),
        ("2026-03-06", "1234"),
        ("+12", "1"),
        ("%", "13"),
        ("Ｒｅｓｕｌｔｓ", "1"),
        ('"words" and', "4"),
        ("(brackets)", "4"),
        ("*", "4"),
        ('"', "4"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_words_are_found(index: NoteIndex, text: str, ids: str) -> None:
    assert index.find(text) == {f"id-{number}" for number in ids}


def test_accents_may_be_left_out_where_there_is_an_index() -> None:
    with closing(NoteIndex()) as index:
        index.fill(NOTES)
        assert index.find("cafe societe") == {"id-3"}


@given(st.text())
def test_any_text_is_a_search(text: str) -> None:
    with closing(NoteIndex()) as index:
        index.fill(NOTES)
        assert index.find(text) <= {one.id for one in NOTES}


def test_a_note_of_another_terminal_is_found_at_once(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    with closing(NoteBook(path)) as one, closing(NoteBook(path)) as other:
        assert one.search("fresh") == ()
        added = other.add(note(1, "fresh"))
        assert one.search("fresh") == (added,)
        own = one.add(note(2, "fresh too"))
        assert set(one.search("fresh")) == {added, own}
        other.delete(added.id, 1)
        assert one.search("fresh") == (own,)


def test_a_python_without_full_text_search_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_search, "_TABLE", "CREATE VIRTUAL TABLE found USING no_such_module(id, words)")
    with closing(NoteBook(tmp_path / "notes.sqlite")) as book:
        book.add(note(1, "fresh"))
        assert [one.id for one in book.search("fresh")] == ["id-1"]
        assert any("no full-text search" in notice for notice in book.notices)


def test_this_python_has_full_text_search() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    with closing(NoteIndex()) as index:
        assert index.has_full_text == ("ENABLE_FTS5" in options)
