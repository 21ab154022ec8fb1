"""Search in the notes: SQLite's full-text index in memory, so that nothing in the notes file can go wrong with it.

Chinese has no blanks, so every such character is a word of the index and a run of them a phrase. The last letters of a
Latin word may be left out. Where SQLite has no full-text search, every note is looked through.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from tui.domain.event import Note
from tui.domain.symbol import hkex_code, short_code
from tui.domain.text import clean

_IDEOGRAPH: Final = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_TABLE: Final = "CREATE VIRTUAL TABLE found USING fts5(id UNINDEXED, words, tokenize = 'unicode61 remove_diacritics 2')"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _searchable(note: Note) -> str:
    code = hkex_code(note.symbol)
    return _plain(
        f"{note.text}\n{note.event_title}\n{note.symbol} {short_code(note.symbol)} {code} {code.lstrip('0')} {note.day}"
    )


class NoteIndex:
    """The words of some notes. One thread at a time."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._index: sqlite3.Connection | None = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        try:
            self._index.execute(_TABLE)
        except sqlite3.OperationalError:
            # This SQLite was built without FTS5.
            self._index.close()
            self._index = None

    @property
    def has_full_text(self) -> bool:
        """False where this Python's SQLite has no full-text search and every note is looked through."""
        return self._index is not None

    def fill(self, notes: Iterable[Note]) -> None:
        """Forget what was known and take these notes in."""
        self._texts = {note.id: _searchable(note) for note in notes}
        if self._index is not None:
            self._index.execute("DELETE FROM found")
            self._index.execute("BEGIN")
            self._index.executemany(
                "INSERT INTO found VALUES (?, ?)",
                ((note_id, _IDEOGRAPH.sub(r" \1 ", text)) for note_id, text in self._texts.items()),
            )
            self._index.execute("COMMIT")

    def find(self, text: str) -> frozenset[str]:
        """The ids of the notes that hold every word."""
        words = _plain(clean(text)).split()
        if not words:
            return frozenset()
        indexed = [word for word in words if any(char.isalnum() for char in word)]
        ids: Iterable[str] = self._texts
        if indexed and self._index is not None:
            ids = [
                row[0] for row in self._index.execute("SELECT id FROM found WHERE found MATCH ?", (_query(indexed),))
            ]
            # The index knows letters and digits only; other signs are looked for in the text.
            words = [word for word in words if word not in indexed]
        return frozenset(note_id for note_id in ids if all(word in self._texts[note_id] for word in words))

    def close(self) -> None:
        """Give the memory back."""
        if self._index is not None:
            self._index.close()


def _query(words: Sequence[str]) -> str:
    """Each word a quoted phrase, so that no sign in it is an operator, and each open at its end."""
    phrases = (_IDEOGRAPH.sub(r" \1 ", word).strip().replace('"', " ") for word in words)
    return " AND ".join(f'"{phrase}" *' for phrase in phrases)
