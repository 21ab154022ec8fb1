"""notes.sqlite: the trader's notes. Nothing may ever lose one.

Rollback journal and full synchronisation: when a method returns, the note is on the disk, also in an NFS home. Ids are
made by the caller before the editor opens, so a save that is tried again cannot double a note. Two terminals that edit
one note both keep their text: the slower one's becomes a note of its own. Deleting hides a note, `restore` shows it
again. A damaged file is copied aside before anything touches it, and what can be read of it is carried over.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

import msgspec

from tui.config.locking import locked
from tui.domain.event import Note
from tui.domain.symbol import Symbol
from tui.domain.trading_day import to_hkt
from tui.store.database import (
    StoreError,
    connect,
    errors_as,
    is_damage,
    is_sound,
    migrate,
    prepare_file,
    transaction,
    version_of,
)
from tui.store.note_search import NoteIndex
from tui.store.recovery import rebuild

# In the order of Note.
COLUMNS: Final = "id, symbol, day, text, created, updated, event_id, event_title, event_time, event_url"
MIGRATIONS: Final = (
    (
        """
        CREATE TABLE notes (
            id TEXT PRIMARY KEY, symbol TEXT NOT NULL, day TEXT NOT NULL, text TEXT NOT NULL, created INTEGER NOT NULL,
            updated INTEGER NOT NULL, event_id TEXT NOT NULL, event_title TEXT NOT NULL, event_time INTEGER,
            event_url TEXT NOT NULL, deleted INTEGER
        )
        """,
        "CREATE INDEX notes_by_day ON notes (symbol, day)",
    ),
)
_NO_FILE: Final = (0, 0)
_ORDER: Final = "ORDER BY day DESC, created DESC, id"


class NotesError(StoreError):
    """A note was not saved, found or read; the editor keeps its text."""


class NoteBook:
    """One open notes file, for any thread. `notices` says what happened while it was opened, `writable` whether notes
    can be saved. Every method may raise NotesError; then nothing has changed, or what was asked for was done after
    all, and asking again is safe.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writable = True
        self.notices: tuple[str, ...] = ()
        self._turn = threading.RLock()
        self._index = NoteIndex()
        self._indexed: tuple[int, int] | None = None
        self._file = _NO_FILE
        with self._in_words():
            self._connection = self._open()
        if not self._index.has_full_text:
            self.notices += ("this Python's SQLite has no full-text search: notes are searched one by one",)

    def close(self) -> None:
        """Close the file."""
        with self._in_words():
            self._connection.close()
            self._index.close()

    # --- writing ---

    def add(self, note: Note) -> Note:
        """Save a new note; the note as it is stored.

        Saved again, with the same text or with more, it is the same note. Where its text was changed meanwhile, both
        are kept: this one under a new id.
        """
        with self._changing():
            known = self._one(note.id, deleted=True)
            if known is None:
                return self._insert(note)
            return self._update(note, known) if known.text in note.text else self._insert_beside(note, note.updated)

    def edit(self, note: Note, seen: int) -> Note:
        """Replace the text of a note whose `updated` was `seen` when the editor opened; the note as it is stored.

        Where another terminal has changed or deleted it since, both texts are kept: this one under a new id.
        """
        with self._changing():
            known = self._one(note.id)
            if known is not None and (known.updated == seen or known.text in note.text):
                return self._update(note, known)
            return self._insert_beside(note, seen)

    def delete(self, note_id: str, at: int) -> None:
        """Take a note away; it stays in the file and `restore` brings it back."""
        with self._changing():
            if self._one(note_id, deleted=True) is None:
                raise NotesError("there is no such note")
            self._connection.execute("UPDATE notes SET deleted = ? WHERE id = ? AND deleted IS NULL", (at, note_id))

    def restore(self, note_id: str) -> Note:
        """Undo a deletion; the note as it is stored."""
        with self._changing():
            self._connection.execute("UPDATE notes SET deleted = NULL WHERE id = ?", (note_id,))
            note = self._one(note_id)
            if note is None:
                raise NotesError("there is no such note")
            return note

    # --- reading ---

    def get(self, note_id: str) -> Note | None:
        """One note; None where there is none, or it is deleted."""
        with self._reading():
            return self._one(note_id)

    def list(
        self, symbol: Symbol | None = None, first: date | None = None, last: date | None = None
    ) -> tuple[Note, ...]:
        """Notes, newest day first, of one stock or of all, from `first` to `last`."""
        with self._reading():
            return self._rows(
                "deleted IS NULL AND (?1 IS NULL OR symbol = ?1) AND (?2 IS NULL OR day >= ?2)"
                " AND (?3 IS NULL OR day <= ?3)",
                (symbol, first and first.isoformat(), last and last.isoformat()),
            )

    def search(self, text: str) -> tuple[Note, ...]:
        """Notes whose text, event, code or day holds every word, newest day first."""
        with self._reading():
            # The first number grows with every change of another program, the second with those of this one.
            version = self._connection.execute("PRAGMA data_version").fetchone()[0], self._connection.total_changes
            notes = self._rows("deleted IS NULL", ())
            if version != self._indexed:
                self._index.fill(notes)
                self._indexed = version
            found = self._index.find(text)
            return tuple(note for note in notes if note.id in found)

    # --- inside ---

    def _open(self) -> sqlite3.Connection:
        """A connection to the file, made, recovered or only read as the case may be."""
        try:
            prepare_file(self.path)
        except StoreError as error:
            if not self.path.exists():
                raise
            return self._only_read(f"notes are shown and cannot be saved: {error}")
        with locked(self.path, shared=True):
            connection = connect(self.path, readonly=False, any_thread=True, in_doubt=True)
            sound = is_sound(connection, thorough=True)
        if not sound:
            connection.close()
            self.notices += (rebuild(self.path, COLUMNS, MIGRATIONS),)
            connection = connect(self.path, readonly=False, any_thread=True, in_doubt=True)
        if version_of(connection) > len(MIGRATIONS):
            connection.close()
            return self._only_read("the notes were written by a newer whymove: they are shown and not changed")
        connection.execute("PRAGMA journal_mode = DELETE")
        # FULL, and the folder too, so that a commit outlives a power cut.
        connection.execute("PRAGMA synchronous = EXTRA")
        migrate(connection, MIGRATIONS)
        self._file = self._identity()
        return connection

    def _only_read(self, notice: str) -> sqlite3.Connection:
        self.writable = False
        self.notices += (notice,)
        self._file = self._identity()
        return connect(self.path, readonly=True, any_thread=True, in_doubt=True)

    def _identity(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_dev, status.st_ino

    def _follow(self) -> None:
        """Open the file again where another terminal recovered it meanwhile, or the user put a copy in its place."""
        if not self.path.exists() or self._identity() != self._file:
            self._connection.close()
            self._indexed = None
            self._connection = self._open()

    def _insert(self, note: Note) -> Note:
        values = [note.day.isoformat() if name == "day" else getattr(note, name) for name in note.__struct_fields__]
        marks = ", ".join("?" for _ in values)
        self._connection.execute(f"INSERT INTO notes ({COLUMNS}) VALUES ({marks})", values)  # noqa: S608
        return note

    def _insert_beside(self, note: Note, seen: int) -> Note:
        """Keep a text that came too late as a note of its own. Its id follows from it, so that it is never doubled."""
        own = msgspec.structs.replace(note, id=str(uuid5(NAMESPACE_OID, f"{note.id} {seen} {note.text}")))
        return self._one(own.id) or self._insert(own)

    def _update(self, note: Note, known: Note) -> Note:
        """Put a newer text in a note's place. Its time always grows, for other terminals know the change by it."""
        if note.text == known.text:
            updated = known.updated
        else:
            updated = max(note.updated, known.updated + 1)
        self._connection.execute(
            "UPDATE notes SET text = ?, updated = ?, deleted = NULL WHERE id = ?", (note.text, updated, note.id)
        )
        return msgspec.structs.replace(known, text=note.text, updated=updated)

    def _one(self, note_id: str, *, deleted: bool = False) -> Note | None:
        found = self._rows("id = ?" if deleted else "id = ? AND deleted IS NULL", (note_id,))
        return found[0] if found else None

    def _rows(self, condition: str, values: Sequence[object]) -> tuple[Note, ...]:
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM notes WHERE {condition} {_ORDER}", values)  # noqa: S608
        return tuple(_note(row) for row in rows)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._turn, self._in_words():
            self._follow()
            yield

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if not self.writable:
            raise NotesError(f"{self.path.name} is only read: {'; '.join(self.notices)}")
        # The shared lock keeps another terminal from recovering the file between the look at it and the commit.
        with self._turn, self._in_words():
            self._follow()
            with locked(self.path, shared=True):
                if self._identity() != self._file:
                    raise NotesError("another terminal has just recovered the notes: save again")
                with transaction(self._connection):
                    yield

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        with errors_as(NotesError, self.path):
            try:
                yield
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                # The next call opens the file anew, which recovers it.
                self._file = _NO_FILE
                raise NotesError(f"{self.path} turns out to be damaged: try again, it is then recovered") from error
            except UnicodeError as error:
                raise NotesError(f"the text holds what is no character, so it cannot be stored: {error}") from error


def _note(row: Sequence[Any]) -> Note:
    return Note(row[0], Symbol(row[1]), _day(row[2], row[4]), *row[3:10])


def _day(text: str, created: int) -> date:
    """A note's day; the day it was made where the file has suffered, for its text is worth more than its place."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return to_hkt(created).date()
    except (ValueError, OverflowError, OSError):
        return date.min
