"""Every key, pressed in the real app on what the real feed tells of the sample week."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.driving import enter, focused, look, main, order, palette, running, said, screen, until
from tests.ui.world import ScriptedLink, Told
from tui.config.keymap import KEYS, resolve
from tui.config.state import ScreenState
from tui.domain.symbol import Symbol
from tui.render.tone import plain
from tui.ui.app import WhymoveApp
from tui.ui.screens.detail import DetailScreen
from tui.ui.screens.editor import NoteEditor
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.notes import NoteLines, NotesScreen
from tui.ui.screens.picker import Choices, Picker
from tui.ui.widgets.chart import ChartPane
from tui.ui.widgets.timeline import Timeline

JD, ALIBABA, TENCENT = Symbol("9618.HK"), Symbol("9988.HK"), Symbol("0700.HK")


@pytest.fixture
def link(told: dict[str, Told]) -> ScriptedLink:
    return ScriptedLink(told["live"])


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


# --- the timeline


async def test_the_timelines_keys(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        view = main(app).query_one(Timeline)
        await until(pilot, lambda: view.scope is not None)
        await pilot.press("l", "e")
        assert view.scope is None
        everything = view.line_count()
        assert everything > 5
        await pilot.press("slash", *"qwen", "enter")
        assert 0 < view.line_count() < everything
        assert focused(app) is view
        await pilot.press("slash", "escape")
        assert view.line_count() == everything
        await pilot.press("o")
        await pilot.pause()
        assert said(app) == "this item has no link"
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        await pilot.press("escape")
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))


# --- one stock


async def test_the_keys_of_one_stock(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link, lists={"One": (JD, ALIBABA)}) as (app, pilot):
        main(app).watchlist.move_to(main(app).watchlist.order.index(JD))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and len(app.screen._days) > 50)
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        await pilot.press("j", "j")
        assert detail.table.cursor == 2
        for key in ("tab", "l", "right"):
            await pilot.press(key)
        assert focused(app) is detail.news
        for key in ("shift+tab", "h", "left"):
            await pilot.press(key)
        assert focused(app) is detail.table
        kinds = []
        for _ in range(3):
            await pilot.press("v")
            kinds.append(detail.query_one(ChartPane).kind)
        assert len(set(kinds)) >= 2
        await pilot.press("]")
        assert detail.symbol == ALIBABA
        await pilot.press("[")
        assert detail.symbol == JD
        await pilot.press("o", "e", "x")
        await pilot.pause()
        assert said(app) == "there is no note on this day"
        await pilot.press("backspace")
        await until(pilot, lambda: app.screen is main(app))


async def test_next_stock_follows_the_list_as_it_stands(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        stocks = order(app)
        assert stocks != app.desk.state.symbols
        await pilot.press("g", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        detail = app.screen
        assert isinstance(detail, DetailScreen)
        await pilot.press("]")
        assert detail.symbol == stocks[1]
        await pilot.press("[", "[")
        assert detail.symbol == stocks[-1]


# --- notes


async def written(app: WhymoveApp, pilot: Pilot[int], text: str) -> None:
    """Write a note on the selected stock's day."""
    await pilot.press("n")
    await until(pilot, lambda: isinstance(app.screen, NoteEditor))
    await pilot.press(*text)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: not isinstance(app.screen, NoteEditor))


async def test_a_note_is_written_edited_deleted_and_brought_back(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await written(app, pilot, "buyback?")
        assert said(app).endswith("saved")
        (note,) = app.desk.state.notes
        assert (note.text, note.symbol) == ("buyback?", main(app).watchlist.selected)
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NotesScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        await pilot.press(*" yes", "ctrl+s")
        await until(pilot, lambda: app.desk.state.notes[0].text == "buyback? yes")
        assert len(app.desk.state.notes) == 1
        await until(pilot, lambda: isinstance(app.screen, NotesScreen))
        await pilot.press("x")
        await until(pilot, lambda: app.desk.state.notes == ())
        await pilot.press("u")
        await until(pilot, lambda: len(app.desk.state.notes) == 1)
        await pilot.press("slash", *"yes", "enter")
        await until(pilot, lambda: app.screen.query_one(NoteLines).line_count() == 1)
        await pilot.press("slash", "ctrl+u", *"zzz", "enter")
        await until(pilot, lambda: app.screen.query_one(NoteLines).line_count() == 0)
        await pilot.press("E")
        await until(pilot, lambda: "notes.txt" in said(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main(app))


async def test_leaving_the_editor_asks_before_it_drops_a_text(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("n", *"half a thou", "escape")
        assert isinstance(app.screen, NoteEditor)
        await pilot.press("g", "escape", "escape")
        await until(pilot, lambda: app.screen is main(app))
        assert app.desk.state.notes == ()
        await pilot.press("n", "ctrl+s")
        assert isinstance(app.screen, NoteEditor), "an empty note is no note"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main(app))


async def test_a_failing_disk_keeps_the_text_on_the_screen(
    tmp_path: Path, link: ScriptedLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.store.notes import NoteBook, NotesError

    refuse = True
    add = NoteBook.add

    def full(book: NoteBook, note: Any) -> Any:
        if refuse:
            raise NotesError("the disk is full")
        return add(book, note)

    monkeypatch.setattr(NoteBook, "add", full)
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("n", *"do not lose me", "ctrl+s")
        await until(pilot, lambda: "disk is full" in str(app.screen.query_one("#editor").border_subtitle))
        assert isinstance(app.screen, NoteEditor)
        refuse = False
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is main(app))
        assert [note.text for note in app.desk.state.notes] == ["do not lose me"]


async def test_a_text_in_the_editor_is_saved_when_the_app_is_ended(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("n", *"the line dropped")
        app.ask_to_leave()
        await until(pilot, lambda: app._exit)
    from tui.store.notes import NoteBook

    assert [note.text for note in NoteBook(tmp_path / "notes.sqlite").list()] == ["the line dropped"]


# --- the look and the program


async def test_palettes_themes_and_languages_turn(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        palettes = []
        for _ in range(4):
            await pilot.press("c")
            palettes.append(app.palette)
        assert palettes == ["red_up", "colour_blind", "mono", "green_up"]
        themes = []
        for _ in range(6):
            await pilot.press("t")
            themes.append(app.theme_in_use.name)
        assert themes == ["light", "mono-ascii", "ansi", "colour-blind", "contrast", "dark"]
        await pilot.press("L")
        assert look(app).language == "zh"
        await pilot.press("L")
        assert look(app).language == "en"


async def test_refresh_asks_the_feed(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("r")
        assert link.refreshes == 1
        assert said(app) == "asking the sources"


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_lists_every_key(tmp_path: Path, link: ScriptedLink, key: str) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press(key)
        assert isinstance(app.screen, HelpScreen)
        text = "\n".join(plain(line) for line in app.screen._lines)
        assert all(each.id in text for each in KEYS)
        await pilot.press("G", "g", "pagedown", "j", "k", "escape")
        assert screen(app) is main(app)


async def test_the_palette_offers_and_does_what_can_be_done(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        commands: list[tuple[str, Callable[[], bool]]] = [
            ("by change", lambda: app.sort.name == "change"),
            ("theme: light", lambda: app.theme_in_use.name == "light"),
            ("palette: mono", lambda: palette(app) == "mono"),
            ("glyphs: ascii", lambda: look(app).glyphs == "ascii"),
            ("spark", lambda: look(app).spark == "own"),
            ("ask the sources", lambda: link.refreshes == 1),
        ]
        for typed, done in commands:
            await pilot.press("ctrl+p")
            await enter(app, pilot, typed)
            await until(pilot, done)
        await pilot.press("ctrl+p", *"zzzz")
        assert app.screen.query_one(Choices).line_count() == 0
        await pilot.press("escape")
        assert screen(app) is main(app)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_quit(tmp_path: Path, link: ScriptedLink, key: str) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: app._exit)
        assert not app.return_code


async def test_remapped_keys_work_and_the_old_ones_do_not(tmp_path: Path, link: ScriptedLink) -> None:
    keymap, problems = resolve({"list.sort": "/", "list.filter": ("s", "f5"), "app.colours": "ctrl+o"})
    assert problems == []
    async with running(tmp_path, link, keymap=keymap) as (app, pilot):
        await pilot.press("slash")
        assert app.sort.name == "name"
        await pilot.press("c")
        assert palette(app) == "green_up"
        await pilot.press("ctrl+o")
        assert palette(app) == "red_up"
        await pilot.press("f5", *"jd", "enter")
        assert len(main(app).watchlist.order) == 2


def test_every_key_of_the_registry_is_pressed_by_a_test() -> None:
    """One default key of each id stands, as it is pressed, in a test of the terminal."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    names = {"/": "slash", "?": "question_mark", "ctrl+z": "\\x1a"}
    for key in KEYS:
        assert any(f'"{names.get(name, name)}"' in text for name in key.keys), key.id
