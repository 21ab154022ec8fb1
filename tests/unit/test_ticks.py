"""Price steps by price and day, the decimals they need, and what is said where they are coarse."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.rows import code, row
from tui.domain.attribution import Attribution
from tui.domain.symbol import HSI
from tui.domain.ticks import price_decimals, tick_size, to_tick
from tui.render.day_notes import tick_sentence
from tui.render.numbers import price_text

BEFORE, FIRST, SECOND = date(2025, 8, 1), date(2025, 8, 4), date(2026, 11, 2)


@pytest.mark.parametrize(
    ("price", "steps"),
    [
        (0.02, (0.001, 0.001, 0.001)),
        (0.25, (0.005, 0.005, 0.005)),
        (0.5, (0.01, 0.01, 0.005)),
        (9.99, (0.01, 0.01, 0.005)),
        (10.0, (0.02, 0.01, 0.01)),
        (20.0, (0.05, 0.02, 0.02)),
        (50.0, (0.05, 0.05, 0.05)),
        (99.95, (0.05, 0.05, 0.05)),
        (130.7, (0.1, 0.1, 0.1)),
        (411.4, (0.2, 0.2, 0.2)),
        (519.0, (0.5, 0.5, 0.5)),
        (1000.0, (1.0, 1.0, 1.0)),
        (2000.0, (2.0, 2.0, 2.0)),
        (6000.0, (5.0, 5.0, 5.0)),
    ],
)
def test_steps_of_each_band_before_and_after_both_reductions(price: float, steps: tuple[float, ...]) -> None:
    assert tuple(tick_size(price, day) for day in (BEFORE, FIRST, SECOND)) == steps


@given(st.floats(0.01, 9000), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_price_on_the_grid_stays_and_is_shown_with_every_digit(price: float, day: date) -> None:
    quoted = to_tick(price, day)
    assert abs(quoted - price) <= tick_size(price, day) * 0.5001
    assert to_tick(quoted, day) == quoted
    assert float(price_text(quoted)) == quoted


def test_decimals_where_some_tables_have_half_cents() -> None:
    assert [price_decimals(price) for price in (0.1, 0.485, 0.49, 0.5, 9.735, 9.74, 10.0, 25757.29)] == [
        *(3, 3, 3, 2, 3, 2, 2, 2)
    ]


def day_at(close: float) -> Attribution:
    day = row(code(1)).day
    assert day is not None
    return msgspec.structs.replace(day, close=close, date=date(2026, 3, 6))


def test_a_coarse_price_is_said_and_a_fine_one_is_not() -> None:
    assert tick_sentence(day_at(0.82)) == "One tick (0.01 HKD) is 1.2% of the price: what is smaller is rounding."
    assert tick_sentence(day_at(0.82), "zh") == "一個價位（0.01 港元）佔股價 1.2%：較小的部分屬進位。"
    assert tick_sentence(day_at(130.7)) == ""
    assert tick_sentence(msgspec.structs.replace(day_at(0.82), own_pp=None)) == "", "there is no split to be coarse"
    assert tick_sentence(msgspec.structs.replace(day_at(0.82), symbol=HSI)) == ""
