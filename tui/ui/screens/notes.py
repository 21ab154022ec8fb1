"""All notes: read, search, edit, delete, export."""

import logging
from collections.abc import Hashable, Sequence
from typing import ClassVar, Final, Self

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui.config.keymap import Keymap
from tui.domain.event import Note
from tui.domain.symbol import short_code
from tui.domain.text import clean
from tui.render.days import day_cell
from tui.render.language import Language, Words
from tui.render.tone import Runs
from tui.render.width import pad, wrap
from tui.ui.bindings import bindings
from tui.ui.messages import LineChosen, NoteDeleted, NoteWanted, StateChanged
from tui.ui.model import ViewState
from tui.ui.notekeeper import NoteKeeper
from tui.ui.textual_private import use_glass
from tui.ui.widgets.filter_line import FilterLine
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.status import Footer, StatusLine

_TITLE: Final = Words("notes", "筆記")
_NONE: Final = Words("No notes yet. n on a day or an event writes one.", "未有筆記。在某日或某消息上按 n 撰寫。")
_NOT_FOUND: Final = Words("No note contains “{}”.", "沒有包含「{}」的筆記。")
_EXPORTED: Final = Words("all notes written to {}", "所有筆記已寫入 {}")

log = logging.getLogger(__name__)


class NoteLines(LineView):
    """One line a note: day, stock, the first line of its text, the headline it is about."""

    def __init__(self) -> None:
        super().__init__(id="notes")
        self.notes: Sequence[Note] = ()
        self.language: Language = "en"
        self.filter_text = ""

    def show(self, notes: Sequence[Note], language: Language) -> None:
        self.notes, self.language = notes, language
        self.lines_changed()
        title = f"{_TITLE.say(language)}  {len(notes)}"
        self.frame(f"{title}  /{clean(self.filter_text)}" if self.filter_text else title)

    @property
    def note(self) -> Note | None:
        """The note under the cursor."""
        return self.notes[self.cursor] if self.notes else None

    def line_count(self) -> int:
        return len(self.notes)

    def line_key(self, index: int) -> Hashable:
        return self.notes[index], self.language

    def line_runs(self, index: int, width: int) -> Runs:
        note = self.notes[index]
        return (
            (f" {day_cell(note.day, self.language, year=True)} ", "muted"),
            (pad(short_code(note.symbol), 6), "strong"),
            (clean(note.text, 400), "note"),
            (f"  {clean(note.event_title)}" if note.event_title else "", "muted"),
        )

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        words = _NOT_FOUND.say(self.language).format(self.filter_text) if self.filter_text else _NONE.say(self.language)
        lines: list[Runs] = [()]
        lines += [((f"  {line}", "muted"),) for line in wrap(words, max(width - 4, 8))]
        return lines[:height]


class NotesScreen(Screen[None], inherit_bindings=False):
    """Escape goes back; `/` searches the text of all notes on the disk."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("notes")

    def __init__(self, state: ViewState, keymap: Keymap, keeper: NoteKeeper) -> None:
        super().__init__()
        use_glass(self)
        self._state = state
        self._keymap = keymap
        self._keeper = keeper

    def compose(self) -> ComposeResult:
        yield NoteLines()
        yield StatusLine(id="status", banner=True)
        yield FilterLine(id="filter")
        yield Footer(("notes", "lines", "app"), self._keymap, id="footer")

    def on_mount(self) -> None:
        self._lines.focus()
        self.show(self._state)

    @property
    def _lines(self) -> NoteLines:
        return self.query_one(NoteLines)

    # --- what is shown

    @on(StateChanged)
    def _state_changed(self, message: StateChanged) -> None:
        message.stop()
        self.show(message.state)

    def show(self, state: ViewState) -> None:
        """Take the newest state."""
        self._state = state
        self.query_one(StatusLine).show(state)
        self.query_one(Footer).show(state)
        if self._lines.filter_text:
            self.run_worker(self._search(self._lines.filter_text), group="search", exclusive=True, exit_on_error=False)
        else:
            self._lines.show(state.notes, state.look.language)

    # --- search

    @property
    def filter_text(self) -> str:
        """The words every note must contain."""
        return self._lines.filter_text

    def set_filter(self, text: str) -> None:
        """Search; "" shows all."""
        self._lines.filter_text = clean(text, 100)
        self.show(self._state)

    def focus(self, scroll_visible: bool = True) -> Self:
        """Give the keyboard back to the notes."""
        self._lines.focus(scroll_visible)
        return self

    async def _search(self, text: str) -> None:
        try:
            notes = await self._keeper.ask(lambda book: book.search(text))
        except Exception as error:
            log.exception("notes could not be searched")
            self.query_one(StatusLine).tell(str(error), bad=True)
            return
        self._lines.show(notes, self._state.look.language)

    @on(FilterLine.Closed)
    def _filter_closed(self, message: FilterLine.Closed) -> None:
        message.stop()
        self.query_one(StatusLine).display = True

    # --- keys

    @on(LineChosen)
    def _edit(self, message: LineChosen) -> None:
        message.stop()
        if note := self._lines.note:
            self.post_message(NoteWanted(note.symbol, note.day, note=note))

    def action_back(self) -> None:
        self.dismiss(None)

    def action_search(self) -> None:
        self.query_one(StatusLine).display = False
        self.query_one(FilterLine).open_for(self)

    def action_remove(self) -> None:
        if note := self._lines.note:
            self.post_message(NoteDeleted(note))

    def action_export(self) -> None:
        self.run_worker(self._export(), group="export", exclusive=True, exit_on_error=False)

    async def _export(self) -> None:
        status = self.query_one(StatusLine)
        try:
            path = await self._keeper.export()
        except Exception as error:
            log.exception("notes could not be exported")
            status.tell(str(error), bad=True)
            return
        status.tell(_EXPORTED.say(self._state.look.language).format(path))
