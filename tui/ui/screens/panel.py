"""The base of the screens that are one list of lines over status line and footer, and go back with Escape."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.config.keymap import Keymap
from tui.ui.messages import StateChanged
from tui.ui.model import LinkPhase, ViewState
from tui.ui.questions import QuestionAsked
from tui.ui.screens.full import FullScreen
from tui.ui.textual_private import use_glass
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.status import Footer, StatusLine
from tui.wire import AskAhead, AskUnexplained


class PanelScreen(FullScreen, inherit_bindings=False):
    """A subclass makes its view in `make_view` and paints the state in `show_lines`."""

    CSS_PATH = "../styles/panel.tcss"
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-flat"), (16, "-high")]  # noqa: RUF012
    CONTEXTS: ClassVar[tuple[str, ...]]

    def __init__(self, state: ViewState, keymap: Keymap) -> None:
        super().__init__()
        use_glass(self)
        self._state = state
        self._keymap = keymap
        self._view = self.make_view()
        self._view.add_class("panel")

    def make_view(self) -> LineView:
        """The screen's lines."""
        raise NotImplementedError

    def show_lines(self, state: ViewState) -> None:
        """The state is another one."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield self._view
        yield StatusLine(id="status", banner=True)
        yield Footer(self.CONTEXTS, self._keymap, id="footer")

    def on_mount(self) -> None:
        self._view.focus()
        self.show(self._state)

    @on(StateChanged)
    def _state_changed(self, message: StateChanged) -> None:
        message.stop()
        self.show(message.state)

    def show(self, state: ViewState) -> None:
        """Take the newest state."""
        self._state = state
        self.query_one(StatusLine).show(state)
        self.query_one(Footer).show(state)
        self.show_lines(state)

    def action_back(self) -> None:
        self.dismiss(None)


class AskingScreen(PanelScreen, inherit_bindings=False):
    """A panel whose lines are the feed's answer to a question. It is put again when what it depends on has changed,
    but not before the last answer came."""

    def __init__(self, state: ViewState, keymap: Keymap) -> None:
        super().__init__(state, keymap)
        self._asked_for: object = None
        self._waiting = False

    def question(self, state: ViewState) -> AskAhead | AskUnexplained:
        """What to ask the feed."""
        raise NotImplementedError

    def depends_on(self, state: ViewState) -> object:
        """Another answer is to be expected where this differs."""
        raise NotImplementedError

    def answered(self) -> None:
        """The answer came: ask again if it is an old one already."""
        self._waiting = False
        self._ask(self._state)

    def show_lines(self, state: ViewState) -> None:
        if state.link.phase is LinkPhase.LIVE:
            self._ask(state)
        else:
            self._asked_for, self._waiting = None, False

    def _ask(self, state: ViewState) -> None:
        wanted = (state.symbols, self.depends_on(state))
        if not self._waiting and wanted != self._asked_for:
            self._asked_for, self._waiting = wanted, True
            self.post_message(QuestionAsked(self.question(state)))
