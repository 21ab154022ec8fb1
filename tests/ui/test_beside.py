"""What stands beside a stock's day: its results, New York's night, and what it did after the day's news."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import msgspec
from textual.pilot import Pilot

from tests.ui.detail_stage import FRIDAY, JD, Stage, detail, history_of, painted, press, row_of, state_of, text
from tui.domain.adr import ParityGap
from tui.domain.effect import Effect
from tui.domain.event import Event, EventKind
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt
from tui.ui.messages import HistoryArrived
from tui.ui.model import Look, ViewState
from tui.ui.screens.detail import DetailScreen
from tui.ui.widgets.day_news import DayNews
from tui.ui.widgets.split_pane import DayPane, SplitPane
from tui.wire import History

THURSDAY = FRIDAY - timedelta(days=1)


def results(identity: str) -> Event:
    return Event(
        id=identity,
        start=from_hkt(THURSDAY),
        end=from_hkt(FRIDAY),
        precision="day",
        title="Board meeting on results",
        source="hkex",
        symbols=(JD,),
        kind=EventKind.RESULTS,
    )


def gap(day: date) -> ParityGap:
    return ParityGap(JD, day, Symbol("JD"), day - timedelta(days=1), 7.81, 2.4, True, 0.9, 1.5, "index")


def known() -> History:
    early = Effect(JD, FRIDAY, 0, 5, missing="too_early", to_come=4)
    return msgspec.structs.replace(
        history_of(JD),
        effects={FRIDAY: (Effect(JD, FRIDAY, 0, 1, 6.85, 2.1, 3.26, 0.001), early)},
        gaps={FRIDAY: gap(FRIDAY), THURSDAY: gap(THURSDAY)},
        results={FRIDAY: results("jd-results")},
    )


@asynccontextmanager
async def opened(state: ViewState) -> AsyncIterator[tuple[DetailScreen, Pilot[int]]]:
    screen = detail(state)
    app = Stage(screen, answer=False)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        screen.post_message(HistoryArrived(known()))
        await pilot.pause()
        yield screen, pilot


async def test_a_day_with_its_results_new_yorks_night_and_what_followed() -> None:
    async with opened(state_of()) as (screen, pilot):
        day = text(screen, DayPane)
        assert "results day" in day.splitlines()[0]
        assert "Of today's +9.95, +2.40 came overnight from New York" in " ".join(day.split())
        assert "A results day: " not in day, "the headline beside it says which"
        news = painted(screen.query_one(DayNews))
        own = news.index("   own [0,+1] +6.85 t +3.3  [0,+5] too early: 4 more")
        assert any("JD.com reports fourth-quarter results" in line for line in news[:own])
        assert not any("Oil eases" in line for line in news[:own]), "market news is not what it did"
        await press(pilot, "j")
        before = text(screen, DayPane)
        assert "Of the day's" in before
        assert "results day" not in before
        assert not any("own [0,+1]" in line for line in painted(screen.query_one(DayNews)))


async def test_in_chinese() -> None:
    async with opened(state_of(look=Look("zh"))) as (screen, _):
        assert "業績公布日" in text(screen, DayPane)
        assert "來自隔夜紐約" in "".join(text(screen, DayPane).split())
        assert any("個別 [0,+1] +6.85" in line for line in painted(screen.query_one(DayNews)))


async def test_the_split_under_the_list_says_results_that_no_headline_names() -> None:
    state = state_of(JD)
    row = msgspec.structs.replace(row_of(JD), results=results("a-board-meeting"), gap=gap(FRIDAY))
    pane = SplitPane(id="split")
    app = Stage(pane)
    async with app.run_test(size=(110, 60)) as pilot:
        pane.show(msgspec.structs.replace(state, rows={JD: row}))
        await pilot.pause()
        lines = painted(pane)
        assert "results day" in lines[0]
        assert any("A results day: Board meeting on results (hkex, 5 Mar)." in line for line in lines)
        assert any("+2.40 came overnight from New York" in line for line in lines)
