"""The notes against a model of them: any order of adding, editing, deleting, restoring, searching and reopening."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from tests.unit.notes_data import CREATED, DAY, note
from tui.domain.event import Note
from tui.domain.symbol import Symbol
from tui.store.notes import NoteBook, NotesError

# No word is the beginning of another, for a search finds beginnings.
WORDS = ("buyback", "margin", "guidance", "京東", "業績", "Lin's", "+6.85", "100%", '"quoted"', "AND")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


class NotesModel(RuleBasedStateMachine):
    """`shown` and `deleted` are what must be in the file; the notes that a rule returns are what an editor knows."""

    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="notes-model-"))
        self.book = NoteBook(self.folder / "notes.sqlite")
        self.shown: dict[str, Note] = {}
        self.deleted: dict[str, Note] = {}
        self.clock = CREATED
        self.count = 0

    def teardown(self) -> None:
        self.book.close()
        shutil.rmtree(self.folder)

    def now(self) -> int:
        self.clock += 1
        return self.clock

    def keep(self, stored: Note) -> Note:
        self.deleted.pop(stored.id, None)
        self.shown[stored.id] = stored
        return stored

    def holds(self, one: Note) -> Note | None:
        return self.shown.get(one.id) or self.deleted.get(one.id)

    @rule(target=seen, text=texts, symbol=st.sampled_from(["9988.HK", "0700.HK"]), days=st.integers(0, 3))
    def add(self, text: str, symbol: str, days: int) -> Note:
        self.count += 1
        fresh = note(self.count, text, symbol=symbol, day=DAY - timedelta(days=days), updated=self.now())
        assert self.book.add(fresh) == fresh
        return self.keep(fresh)

    @rule(known=seen)
    def add_again(self, known: Note) -> None:
        """A save that is tried again never doubles a note, and never takes a text back."""
        held = self.holds(known)
        stored = self.book.add(known)
        if held is not None and held.text in known.text:
            assert stored.id == known.id
        assert stored.text == known.text
        self.keep(stored)

    @rule(target=seen, known=seen, text=texts)
    def edit(self, known: Note, text: str) -> Note:
        """The last who saw the note replaces its text; whoever saw an older one keeps both."""
        held = self.shown.get(known.id)
        stored = self.book.edit(msgspec.structs.replace(known, text=text, updated=self.now()), known.updated)
        assert stored.text == text
        if held is not None and held.updated == known.updated:
            assert stored.id == known.id
            assert stored.updated > held.updated or text == held.text
        elif held is None or held.text not in text:
            assert stored.id != known.id
        return self.keep(stored)

    @rule(known=seen)
    def delete(self, known: Note) -> None:
        self.book.delete(known.id, self.now())
        if known.id in self.shown:
            self.deleted[known.id] = self.shown.pop(known.id)

    @rule(known=seen)
    def restore(self, known: Note) -> None:
        restored = self.book.restore(known.id)
        assert restored == self.holds(known)
        self.keep(restored)

    @rule()
    def an_unknown_note(self) -> None:
        assert self.book.get("unknown") is None
        for change in (lambda: self.book.delete("unknown", self.clock), lambda: self.book.restore("unknown")):
            with pytest.raises(NotesError, match="no such note"):
                change()

    @rule()
    def reopen(self) -> None:
        self.book.close()
        self.book = NoteBook(self.folder / "notes.sqlite")
        assert self.book.notices == ()

    @rule(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True))
    def search(self, words: list[str]) -> None:
        wanted = {one.id for one in self.shown.values() if all(word in one.text.split() for word in words)}
        assert {one.id for one in self.book.search(" ".join(words).upper())} == wanted

    @rule(symbol=st.sampled_from(["9988.HK", "0700.HK"]), first=st.integers(0, 3), last=st.integers(0, 3))
    def some(self, symbol: str, first: int, last: int) -> None:
        days = DAY - timedelta(days=first), DAY - timedelta(days=last)
        wanted = [one for one in self.ordered() if one.symbol == symbol and days[0] <= one.day <= days[1]]
        assert list(self.book.list(Symbol(symbol), *days)) == wanted

    def ordered(self) -> list[Note]:
        return sorted(self.shown.values(), key=lambda one: (-one.day.toordinal(), -one.created, one.id))

    @invariant()
    def the_file_holds_what_the_model_holds(self) -> None:
        assert list(self.book.list()) == self.ordered()
        for one in self.shown.values():
            assert self.book.get(one.id) == one
        for note_id in self.deleted:
            assert self.book.get(note_id) is None


TestNotes = NotesModel.TestCase
TestNotes.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
