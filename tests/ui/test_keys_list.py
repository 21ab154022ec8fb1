"""Every key of moving and of the list, pressed in the real app on what the real feed tells of the sample week."""

from pathlib import Path
from typing import Any

import pytest

from tests.ui.driving import enter, focused, look, main, order, running, said, screen, until
from tests.ui.world import ScriptedLink
from tui.config.state import ScreenState
from tui.domain.symbol import Symbol
from tui.render.tone import plain
from tui.ui.screens.detail import DetailScreen
from tui.ui.screens.picker import Picker
from tui.ui.widgets.timeline import Timeline

JD, ALIBABA, TENCENT = Symbol("9618.HK"), Symbol("9988.HK"), Symbol("0700.HK")


async def test_the_keys_of_moving(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, size=(100, 20)) as (app, pilot):
        view = main(app).watchlist
        last = view.line_count() - 1
        assert last == 18
        steps: list[tuple[str, int]] = [
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("up", 0),
            ("up", 0),
            ("G", last),
            ("down", last),
            ("g", 0),
            ("end", last),
            ("home", 0),
        ]
        for key, line in steps:
            await pilot.press(key)
            assert view.cursor == line, key
        for down, up in (("pagedown", "pageup"), ("ctrl+f", "ctrl+b"), ("space", "pageup")):
            await pilot.press(down)
            assert view.cursor == view.size.height - 1
            await pilot.press(up)
            assert view.cursor == 0
        await pilot.press("G")
        assert view.scroll_offset.y == view.line_count() - view.size.height


async def test_focus_goes_round_the_panes(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        assert focused(app) is main(app).watchlist
        await pilot.press("l")
        assert isinstance(focused(app), Timeline)
        await pilot.press("right")
        assert focused(app) is main(app).watchlist
        await pilot.press("h")
        assert isinstance(focused(app), Timeline)
        await pilot.press("left")
        assert focused(app) is main(app).watchlist


async def test_a_hidden_pane_is_not_focused(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, size=(60, 20)) as (app, pilot):
        await pilot.press("l")
        assert focused(app) is main(app).watchlist


@pytest.mark.parametrize("key", ["enter"])
async def test_enter_opens_the_stock_and_escape_comes_back(tmp_path: Path, link: ScriptedLink, key: str) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("g", "j", key)
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert isinstance(app.screen, DetailScreen)
        assert app.screen.symbol == main(app).watchlist.selected
        assert link.asked == [app.screen.symbol]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main(app))


async def test_panes_follow_the_cursor_once_it_rests(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("g", "j", "j")
        chosen = main(app).watchlist.selected
        await until(pilot, lambda: app.desk.state.selected == chosen)
        assert main(app).query_one(Timeline).scope == chosen


# --- the list


async def test_sort_goes_through_the_columns_and_reverse_turns_round(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        view = main(app).watchlist
        await pilot.press("j", "j")
        stock = view.selected
        names = []
        for _ in range(11):
            await pilot.press("s")
            names.append(app.sort.name)
            assert view.selected == stock, "the cursor goes with its stock"
        assert len(set(names)) == 11
        assert names[-1] == "rarity"
        before = order(app)
        await pilot.press("S")
        assert app.sort.reverse
        rarities = [app.desk.state.rows[s].day.rarity for s in before]  # type: ignore[union-attr]
        if len(set(rarities)) == len(rarities):
            assert order(app) == tuple(reversed(before))


async def test_the_sort_is_remembered(tmp_path: Path, link: ScriptedLink) -> None:
    kept: list[ScreenState] = []
    async with running(tmp_path, link, save_state=kept.append) as (app, pilot):
        await pilot.press("s", "S")
        await until(pilot, lambda: bool(kept) and kept[-1].sort == app.sort.name)
    assert (kept[-1].sort, kept[-1].descending) == ("name", True)


async def test_filter(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        view = main(app).watchlist
        await pilot.press("slash", *"jd")
        assert set(order(app)) == {JD, Symbol("2618.HK")}
        await pilot.press("enter")
        assert focused(app) is view
        assert len(order(app)) == 2
        await pilot.press("slash", "escape")
        assert len(order(app)) == 19
        await pilot.press("slash", *"京東")
        assert set(order(app)) == {JD, Symbol("2618.HK")}
        await pilot.press("ctrl+u", *"zzz")
        assert order(app) == ()
        assert "zzz" in plain([run for line in view.empty_lines(60, 5) for run in line])
        await pilot.press("escape")
        assert len(order(app)) == 19


async def test_another_list_opens_without_the_filter(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, lists={"One": (JD, ALIBABA), "Two": (TENCENT,)}) as (app, pilot):
        await pilot.press("slash", *"zzz", "enter")
        assert order(app) == ()
        await pilot.press("tab")
        await until(pilot, lambda: order(app) == (TENCENT,))
        assert "zzz" not in str(main(app).query_one("#box").border_title)
        await pilot.press("tab")
        await until(pilot, lambda: len(order(app)) == 2)


async def test_lists_turn_with_tab(tmp_path: Path, link: ScriptedLink) -> None:
    lists = {"One": (JD, ALIBABA), "Two": (TENCENT,), "Empty": ()}
    async with running(tmp_path, link, lists=lists) as (app, pilot):
        view = main(app).watchlist
        shown = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await pilot.press(key)
            await pilot.pause()
            shown.append((app.desk.state.list_name, set(order(app))))
        assert shown == [("Two", {TENCENT}), ("Empty", set()), ("One", {JD, ALIBABA}), ("Empty", set())]
        assert "a adds stocks" in plain([run for line in view.empty_lines(60, 5) for run in line])
        assert set(link.watched) == {JD, ALIBABA, TENCENT}


async def test_add_by_code_remove_and_undo(tmp_path: Path, link: ScriptedLink) -> None:
    saved: list[dict[str, tuple[Symbol, ...]]] = []

    def save(mine: dict[str, tuple[Symbol, ...]], base: dict[str, tuple[Symbol, ...]]) -> Any:
        saved.append(dict(mine))
        return mine

    lists = {"One": (JD,), "Two": (TENCENT,)}
    async with running(tmp_path, link, lists=lists, save_lists=save) as (app, pilot):
        await pilot.press("a")
        await enter(app, pilot, "9988 HK:00005 700x")
        assert isinstance(app.screen, Picker), "700x is no code and no name, so there is nothing to choose"
        await enter(app, pilot, "9988 HK:00005")
        await until(pilot, lambda: len(order(app)) == 3)
        assert set(order(app)) == {JD, ALIBABA, Symbol("0005.HK")}
        assert said(app) == "added 9988, 0005 to One"
        await pilot.press("x")
        await until(pilot, lambda: len(order(app)) == 2)
        await pilot.press("u")
        await until(pilot, lambda: len(order(app)) == 3)
        await pilot.press("delete")
        await until(pilot, lambda: len(order(app)) == 2)
        await pilot.press("u", "u")
        await until(pilot, lambda: order(app) == (JD,))
        await pilot.press("u")
        assert said(app) == "nothing to undo"
        await until(pilot, lambda: bool(saved) and saved[-1]["One"] == (JD,))


@pytest.mark.parametrize("typed", ["tencent", "騰訊", "tenc"])
async def test_add_by_name(tmp_path: Path, link: ScriptedLink, typed: str) -> None:
    async with running(tmp_path, link, lists={"One": (JD,)}) as (app, pilot):
        await pilot.press("a", *typed, "enter")
        await until(pilot, lambda: TENCENT in main(app).watchlist.order)


async def test_add_picks_with_the_arrows_and_escape_adds_nothing(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, lists={"One": (JD,)}) as (app, pilot):
        await pilot.press("a", *"bank", "down", "down", "up", "enter")
        await until(pilot, lambda: len(main(app).watchlist.order) == 2)
        await pilot.press("a", *"700", "escape")
        assert screen(app) is main(app)
        assert len(main(app).watchlist.order) == 2


async def test_a_stock_twice_is_said(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, lists={"One": (JD,)}) as (app, pilot):
        await pilot.press("a", *"9618", "enter")
        assert said(app) == "9618 is in One already"


async def test_lists_are_made_shown_and_deleted(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, lists={"One": (JD,), "Two": (TENCENT,)}) as (app, pilot):
        await pilot.press("m")
        await enter(app, pilot, "Three")
        await pilot.pause()
        assert app.desk.state.list_name == "Three"
        await pilot.press("m")
        await enter(app, pilot, "delete three")
        await pilot.pause()
        assert set(app.desk.lists) == {"One", "Two"}
        await pilot.press("u")
        await pilot.pause()
        assert set(app.desk.lists) == {"One", "Two", "Three"}
        await pilot.press("m")
        await enter(app, pilot, "Two")
        await pilot.pause()
        assert app.desk.state.list_name == "Two"


async def test_the_spark_turns(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("p")
        assert look(app).spark == "own"
        await pilot.press("p")
        assert look(app).spark == "price"


async def test_a_link_that_is_not_there_is_said(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("o")
        await pilot.pause()
        assert said(app).startswith("no headline with a link stands beside")
