"""The keys of one stock's screen."""

from datetime import date, timedelta

import msgspec
import pytest

from tests.ui.detail_stage import (
    ALIBABA,
    FRIDAY,
    HSBC,
    JD,
    NOTE,
    Stage,
    detail,
    focus_of,
    history_of,
    painted,
    press,
    shown_day,
    state_of,
    text,
)
from tui.ui.messages import HistoryArrived, LinkOpened, NoteDeleted, NoteWanted, StateChanged, Told
from tui.ui.widgets.chart import ChartPane
from tui.ui.widgets.split_pane import DayPane
from tui.ui.widgets.stock_line import StockLine


async def test_keys_walk_through_the_days() -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=(100, 30)) as pilot:
        await press(pilot, "j")
        assert shown_day(screen) == FRIDAY - timedelta(days=1)
        assert "Thu 5 Mar 2026" in str(screen.query_one(DayPane).border_title)
        await press(pilot, "left")
        assert shown_day(screen) == FRIDAY - timedelta(days=2)
        await press(pilot, "right", "l")
        assert shown_day(screen) == FRIDAY
        await press(pilot, "G")
        assert screen.table.cursor == 249
        assert "59 usable sessions; a split needs 60" in text(screen, DayPane)
        await press(pilot, "g")
        assert shown_day(screen) == FRIDAY


async def test_days_move_from_the_headlines_too() -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=(100, 30)) as pilot:
        await press(pilot, "tab", "h")
        assert screen.focused is screen.news
        assert shown_day(screen) == FRIDAY - timedelta(days=1)


async def test_the_selected_day_stays_while_days_arrive() -> None:
    screen = detail(state_of(), JD, FRIDAY - timedelta(days=3))
    async with Stage(screen).run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert shown_day(screen) == FRIDAY - timedelta(days=3)
        screen.post_message(HistoryArrived(history_of(JD, 30)))
        await pilot.pause()
        assert shown_day(screen) == FRIDAY - timedelta(days=3)


async def test_a_day_that_was_no_session_opens_the_one_before() -> None:
    screen = detail(state_of(), JD, date(2026, 2, 18))
    async with Stage(screen).run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert shown_day(screen) == date(2026, 2, 16)


async def test_enter_and_tab_go_to_the_headlines_and_escape_leaves() -> None:
    screen = detail(state_of())
    app = Stage(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert screen.query_one(DayPane).display
        assert screen.news.size.height == 0
        await press(pilot, "enter")
        assert focus_of(screen) == "news"
        assert screen.news.size.height > 0
        await press(pilot, "shift+tab")
        assert focus_of(screen) == "days-table"
        assert screen.query_one(DayPane).size.height > 0
        await press(pilot, "escape")
        assert app.screen is not screen


async def test_the_charts_take_turns() -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=(160, 50)) as pilot:
        chart = screen.query_one(ChartPane)
        titles = []
        for _ in range(4):
            await pilot.pause()
            titles.append(str(chart.border_title).split("  ")[0])
            await press(pilot, "v")
        assert titles == ["own part, accumulated", "price", "parts per day", "own part, accumulated"]


@pytest.mark.parametrize("size", [(60, 20), (40, 12), (100, 20)])
async def test_a_small_screen_shows_the_chart_in_place_of_another_pane(size: tuple[int, int]) -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=size) as pilot:
        chart = screen.query_one(ChartPane)
        await pilot.pause()
        assert chart.size.height == 0
        await press(pilot, "v")
        assert chart.size.height > 0
        await press(pilot, "v", "v", "v")
        assert chart.size.height == 0
        await press(pilot, "v", "tab")
        assert chart.size.height == 0
        assert screen.news.size.height > 0


async def test_the_next_stock_keeps_the_day() -> None:
    screen = detail(state_of(JD, ALIBABA, HSBC), JD, FRIDAY - timedelta(days=1))
    async with Stage(screen).run_test(size=(100, 30)) as pilot:
        await press(pilot, "]")
        assert screen.symbol == ALIBABA
        assert shown_day(screen) == FRIDAY - timedelta(days=1)
        assert "9988" in text(screen, StockLine)
        await press(pilot, "[", "[")
        assert screen.symbol == HSBC


async def test_notes() -> None:
    screen = detail(state_of())
    app = Stage(screen)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "n")
        wanted = app.asked[-1]
        assert isinstance(wanted, NoteWanted)
        assert (wanted.symbol, wanted.day, wanted.event, wanted.note) == (JD, FRIDAY, None, None)
        await press(pilot, "e")
        edited = app.asked[-1]
        assert isinstance(edited, NoteWanted)
        assert edited.note == NOTE
        await press(pilot, "x")
        deleted = app.asked[-1]
        assert isinstance(deleted, NoteDeleted)
        assert deleted.note == NOTE
        await press(pilot, "tab", "n")
        wanted = app.asked[-1]
        assert isinstance(wanted, NoteWanted)
        assert wanted.event is not None
        assert wanted.event.id == "jd-results"
        await press(pilot, "h", "e")
        told = app.asked[-1]
        assert isinstance(told, Told)
        assert (told.text, told.bad) == ("there is no note on this day", True)


async def test_links_open_only_where_they_are_web_addresses() -> None:
    screen = detail(state_of())
    app = Stage(screen, answer=False)
    async with app.run_test(size=(100, 30)) as pilot:
        for url, kind in (("https://example.org/jd", LinkOpened), ("javascript:alert(1)", Told), ("", Told)):
            row = state_of().rows[JD]
            assert row.day is not None
            first = msgspec.structs.replace(row.day.candidates[0], url=url)
            day = msgspec.structs.replace(row.day, candidates=(first,))
            rows = {JD: msgspec.structs.replace(row, day=day)}
            screen.post_message(StateChanged(msgspec.structs.replace(state_of(), rows=rows)))
            await pilot.pause()
            await press(pilot, "o")
            assert isinstance(app.asked[-1], kind)


async def test_all_of_a_day_can_be_read_on_a_low_screen() -> None:
    screen = detail(state_of(), ALIBABA)
    async with Stage(screen).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pane = screen.query_one(DayPane)
        warning, fit = "is a heavy part of", "own volatility"
        assert warning not in text(screen, DayPane)
        assert "more lines" in str(pane.border_subtitle)
        await press(pilot, "tab", "tab")
        assert focus_of(screen) == "day"
        read = text(screen, DayPane)
        for _ in range(pane.line_count()):
            await press(pilot, "j")
            read += "\n" + painted(pane)[-1]
        assert warning in " ".join(read.split())
        assert fit in " ".join(read.split())
        await press(pilot, "tab")
        assert focus_of(screen) == "days-table"
        assert "more lines" in str(pane.border_subtitle)
