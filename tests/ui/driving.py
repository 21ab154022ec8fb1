"""Driving the real app in tests: start it, wait for a condition, read what it shows."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tests.ui.world import ScriptedLink, make_world
from tui.domain.symbol import Symbol
from tui.ui.app import WhymoveApp
from tui.ui.model import Look
from tui.ui.screens.main import MainScreen
from tui.ui.widgets.status import StatusLine

PATIENCE = 400


@asynccontextmanager
async def running(
    tmp_path: Path, link: ScriptedLink, size: tuple[int, int] = (160, 50), **changes: Any
) -> AsyncIterator[tuple[WhymoveApp, Pilot[int]]]:
    """The app with the feed's rows on its screen."""
    app = WhymoveApp(make_world(tmp_path, link, **changes))
    async with app.run_test(size=size) as pilot:
        if link.told is not None:
            await until(pilot, lambda: bool(app.desk.state.rows) and main(app).watchlist.selected is not None)
            await pilot.pause()
        yield app, pilot


async def until(pilot: Pilot[int], true: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    for _ in range(PATIENCE):
        if true():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not come to be so")


def main(app: WhymoveApp) -> MainScreen:
    screen = app.main
    assert screen is not None
    return screen


# What changes between two lines is asked for by a call, or the type checker takes it for what it was.


def focused(app: WhymoveApp) -> Widget | None:
    return app.focused


def screen(app: WhymoveApp) -> Screen[Any]:
    return app.screen


def order(app: WhymoveApp) -> tuple[Symbol, ...]:
    return main(app).watchlist.order


def look(app: WhymoveApp) -> Look:
    return app.desk.state.look


def palette(app: WhymoveApp) -> str:
    return app.palette


def said(app: WhymoveApp) -> str:
    """The status line of the screen, without the sample's banner."""
    line = app.screen.query_one(StatusLine)
    return "".join(text for text, tone in line.line_runs(0, 300) if tone != "sample").strip()


async def enter(app: WhymoveApp, pilot: Pilot[int], text: str) -> None:
    """Put a text into the open input line as if it were pasted, and press Enter."""
    line = app.screen.query_one(Input)
    line.value = text
    await pilot.pause()
    await pilot.press("enter")
