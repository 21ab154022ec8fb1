"""A stock's days as pictures: accumulated own part, price, stacked parts."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, INSUFFICIENT, JD, any_day
from tui.domain.attribution import Attribution, Verdict
from tui.domain.event import NewsCoverage
from tui.render.bar_chart import Rows, bar_chart, rows_for
from tui.render.bars import Scale, parts_of
from tui.render.glyphs import GlyphName, glyphs
from tui.render.history import (
    CHARTS,
    ChartKind,
    accumulated,
    chart_lines,
    chart_title,
    closes,
    pin_words,
    pins,
    with_newest,
)
from tui.render.tone import plain
from tui.render.width import cells

SETS: list[GlyphName] = ["braille", "block", "ascii"]


def dated(day: Attribution, ago: int, **fields: object) -> Attribution:
    return msgspec.structs.replace(day, date=date(2026, 3, 6) - timedelta(days=ago), **fields)


DAYS = [dated(JD, 0), dated(ALIBABA, 1), dated(INSUFFICIENT, 2), dated(ALIBABA, 3, own_pp=2.0, close=120.0)]


def test_the_own_part_adds_up_from_the_oldest_day() -> None:
    assert accumulated(DAYS) == pytest.approx([2.0, None, 1.87, 8.72])
    assert closes(DAYS) == [120.0, 12.63, 130.7, 106.6]


def test_pins_mark_news_own_moves_without_news_and_notes() -> None:
    alone = dated(JD, 1, candidates=(), news_coverage=NewsCoverage.NONE, own_pp=-4.0)
    quiet = dated(ALIBABA, 2, candidates=JD.candidates)
    found = pins([dated(JD, 0), alone, quiet], {date(2026, 3, 4)})
    assert {(pin.index, pin.mark, pin.tone) for pin in found} == {
        (2, "▪", "own"),
        (1, "▾", "fall"),
        (0, "▪", "event"),
        (0, "▸", "note"),
    }


def test_a_recap_is_no_news() -> None:
    recap = msgspec.structs.replace(JD.candidates[0], role="recap")
    assert [pin.mark for pin in pins([dated(JD, 0, candidates=(recap,))])] == ["▴"]


def test_where_news_is_everywhere_only_own_days_are_marked() -> None:
    days = [dated(ALIBABA, ago, candidates=JD.candidates) for ago in range(40)]
    days[5] = dated(JD, 5)
    assert [pin.index for pin in pins(days)] == [34]


def test_titles() -> None:
    assert chart_title("own", DAYS, 0, 60) == "own part, accumulated  +8.72 pp  4 sessions"
    assert chart_title("own", DAYS, 0, 34) == "own part, accumulated  +8.72 pp"
    assert chart_title("own", DAYS, 2, 60) == "own part, accumulated  4 sessions"
    assert chart_title("price", DAYS, 1, 60, "zh") == "股價  130.70  4 個交易日"
    assert chart_title("parts", DAYS, 0, 60) == "parts per day  ⠒⠒ index  ⠶⠶ sector  ⣿⣿ own"
    assert pin_words(60) == "▪ news  ▴▾ own move without news  ▸ note"
    assert pin_words(20) == ""


@pytest.mark.parametrize("name", SETS)
@given(
    days=st.lists(any_day(), min_size=1, max_size=40),
    kind=st.sampled_from(CHARTS),
    width=st.integers(1, 90),
    height=st.integers(1, 16),
)
def test_pictures_keep_to_their_size(
    name: GlyphName, days: list[Attribution], kind: ChartKind, width: int, height: int
) -> None:
    lines = chart_lines(kind, days, width, height, selected=len(days) // 2, glyphs=glyphs(name))
    assert len(lines) == height
    for line in lines:
        assert cells(plain(line)) <= width
        assert plain(line).isprintable()


def test_columns_of_parts_in_every_set() -> None:
    stacks = [parts_of(2.0, 1.0, -1.0), parts_of(-1.0, 0.0, 0.0), parts_of(0.0, 0.0, 3.0)]
    days = [date(2026, 3, day) for day in (4, 5, 6)]
    found = [[plain(line) for line in bar_chart(stacks, days, 7, 4, glyphs=glyphs(name))] for name in SETS]
    assert found == [
        ["⢸   ⣿", "⡇   ⣿", "⡇   ⣿", "⣿ ⡇ ⠁"],
        ["█   █", "█   █", "█   █", "█ █ ─"],
        ["=   #", "-   #", "-   #", "# - ."],
    ]


def test_columns_with_labels_and_dates() -> None:
    stacks = [parts_of(2.0, 1.0, -1.0)] * 30
    days = [date(2026, 2, 1) + timedelta(days=at) for at in range(30)]
    lines = [plain(line).rstrip() for line in bar_chart(stacks, days, 70, 7)]
    assert [line[:2].strip() for line in lines[:-1]] == ["", "+2", "", "", "0", ""]
    assert lines[-1].split()[:2] == ["1", "Feb"]


def test_more_days_than_cells_show_the_newest() -> None:
    stacks = [parts_of(1.0, 0.0, 0.0)] * 50 + [parts_of(0.0, 0.0, 2.0)]
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(51)]
    lines = bar_chart(stacks, days, 12, 4)
    assert plain(lines[0]).endswith("⣿")


@given(down=st.floats(0.01, 40), up=st.floats(0.01, 40), height=st.integers(2, 30))
def test_both_sides_of_the_zero_line_have_room(down: float, up: float, height: int) -> None:
    rows: Rows = rows_for(Scale(down, up), height, "braille")
    assert rows.above + rows.below == height
    assert min(rows.above, rows.below) >= 1
    assert up * rows.dots_per_pp <= rows.above * 4 + 1e-6
    assert down * rows.dots_per_pp <= rows.below * 4 + 1e-6


def test_own_days_without_history_stay_gaps() -> None:
    lines = chart_lines("own", [dated(INSUFFICIENT, 0)], 30, 5)
    assert all("⣿" not in plain(line) for line in lines)
    assert Verdict.INSUFFICIENT is INSUFFICIENT.verdict


def test_the_rows_own_day_takes_the_newest_place() -> None:
    newest, second = dated(JD, 0), dated(JD, 1)
    live = msgspec.structs.replace(newest, return_pct=1.0)
    assert with_newest((newest, second), live) == (live, second)
    assert with_newest((second,), live) == (live, second)
    assert with_newest((newest, second), second) == (newest, second)
    assert with_newest((), live) == (live,)
    assert with_newest((newest,), None) == (newest,)
