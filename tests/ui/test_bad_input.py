"""What the world may send: endless names, extreme prices, a flood of events, hostile headlines, an unknown language."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.ui.driving import main, running, said, until
from tests.ui.feed_double import hello
from tests.ui.pty_terminal import PtyTerminal
from tests.ui.rows import DAY, NOW, code, many, row, status
from tests.ui.world import ScriptedLink
from tui.domain.event import Event, Scope
from tui.domain.row import FeedStatus, Row, SourceHealth, SourceState
from tui.domain.trading_day import from_hkt
from tui.ui.link import Connected, Incompatible, Lost
from tui.ui.widgets.timeline import Timeline
from tui.wire import Change, ClockInfo, Snapshot

HOSTILE = "\x1b[31mred\x1b]0;title\x07 [/] [bold]not markup[/bold] \u202egnp.\u202c \x00\x9b2J 京東[link=x]y"
SIZES = [(160, 50), (100, 30), (60, 20), (40, 12), (20, 5)]


def link_with(rows: tuple[Row, ...], events: tuple[Event, ...] = (), state: FeedStatus | None = None) -> ScriptedLink:
    link = ScriptedLink()
    link.say(Connected(msgspec.structs.replace(hello(), clock=ClockInfo("fixed", NOW, 0.0))))
    link.say(Snapshot(1, rows, events, state or status()))
    return link


def event(number: int, title: str) -> Event:
    moment = from_hkt(DAY) + number * 1000
    return Event(
        id=f"e{number}",
        start=moment,
        end=moment,
        precision="second",
        title=title,
        source=HOSTILE,
        title_zh=title,
        symbols=(code(0),),
        scope=Scope.COMPANY,
        session=DAY,
    )


@pytest.mark.parametrize("size", SIZES)
async def test_extremes_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    names = msgspec.structs.replace(row(code(0)), name_en="長" * 150, name_zh="x" * 300, note=HOSTILE)
    prices = [0.001, 0.012, 9_999_999.0, 1e12]
    extremes = tuple(row(code(number + 1), price, price * 0.4) for number, price in enumerate(prices))
    bare = Row(code(9))
    rows = (names, *extremes, bare)
    lists = {HOSTILE: tuple(each.symbol for each in rows)}
    events = tuple(event(number, HOSTILE if number % 7 == 0 else f"headline {number}") for number in range(50))
    async with running(tmp_path, link_with(rows, events), size=size, lists=lists) as (app, pilot):
        await until(pilot, lambda: len(app.desk.state.rows) == len(rows))
        for key in ("j", "j", "L", "c", "t", "G", "enter", "escape", "l", "e", "G"):
            await pilot.press(key)
        await pilot.pause()
        shown = app.export_screenshot()
        assert "\x1b" not in shown
        assert "\u202e" not in shown


async def test_five_thousand_events_in_a_day(tmp_path: Path) -> None:
    events = tuple(event(number, f"headline {number}") for number in range(5000))
    async with running(tmp_path, link_with(many(3), events), lists={"One": (code(0), code(1))}) as (app, pilot):
        view = main(app).query_one(Timeline)
        await until(pilot, lambda: len(app.desk.state.events) == 5000)
        await pilot.press("l", "e")
        assert view.line_count() >= 5000
        await pilot.press("G", "g", "slash", *"4999", "enter")
        assert 1 <= view.line_count() <= 4


async def test_a_source_in_trouble_is_said_and_rows_stay(tmp_path: Path) -> None:
    limited = SourceHealth("yahoo", SourceState.LIMITED, "429 Too Many Requests", next_try=NOW + 42_000)
    link = link_with(many(3), state=msgspec.structs.replace(status(), sources=(limited,)))
    async with running(tmp_path, link, lists={"One": (code(0), code(1))}) as (app, pilot):
        await until(pilot, lambda: bool(app.desk.state.rows))
        assert said(app) == "yahoo: limited, next try in 42 s: 429 Too Many Requests"
        offline = msgspec.structs.replace(limited, state=SourceState.OFFLINE, reason="no route to host")
        link.say(Change(2, 1, status=msgspec.structs.replace(status(), sources=(offline,))))
        await until(pilot, lambda: "offline" in said(app))
        assert app.desk.state.seconds_now is None, "nothing counts down once no source is limited"
        assert len(app.desk.state.rows) == 3


async def test_a_feed_that_is_gone_or_of_another_version_is_said_and_rows_stay(tmp_path: Path) -> None:
    link = link_with(many(3))
    async with running(tmp_path, link, lists={"One": (code(0), code(1))}) as (app, pilot):
        await until(pilot, lambda: bool(app.desk.state.rows))
        link.say(Lost("the feed hung up", 0.5))
        await until(pilot, lambda: said(app).startswith("feed gone"))
        assert said(app) == "feed gone: the feed hung up; the rows stay as they were; trying again"
        link.say(Incompatible("the feed is newer (version 9.0): start whymove again", 60.0))
        await until(pilot, lambda: "newer" in said(app))
        assert said(app).endswith("trying again within 60 s")
        assert len(app.desk.state.rows) == 3
        link.say(Connected(msgspec.structs.replace(hello(), clock=ClockInfo("fixed", NOW, 0.0))))
        await until(pilot, lambda: "feed" not in said(app))


async def test_a_cache_that_cannot_be_read_costs_only_the_first_rows(tmp_path: Path) -> None:
    def broken() -> tuple[Row, ...]:
        raise OSError("input/output error")

    async with running(tmp_path, ScriptedLink(), stored_rows=broken) as (app, pilot):
        await pilot.press("j")
        assert said(app) == "starting the feed"
        assert main(app).watchlist.line_count() == 19


async def test_stored_rows_are_painted_first_and_marked(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedLink(), stored_rows=lambda: many(3), lists={"One": (code(0),)}) as (
        app,
        pilot,
    ):
        await pilot.pause()
        assert app.desk.state.stored
        assert said(app) == "starting the feed; the rows are from the last time"


async def test_a_disk_that_takes_nothing_is_said_and_the_screen_goes_on(tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Read-only file system")

    link = link_with(many(3))
    lists = {"One": (code(0), code(1))}
    changes: dict[str, Any] = {"save_state": refuse, "save_lists": refuse, "open_notes": refuse}
    async with running(tmp_path, link, lists=lists, **changes) as (app, pilot):
        await until(pilot, lambda: "Read-only" in said(app))
        await pilot.press("s")
        await until(pilot, lambda: said(app) == "Read-only file system")
        await pilot.press("x")
        assert main(app).watchlist.line_count() == 1
        await pilot.press("j", "L", "t")


ALLOWED = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[[0-9;]*H|\x1b\[\?(?:1049|25|1004|2004|7|2048|2026)[hl]|\x1b\[\?(?:2026|2048)\$p"
    rb"|\x1b\[>25u|\x1b\[<u|\x1b\]22;default\x07"
)


async def test_no_foreign_escape_reaches_the_terminal(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, 160, 50, rows=5) as terminal:
        await terminal.settle()
        hostile = msgspec.structs.replace(row(code(0)), name_en=HOSTILE, name_zh=HOSTILE, note=HOSTILE)
        sick = SourceHealth(HOSTILE, SourceState.BAD_DATA, HOSTILE)
        state = msgspec.structs.replace(status(), sources=(sick,), warnings=(HOSTILE,))
        events = tuple(event(number, HOSTILE) for number in range(5))
        await terminal.say(Change(2, 1, rows=(hostile,), events=events, status=state))
        await terminal.press("L")
        await terminal.press("\r")
        rest = ALLOWED.sub(b"", terminal.output)
        assert b"not markup" in rest
        assert b"\x1b" not in rest
        text = rest.decode("utf-8")
        assert not {character for character in text if not character.isprintable()} - {"\n", "\r"}


async def test_no_digit_is_clipped(tmp_path: Path) -> None:
    """At every width each line of the list, as the terminal shows it, holds its code, whole price and whole move."""
    prices = [(0.045, 0.05), (9.735, 9.5), (130.7, 126.3), (1234.0, 1200.0), (99_999.5, 80_000.0)]
    rows = tuple(row(code(number), *pair, number=number) for number, pair in enumerate(prices))
    shown = ["0.045", "9.735", "130.70", "1234.00", "99999.50"]
    exported = {"COLUMNS": "80", "LINES": "24"}  # a size that a shell exported once is not the terminal's
    async with PtyTerminal(tmp_path, 50, 24, rows=5, **exported) as terminal:
        await terminal.settle()
        await terminal.say(Change(2, 1, rows=rows))
        for width in (40, 60, 80, 100, 120, 160, 200):
            terminal.resize(width, 24)
            terminal.output = b""
            lines = await terminal.until(lambda lines: any("0005" in line for line in lines))
            for each, price in zip(rows, shown, strict=True):
                line = next(line for line in lines if line.lstrip("│▸ ").startswith(each.symbol[:4]))
                words = line.replace("│", " ").split()
                assert each.quote is not None
                move = each.quote.change_pct
                assert move is not None
                assert price in words, (width, line)
                assert f"{'+' if move > 0 else '−'}{abs(move):.2f}" in words, (width, line)


async def test_the_terminals_own_cursor_is_on_the_selected_line(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, 100, 24, rows=5) as terminal:
        await terminal.settle()
        for _ in range(3):
            await terminal.press("j")
            line = next(number for number, text in enumerate(terminal.screen()) if "▸000" in text)
            assert terminal.cursor_line() == line
