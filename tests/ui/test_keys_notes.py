"""Every key of the timeline, of one stock and of notes, pressed in the real app."""

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.events import AppFocus
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.ui.driving import focused, main, order, running, said, until
from tests.ui.world import ScriptedLink
from tui.domain.event import Note
from tui.domain.symbol import Symbol
from tui.store.notes import NoteBook, NotesError
from tui.ui.app import WhymoveApp
from tui.ui.screens.detail import DetailScreen
from tui.ui.screens.editor import NoteEditor
from tui.ui.screens.notes import NoteLines, NotesScreen
from tui.ui.widgets.chart import ChartPane
from tui.ui.widgets.timeline import Timeline

JD, ALIBABA, TENCENT = Symbol("9618.HK"), Symbol("9988.HK"), Symbol("0700.HK")


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


async def test_a_note_that_is_too_long_is_refused_and_stays_whole(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteEditor))
        area = app.screen.query_one(TextArea)
        area.text = "n" * 20_001
        await pilot.press("ctrl+s")
        said = "NOT SAVED: 20,001 characters, at most 20,000"
        await until(pilot, lambda: str(app.screen.query_one("#editor").border_subtitle) == said)
        assert len(area.text) == 20_001
        area.text = "n" * 20_000
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is main(app))
        assert [len(note.text) for note in app.desk.state.notes] == [20_000]


async def test_a_failing_disk_keeps_the_text_on_the_screen(
    tmp_path: Path, link: ScriptedLink, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert [note.text for note in NoteBook(tmp_path / "notes.sqlite").list()] == ["the line dropped"]


@pytest.mark.parametrize("look", ["N", "enter", "focus"])
async def test_a_note_of_another_terminal_is_seen(tmp_path: Path, link: ScriptedLink, look: str) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await written(app, pilot, "mine")
        with closing(NoteBook(tmp_path / "notes.sqlite")) as other:
            other.add(Note("2f0c7f2e-0000-4000-8000-000000000001", JD, date(2026, 3, 6), "of the other", 1, 1))
        if look == "focus":
            app.post_message(AppFocus())
        else:
            await pilot.press(look)
        await until(pilot, lambda: {note.text for note in app.desk.state.notes} == {"mine", "of the other"})
