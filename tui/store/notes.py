"""notes.sqlite: the trader's notes. Nothing may ever lose one.

Rollback journal and full synchronisation: when a method returns, the note is on the disk, also in an NFS home. Ids
are made by the caller before the editor opens, so a save that is tried again cannot double a note. A damaged file is
copied aside before anything touches it, and what can be read of it is carried over.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from tui.domain.event import Note
from tui.domain.symbol import Symbol
from tui.store.database import (
    StoreError,
    connect,
    copy_aside,
    in_words,
    is_sound,
    migrate,
    prepare_file,
    transaction,
    version_of,
)

_COLUMNS: Final = (
    "id, symbol, day, text, created, updated, event_id, event_title, event_time, event_url"  # in the order of Note
)
MIGRATIONS: Final = (
    """
    CREATE TABLE notes (
        id TEXT PRIMARY KEY, symbol TEXT NOT NULL, day TEXT NOT NULL, text TEXT NOT NULL, created INTEGER NOT NULL,
        updated INTEGER NOT NULL, event_id TEXT NOT NULL, event_title TEXT NOT NULL, event_time INTEGER,
        event_url TEXT NOT NULL, deleted INTEGER
    );
    CREATE INDEX notes_by_day ON notes (symbol, day);
    """,
)
# Search has its own table, so that notes survive where SQLite lacks it, and it is made anew if it is damaged.
_SEARCH: Final = """
    CREATE VIRTUAL TABLE IF NOT EXISTS notes_search USING fts5(id UNINDEXED, words, tokenize = 'trigram')
"""


class NotesError(StoreError):
    """A note was not saved, found or read; the editor keeps its text."""


class NoteChangedError(NotesError):
    """Another terminal has changed the note meanwhile; `theirs` is what is on the disk."""

    def __init__(self, theirs: Note) -> None:
        super().__init__("another terminal has changed this note meanwhile: both texts are kept, look at them again")
        self.theirs = theirs


class NoteBook:
    """One open notes file. `notices` says what happened while it was opened; `writable` whether it may be changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writable = True
        self.searches_words = True
        notices: list[str] = []
        with self._in_words():
            if path.exists() and not self._opens_sound():
                notices.append(self._recover())
            prepare_file(path)
            self._connection = connect(path, readonly=False)
            if version_of(self._connection) > len(MIGRATIONS):
                self._connection.close()
                self._connection = connect(path, readonly=True)
                self.writable = False
                notices.append("the notes were written by a newer whymove: they are shown and not changed")
            else:
                self._connection.execute("PRAGMA journal_mode = DELETE")
                self._connection.execute("PRAGMA synchronous = FULL")
                migrate(self._connection, MIGRATIONS)
                self._prepare_search()
        self.notices = tuple(notices)

    def close(self) -> None:
        """Close the file."""
        with self._in_words():
            self._connection.close()

    # --- writing ---

    def add(self, note: Note) -> None:
        """Save a new note. The same id with the same text again changes nothing; a deleted one comes back."""
        with self._changing():
            known = self._one(note.id, deleted=True)
            if known is not None and known.text != note.text and known.updated > note.updated:
                raise NoteChangedError(known)
            marks = ", ".join("?" for _ in msgspec.structs.fields(Note))
            values = [note.day.isoformat() if name == "day" else getattr(note, name) for name in note.__struct_fields__]
            self._connection.execute(f"INSERT OR REPLACE INTO notes ({_COLUMNS}) VALUES ({marks})", values)  # noqa: S608
            self._index(note.id, note)

    def edit(self, note: Note, seen: int) -> None:
        """Replace the text of a note whose last change the editor saw at `seen`.

        Raises NoteChangedError, and changes nothing, where another terminal was faster.
        """
        with self._changing():
            known = self._one(note.id)
            if known is None:
                raise NotesError("this note has been deleted meanwhile: save its text as a new note")
            if known.updated != seen:
                raise NoteChangedError(known)
            self._connection.execute(
                "UPDATE notes SET text = ?, updated = ? WHERE id = ?", (note.text, note.updated, note.id)
            )
            self._index(note.id, note)

    def delete(self, note_id: str, at: int) -> None:
        """Take a note away; it stays in the file and `restore` brings it back."""
        with self._changing():
            changed = self._connection.execute(
                "UPDATE notes SET deleted = ? WHERE id = ? AND deleted IS NULL", (at, note_id)
            ).rowcount
            if not changed:
                raise NotesError("there is no such note")
            self._index(note_id, None)

    def restore(self, note_id: str) -> None:
        """Undo a deletion."""
        with self._changing():
            if not self._connection.execute("UPDATE notes SET deleted = NULL WHERE id = ?", (note_id,)).rowcount:
                raise NotesError("there is no such note")
            self._index(note_id, self._one(note_id))

    # --- reading ---

    def get(self, note_id: str) -> Note | None:
        """One note; None where there is none, or it is deleted."""
        with self._in_words():
            return self._one(note_id)

    def list(
        self, symbol: Symbol | None = None, first: date | None = None, last: date | None = None
    ) -> tuple[Note, ...]:
        """Notes, newest day first, of one stock or of all, from `first` to `last`."""
        return self._select(
            "deleted IS NULL AND (?1 IS NULL OR symbol = ?1)"
            " AND (?2 IS NULL OR day >= ?2) AND (?3 IS NULL OR day <= ?3)",
            (symbol, first and first.isoformat(), last and last.isoformat()),
        )

    def search(self, text: str) -> tuple[Note, ...]:
        """Notes whose text, event or code holds every word, newest day first. Words of under three letters too."""
        words = text.split()
        if not words:
            return ()
        long = [word for word in words if len(word) >= 3] if self.searches_words else []
        with self._in_words():
            found = None
            if long:
                phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
                rows = self._connection.execute("SELECT id FROM notes_search WHERE notes_search MATCH ?", (phrase,))
                found = {row[0] for row in rows}
        lower = [word.casefold() for word in words]
        return tuple(
            note
            for note in self.list()
            if (found is None or note.id in found) and all(word in _words_of(note).casefold() for word in lower)
        )

    # --- inside ---

    def _one(self, note_id: str, *, deleted: bool = False) -> Note | None:
        found = self._rows("id = ?" if deleted else "id = ? AND deleted IS NULL", (note_id,))
        return found[0] if found else None

    def _select(self, condition: str, values: Sequence[object]) -> tuple[Note, ...]:
        with self._in_words():
            return self._rows(condition, values)

    def _rows(self, condition: str, values: Sequence[object]) -> tuple[Note, ...]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM notes WHERE {condition} ORDER BY day DESC, created DESC, id",  # noqa: S608
            values,
        )
        return tuple(_note(row) for row in rows)

    def _prepare_search(self) -> None:
        try:
            self._connection.execute(_SEARCH)
            counted = self._connection.execute("SELECT count(*) FROM notes_search").fetchone()[0]
            notes = self._rows("deleted IS NULL", ())
            if counted != len(notes):
                with transaction(self._connection):
                    self._connection.execute("DELETE FROM notes_search")
                    for note in notes:
                        self._connection.execute("INSERT INTO notes_search VALUES (?, ?)", (note.id, _words_of(note)))
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error) and "tokenizer" not in str(error):
                raise
            self.searches_words = False  # this SQLite has no full-text search: every note is looked through

    def _index(self, note_id: str, note: Note | None) -> None:
        if not self.searches_words:
            return
        self._connection.execute("DELETE FROM notes_search WHERE id = ?", (note_id,))
        if note is not None:
            self._connection.execute("INSERT INTO notes_search VALUES (?, ?)", (note_id, _words_of(note)))

    def _opens_sound(self) -> bool:
        try:
            probe = connect(self.path, readonly=True)
        except sqlite3.Error:
            return False
        try:
            return is_sound(probe)
        finally:
            probe.close()

    def _recover(self) -> str:
        """Carry the readable notes of a damaged file over into a new one; the damaged file stays, under a new name."""
        stamp = str(self.path.stat().st_mtime_ns // 1_000_000_000)
        notes, deleted = _salvage(self.path)
        aside = copy_aside(self.path, stamp)
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        prepare_file(fresh)
        connection = connect(fresh, readonly=False)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            migrate(connection, MIGRATIONS)
            marks = ", ".join("?" for _ in range(11))
            with transaction(connection):
                connection.executemany(
                    f"INSERT OR REPLACE INTO notes ({_COLUMNS}, deleted) VALUES ({marks})",  # noqa: S608
                    [*notes, *deleted],
                )
        finally:
            connection.close()
        # Until this moment the damaged file was in its place: a crash before it loses nothing.
        fresh.replace(self.path)
        self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        return (
            f"the notes were damaged: {len(notes)} could be read and are here, the damaged file is kept as {aside.name}"
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if not self.writable:
            raise NotesError("these notes belong to a newer whymove: bring this one up to date to change them")
        with self._in_words(), transaction(self._connection):
            yield

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise NotesError(str(in_words(self.path, error))) from error
        except NotesError:
            raise
        except StoreError as error:
            raise NotesError(str(error)) from error


def _note(row: Sequence[Any]) -> Note:
    return Note(row[0], Symbol(row[1]), date.fromisoformat(row[2]), *row[3:10])


def _words_of(note: Note) -> str:
    return f"{note.text}\n{note.event_title}\n{note.symbol}"


def _salvage(path: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of a damaged file that can still be read, one by one: those shown, and those deleted."""
    copy = path.with_name(f"{path.name}.salvage")
    shutil.copyfile(path, copy)
    rows: dict[str, tuple[Any, ...]] = {}
    try:
        connection = sqlite3.connect(copy, isolation_level=None)
        try:
            highest = 0
            with suppress(sqlite3.Error):
                highest = connection.execute("SELECT max(rowid) FROM notes").fetchone()[0] or 0
            for number in range(1, min(highest, 1_000_000) + 1):
                with suppress(sqlite3.Error, ValueError, TypeError):
                    row = connection.execute(
                        f"SELECT {_COLUMNS}, deleted FROM notes WHERE rowid = ?",  # noqa: S608
                        (number,),
                    ).fetchone()
                    if row is not None and _note(row).text:
                        rows[row[0]] = row
        finally:
            connection.close()
    finally:
        copy.unlink(missing_ok=True)
    return [r for r in rows.values() if r[10] is None], [r for r in rows.values() if r[10] is not None]
