"""The trader's notes: read and written on the disk's thread; said to be saved only when they are."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from tui.domain.event import Note
from tui.domain.symbol import short_code
from tui.render.language import Words
from tui.ui import phrases
from tui.ui.messages import NoteWanted, SaveWanted
from tui.ui.model import replace

if TYPE_CHECKING:
    from tui.store.notes import NoteBook
    from tui.ui.core import TerminalApp
    from tui.ui.screens.editor import NoteEditor

T = TypeVar("T")

log = logging.getLogger(__name__)


class NoteKeeper:
    """Opens the editor, saves, deletes, undoes; keeps `state.notes` as the disk has it.

    Whatever the disk answers, a text is never lost to it: every error is said, and the text stays where it stood.
    `lost` holds the texts that could not be saved when the app ended.
    """

    def __init__(self, app: "TerminalApp") -> None:
        self._app = app
        self._book: NoteBook | None = None
        self._editor: NoteEditor | None = None
        self.lost: list[str] = []

    async def ask(self, work: "Callable[[NoteBook], T]") -> T:
        """Do something with the notes on the disk's thread; raises what the disk raises."""

        def do() -> T:
            if self._book is None:
                self._book = self._app.world.open_notes()
            return work(self._book)

        return await self._app.disk.run(do)

    async def read(self) -> None:
        """Take in what is on disk, and say what happened while the file was opened."""
        try:
            notes = await self.ask(lambda book: book.list())
        except Exception as error:
            self._failed(phrases.NOTES_UNREAD, error)
            return
        if self._book is not None and self._book.notices:
            self._app.tell("; ".join(self._book.notices), bad=True)
        self._show(notes)

    async def reread(self) -> None:
        """Take in what another terminal has written; where that cannot be read, what is known stays."""
        try:
            notes = await self.ask(lambda book: book.list())
        except Exception as error:
            log.warning("notes were not read again: %s", error)
        else:
            self._show(notes)

    # --- writing

    def open(self, wanted: NoteWanted) -> None:
        """Open the editor on a note, or on a new one."""
        from tui.ui.screens.editor import NoteEditor, new_note  # not needed for the first paint

        desk = self._app.desk
        note = wanted.note or new_note(wanted.symbol, wanted.day, wanted.event, desk.clock.now_ms())
        self._editor = NoteEditor(note, desk.state.look.language)
        self._app.push_screen(self._editor)

    async def save(self, wanted: SaveWanted) -> None:
        """Put the text on disk, then say so; where the disk refuses, the editor keeps it."""
        try:
            stored = await self.keep(wanted.note, wanted.seen)
        except Exception as error:  # any refusal of the disk is a reason to keep the text on the screen
            log.exception("a note could not be saved")
            wanted.editor.failed(str(error))
        else:
            wanted.editor.saved()
            said = phrases.NOTE_SAVED if stored.id == wanted.note.id else phrases.NOTE_KEPT_TWICE
            self._app.tell(self._say(said, short_code(stored.symbol)))

    async def keep(self, note: Note, seen: int | None) -> Note:
        """Put a note on disk: a new one, or one that was last changed at `seen`. Raises what the disk raises."""
        note = msgspec.structs.replace(note, updated=self._app.desk.clock.now_ms())
        stored = await self.ask(lambda book: book.add(note) if seen is None else book.edit(note, seen))
        self._show(await self.ask(lambda book: book.list()))
        return stored

    async def keep_open_ones(self) -> None:
        """The app ends: put on disk what stands in an open editor."""
        editor = self._editor
        if editor is not None and editor in self._app.screen_stack and (unsaved := editor.unsaved):
            try:
                await self.keep(*unsaved)
            except Exception as error:
                note = unsaved[0]
                log.exception("a note could not be saved at the end: %s", note.text)
                self.lost.append(self._say(phrases.NOTE_LOST, short_code(note.symbol), error, note.text))

    async def delete(self, note: Note) -> None:
        """Take a note away, and offer to bring it back."""
        now = self._app.desk.clock.now_ms()
        try:
            await self.ask(lambda book: book.delete(note.id, now))
        except Exception as error:
            self._failed(phrases.NOTE_NOT_DELETED, error)
            return
        self._show(tuple(held for held in self._notes if held.id != note.id))
        code = short_code(note.symbol)

        def back() -> None:
            self._app.call_later(self.restore, note)

        self._app.desk.push_undo(self._say(phrases.NOTE_DELETED_SHORT, code), back)
        self._app.tell(self._say(phrases.NOTE_DELETED, code, self._app.desk.keys.get("app.undo", "")))

    async def restore(self, note: Note) -> None:
        """Bring a deleted note back."""
        try:
            await self.ask(lambda book: book.restore(note.id))
        except Exception as error:
            self._failed(phrases.NOTE_NOT_RESTORED, error)
            return
        self._show(await self.ask(lambda book: book.list()))

    async def export(self) -> Path:
        """Write all notes to a file of their own; where it is."""
        return await self.ask(self._app.world.export_notes)

    # --- inside

    @property
    def _notes(self) -> tuple[Note, ...]:
        return self._app.desk.state.notes

    def _show(self, notes: tuple[Note, ...]) -> None:
        ordered = sorted(notes, key=lambda note: (note.day, note.updated), reverse=True)
        desk = self._app.desk
        desk.state = replace(desk.state, notes=tuple(ordered))
        self._app.show_state()

    def _say(self, words: Words, *values: object) -> str:
        return words.say(self._app.desk.state.look.language).format(*values)

    def _failed(self, what: Words, error: Exception) -> None:
        log.error(what.en.format(error), exc_info=error)
        self._app.tell(self._say(what, error), bad=True)
