"""A screen under another one costs nothing, and shows what it missed when it is on top again."""

import msgspec
from textual.app import ComposeResult
from textual.screen import ModalScreen

from tests.ui.detail_stage import JD, Stage, detail, painted, paints, state_of
from tui.ui.screens.full import FullScreen
from tui.ui.widgets.line_view import LineView
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
    async with Stage(below).run_test(size=(100, 30)) as pilot:
        await pilot.app.push_screen(above)
        await pilot.pause()
        table = above.query_one("#days-table", LineView)
        with paints(below.pane) as hidden, paints(table) as shown:
            below.change()
            await pilot.pause()
        assert (hidden, shown) == ([], [])
        with paints(below.pane) as back:
            await pilot.press("escape")
            await pilot.pause()
        assert back
        assert "volume 7.50x the usual" in painted(below.pane)[0]


async def test_a_screen_under_a_dialog_goes_on() -> None:
    below = Below()
    async with Stage(below).run_test(size=(100, 30)) as pilot:
        await pilot.app.push_screen(ModalScreen[None]())
        await pilot.pause()
        with paints(below.pane) as lines:
            below.change()
            await pilot.pause()
        assert lines
