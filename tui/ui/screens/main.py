"""The main screen: the list, the timeline, the split of the selected stock. Layout and focus only."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui.config.keymap import Keymap
from tui.ui.bindings import bindings
from tui.ui.messages import StateChanged, SymbolSelected
from tui.ui.model import ViewState
from tui.ui.textual_private import use_edge_compositor
from tui.ui.widgets.header import Header
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.split_pane import SplitPane
from tui.ui.widgets.status import Footer, StatusLine
from tui.ui.widgets.timeline import Timeline
from tui.ui.widgets.watchlist import Watchlist

# After the cursor rested this long, timeline and split follow it: a key held down costs no more than the list.
FOLLOW_S = 0.12


class MainScreen(Screen[None], inherit_bindings=False):
    """Three densities by width: list, timeline and split; list over timeline; list alone."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("main")
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [
        (0, "-tiny"),
        (40, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-flat"), (16, "-high")]

    CONTEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        "list": ("list", "lines", "main", "app"),
        "timeline": ("timeline", "lines", "main", "app"),
        "split": ("lines", "main", "app"),
    }

    def __init__(self, state: ViewState, keymap: Keymap, sort: Sort) -> None:
        super().__init__()
        use_edge_compositor(self)
        self._state = state
        self._keymap = keymap
        self._sort = sort
        self._follow: Timer | None = None
        self._filtered: LineView | None = None

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        with Container(id="panes"):
            with Vertical(id="left"):
                yield Watchlist(self._sort, id="list")
                yield SplitPane(id="split")
            yield Timeline(id="timeline")
        yield StatusLine(id="status")
        entry = Input(id="filter", compact=True)
        entry.cursor_blink = False
        yield entry
        yield Footer(self.CONTEXTS["list"], self._keymap, id="footer")

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
        for pane in (Header, Watchlist, Timeline, SplitPane, StatusLine, Footer):
            self.query_one(pane).show(state)

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

    def on_key(self) -> None:
        self.status.tell("")

    # --- the filter line

    @on(FilterWanted)
    def _filter_wanted(self, message: FilterWanted) -> None:
        message.stop()
        self._filtered = message.view
        entry = self.query_one("#filter", Input)
        entry.value = message.view.filter_text
        entry.display = True
        self.status.display = False
        entry.focus()

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._filtered is not None:
            self._filtered.set_filter(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_kept(self, event: Input.Submitted) -> None:
        event.stop()
        self._close_filter()

    def action_drop_filter(self) -> None:
        if self._filtered is not None:
            self._filtered.set_filter("")
            self._close_filter()

    def _close_filter(self) -> None:
        view, self._filtered = self._filtered, None
        self.query_one("#filter", Input).display = False
        self.status.display = True
        if view is not None:
            view.focus()

    # --- keys

    def action_next_pane(self) -> None:
        self._move_focus(1)

    def action_previous_pane(self) -> None:
        self._move_focus(-1)

    def _move_focus(self, step: int) -> None:
        panes = [pane for pane in self.query(LineView) if pane.can_focus and pane.size.height]
        if self.focused in panes:
            panes[(panes.index(self.focused) + step) % len(panes)].focus()
