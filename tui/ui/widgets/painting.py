"""Panes that show lines made for their size."""

from collections.abc import Hashable, Sequence

from tui.render.tone import Runs
from tui.ui.widgets.line_view import LineView


class Painting(LineView, inherit_bindings=False):
    """Lines without a cursor, made anew for every size and for every change; only cells that differ are repainted."""

    can_focus = False
    has_cursor = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Runs, ...] = ()

    def paint(self, width: int, height: int) -> Sequence[Runs]:
        """At most `height` lines of at most `width` cells; more where the focus is, which scrolls them."""
        raise NotImplementedError

    def repaint(self) -> None:
        """The data changed."""
        width, height = self.size
        lines = tuple(self.paint(width, height)) if width and height else ()
        if not self.has_focus:
            lines = lines[:height]
        # As many lines as the pane is high, so that a line more or less repaints that line only.
        self._lines = lines + ((),) * (height - len(lines))
        self.lines_changed()

    def on_resize(self) -> None:
        self.repaint()

    def line_count(self) -> int:
        return len(self._lines)

    def line_key(self, index: int) -> Hashable:
        return self._lines[index]

    def line_runs(self, index: int, width: int) -> Runs:
        return self._lines[index]
