"""The main screen: the list, the timeline, the split of the selected stock. Layout and focus only."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer

from tui.ui.bindings import bindings
from tui.ui.messages import FilterWanted, ListTurned, StateChanged, SymbolSelected
from tui.ui.model import ViewState
from tui.ui.ordering import Sort
from tui.ui.questions import AnswerArrived
from tui.ui.screens.full import FullScreen
from tui.ui.textual_private import use_glass
from tui.ui.widgets.filter_line import FilterLine
from tui.ui.widgets.header import Header
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.list_head import ListHead
from tui.ui.widgets.one_line import OneLine
from tui.ui.widgets.split_pane import SplitPane
from tui.ui.widgets.status import Footer, StatusLine
from tui.ui.widgets.timeline import Timeline
from tui.ui.widgets.watchlist import Watchlist
from tui.ui.world import World
from tui.wire import Effects

# After the cursor rested this long, timeline and split follow it: a key held down costs no more than the list.
FOLLOW_S = 0.12


class MainScreen(FullScreen, inherit_bindings=False):
    """Three densities by width: list, timeline and split; list over timeline; list alone."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("main")
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012
        (0, "-tiny"),
        (40, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-flat"), (16, "-high")]  # noqa: RUF012

    CONTEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        "list": ("list", "lines", "main", "app"),
        "timeline": ("timeline", "lines", "main", "app"),
        "split": ("lines", "main", "app"),
        "filter": ("filter", "main"),
    }

    def __init__(self, state: ViewState, world: World, sort: Sort) -> None:
        super().__init__()
        use_glass(self)
        self._state = state
        self._world = world
        self._sort = sort
        self._follow: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        with Container(id="panes"):
            with Vertical(id="left"):
                with Vertical(id="box"):
                    head = ListHead(id="head")
                    yield head
                    known = self._world.instruments.instruments
                    columns = self._world.columns
                    yield Watchlist(head, self._sort, known, columns, steady=self._world.steady, id="list")
                yield SplitPane(id="split")
            yield Timeline(id="timeline")
        yield StatusLine(id="status")
        yield FilterLine(id="filter")
        yield Footer(self.CONTEXTS["list"], self._world.keymap, id="footer")

    def on_mount(self) -> None:
        self.watchlist.focus()
        self.show(self._state)

    @property
    def watchlist(self) -> Watchlist:
        return self.query_one(Watchlist)

    @property
    def status(self) -> StatusLine:
        return self.query_one(StatusLine)

    # --- what is shown

    @on(StateChanged)
    def _state_changed(self, message: StateChanged) -> None:
        message.stop()
        self.show(message.state)

    def show(self, state: ViewState) -> None:
        """Give the newest state to every pane."""
        self._state = state
        for line in self.query(OneLine):
            line.show(state)
        self.watchlist.show(state)
        self.query_one(Timeline).show(state)
        self.query_one(SplitPane).show(state)

    @on(AnswerArrived)
    def _answered(self, message: AnswerArrived) -> None:
        message.stop()
        if isinstance(message.answer, Effects):
            self.query_one(Timeline).take_effects(message.answer)

    @on(SymbolSelected)
    def _selected(self, message: SymbolSelected) -> None:
        """Let the panes follow once the cursor rests; the message then goes on to the app."""
        message.stop()
        if self._follow is not None:
            self._follow.stop()
        self._follow = self.set_timer(FOLLOW_S, lambda: self.app.post_message(message))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        contexts = self.CONTEXTS.get(event.widget.id or "")
        if contexts:
            self.query_one(Footer).use(contexts)

    # --- the filter line

    @on(FilterWanted)
    def _filter_wanted(self, message: FilterWanted) -> None:
        message.stop()
        self.query_one(FilterLine).open_for(message.view)
        self.status.display = False

    @on(FilterLine.Closed)
    def _filter_closed(self, message: FilterLine.Closed) -> None:
        message.stop()
        self.status.display = True

    # --- keys

    def on_click(self, event: events.Click) -> None:
        """A click on a title sorts by it, another one turns the order round."""
        if isinstance(event.widget, ListHead) and (name := event.widget.sort_at(event.x)):
            self.watchlist.sort_by_title(name)

    def action_next_list(self) -> None:
        self.post_message(ListTurned(1))

    def action_previous_list(self) -> None:
        self.post_message(ListTurned(-1))

    def action_next_pane(self) -> None:
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        panes = [pane for pane in self.query(LineView) if pane.can_focus and pane.size.height]
        if self.focused in panes:
            # Not widget.focus(), which waits for its turn: the next key may be here already.
            self.set_focus(panes[(panes.index(self.focused) + step) % len(panes)])
