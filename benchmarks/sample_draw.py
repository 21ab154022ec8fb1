"""Daily returns of the sample week, drawn so that the fit of 6 March 2026 comes out as published.

Returns are in percent. A window holds 250 sessions, of which the last four (2 to 5 March) are published facts; the
free ones before are drawn with fat tails and mild volatility clustering, then projected so that the least-squares
fit over all 250 has exactly the wanted intercept, slopes and residual sum of squares.
"""

from typing import Final

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

Vector = NDArray[np.float64]

WINDOW: Final = 250
# RandomState's streams are frozen for good, those of numpy's newer generators are not: the files must be drawn again
# to the last digit by any version.
SEED: Final = 20260306

# A GARCH(1,1) with unit variance and Student-t shocks: clustering about half as strong as on real closes, where the
# residuals of large names have it at 0.05 to 0.15 for the shock and 0.8 to 0.9 for the memory.
_SHOCK: Final = 0.07
_MEMORY: Final = 0.86
_TAIL_DF: Final = 4.5


def generator(*path: int) -> RandomState:
    """An independent stream for each path of numbers below the project's seed."""
    return RandomState([SEED, *path])


def normals(stream: RandomState, count: int) -> Vector:
    """`count` standard normal draws."""
    drawn: Vector = stream.standard_normal(count)
    return drawn


def clustered(stream: RandomState, count: int) -> Vector:
    """`count` fat-tailed draws of about unit variance whose volatility clusters."""
    shocks = stream.standard_t(_TAIL_DF, count) / np.sqrt(_TAIL_DF / (_TAIL_DF - 2))
    drawn = np.empty(count)
    variance = 1.0
    for day, shock in enumerate(shocks):
        drawn[day] = np.sqrt(variance) * shock
        variance = 1 - _SHOCK - _MEMORY + _SHOCK * drawn[day] ** 2 + _MEMORY * variance
    return drawn


def with_constant(count: int, *factors: Vector) -> Vector:
    """The design matrix [day, 1 + factors] of a fit with an intercept over `count` days."""
    return np.column_stack((np.ones(count), *factors))


def least_squares(values: Vector, design: Vector) -> tuple[Vector, Vector]:
    """Coefficients and residuals."""
    coefficients: Vector = np.linalg.lstsq(design, values, rcond=None)[0].astype(np.float64)
    return coefficients, values - design @ coefficients


def projected(drawn: Vector, known: Vector, design: Vector, square_sum: float) -> Vector:
    """Residuals [older + window] whose last values are `known` and whose others are `drawn`, moved least.

    Over the window (the rows of `design`) they are orthogonal to every column and their squares sum to
    `square_sum`; draws from before the window are scaled by the same number. ValueError where the known values
    alone are too large.
    """
    free = len(design) - len(known)
    older, inside = drawn[:-free], drawn[-free:]
    columns = design[:free]
    to_coefficients = np.linalg.pinv(columns.T @ columns)
    # The part that balances the known values against every column, and the draw freed of all columns.
    balance = columns @ to_coefficients @ (-design[free:].T @ known)
    noise = inside - columns @ to_coefficients @ (columns.T @ inside)
    left = square_sum - known @ known - balance @ balance
    if left <= 0:
        raise ValueError("the known residuals are larger than the whole window may be")
    scale = np.sqrt(left / (noise @ noise))
    return np.concatenate((scale * older, balance + scale * noise, known))


def levels(returns: Vector, last: float) -> Vector:
    """Prices [day] that end with `last`; each return leads into the price of its own day."""
    growth = np.cumprod(1 + returns[::-1] / 100)[::-1]
    return np.append(last / growth[1:], last)


def returns_of(prices: Vector) -> Vector:
    """Simple returns in percent, one fewer than prices."""
    return (prices[1:] / prices[:-1] - 1) * 100
