"""One stock's screen: its days, the selected day told in full, every key, every width, every state of the feed."""

import msgspec
import pytest

from tests.ui.detail_stage import (
    ALIBABA,
    FRIDAY,
    JD,
    Stage,
    days_of,
    detail,
    history_of,
    painted,
    paints,
    press,
    state_of,
    text,
)
from tui.domain.attribution import Attribution
from tui.domain.symbol import Symbol
from tui.render.days import head_runs
from tui.render.numbers import signed
from tui.ui.messages import HistoryArrived, HistoryWanted, StateChanged
from tui.ui.model import LinkPhase, LinkView, Look, ViewState
from tui.ui.widgets.chart import ChartPane
from tui.ui.widgets.day_news import DayNews
from tui.ui.widgets.days_table import DaysHead, DaysTable
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.split_pane import DayPane
from tui.ui.widgets.stock_line import StockLine
from tui.wire import History


async def test_every_day_and_the_selected_one_in_full() -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        assert screen.table.line_count() == 250
        assert "9618  106.60  ▴ +9.95%  +9.65  JD.com  京東集團  Fri 6 Mar 16:08" in text(screen, StockLine)
        assert text(screen, StockLine).rstrip().endswith("SAMPLE")
        assert "▸   Fri 6 Mar   +9.95   +2.41   +0.69   +6.85  1/251 own" in text(screen, DaysTable)
        day = text(screen, DayPane)
        assert "own move  volume 1.84x the usual" in day
        assert "own +6.85 pp, the largest in a year; anything from +4.1 to +9.6 pp would fit" in " ".join(day.split())
        assert "overnight   +2.53  own  +2.23" in day
        assert "beta by window 60: 1.59 · 120: 1.50 · 250: 1.40" in day
        news = text(screen, DayNews)
        assert "▪ JD.com reports fourth-quarter results" in news
        assert "possible cause  JD.com, 5 Mar" in news
        assert "▸ Own move on the results; margin guidance to check." in news
        assert "−59.76 pp" in str(screen.query_one(ChartPane).border_title)


async def test_it_asks_for_the_history_and_shows_today_meanwhile() -> None:
    screen = detail(state_of())
    app = Stage(screen, answer=False)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert [type(message) for message in app.asked] == [HistoryWanted]
        assert screen.table.line_count() == 1
        assert "Asking the feed for 250 sessions of 9618." in str(screen.query_one("#days").border_subtitle)
        screen.post_message(HistoryArrived(history_of(JD)))
        await pilot.pause()
        assert screen.table.line_count() == 250
        assert "250 sessions" in str(screen.query_one("#days").border_subtitle)


async def test_words_while_there_is_nothing_to_show() -> None:
    nowhere = Symbol("0388.HK")
    for link, words in (
        (LinkPhase.LIVE, "Asking the feed for 250 sessions of 0388."),
        (LinkPhase.STARTING, "The feed is starting; the days of 0388 come with it."),
        (LinkPhase.LOST, "The feed is gone; the days of 0388 come when it is back."),
    ):
        screen = detail(state_of(link=link), nowhere)
        async with Stage(screen, answer=False).run_test(size=(80, 20)) as pilot:
            await pilot.pause()
            assert words in text(screen, DaysTable)
            assert "no price yet" in text(screen, StockLine)


async def test_an_error_is_said_and_asked_again_with_the_next_minute() -> None:
    screen = detail(state_of(), Symbol("0388.HK"))
    app = Stage(screen, answer=False)
    async with app.run_test(size=(90, 20)) as pilot:
        screen.post_message(HistoryArrived(History(Symbol("0388.HK"), error="Yahoo has no [0388]\x1b[31m")))
        await pilot.pause()
        assert "No history of 0388: Yahoo has no [0388]" in text(screen, DaysTable)
        asked = len(app.asked)
        later = msgspec.structs.replace(state_of(), now=state_of().now + 60_000)
        screen.post_message(StateChanged(later))
        await pilot.pause()
        assert len(app.asked) == asked + 1


async def test_a_failure_never_takes_known_days_away() -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=(90, 24)) as pilot:
        await pilot.pause()
        screen.post_message(HistoryArrived(History(JD, error="offline")))
        await pilot.pause()
        assert screen.table.line_count() == 250
        assert "offline" in painted(screen.query_one("#status", LineView))[0]


async def test_history_of_another_stock_is_not_shown() -> None:
    screen = detail(state_of())
    async with Stage(screen, answer=False).run_test(size=(90, 24)) as pilot:
        screen.post_message(HistoryArrived(history_of(ALIBABA)))
        await pilot.pause()
        assert screen.table.line_count() == 1


async def test_it_asks_again_when_the_feed_is_back() -> None:
    screen = detail(state_of(link=LinkPhase.LOST))
    app = Stage(screen, answer=False)
    async with app.run_test(size=(90, 24)) as pilot:
        await pilot.pause()
        asked = len(app.asked)
        screen.post_message(StateChanged(state_of()))
        await pilot.pause()
        assert len(app.asked) == asked + 1
        lost = msgspec.structs.replace(state_of(), link=LinkView(LinkPhase.LOST, "killed"))
        screen.post_message(StateChanged(lost))
        await pilot.pause()
        assert len(app.asked) == asked + 1


async def test_the_legs_follow_the_running_day_one_small_question_at_a_time() -> None:
    state, known = state_of(), history_of(JD)
    screen = detail(state)
    app = Stage(screen, answer=False)

    def moved_on(step: float) -> tuple[ViewState, History]:
        """The Friday after its last leg went further, and what the feed tells of it."""
        day, last = known.days[0], known.legs[FRIDAY][-1]
        assert day.return_pct is not None
        assert day.own_pp is not None
        assert last.own_pp is not None
        day = msgspec.structs.replace(day, return_pct=day.return_pct + step, own_pp=day.own_pp + step)
        last = msgspec.structs.replace(last, return_pct=last.return_pct + step, own_pp=last.own_pp + step)
        rows = state.rows | {JD: msgspec.structs.replace(state.rows[JD], day=day)}
        told = History(JD, (day,), {FRIDAY: (*known.legs[FRIDAY][:-1], last)})
        return msgspec.structs.replace(state, rows=rows), told

    def asked() -> list[int]:
        return [message.days for message in app.asked if isinstance(message, HistoryWanted)]

    async with app.run_test(size=(160, 50)) as pilot:
        screen.post_message(HistoryArrived(known))
        await pilot.pause()
        assert asked() == [250]
        for step in (0.5, 1.0, 1.5):
            later, told = moved_on(step)
            screen.post_message(StateChanged(later))
            await pilot.pause()
        assert asked() == [250, 1], "while the answer is awaited, nothing more"
        screen.post_message(HistoryArrived(moved_on(0.5)[1]))
        await pilot.pause()
        assert asked() == [250, 1, 1], "what came meanwhile is asked for then"
        screen.post_message(HistoryArrived(told))
        await pilot.pause()
        assert asked() == [250, 1, 1], "a day that rests costs nothing"
        assert screen.table.line_count() == 250
        assert screen.day is not None
        shown = screen._legs_of(screen.day)
        assert sum(leg.own_pp or 0.0 for leg in shown) == pytest.approx(screen.day.own_pp, abs=1e-9)
        assert sum(leg.return_pct for leg in shown) == pytest.approx(screen.day.return_pct, abs=1e-9)

        await press(pilot, "j")
        screen.post_message(StateChanged(moved_on(2.0)[0]))
        await pilot.pause()
        assert asked() == [250, 1, 1], "an older day is selected"
        await press(pilot, "k")
        assert asked() == [250, 1, 1, 1]


async def test_an_equal_state_sends_nothing_and_a_tick_little() -> None:
    screen = detail(state_of())
    app = Stage(screen)
    async with app.run_test(size=(160, 50)) as pilot:
        await press(pilot, "j", "j")
        state = state_of()
        sent = app.sent
        screen.show(state)
        screen.show(msgspec.structs.replace(state, events_version=9))
        await pilot.pause()
        assert app.sent == sent
        row = state.rows[JD]
        assert row.day is not None
        moved = msgspec.structs.replace(row, day=msgspec.structs.replace(row.day, return_pct=9.97, own_pp=6.87))
        with paints(screen.table) as rows, paints(screen.query_one(DayPane)) as day:
            screen.show(msgspec.structs.replace(state, rows=state.rows | {JD: moved}))
            await pilot.pause()
        assert rows == [0]
        assert day == []


WIDTHS = [(200, 60), (160, 50), (120, 40), (100, 30), (80, 24), (79, 24), (60, 20), (40, 12), (24, 8)]
LOOKS = [Look("zh"), Look(glyphs="ascii"), Look(glyphs="block")]


@pytest.mark.parametrize(
    ("size", "look"),
    [*((size, Look()) for size in WIDTHS), *((size, look) for look in LOOKS for size in WIDTHS[3::2])],
)
async def test_no_digit_is_clipped_at_any_size(size: tuple[int, int], look: Look) -> None:
    screen = detail(state_of(look=look))
    minus = "-" if look.glyphs == "ascii" else "−"
    async with Stage(screen).run_test(size=size) as pilot:
        await pilot.pause()
        layout = screen.table._layout
        assert layout is not None
        assert head_runs(layout)
        head = painted(screen.query_one(DaysHead))[0]
        for day, line in zip(days_of(JD), painted(screen.table), strict=False):
            assert _numbers(day, layout.names, minus) <= set(line.split())
        assert len(head) <= size[0]
        for view in screen.query(LineView):
            for y in range(view.size.height):
                assert view.render_line(y).cell_length == view.size.width


def _numbers(day: Attribution, columns: tuple[str, ...], minus: str) -> set[str]:
    values = {"move": day.return_pct, "index": day.market_pp, "own": day.own_pp}
    return {signed(value, 2, minus) for name, value in values.items() if name in columns}


async def test_a_storm_of_resizes() -> None:
    screen = detail(state_of())
    async with Stage(screen).run_test(size=(160, 50)) as pilot:
        for width, height in ((20, 5), (200, 60), (40, 12), (81, 17), (1, 1), (120, 40), (60, 20), (160, 50)):
            await pilot.resize_terminal(width, height)
        await pilot.pause()
        assert "Fri 6 Mar" in text(screen, DaysTable)
        assert "own move  volume 1.84x the usual" in text(screen, DayPane)
