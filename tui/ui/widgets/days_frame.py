"""The days of a stock in their frame: whose they are, how many, and what a chosen span of them adds up to."""

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer

from tui.domain.attribution import Attribution
from tui.domain.symbol import Symbol, short_code
from tui.render.effect import effects_line
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.width import cells
from tui.ui.messages import Told
from tui.ui.model import Look
from tui.ui.questions import QuestionAsked
from tui.ui.span import ChosenSpan
from tui.ui.textual_private import set_frame_title
from tui.ui.widgets.days_table import DaysHead, DaysTable
from tui.wire import AskEffect, Effects

# So long the cursor rests before the feed is asked about the span that ends there.
REST_S: Final = 0.3
# What the frame itself takes beside its words.
_CORNERS: Final = 6
_EVERY_DAY: Final = Words("every day of {}", "{} 的每一日")
_SESSIONS: Final = Words("{} sessions", "{} 個交易日")


class DaysFrame(Vertical):
    """Head, table and frame. From a marked day to the selected one it adds up the own part."""

    def __init__(self, symbol: Symbol, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._symbol = symbol
        self._days: Sequence[Attribution] = ()
        self._look = Look()
        self._missing = ""
        self._span = ChosenSpan()
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        head = DaysHead(id="days-head")
        yield head
        yield DaysTable(head, id="days-table")

    @property
    def table(self) -> DaysTable:
        return self.query_one(DaysTable)

    def show_days(self, symbol: Symbol, days: Sequence[Attribution], look: Look, missing: str) -> None:
        """Take a stock's days, newest first; `missing` is what stands there while there are none."""
        self._symbol, self._days, self._look, self._missing = symbol, days, look, missing
        self.table.show_days(days, look, missing)
        self.follow()

    # --- the span

    def toggle_mark(self) -> None:
        """Add up from the selected day on, or no longer where it is the marked one."""
        if (day := self.table.day) is not None:
            self._span.mark = None if day.date == self._span.mark else day.date
            self.table.mark(self._span.mark)
            self.follow()

    def drop_mark(self) -> bool:
        """Add nothing up any more; False where nothing was."""
        dropped = self._span.mark is not None
        self._span.mark = None
        self.table.mark(None)
        self._show_frame()
        return dropped

    def take(self, answer: Effects) -> None:
        """Show the answer of the feed if it is the one to what stands here."""
        if self._span.take(question := self._question(), answer):
            self._show_frame()
            effect = self._span.answer(question)
            if effect is not None and not self.gutter.bottom:
                # A small screen has no frame to write on.
                self.screen.post_message(Told(effects_line((effect,), self.size.width, self._look.language)))

    def follow(self) -> None:
        """Cursor, mark or days have changed: ask about the span once the cursor rests."""
        self._show_frame()
        if self._rest is not None:
            self._rest.stop()
        question = self._question()
        if question is not None and self._span.answer(question) is None:
            self._rest = self.set_timer(REST_S, lambda: self.post_message(QuestionAsked(question)))

    # --- inside

    def _question(self) -> AskEffect | None:
        day = self.table.day
        return None if day is None else self._span.question(self._symbol, self._days, day.date)

    def _show_frame(self) -> None:
        language = self._look.language
        title = _EVERY_DAY.say(language).format(short_code(self._symbol))
        said = self._missing or _SESSIONS.say(language).format(len(self._days))
        if effect := self._span.answer(self._question()):
            room = self.size.width - cells(said) - _CORNERS
            said = f"{effects_line((effect,), room, language, glyphs(self._look.glyphs).minus)}  {said}".lstrip()
        set_frame_title(self, Content(title), Content(said if self._days else ""))
