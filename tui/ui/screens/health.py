"""How the feed and its sources do: everything the status line has no room for."""

from collections.abc import Hashable
from typing import ClassVar, Final

from textual.binding import BindingType

from tui import __version__
from tui.render.health import Ends, health_lines
from tui.render.language import Words
from tui.render.tone import Runs
from tui.ui.bindings import bindings
from tui.ui.model import LinkPhase, ViewState
from tui.ui.screens.panel import PanelScreen
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.status import link_run

_TITLE: Final = Words("health", "狀態")
_CONNECTED: Final = Words("connected", "已連接")


class HealthLines(LineView):
    """The lines; they scroll, nothing is chosen in them."""

    has_cursor = False

    def __init__(self) -> None:
        super().__init__(id="health")
        self._state: ViewState | None = None
        self._lines: tuple[Runs, ...] = ()

    def show(self, state: ViewState) -> None:
        self._state = state
        self._make_lines()
        self.frame(_TITLE.say(state.look.language), "Esc")

    def on_resize(self) -> None:
        self._make_lines()

    def _make_lines(self) -> None:
        state, width = self._state, self.size.width
        if state is not None and width:
            self._lines = health_lines(state.status, _ends(state), state.now, width, state.look.language)
            self.lines_changed()

    def line_count(self) -> int:
        return len(self._lines)

    def line_key(self, index: int) -> Hashable:
        return self._lines[index]

    def line_runs(self, index: int, width: int) -> Runs:
        return self._lines[index]


def _ends(state: ViewState) -> Ends:
    live = state.link.phase is LinkPhase.LIVE
    link = _CONNECTED.say(state.look.language) if live else link_run(state)[0]
    if (feed := state.feed) is None:
        return Ends(__version__, link, live)
    return Ends(__version__, link, live, feed.version, feed.source, feed.pid)


class HealthScreen(PanelScreen, inherit_bindings=False):
    """Data only from the feed's status and its first words."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("health")
    CONTEXTS = ("health", "app")

    def make_view(self) -> LineView:
        return HealthLines()

    def show_lines(self, state: ViewState) -> None:
        self.query_one(HealthLines).show(state)
