"""The line over days: every line exactly as wide as asked, gaps left open, marks on the line."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.render.chart import DOTS, Pin, frame_of, line_chart, line_rows, tick_text, ticks
from tui.render.glyphs import ASCII, BRAILLE, GlyphName, glyphs
from tui.render.tone import Runs, plain
from tui.render.width import cells

SETS: list[GlyphName] = ["braille", "block", "ascii"]
VALUES = st.lists(st.none() | st.floats(-1e4, 1e4, allow_nan=False), min_size=1, max_size=300)


def days(count: int) -> list[date]:
    return [date(2026, 3, 6) - timedelta(days=count - 1 - i) for i in range(count)]


def text(lines: tuple[Runs, ...]) -> list[str]:
    return [plain(line).rstrip() for line in lines]


def dots(rows: list[str]) -> int:
    return sum(bin(ord(sign) - 0x2800).count("1") for row in rows for sign in row if sign != " ")


def test_a_rising_line_in_braille() -> None:
    values = [0.0, 1.0, 2.0, 3.0]
    rows = line_rows(values, frame_of(values, 2, 1, "braille", zero=False))
    assert rows == ["⡠⠊"]


def test_a_rising_line_in_ascii_and_blocks() -> None:
    values = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert line_rows(values, frame_of(values, 6, 2, "ascii", zero=False)) == ["   .-'", ".-'   "]
    assert line_rows(values, frame_of(values, 6, 3, "block", zero=False)) == ["    ▄▀", "  ▄▀  ", "▄▀    "]


@pytest.mark.parametrize("name", SETS)
@given(values=VALUES, width=st.integers(1, 90), height=st.integers(1, 20))
def test_every_line_keeps_to_its_width(name: GlyphName, values: list[float | None], width: int, height: int) -> None:
    lines = line_chart(values, days(len(values)), width, height, tone="own", selected=0, glyphs=glyphs(name))
    assert len(lines) == height
    for line in lines:
        assert cells(plain(line)) <= width
        assert all(run for run, _ in line)
    if name == "ascii":
        assert plain(tuple(run for line in lines for run in line)).isascii()


@pytest.mark.parametrize("name", SETS)
@given(values=VALUES, width=st.integers(1, 90), height=st.integers(1, 20))
def test_the_line_fills_the_frame_exactly(name: GlyphName, values: list[float | None], width: int, height: int) -> None:
    frame = frame_of(values, width, height, name, zero=False)
    rows = line_rows(values, frame)
    assert [cells(row) for row in rows] == [width] * height
    for index, value in enumerate(values):
        if value is not None:
            column, row = frame.cell(index, value)
            assert rows[row][column] != " "


def test_a_gap_is_not_bridged() -> None:
    with_gap: list[float | None] = [1.0, 1.0, None, None, None, 1.0, 1.0, 1.0]
    rows = line_rows(with_gap, frame_of(with_gap, 4, 1, "braille", zero=False))
    assert rows[0][1] == " "
    assert dots(rows) == 5


def test_a_single_value_between_gaps_is_a_dot() -> None:
    alone: list[float | None] = [None, 2.0, None]
    assert dots(line_rows(alone, frame_of(alone, 3, 2, "braille", zero=True))) == 1


def test_nothing_known_draws_nothing() -> None:
    assert line_rows([None, None], frame_of([None, None], 4, 2, "braille", zero=True)) == ["    ", "    "]
    assert line_chart([], [], 20, 3, tone="own") == ((), (), ())
    assert line_chart([1.0], days(1), 0, 3, tone="own") == ((), (), ())


def test_pins_stand_on_the_line_and_the_guide_under_it() -> None:
    values = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    lines = line_chart(values, days(8), 20, 8, tone="own", pins=[Pin(7, "▪", "event")], selected=2)
    assert lines[0][-1] == ("▪", "event")
    guide = [tone for line in lines for sign, tone in line if "⠅" in sign]
    assert set(guide) == {"accent"}


def test_a_pin_on_an_unknown_day_is_left_out() -> None:
    lines = line_chart([None, 1.0], days(2), 20, 6, tone="own", pins=[Pin(0, "▪", "event"), Pin(9, "▪", "event")])
    assert "▪" not in "".join(text(lines))


def test_axis_labels_and_dates() -> None:
    values = [float(i) for i in range(120)]
    lines = text(line_chart(values, days(120), 60, 10, tone="own"))
    assert [line[:5].strip() for line in lines if line[:5].strip()] == ["+100", "+50", "0"]
    assert lines[-1].split() == ["Dec", "2026", "Feb", "Mar"]
    zh = text(line_chart(values, days(120), 60, 10, tone="own", language="zh"))
    assert zh[-1].split() == ["12月", "2026年", "2月", "3月"]
    short = text(line_chart(values[:12], days(12), 60, 10, tone="own"))
    assert short[-1].split()[:2] == ["23", "Feb"]


def test_labels_give_way_to_the_plot() -> None:
    lines = text(line_chart([0.0, 5000.0], days(2), 9, 3, tone="own"))
    assert not any(character.isdigit() for line in lines for character in line)


@given(
    low=st.floats(-1e6, 1e6, allow_nan=False),
    span=st.floats(1e-3, 1e6, allow_nan=False),
    most=st.integers(1, 12),
)
def test_ticks_are_round_inside_and_few(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most
    slack = span * 1e-6 + abs(low) * 1e-9
    assert all(low - slack <= value <= low + span + slack for value in found)
    assert list(found) == sorted(set(found))


def test_tick_words() -> None:
    assert [tick_text(v, 0.5) for v in (-0.5, 0.0, 1.0)] == ["−0.5", "0.0", "+1.0"]
    assert tick_text(-20.0, 10.0, "-") == "-20"


def test_every_set_has_its_dots() -> None:
    assert set(DOTS) == {BRAILLE.name, "block", ASCII.name}
