"""A widget of one line that repaints only the cells that differ."""

from collections.abc import Hashable

from tui.render.tone import Runs
from tui.ui.model import ViewState
from tui.ui.widgets.line_view import LineView


class OneLine(LineView, inherit_bindings=False):
    """Shows one line of runs made from the view state. Never focused."""

    DEFAULT_CSS = "OneLine { height: 1; }"
    can_focus = False
    has_cursor = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state: ViewState | None = None

    def runs(self, state: ViewState, width: int) -> Runs:
        """The line in at most `width` cells."""
        raise NotImplementedError

    def show(self, state: ViewState) -> None:
        """Take the newest state."""
        self._state = state
        self.lines_changed()

    def line_count(self) -> int:
        return 1 if self._state is not None else 0

    def line_key(self, index: int) -> Hashable:
        return self.line_runs(index, self.size.width)

    def line_runs(self, index: int, width: int) -> Runs:
        return self.runs(self._state, width) if self._state is not None else ()
