"""Price steps of the Hong Kong market (HKEX, spread table), before and since 4 August 2025."""

import math
from collections.abc import Callable
from datetime import date
from typing import Final

_REFORM: Final = date(2025, 8, 4)
# From this price on, this many Hong Kong dollars a step.
_SINCE: Final = ((0.5, 0.01), (20.0, 0.02), (50.0, 0.05), (100.0, 0.1), (200.0, 0.2), (500.0, 0.5), (1000.0, 1.0))
_BEFORE: Final = (
    (0.5, 0.01),
    (10.0, 0.02),
    (20.0, 0.05),
    (100.0, 0.1),
    (200.0, 0.2),
    (500.0, 0.5),
    (1000.0, 1.0),
)


def tick_size(price: float, day: date) -> float:
    """The step at a price of 0.5 HKD or more."""
    table = _SINCE if day >= _REFORM else _BEFORE
    return next(step for start, step in reversed(table) if price >= start)


def to_tick(price: float, day: date, rounding: Callable[[float], int] = round) -> float:
    """The nearest price that can be quoted that day, or by `rounding` the next above or below; NaN stays NaN."""
    if math.isnan(price):
        return price
    tick = tick_size(price, day)
    # A price on its tick stays there in spite of binary fractions.
    return round(rounding(round(price / tick, 6)) * tick, 3)
