"""Sparks: exact widths, direction without colour, gaps where nothing was traded, and lunch."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.row import SPARK_POINTS
from tui.render.glyphs import ASCII, BLOCK, BRAILLE, Glyphs
from tui.render.spark import LUNCH_AFTER, own_spark, price_spark
from tui.render.tone import Runs, plain
from tui.render.width import cells

SETS = (BRAILLE, BLOCK, ASCII)


def day(*values: float | None) -> tuple[float | None, ...]:
    """A whole day that goes through these values in equal stretches."""
    return tuple(values[index * len(values) // SPARK_POINTS] for index in range(SPARK_POINTS))


def tones(runs: Runs) -> str:
    """One letter a cell."""
    return "".join(tone[0] * cells(text) for text, tone in runs)


def test_a_day_above_the_previous_close_stands_on_it() -> None:
    runs = price_spark(day(100, 101, 102, 103), 100, 8)
    assert plain(runs) == "⣀⣀⣤⡄⣶⣶⣿⣿"
    assert set(tones(runs)[2:]) == {"r"}


def test_a_day_below_the_previous_close_hangs_from_it() -> None:
    runs = price_spark(day(100, 99, 98, 97), 100, 8)
    assert plain(runs) == "⠉⠉⠛⠃⠿⠿⣿⣿"
    assert set(tones(runs)[2:]) == {"f"}


def test_a_flat_day_is_one_line() -> None:
    shown = plain(price_spark(day(100.0), 100, 6))
    assert len(set(shown.replace("⠂", "⠒").replace("⠄", "⠤"))) == 1
    assert tones(price_spark(day(100.0), 100, 6)) == "f" * 6  # flat, in the tone's first letter
    assert {tone for _, tone in price_spark(day(100.0), 100, 6)} == {"flat"}


def test_a_quiet_day_looks_quiet() -> None:
    """A tenth of a percent must not fill the height as ten percent does."""
    quiet, wild = plain(price_spark(day(100, 100.1), 100, 6)), plain(price_spark(day(100, 110), 100, 6))
    assert wild.count("⣿") > 0
    assert quiet.count("⣿") == 0


def test_the_own_part_is_drawn_around_zero() -> None:
    assert plain(own_spark(day(0.0, 3.0), 6))[-1] == "⣿"
    assert plain(own_spark(day(0.0, -3.0), 6))[-1] == "⣿"
    assert {tone for _, tone in own_spark(day(-1.0), 6)} == {"fall"}


def test_lunch_is_a_gap() -> None:
    shown = plain(price_spark(day(105.0), 100, 8))
    assert shown.count("⡇") == 1  # half a cell: the column beside it is lunch
    assert " " in plain(price_spark(day(105.0), 100, 12, BLOCK))


def test_a_day_that_runs_grows_from_the_left() -> None:
    morning = (100.0, *(101.0 for _ in range(9)), *(None for _ in range(SPARK_POINTS - 10)))
    shown = plain(price_spark(morning, 100, 12))
    assert shown[:1].strip()
    assert not shown[3:].strip()


def test_what_was_not_traded_is_a_gap() -> None:
    holes = tuple(105.0 if index < 10 or index > 50 else None for index in range(SPARK_POINTS))
    shown = plain(price_spark(holes, 100, 12))
    assert shown.startswith("⣿")
    assert shown.endswith("⣿")
    assert "    " in shown


@pytest.mark.parametrize("glyphs", SETS, ids=lambda glyphs: glyphs.name)
def test_a_single_point_is_seen(glyphs: Glyphs) -> None:
    single = (None,) * 20 + (101.0,) + (None,) * (SPARK_POINTS - 21)
    assert plain(price_spark(single, 100, 10, glyphs)).strip()


@pytest.mark.parametrize("glyphs", SETS, ids=lambda glyphs: glyphs.name)
@pytest.mark.parametrize("values", [(), (None,) * SPARK_POINTS])
def test_nothing_known_is_blank(values: tuple[None, ...], glyphs: Glyphs) -> None:
    assert plain(price_spark(values, None, 7, glyphs)) == " " * 7
    assert plain(own_spark(values, 7, glyphs)) == " " * 7


def test_steps_begin_with_the_previous_close() -> None:
    """Where no sign can hang, the first cell is the height to compare with."""
    up = price_spark(day(100, 110), 100, 10, BLOCK)
    down = price_spark(day(100, 90), 100, 10, BLOCK)
    assert (plain(up)[0], plain(up)[-1]) == ("▁", "█")
    assert (plain(down)[0], plain(down)[-1]) == ("█", "▁")
    assert up[0][1] == "muted"


def test_a_half_day_fills_the_width() -> None:
    """Thirty-two points, no lunch."""
    shown = plain(price_spark((101.0,) * 32, 100, 10))
    assert shown == "⣿" * 10 or set(shown) == {shown[0]}


def test_the_newest_price_is_always_seen() -> None:
    """The last point of a stretch decides, so the auction's print is the last column."""
    values = (*((100.0,) * (SPARK_POINTS - 1)), 110.0)
    assert tones(price_spark(values, 100, 5))[-1] == "r"


numbers = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(math.nan), st.just(math.inf))


@given(
    st.lists(numbers, max_size=80),
    st.one_of(st.none(), st.floats(0.001, 1e7)),
    st.integers(0, 40),
    st.sampled_from(SETS),
)
def test_any_day_fills_exactly_its_cells(
    values: list[float | None], previous: float | None, width: int, glyphs: Glyphs
) -> None:
    for runs in (price_spark(values, previous, width, glyphs), own_spark(values, width, glyphs)):
        assert cells(plain(runs)) == width


def test_the_lunch_point_is_noon() -> None:
    assert LUNCH_AFTER == 150 // 5 + 1
