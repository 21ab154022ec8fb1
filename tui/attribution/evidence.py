"""Evidence that a price is wrong. Never the size of a move alone: a real stock did gain 23 % in a day."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.domain.market import Bar

# New shares per old of the usual splits, and the slip of cents for dollars; each also the other way round.
FACTORS: Final = (2.0, 3.0, 5.0, 10.0, 100.0)
FACTOR_TOLERANCE: Final = 0.01
REVERSAL: Final = 0.25
# Sources keep prices as 32-bit floats, so a close may leave its own range by a rounding.
ROUNDING: Final = 1e-5


def is_suspect_factor(move_pct: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True where the price went by a factor within 1 % of 2, 3, 5, 10 or 100, or of the inverse: a split nobody told.

    What the holder earned is unknown then, so such a move is shown but neither explained nor used in a fit.
    """
    ratio = 1 + move_pct / 100
    suspect = np.zeros(move_pct.shape, np.bool_)
    for factor in FACTORS:
        for expected in (factor, 1 / factor):
            suspect |= np.abs(ratio / expected - 1) <= FACTOR_TOLERANCE
    return suspect


def is_suspect_move(move_pct: float) -> bool:
    """As `is_suspect_factor`, for one move."""
    ratio = 1 + move_pct / 100
    return any(abs(ratio / expected - 1) <= FACTOR_TOLERANCE for factor in FACTORS for expected in (factor, 1 / factor))


def outside_range(bar: Bar) -> bool:
    """True where the close lies outside the day's own high and low."""
    above = bar.high is not None and bar.close > bar.high * (1 + ROUNDING)
    below = bar.low is not None and bar.close < bar.low * (1 - ROUNDING)
    return above or below


def reversals(move_pct: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True on a move by more than a factor of 1.25 that the next traded session takes back by as much, and on that one.

    `move_pct` is one stock's moves by day, NaN where nothing was traded.
    """
    suspect = np.zeros(move_pct.shape, np.bool_)
    traded = np.flatnonzero(~np.isnan(move_pct))
    step = np.log1p(move_pct[traded] / 100)
    far = np.abs(step) > np.log1p(REVERSAL)
    back = far[:-1] & far[1:] & (step[:-1] * step[1:] < 0)
    suspect[traded[:-1]] |= back
    suspect[traded[1:]] |= back
    return suspect
