"""A screen under another one costs nothing, and shows what it missed when it is on top again."""

import msgspec
from textual.app import ComposeResult
from textual.screen import ModalScreen

from tests.ui.detail_stage import JD, Stage, detail, painted, state_of
from tui.ui.screens.full import FullScreen
from tui.ui.widgets.split_pane import SplitPane


class Below(FullScreen):
    """A screen with one pane."""

    def compose(self) -> ComposeResult:
        yield SplitPane(id="split")

    def on_mount(self) -> None:
        self.pane.show(state_of())

    @property
    def pane(self) -> SplitPane:
        return self.query_one(SplitPane)

    def change(self) -> None:
        """Something new for the pane."""
        state = state_of()
        row = msgspec.structs.replace(state.rows[JD], relative_volume=7.5)
        self.pane.show(msgspec.structs.replace(state, rows=state.rows | {JD: row}))


async def test_a_covered_screen_paints_nothing_until_it_is_back() -> None:
    below, above = Below(), detail(state_of())
    app = Stage(below)
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(above)
        await pilot.pause()
        sent = app.sent
        below.change()
        await pilot.pause()
        assert app.sent == sent
        await pilot.press("escape")
        await pilot.pause()
        assert app.sent > sent
        assert "volume 7.50x the usual" in painted(below.pane)[0]


async def test_a_screen_under_a_dialog_goes_on() -> None:
    below = Below()
    app = Stage(below)
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(ModalScreen[None]())
        await pilot.pause()
        sent = app.sent
        below.change()
        await pilot.pause()
        assert app.sent > sent
