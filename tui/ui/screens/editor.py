"""The editor of one note. A note exists once it is on disk; until then its text stays on the screen."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import TextArea

from tui.domain.event import Event, Note
from tui.domain.symbol import Symbol, short_code
from tui.domain.text import NOTE_LIMIT, clean, clean_lines
from tui.render.language import Language, Words
from tui.render.width import cut
from tui.render.words import day_words
from tui.ui.bindings import bindings
from tui.ui.messages import SaveWanted
from tui.ui.textual_private import set_frame_title, use_glass

_NEW = Words("new note", "新筆記")
_EDIT = Words("note", "筆記")
_KEYS = Words("^S saves  Esc leaves", "^S 儲存  Esc 離開")
_SAVING = Words("saving", "儲存中")
_UNSAVED = Words("not saved: Esc again drops it, ^S saves", "尚未儲存：再按 Esc 放棄，^S 儲存")
_EMPTY = Words("nothing to save yet", "未有內容")
_TOO_LONG = Words("{:,} characters, at most {:,}", "{:,} 字，最多 {:,} 字")
_FAILED = Words("NOT SAVED", "未能儲存")


def new_note(symbol: Symbol, day: date, event: Event | None, now_ms: int) -> Note:
    """An empty note with the UUID that it keeps for good, so that saving it twice is saving it once."""
    return Note(
        id=str(uuid4()),
        symbol=symbol,
        day=day,
        text="",
        created=now_ms,
        updated=now_ms,
        event_id=event.id if event else "",
        event_title=event.title if event else "",
        event_time=event.start if event else None,
        event_url=event.url if event else "",
    )


class NoteEditor(ModalScreen[None], inherit_bindings=False):
    """Edits `note`. Dismissed after it was saved, or when the trader drops the text."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("editor")

    def __init__(self, note: Note, language: Language) -> None:
        super().__init__()
        use_glass(self)
        self._note = note
        self._seen = note.updated if note.text else None
        self._language = language
        self._warned = False
        self._saving = False

    def compose(self) -> ComposeResult:
        with Vertical(id="editor"):
            yield TextArea(self._note.text, soft_wrap=True, show_line_numbers=False, compact=True)

    def on_mount(self) -> None:
        area = self._area
        area.cursor_blink = False
        area.focus()
        area.move_cursor(area.document.end)
        self._say(_KEYS)

    @property
    def _area(self) -> TextArea:
        return self.query_one(TextArea)

    @property
    def unsaved(self) -> tuple[Note, int | None] | None:
        """The note as it stands on the screen where that differs from the disk, and which change of it was seen."""
        text = clean_lines(self._area.text).strip()
        if not text or text == self._note.text:
            return None
        return msgspec.structs.replace(self._note, text=text), self._seen

    def _say(self, words: Words, detail: str = "") -> None:
        what = _EDIT if self._note.text else _NEW
        about = cut(self._note.event_title, 60) or day_words(self._note.day, self._language)
        title = f"{what.say(self._language)}  {short_code(self._note.symbol)}  {clean(about)}"
        subtitle = words.say(self._language) + (f": {clean(detail)}" if detail else "")
        set_frame_title(self.query_one("#editor"), Content(title), Content(subtitle))

    # --- keys

    def action_save(self) -> None:
        unsaved = self.unsaved
        if unsaved is None:
            if self._note.text:
                self.dismiss(None)
            else:
                self._say(_EMPTY)
        elif (length := len(unsaved[0].text)) > NOTE_LIMIT:
            self._say(_FAILED, _TOO_LONG.say(self._language).format(length, NOTE_LIMIT))
        elif not self._saving:
            self._saving = True
            self._say(_SAVING)
            self.post_message(SaveWanted(*unsaved, self))

    def action_cancel(self) -> None:
        if self.unsaved is not None and not self._warned:
            self._warned = True
            self._say(_UNSAVED)
        else:
            self.dismiss(None)

    def on_text_area_changed(self) -> None:
        if self._warned:
            self._warned = False
            self._say(_KEYS)

    # --- the app's answer

    def saved(self) -> None:
        """It is on disk."""
        self.dismiss(None)

    def failed(self, reason: str) -> None:
        """It is not; the text stays."""
        self._saving = False
        self._say(_FAILED, reason)
