"""The calendar ahead in lines, the results and New York beside a day, effects and unexplained moves in one line."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD
from tui.domain.adr import ParityGap
from tui.domain.ahead import Coming, When
from tui.domain.effect import Effect
from tui.domain.event import Event, EventKind, Scope
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, TradingDay, from_hkt
from tui.domain.unexplained import Tally
from tui.render.ahead import ahead_lines, ahead_runs
from tui.render.day_notes import day_notes
from tui.render.day_panel import verdict_line
from tui.render.effect import effects_line
from tui.render.language import Language
from tui.render.tone import plain
from tui.render.unexplained import move_runs, tally_words
from tui.render.width import cells

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)
STOCKS = (Symbol("9618.HK"), Symbol("9988.HK"))
RESULTS = Event(
    id="results",
    start=from_hkt(date(2026, 3, 5)),
    end=from_hkt(FRIDAY),
    precision="day",
    title="JD.com reports fourth-quarter results",
    source="JD.com",
    title_zh="京東公布第四季業績",
    symbols=STOCKS[:1],
    scope=Scope.COMPANY,
    kind=EventKind.RESULTS,
)
EX = Event("ex", from_hkt(MONDAY), from_hkt(date(2026, 3, 10)), "day", "Ex-dividend HKD 0.98", "hkex",
           symbols=STOCKS, kind=EventKind.EX_DATE)  # fmt: skip
HALF = TradingDay(MONDAY, DayKind.HALF, "Eve of a feast", "節日前夕")
COMING = (
    Coming(FRIDAY, When.TONIGHT, event=RESULTS),
    Coming(MONDAY, When.THIS_WEEK, trading_day=HALF),
    Coming(MONDAY, When.THIS_WEEK, event=EX),
    Coming(date(2026, 3, 18), When.LATER, trading_day=TradingDay(date(2026, 3, 18), DayKind.CLOSED, "Feast")),
)


def calendar(width: int, language: Language = "en") -> list[str]:
    return [plain(ahead_runs(line, width, language)) for line in ahead_lines(COMING, STOCKS, language)]


def test_days_soonest_first_with_a_line_for_each_stock() -> None:
    assert calendar(70) == [
        "tonight  Fri 6 Mar",
        "  9618  results  JD.com reports fourth-quarter results  JD.com",
        "this week  Mon 9 Mar",
        "  half-day: the morning only  Eve of a feast",
        "  9618  ex-date  Ex-dividend HKD 0.98  hkex",
        "  9988  ex-date  Ex-dividend HKD 0.98  hkex",
        "Wed 18 Mar",
        "  the exchange is closed  Feast",
    ]


def test_in_chinese() -> None:
    lines = calendar(70, "zh")
    assert lines[:2] == ["今晚  3月6日 週五", "  9618  業績  京東公布第四季業績  JD.com"]
    assert lines[3] == "  半日市：只有早市  節日前夕"


@given(width=st.integers(1, 100), zh=st.booleans())
def test_no_line_is_wider_than_asked_for(width: int, zh: bool) -> None:
    assert all(cells(line) <= width for line in calendar(width, "zh" if zh else "en"))


def test_a_results_day_and_new_yorks_night_beside_the_split() -> None:
    gap = ParityGap(JD.symbol, FRIDAY, Symbol("JD"), date(2026, 3, 5), 7.81, 0.63, True, 0.26, 0.37, "index")
    untold = msgspec.structs.replace(JD, candidates=())
    results, night = day_notes(untold, RESULTS, gap)
    assert results == "A results day: JD.com reports fourth-quarter results (JD.com, 5 Mar)."
    assert night.startswith("Of today's +9.95, +0.63 came overnight from New York")
    assert day_notes(JD, None, gap, today=False)[0].startswith("Of the day's +9.95")
    assert day_notes(untold, RESULTS, None, "zh")[0].startswith("業績公布日：京東公布第四季業績（JD.com，")
    assert day_notes(JD, None, None) == ()
    headline = msgspec.structs.replace(RESULTS, id=JD.candidates[0].event_id)
    assert day_notes(JD, headline, None) == (), "the headline says it already"


def test_a_results_day_is_said_with_the_verdict() -> None:
    assert plain(verdict_line(JD, 80, results_day=True)) == "own move  the largest in a year  results day"
    assert plain(verdict_line(JD, 80, "zh", results_day=True)).endswith("業績公布日")
    assert plain(verdict_line(JD, 34, results_day=True)) == "own move  the largest in a year"


def test_a_night_before_a_session_to_come_is_what_it_implies_for_its_open() -> None:
    gap = ParityGap(JD.symbol, MONDAY, Symbol("JD"), FRIDAY, 7.8, -1.2, rate_known=False)
    (night,) = day_notes(JD, None, gap)
    assert night.startswith("New York implies an open at −1.20")
    earlier = ParityGap(JD.symbol, date(2026, 3, 5), Symbol("JD"), date(2026, 3, 4), 7.8, -1.2)
    assert day_notes(JD, None, earlier) == (), "a night that is over says nothing of this day"


EFFECTS = (
    Effect(JD.symbol, FRIDAY, 0, 1, 6.853, 2.1, 3.26, 0.001),
    Effect(JD.symbol, FRIDAY, 0, 5, missing="too_early", to_come=3),
)


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (80, "own [0,+1] +6.85 pp, t +3.3, more than chance; own [0,+5] too early: 3 more"),
        (60, "own [0,+1] +6.85 t +3.3  [0,+5] too early: 3 more"),
        (45, "own [0,+1] +6.85 t +3.3  [0,+5] too early"),
        (30, "own [0,+1] +6.85 t +3.3"),
        (10, ""),
    ],
)
def test_effects_in_the_longest_wording_that_fits(width: int, said: str) -> None:
    assert effects_line(EFFECTS, width) == said


def test_an_own_move_in_one_line_drops_whole_fields() -> None:
    assert plain(move_runs(JD, "JD.com", 80)) == "Fri 6 Mar   9618    +9.95%  own +6.85   1/251  own move      JD.com"
    assert plain(move_runs(JD, "JD.com", 38)) == "Fri 6 Mar   9618    +9.95%  own +6.85 "
    assert "個別 +6.85" in plain(move_runs(JD, "京東", 38, "zh"))
    assert cells(plain(move_runs(ALIBABA, "x" * 50, 36, "zh"))) <= 36


def test_the_ledger_in_one_line() -> None:
    counted = Tally(12, 200, 14, 9, 3, 0, 6, 4, 2, 1, 0.4, 0.9, 5, 2)
    assert tally_words(counted) == (
        "ledger: 9 listed in 12 closes, 6 scored: 4 went on, 2 turned (chance: 3 each): too few yet"
    )
    young = Tally(2, 40, 3, 1, 1, 0, 0, 0, 0, 0, None, None, 0, 0)
    assert "none scored yet" in tally_words(young)
    assert "尚未評分" in tally_words(young, "zh")
