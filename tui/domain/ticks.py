"""Price steps of Hong Kong stocks by price and day: HKEX's spread table for equities and REITs.

Exchange traded products, bonds and structured products have tables of their own, so a price off this grid proves
nothing. The table has shrunk in two steps (HKEX, conclusions on the reduction of minimum spreads, 17 December 2024):
10 to 50 HKD on 4 August 2025, and 0.50 to 10 HKD around the middle of 2026. The first day of the second is taken to be
1 July 2026; only what is said of cheap stocks depends on it.
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from typing import Final

# From this price on, this many Hong Kong dollars a step.
_Spreads = tuple[tuple[float, float], ...]
_LOW: Final[_Spreads] = ((0.0, 0.001), (0.25, 0.005))
_HIGH: Final[_Spreads] = (
    (100.0, 0.1),
    (200.0, 0.2),
    (500.0, 0.5),
    (1000.0, 1.0),
    (2000.0, 2.0),
    (5000.0, 5.0),
)
_TABLES: Final[tuple[tuple[date, _Spreads], ...]] = (
    (date.min, (*_LOW, (0.5, 0.01), (10.0, 0.02), (20.0, 0.05), *_HIGH)),
    (date(2025, 8, 4), (*_LOW, (0.5, 0.01), (20.0, 0.02), (50.0, 0.05), *_HIGH)),
    (date(2026, 7, 1), (*_LOW, (10.0, 0.01), (20.0, 0.02), (50.0, 0.05), *_HIGH)),
)


def tick_size(price: float, day: date) -> float:
    """The step at a price above 0 on a day, Hong Kong dollars."""
    table = _TABLES[bisect_right(_TABLES, day, key=lambda entry: entry[0]) - 1][1]
    return _step(price, table)


def to_tick(price: float, day: date, rounding: Callable[[float], int] = round) -> float:
    """The nearest price that can be quoted that day, or by `rounding` the next above or below; NaN stays NaN."""
    if math.isnan(price):
        return price
    tick = tick_size(price, day)
    # A price on its tick stays there in spite of binary fractions.
    return round(rounding(round(price / tick, 6)) * tick, 3)


def price_decimals(price: float) -> int:
    """Decimals that a price needs on any day: three where every table has steps below a cent, and where some have
    and the price stands between two cents; else two."""
    size = abs(price)
    steps = [_step(size, table) for _, table in _TABLES]
    if max(steps) < 0.01 or (min(steps) < 0.01 and round(size * 1000) % 10):
        return 3
    return 2


def _step(price: float, table: _Spreads) -> float:
    return table[max(bisect_right(table, price, key=lambda entry: entry[0]) - 1, 0)][1]
