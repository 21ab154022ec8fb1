"""How much of a day's variance is behind it at a moment, so that 10:00 is judged by what could happen by 10:00.

    elapsed = w_on + (1 - w_on) * u(minute)

w_on is the night's share: 0.29 to 0.69 among six large Hong Kong stocks in 2025, about a half in Cheung, Ho, Pope and
Draper (1994). u is the session's own variance profile, no straight line: those authors found a double U, wild at the
open and after lunch, calm before lunch and in the early afternoon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.domain.trading_day import DayKind

Floats = NDArray[np.float64]

# The night's share where too few opens are known, and the range beyond which opens are rather wrong than telling.
NIGHT: Final = 0.5
NIGHT_RANGE: Final = (0.25, 0.75)
LEAST_OPENS: Final = 60

# The steps of a full session: half-hours, and two jumps that take no minute of trading.
STEP_MIN: Final = 30
MORNING: Final = 5
AFTERNOON: Final = 6
STEPS: Final = MORNING + 1 + AFTERNOON + 1
# Days of other measurements that the assumed profile is worth, and the fewest that are listened to.
ASSUMED_DAYS: Final = 20
LEAST_DAYS: Final = 5
# A path with fewer known minutes than this says little about when its variance came; one by five minutes has 66.
LEAST_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """Variance of each step of a full session, in any unit: five half-hours, lunch, six half-hours, the auction."""

    steps: tuple[float, ...]

    def elapsed(self, minute: int, kind: DayKind = DayKind.FULL, *, over: bool = False) -> float:
        """u: the share of the session's variance that came in its first `minute` minutes of trading; 1 once it is over.

        What lunch did counts from the first minute after it; a half-day has the morning's steps and the auction.
        """
        if over:
            return 1.0
        full = kind is DayKind.FULL
        trading = self.steps[:MORNING] + (self.steps[MORNING + 1 : -1] if full else ())
        whole, part = divmod(min(max(minute, 0), len(trading) * STEP_MIN), STEP_MIN)
        done = sum(trading[:whole]) + (trading[whole] * part / STEP_MIN if part else 0.0)
        lunch = self.steps[MORNING] if full else 0.0
        if minute > MORNING * STEP_MIN:
            done += lunch
        return done / (sum(trading) + lunch + self.steps[-1])


# An assumption, after the double U of Cheung, Ho, Pope and Draper (1994), with the lunch break quieter than trading
# (Ho and Cheung, 1992); their figures are of another age of the market, so only the shape is theirs.
ASSUMED: Final = Profile((3.0, 1.5, 1.1, 0.9, 0.9, 0.5, 1.3, 0.9, 0.8, 0.9, 1.0, 1.2, 0.4))


def night_share(stock: Floats, market: Floats, stock_night: Floats, market_night: Floats, beta: float) -> float:
    """w_on of a window: the share of the own part's variance that came before the open.

    All are [day], percent of the previous close, NaN where unknown; `..._night` is what was there at the open. Where
    the market's opens are not known the stock's whole moves take the place of its own parts, and where its own are
    not, or fewer than 60 of them, a half.
    """
    for night, whole in ((stock_night - beta * market_night, stock - beta * market), (stock_night, stock)):
        known = ~np.isnan(night + whole)
        if np.count_nonzero(known) < LEAST_OPENS:
            continue
        before, after = _variance(night[known]), _variance((whole - night)[known])
        if not before + after > 0:
            break
        low, high = NIGHT_RANGE
        return min(max(before / (before + after), low), high)
    return NIGHT


def _variance(values: Floats) -> float:
    centred = values - values.sum() / values.size
    return float(centred @ centred) / values.size


def day_steps(prices: Sequence[float], opened: float | None = None) -> tuple[float, ...] | None:
    """The squared log returns of a full day's steps as shares of their sum; None where its path is too thin.

    `prices` holds one price a minute of trading (330), NaN where nothing was traded, then those stamped with the
    close, and last the auction's. A step without a trade has no return. Where the open is not known, what came before
    the first price is taken to have been as wild as the rest of that half-hour.
    """
    minutes = (MORNING + AFTERNOON) * STEP_MIN
    known = [slot for slot, price in enumerate(prices[:minutes]) if not isnan(price)]
    if len(prices) < minutes or len(known) < LEAST_MINUTES:
        return None
    marks = [opened or prices[known[0]]]
    for step in range(1, MORNING + AFTERNOON + 1):
        if step == MORNING + 1:
            marks.append(next((prices[slot] for slot in known if slot >= MORNING * STEP_MIN), marks[-1]))
        marks.append(_last(prices, step * STEP_MIN - 1, marks[0]))
    marks.append(_last(prices, len(prices) - 1, marks[-1]))
    squares = [log(later / earlier) ** 2 for earlier, later in pairwise(marks)]
    if opened is None and known[0] < STEP_MIN - 1:
        squares[0] *= STEP_MIN / (STEP_MIN - 1 - known[0])
    total = sum(squares)
    return tuple(square / total for square in squares) if total > 0 else None


def _last(prices: Sequence[float], slot: int, otherwise: float) -> float:
    """The last known price at or before a slot."""
    return next((prices[at] for at in range(slot, -1, -1) if not isnan(prices[at])), otherwise)


def learned(days: Sequence[Sequence[float]], assumed: Profile = ASSUMED) -> Profile:
    """The profile of past days, each the mean of its stocks' `day_steps`, drawn to the assumed one.

    A day counts once, however many stocks it has, for their variances come together; the assumed profile counts as 20
    days. Fewer than five days change nothing.
    """
    if len(days) < LEAST_DAYS:
        return assumed
    weight = len(days) / (len(days) + ASSUMED_DAYS)
    before = np.array(assumed.steps) / sum(assumed.steps)
    steps = weight * np.mean(days, axis=0) + (1 - weight) * before
    return Profile(tuple(steps.tolist()))
