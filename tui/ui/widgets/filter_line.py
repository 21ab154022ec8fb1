"""The input line of `/`: what is typed goes to the view key by key."""

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui.ui.bindings import bindings
from tui.ui.messages import Filterable


class FilterLine(Input):
    """Hidden until `open_for`. Enter keeps the filter, Escape takes it away; both give the keyboard back."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("filter")

    class Closed(Message):
        """The line went away again."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True, placeholder="/", select_on_focus=False)
        self.cursor_blink = False
        self._view: Filterable | None = None

    def open_for(self, view: Filterable) -> None:
        """Ask for the filter of a view."""
        self._view = view
        self.value = view.filter_text
        self.display = True
        self.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._view is not None:
            self._view.set_filter(event.value)

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        self._close()

    def action_drop(self) -> None:
        if self._view is not None:
            self._view.set_filter("")
        self._close()

    def _close(self) -> None:
        view, self._view = self._view, None
        self.display = False
        if view is not None:
            view.focus()
        self.post_message(self.Closed())
