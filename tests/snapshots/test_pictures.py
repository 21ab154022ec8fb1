"""Pictures of the screen, few enough to be looked at. `pytest tests/snapshots --snapshot-update` draws them again."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from tests.ui.driving import main, until
from tests.ui.world import ScriptedLink, Told, at_ms, make_world
from tui.config.state import ScreenState
from tui.domain.clock import FixedClock
from tui.domain.event import Note
from tui.domain.market import Quality
from tui.domain.row import SourceHealth, SourceState
from tui.domain.symbol import Symbol
from tui.domain.trading_day import to_hkt
from tui.ui.app import WhymoveApp
from tui.ui.link import Lost
from tui.wire import Change

Compare = Callable[..., bool]
SIZES = {"wide": (160, 50), "medium": (100, 30), "narrow": (60, 20), "small": (40, 12)}
JD = Symbol("9618.HK")
CHOICES = ScreenState(sort="rarity", theme="dark", palette="green_up", glyphs="braille", spark="price", language="en")


class Stage:
    """An app on the sample week, and what is done to it before the picture is taken."""

    def __init__(self, folder: Path, told: Told, *, connect: bool = True, **changes: Any) -> None:
        self.link = ScriptedLink(told, connect=connect)
        start = msgspec.structs.replace(CHOICES, **changes.pop("start", {}))
        self.app = WhymoveApp(make_world(folder, self.link, start=start, **changes))

    async def rows(self, pilot: Pilot[int]) -> None:
        """Wait for the feed's rows, and for the panes to follow the cursor."""
        app = self.app
        await until(pilot, lambda: bool(app.desk.state.rows) and not app.desk.state.stored)
        await until(pilot, lambda: app.desk.state.selected == main(app).watchlist.selected)
        await pilot.pause()

    async def detail(self, pilot: Pilot[int]) -> None:
        """Open JD.com, whose day is an own move."""
        await self.rows(pilot)
        main(self.app).watchlist.move_to(main(self.app).watchlist.order.index(JD))
        await pilot.press("enter")
        await until(pilot, lambda: len(getattr(self.app.screen, "_days", ())) > 50)
        await pilot.pause()


def picture(
    compare: Compare, stage: Stage, size: tuple[int, int], before: Callable[[Pilot[int]], Awaitable[None]]
) -> None:
    assert compare(stage.app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_the_list(snap_compare: Compare, tmp_path: Path, told: dict[str, Told], size: str) -> None:
    stage = Stage(tmp_path, told["live"])
    picture(snap_compare, stage, SIZES[size], stage.rows)


def test_one_stock(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"])
    picture(snap_compare, stage, SIZES["wide"], stage.detail)


@pytest.mark.parametrize("moment", ["lunch", "closed"])
def test_the_market_rests(snap_compare: Compare, tmp_path: Path, told: dict[str, Told], moment: str) -> None:
    stage = Stage(tmp_path, told[moment], clock=FixedClock(at_ms("2026-03-06T18:00")))
    picture(snap_compare, stage, SIZES["medium"], stage.rows)


def test_a_limited_source_and_stale_prices(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"])
    snapshot = told["live"].snapshot
    late = snapshot.status.as_of or 0

    async def before(pilot: Pilot[int]) -> None:
        await stage.rows(pilot)
        stale = [
            msgspec.structs.replace(
                row,
                quote=msgspec.structs.replace(row.quote, quality=Quality.STALE, exchange_time=late - 1_260_000),
            )
            for row in snapshot.rows[:12]
            if row.quote is not None
        ]
        limited = SourceHealth("yahoo", SourceState.LIMITED, "too many requests", next_try=late + 42_000)
        status = msgspec.structs.replace(snapshot.status, sources=(limited,), as_of=late - 1_260_000)
        stage.link.say(Change(2, 1, rows=tuple(stale), status=status))
        await until(pilot, lambda: stage.app.desk.state.seconds_now is not None)
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)


def test_the_feed_is_gone(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"])

    async def before(pilot: Pilot[int]) -> None:
        await stage.rows(pilot)
        stage.link.say(Lost("the feed hung up", 15.0))
        await until(pilot, lambda: stage.app.desk.state.link.phase == "lost")
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)


def test_the_first_paint_from_the_store(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stored = [
        msgspec.structs.replace(row, quote=msgspec.structs.replace(row.quote, quality=Quality.STORED))
        for row in told["live"].snapshot.rows
        if row.quote is not None
    ]
    monday = FixedClock(at_ms("2026-03-09T09:12"))
    stage = Stage(tmp_path, told["live"], connect=False, source="yahoo", stored_rows=lambda: stored, clock=monday)

    async def before(pilot: Pilot[int]) -> None:
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)


def test_a_start_without_anything_known(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"], connect=False)

    async def before(pilot: Pilot[int]) -> None:
        await pilot.pause()

    picture(snap_compare, stage, SIZES["narrow"], before)


def test_an_empty_list(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"], lists={"Ideas": (), "Tech": (JD,)})

    async def before(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: bool(stage.app.desk.state.rows))
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)


@pytest.mark.parametrize(
    ("theme", "palette", "glyphs"),
    [
        ("dark", "red_up", "braille"),
        ("light", "green_up", "braille"),
        ("contrast", "green_up", "block"),
        ("colour-blind", "colour_blind", "braille"),
        ("mono-ascii", "mono", "ascii"),
    ],
)
def test_the_looks(
    snap_compare: Compare, tmp_path: Path, told: dict[str, Told], theme: str, palette: str, glyphs: str
) -> None:
    stage = Stage(tmp_path, told["live"], start={"theme": theme, "palette": palette, "glyphs": glyphs})
    picture(snap_compare, stage, (120, 32), stage.rows)


@pytest.mark.parametrize("size", ["wide", "small"])
def test_the_list_in_chinese(snap_compare: Compare, tmp_path: Path, told: dict[str, Told], size: str) -> None:
    stage = Stage(tmp_path, told["live"], start={"language": "zh"})
    picture(snap_compare, stage, SIZES[size], stage.rows)


def test_help(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"])

    async def before(pilot: Pilot[int]) -> None:
        await stage.rows(pilot)
        await pilot.press("question_mark")
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)


def test_a_note_over_the_list(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"])
    day = to_hkt(at_ms("2026-03-06T14:31")).date()
    note = Note("n1", JD, day, "Results beat; guidance is the question.", created=1, updated=1)

    async def before(pilot: Pilot[int]) -> None:
        await stage.rows(pilot)
        await stage.app.notes.keep(note, None)
        await pilot.press("n", *"Volume 9x and no headline: ask the desk.")
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)


def test_adding_stocks(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    stage = Stage(tmp_path, told["live"])

    async def before(pilot: Pilot[int]) -> None:
        await stage.rows(pilot)
        await pilot.press("a", *"bank", "down")
        await pilot.pause()

    picture(snap_compare, stage, SIZES["medium"], before)
