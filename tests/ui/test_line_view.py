"""The base of all lists: what is asked to be repainted, where the cursor may rest, and what a click does."""

from collections.abc import Hashable, Sequence

import pytest
from textual.app import ComposeResult
from textual.geometry import Region

from tui.config.shipped import shipped
from tui.config.themes import read_theme
from tui.render.tone import Runs, plain
from tui.ui.messages import LineChosen, LinesMoved
from tui.ui.theming import ThemedApp
from tui.ui.widgets.line_view import LineView

WIDTH, HEIGHT = 40, 10


class Prices(LineView):
    """Lines of a name and a price; headings cannot be rested on."""

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.lines = list(lines)
        self.regions: list[Region] = []

    def line_count(self) -> int:
        return len(self.lines)

    def line_key(self, index: int) -> Hashable:
        return self.lines[index]

    def line_runs(self, index: int, width: int) -> Runs:
        name, price = self.lines[index]
        return ((f" {name}", "strong"), (f" {price}", "rise" if price.startswith("+") else "fall"), (" end", "muted"))

    def can_rest(self, index: int) -> bool:
        return not self.lines[index][0].startswith("#")

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        return [(("nothing here", "muted"),)]

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "Prices":
        if getattr(self, "regions", None) is not None:
            self.regions += regions or [Region(-9, -9, 0, 0)]
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Stage(ThemedApp):
    """One view."""

    def __init__(self, view: Prices) -> None:
        super().__init__(read_theme(shipped("themes") / "dark.toml"), "green_up")
        self.view = view
        self.heard: list[LinesMoved | LineChosen] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.lines_changed()
        self.view.focus()

    def on_lines_moved(self, message: LinesMoved) -> None:
        self.heard.append(message)

    def on_line_chosen(self, message: LineChosen) -> None:
        self.heard.append(message)


def shown(view: Prices) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(HEIGHT)]


async def test_only_differing_lines_are_repainted() -> None:
    view = Prices([(f"s{number}", "+1.00") for number in range(30)])
    async with Stage(view).run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        view.regions.clear()
        view.lines_changed()
        assert view.regions == [], "equal lines"
        view.lines[3] = ("s3", "+1.05")
        view.lines[25] = ("s25", "-9.99")
        view.lines_changed()
        assert view.regions == [Region(0, 3, WIDTH, 1)], "the one line on the screen"
        await pilot.pause()
        assert shown(view)[3] == " s3 +1.05 end"


async def test_the_cursor_repaints_two_lines() -> None:
    view = Prices([(f"s{number}", "+1.00") for number in range(5)])
    async with Stage(view).run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        view.regions.clear()
        await pilot.press("j")
        assert view.regions == [Region(0, 0, WIDTH, 1), Region(0, 1, WIDTH, 1)]
        assert shown(view)[:2] == [" s0 +1.00 end", "▸s1 +1.00 end"]


async def test_lines_come_and_go() -> None:
    view = Prices([])
    async with Stage(view).run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        assert shown(view)[:2] == ["nothing here", ""]
        view.lines = [("a", "+1"), ("b", "-1")]
        view.regions.clear()
        view.lines_changed()
        assert {region.y for region in view.regions} == {0, 1}, "the lines below stay blank"
        await pilot.pause()
        assert shown(view)[:3] == ["▸a +1 end", " b -1 end", ""]
        view.lines = [("a", "+1")]
        view.lines_changed()
        await pilot.pause()
        assert shown(view)[:2] == ["▸a +1 end", ""]


async def test_a_list_that_shrinks_keeps_cursor_and_view_inside() -> None:
    view = Prices([(f"s{number}", "+1.00") for number in range(50)])
    async with Stage(view).run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press("G")
        assert (view.cursor, view.scroll_offset.y) == (49, 40)
        view.lines = view.lines[:12]
        view.lines_changed()
        await pilot.pause()
        assert (view.cursor, view.scroll_offset.y) == (11, 2)
        assert shown(view)[-1] == "▸s11 +1.00 end"


async def test_the_cursor_never_rests_on_a_heading() -> None:
    view = Prices([("#one", ""), ("a", "+1"), ("#two", ""), ("#three", ""), ("b", "-1"), ("#end", "")])
    async with Stage(view).run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        rests = [view.cursor]
        for key in ("j", "j", "j", "k", "k", "G", "g"):
            await pilot.press(key)
            rests.append(view.cursor)
        assert rests == [1, 4, 4, 4, 1, 1, 4, 1]


async def test_clicks_move_and_a_double_click_opens() -> None:
    view = Prices([(f"s{number}", "+1.00") for number in range(5)])
    stage = Stage(view)
    async with stage.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.click(Prices, offset=(5, 2))
        assert view.cursor == 2
        await pilot.click(Prices, offset=(5, 3), times=2)
        await pilot.pause()
        assert view.cursor == 3
        assert isinstance(stage.heard[-1], LineChosen)
        await pilot.click(Prices, offset=(5, 8))
        assert view.cursor == 3, "below the last line"


@pytest.mark.parametrize("width", [1, 2, 5, 12, 80])
async def test_a_line_is_exactly_as_wide_as_the_view(width: int) -> None:
    view = Prices([("京東集團京東集團", "+1.00"), ("", ""), ("x" * 300, "-1")])
    async with Stage(view).run_test(size=(width, HEIGHT)) as pilot:
        await pilot.pause()
        assert [view.render_line(y).cell_length for y in range(HEIGHT)] == [width] * HEIGHT


async def test_a_theme_repaints_with_other_styles() -> None:
    view = Prices([("a", "+1")])
    stage = Stage(view)
    async with stage.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        before = view.render_line(0)
        stage.paint_with(read_theme(shipped("themes") / "light.toml"), "red_up")
        await pilot.pause()
        after = view.render_line(0)
        assert plain(view.line_runs(0, WIDTH)).strip() in after.text
        assert [segment.style for segment in before] != [segment.style for segment in after]
