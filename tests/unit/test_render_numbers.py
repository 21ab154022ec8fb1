"""Numbers in cells: exact widths, and never a digit that is not the number's own rounding."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.render.numbers import (
    amount,
    amount_cell,
    percent,
    pp,
    price_cell,
    price_text,
    rarity_cell,
    rarity_text,
    signed,
    signed_cell,
    times,
    times_cell,
)
from tui.render.width import cells

UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "萬": 1e4, "億": 1e8, "兆": 1e12}


def read_back(text: str) -> tuple[float, float]:
    """The value a cell shows, and half of its last place."""
    match = re.fullmatch(r"([+−-]?)(\d+)(?:\.(\d+))?([KMBT萬億兆]?)(?:e\+(\d+))?", text.strip())
    assert match, text
    sign, whole, decimals, unit, exponent = match.groups()
    place = UNITS[unit] * 10.0 ** int(exponent or 0)
    size = float(f"{whole}.{decimals or 0}") * place
    return (-size if sign in "−-" and sign else size), 0.5 * place * 10.0 ** -len(decimals or "")


def tick(price: float) -> float:
    """Hong Kong's price step at a price, HKD, as of 2026."""
    steps = (
        (0.25, 0.001),
        (0.5, 0.005),
        (10, 0.005),
        (20, 0.01),
        (50, 0.02),
        (100, 0.05),
        (200, 0.1),
        (500, 0.2),
        (1000, 0.5),
    )
    return next((step for below, step in steps if price < below), 1.0)


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (130.7, "130.70"),
        (0.001, "0.001"),
        (0.255, "0.255"),
        (9.735, "9.735"),
        (9.73, "9.73"),
        (9.4, "9.40"),
        (25757.289, "25757.29"),
        (9_999_999, "9999999.00"),
        (None, "-"),
        (math.nan, "-"),
        (math.inf, "-"),
    ],
)
def test_price_text(price: float | None, text: str) -> None:
    assert price_text(price) == text


@pytest.mark.parametrize(
    ("price", "cell"),
    [
        (130.7, " 130.70 "),
        (9.735, "   9.735"),
        (9.73, "   9.73 "),
        (0.001, "   0.001"),
        (25757.289, "25757.29"),
        (123456.7, "123456.7"),
        (9_999_999, " 9999999"),
        (None, "       -"),
    ],
)
def test_price_cell_lines_up_the_decimal_points(price: float | None, cell: str) -> None:
    assert price_cell(price, 8) == cell


@given(st.floats(0.001, 9_999_999))
def test_a_price_on_its_tick_is_shown_whole(raw: float) -> None:
    step = tick(raw)
    price = max(round(raw / step), 1) * step
    cell = price_cell(price, 8)
    assert len(cell) == 8
    assert float(cell) == pytest.approx(price, abs=1e-9 * max(price, 1))


@given(st.floats(0.001, 1e15), st.integers(6, 12))
def test_any_price_is_shown_rounded_never_clipped(price: float, width: int) -> None:
    cell = price_cell(price, width)
    assert len(cell) == width
    value, half = read_back(cell)
    assert abs(value - price) <= half * (1 + 1e-6) + 1e-9 * price


@given(st.floats(-1e14, 1e14), st.integers(6, 10))
def test_any_change_is_shown_rounded_with_its_sign(value: float, width: int) -> None:
    cell = signed_cell(value, width)
    assert len(cell) == width
    shown, half = read_back(cell)
    assert abs(shown - value) <= half * (1 + 1e-6) + 1e-9 * abs(value)
    assert (shown == 0) or (shown > 0) == (value > 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(9.954, "+9.95"), (-4.463, "−4.46"), (0.0, "0.00"), (-0.004, "0.00"), (None, "-"), (math.nan, "-")],
)
def test_signed(value: float | None, text: str) -> None:
    assert signed(value) == text


def test_minus_is_a_choice() -> None:
    assert signed(-4.463, minus="-") == "-4.46"
    assert percent(-4.463) == "−4.46%"
    assert percent(None) == "-"
    assert pp(-0.13) == "−0.13 pp"
    assert pp(None) == "-"


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (None, "", ""),
        (999.0, "999", "999"),
        (1234.0, "1.23K", "1234"),
        (456_000.0, "456K", "45.6萬"),
        (999_960.0, "1.00M", "100萬"),
        (1_230_000.0, "1.23M", "123萬"),
        (9.86e9, "9.86B", "98.6億"),
        (1.35e10, "13.5B", "135億"),
    ],
)
def test_amount(value: float | None, en: str, zh: str) -> None:
    assert (amount(value), amount(value, "zh")) == (en, zh)


@given(st.floats(1, 1e17), st.sampled_from(["en", "zh"]))
def test_amount_fills_its_cells(value: float, language: str) -> None:
    cell = amount_cell(value, 6, "zh" if language == "zh" else "en")
    assert cells(cell) == 6
    shown, half = read_back(cell)
    assert abs(shown - value) <= half * (1 + 1e-6)


@given(st.floats(0, 1e12))
def test_times_fills_its_cells(value: float) -> None:
    cell = times_cell(value, 5)
    assert len(cell) == 5
    assert cell.endswith("x")
    shown, half = read_back(cell[:-1])
    assert abs(shown - value) <= half * (1 + 1e-6)


def test_times() -> None:
    assert [times(value) for value in (1.84, 12.34, 123.4, None)] == ["1.84x", "12.3x", "123x", ""]


@pytest.mark.parametrize(
    ("rarity", "text"),
    [(1 / 251, "1/251"), (3 / 251, "1/83"), (4 / 251, "1/62"), (0.5, "1/2"), (0.51, ""), (0.0, ""), (None, "")],
)
def test_rarity_is_never_overstated(rarity: float | None, text: str) -> None:
    assert rarity_text(rarity) == text


@given(st.floats(1e-9, 1))
def test_rarity_fills_its_cells(rarity: float) -> None:
    assert len(rarity_cell(rarity, 5)) == 5


@pytest.mark.parametrize("value", [1e300, -1e300, 1e100])
def test_what_no_cell_can_hold_is_not_shown_in_part(value: float) -> None:
    assert signed_cell(value, 6).strip("+−#") in {"", "1e+300", "1e+100"}
    assert len(signed_cell(value, 6)) == 6
