"""One stock: every day as a row, and the selected day told in full. Layout, focus and keys; panes paint."""

from datetime import date
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal

from tui.config.keymap import Keymap
from tui.domain.attribution import Attribution, Leg
from tui.domain.event import Note
from tui.domain.symbol import Symbol
from tui.domain.text import is_web_link
from tui.render.candidates import event_of
from tui.render.glyphs import glyphs
from tui.render.history import with_newest
from tui.render.language import Words
from tui.ui.beside import Beside, beside, with_new_legs
from tui.ui.bindings import bindings
from tui.ui.messages import (
    HistoryArrived,
    HistoryWanted,
    LineChosen,
    LinesMoved,
    LinkOpened,
    NoteDeleted,
    NoteWanted,
    StateChanged,
    Told,
)
from tui.ui.model import LinkPhase, ViewState
from tui.ui.questions import AnswerArrived
from tui.ui.screens.full import FullScreen
from tui.ui.textual_private import use_glass
from tui.ui.widgets.chart import ChartPane
from tui.ui.widgets.day_news import DayNews
from tui.ui.widgets.days_frame import DaysFrame
from tui.ui.widgets.days_table import DaysTable, waiting_words
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.split_pane import DayPane
from tui.ui.widgets.status import Footer, StatusLine
from tui.ui.widgets.stock_line import StockLine
from tui.wire import Effects, History

DAYS: Final = 250
_NO_LINK: Final = Words("this headline has no link", "此消息沒有連結")
_NO_HEADLINE: Final = Words("no headline stands beside this day", "此日沒有消息")
_NO_NOTE: Final = Words("there is no note on this day", "此日沒有筆記")


class DetailScreen(FullScreen, inherit_bindings=False):
    """A stock's days. It asks for them with HistoryWanted and shows the newest day from the list's row meanwhile; while
    that day is selected and moves, its legs are asked for again."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("detail")
    CSS_PATH = "../styles/detail.tcss"
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-one-column"), (80, "-two-columns")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-bare"),
        (16, "-low"),
        (26, "-middle"),
        (40, "-tall"),
    ]
    CONTEXTS: ClassVar[tuple[str, ...]] = ("lines", "detail", "app")

    def __init__(self, state: ViewState, keymap: Keymap, symbol: Symbol, day: date | None = None) -> None:
        super().__init__()
        use_glass(self)
        self._state = state
        self._keymap = keymap
        self._symbol = symbol
        self._wanted_day = day
        self._history: History | None = None
        self._days: tuple[Attribution, ...] = ()
        self._shown: Attribution | None = None
        self._asked_on: date | None = None
        self._asked_with: Attribution | None = None
        self._waits = False

    def compose(self) -> ComposeResult:
        yield StockLine(self._symbol, id="stock")
        yield DaysFrame(self._symbol, id="days")
        with Horizontal(id="below"):
            yield DayPane(id="day")
            with Container(id="side"):
                yield ChartPane(id="chart")
                yield DayNews(id="news")
        yield StatusLine(id="status", banner=True)
        yield Footer(self.CONTEXTS, self._keymap, id="footer")

    def on_mount(self) -> None:
        self.table.focus()
        self._ask()
        self.show(self._state)

    @property
    def symbol(self) -> Symbol:
        """The stock on the screen."""
        return self._symbol

    @property
    def frame(self) -> DaysFrame:
        return self.query_one(DaysFrame)

    @property
    def table(self) -> DaysTable:
        return self.query_one(DaysTable)

    @property
    def news(self) -> DayNews:
        return self.query_one(DayNews)

    @property
    def day(self) -> Attribution | None:
        """The selected day."""
        return self.table.day

    # --- what is shown

    @on(StateChanged)
    def _state_changed(self, message: StateChanged) -> None:
        message.stop()
        before = self._state
        self.show(message.state)
        back = before.link.phase is not LinkPhase.LIVE and message.state.link.phase is LinkPhase.LIVE
        failed = self._history is not None and bool(self._history.error) and before.now != message.state.now
        if back or failed or message.state.session_day != self._asked_on:
            self._ask()

    @on(HistoryArrived)
    def _history_arrived(self, message: HistoryArrived) -> None:
        message.stop()
        history = message.history
        if history.symbol != self._symbol:
            return
        self._waits = False
        if history.error and self._history is not None and self._history.days:
            # What was known stays; only the reason is said.
            self.query_one(StatusLine).tell(history.error, bad=True)
            return
        self._history = with_new_legs(self._history, history)
        self._show_days()

    @on(AnswerArrived)
    def _answered(self, message: AnswerArrived) -> None:
        message.stop()
        if isinstance(message.answer, Effects):
            self.frame.take(message.answer)

    def show(self, state: ViewState) -> None:
        """Take the newest state."""
        before, self._state = self._state, state
        for pane in (StockLine, StatusLine, Footer):
            self.query_one(pane).show(state)
        row, old = state.rows.get(self._symbol), before.rows.get(self._symbol)
        same = row is old and state.notes is before.notes and state.look == before.look and state.link == before.link
        if not same or not self._days:
            self._show_days()

    def _ask(self) -> None:
        self._asked_on = self._state.session_day
        self._want(DAYS)

    def _want(self, days: int) -> None:
        row = self._state.rows.get(self._symbol)
        self._asked_with = row.day if row else None
        self._waits = True
        self.post_message(HistoryWanted(self._symbol, days))

    def _follow_legs(self, running: Attribution | None) -> None:
        """Ask for the running day alone where it has moved on since its legs were asked for, one question at a time."""
        if running != self._asked_with and not self._waits and self._history is not None and self._history.days:
            self._want(1)

    def _show_days(self) -> None:
        """Give table and panes the days as they are known now."""
        row = self._state.rows.get(self._symbol)
        known = self._history.days if self._history else ()
        self._days = with_newest(known, row.day if row else None)
        look = self._state.look
        error = self._history.error if self._history else ""
        missing = "" if known else waiting_words(self._state, self._symbol, DAYS, error)
        self.frame.show_days(self._symbol, self._days, look, missing)
        if self._wanted_day is not None and self._days:
            self.table.select(self._wanted_day)
            if known:
                self._wanted_day = None
        self.set_class(not self._days, "-empty")
        self._show_day()

    def _show_day(self) -> None:
        """Give the panes the selected day."""
        day, look, row = self.day, self._state.look, self._state.rows.get(self._symbol)
        self._shown = day
        newest = bool(self._days) and day is self._days[0]
        volume = row.relative_volume if row and newest else day.relative_volume if day else None
        known = beside(day, row if newest else None, self._history, self._state) if day else Beside()
        self.query_one(DayPane).show_day(day, self._legs_of(day), look, volume, known)
        noted = frozenset(note.day for note in self._state.notes if note.symbol == self._symbol)
        self.query_one(ChartPane).show_days(self._days, self.table.cursor, noted, look.language, glyphs(look.glyphs))
        self.news.show_day(day, self._notes_of(day), look, known.effects)
        if newest and row is not None:
            self._follow_legs(row.day)

    def _legs_of(self, day: Attribution | None) -> tuple[Leg, ...]:
        return self._history.legs.get(day.date, ()) if self._history and day else ()

    def _notes_of(self, day: Attribution | None) -> list[Note]:
        if day is None:
            return []
        notes = [note for note in self._state.notes if note.symbol == self._symbol and note.day == day.date]
        return sorted(notes, key=lambda note: -note.updated)

    @on(LinesMoved)
    def _moved(self, message: LinesMoved) -> None:
        message.stop()
        if self.day is not self._shown:
            self._show_day()
            self.frame.follow()

    @on(LineChosen)
    def _chosen(self, message: LineChosen) -> None:
        """Enter on a day goes to its headlines, Enter on a headline opens its link."""
        message.stop()
        if self.focused is self.news:
            self.action_open_link()
        else:
            self._focus_on(self.news)

    # --- keys

    def action_back(self) -> None:
        """A marked day is let go of first."""
        if not self.frame.drop_mark():
            self.dismiss(None)

    def action_span(self) -> None:
        self.frame.toggle_mark()

    def action_next_pane(self) -> None:
        """From the table to the headlines, then to the day where there is more of it than the pane shows; on a narrow
        screen the headlines take the place of the waterfall."""
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        pane = self.query_one(DayPane)
        panes: list[LineView] = [self.table, self.news]
        if pane.has_more or self.focused is pane:
            panes.append(pane)
        at = next((at for at, each in enumerate(panes) if each is self.focused), 0)
        self._focus_on(panes[(at + step) % len(panes)])

    def _focus_on(self, pane: LineView) -> None:
        self.set_class(pane is self.news, "-news")
        self.remove_class("-chart")
        self.set_focus(pane)

    def action_view(self) -> None:
        """The next chart; a screen without room for it shows it in the place of the waterfall first."""
        chart = self.query_one(ChartPane)
        if chart.size.height == 0:
            self.add_class("-chart")
            return
        chart.next_kind()
        if chart.kind == "own":
            self.remove_class("-chart")

    def action_older_day(self) -> None:
        self._step_day(1)

    def action_newer_day(self) -> None:
        self._step_day(-1)

    def _step_day(self, step: int) -> None:
        self.table.move_to(self.table.cursor + step, step)

    def action_next_stock(self) -> None:
        self._step_stock(1)

    def action_previous_stock(self) -> None:
        self._step_stock(-1)

    def _step_stock(self, step: int) -> None:
        """The same day of the list's next stock."""
        symbols = self._state.order or self._state.symbols
        if self._symbol not in symbols or len(symbols) < 2:
            return
        self._symbol = symbols[(symbols.index(self._symbol) + step) % len(symbols)]
        self._wanted_day = self.day.date if self.day else None
        self._history = None
        self.query_one(StockLine).show_stock(self._symbol)
        self._show_days()
        self._ask()

    def action_note(self) -> None:
        """A new note on the day, beside the headline under the cursor where the headlines have the focus."""
        day = self.day
        candidate = self.news.candidate if self.focused is self.news else None
        known = {event.id: event for event in self._state.events}
        event = None
        if candidate is not None:
            event = known.get(candidate.event_id) or event_of(candidate, self._symbol)
        self.post_message(NoteWanted(self._symbol, day.date if day else self._state.session_day, event))

    def action_edit_note(self) -> None:
        if note := self._note():
            self.post_message(NoteWanted(note.symbol, note.day, note=note))

    def action_remove_note(self) -> None:
        if note := self._note():
            self.post_message(NoteDeleted(note))

    def _note(self) -> Note | None:
        note = self.news.note
        if note is None:
            self.post_message(Told(_NO_NOTE.say(self._state.look.language), bad=True))
        return note

    def action_open_link(self) -> None:
        candidate = self.news.candidate
        if candidate is not None and is_web_link(candidate.url):
            self.post_message(LinkOpened(candidate.url))
        else:
            words = _NO_LINK if candidate is not None else _NO_HEADLINE
            self.post_message(Told(words.say(self._state.look.language), bad=True))
