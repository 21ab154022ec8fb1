"""The regression: a stock on the market and on a sector made free of the market, by ordinary least squares.

    r = alpha + beta * m + gamma * p + e,      p = sector - (a + b * m), fitted on the same sessions

p is uncorrelated with m, so each slope is a simple regression, (Fc'Fc) is diagonal, and the market's slope is the
one a fit on the market alone would give. Returns are simple and in percent.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Below this share of a variance, what is left after a regression is rounding.
NOTHING_LEFT: Final = 1e-16

# Vasicek (1973) shrinkage of short windows: the cross-section of betas of 99 large Hong Kong stocks, 2024 to 2026.
PRIOR_BETA: Final = 1.054
PRIOR_VARIANCE: Final = 0.116


@dataclass(frozen=True, slots=True)
class Slope:
    """A regression coefficient and its standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Ordinary least squares of n sessions with k parameters.

    `sigma` is s, s^2 = SSE / (n - k); `sector_alpha` and `sector_beta` take the market out of the sector (0 without
    a sector); `residuals` are e, oldest first, percentage points; `sigma_move` is the sample standard deviation of r.
    """

    alpha: float
    market: Slope
    sector: Slope | None
    sector_alpha: float
    sector_beta: float
    sigma: float
    sigma_move: float
    r2: float
    residuals: Floats

    def sector_residual(self, sector_pct: float, market_pct: float, sessions: float = 1) -> float:
        """p of a day outside the window, or of a part of one: what the sector did beyond its own line on the market."""
        return sector_pct - self.sector_alpha * sessions - self.sector_beta * market_pct

    def leverage(self, market_pct: float, sector_residual_pct: float | None, sessions: int = 1) -> float:
        """C of the forecast error s * C of an own part: C^2 = k + x0' (Fc'Fc)^-1 x0 for a move over k sessions.

        MacKinlay (1997), eq. 8, without the intercept's term, because alpha is no part of the day.
        """
        estimation = (self.market.error * market_pct) ** 2
        if self.sector is not None and sector_residual_pct is not None:
            estimation += (self.sector.error * sector_residual_pct) ** 2
        return sqrt(sessions + estimation / self.sigma**2)


def regress(stock: Floats, market: Floats, sector: Floats | None = None, shrink: bool = False) -> Regression | None:
    """Fit n sessions of returns in percent, all known. None where the market or the stock's noise has no variance.

    `shrink` pulls the market's slope towards the prior of Hong Kong stocks, as its error deserves: for short windows.
    """
    used = stock.size
    mean_r, mean_m = float(stock.sum()) / used, float(market.sum()) / used
    r, m = stock - mean_r, market - mean_m
    total, market_square = float(r @ r), float(m @ m)
    if not total > 0 or not market_square > 0:
        return None

    beta = float(m @ r) / market_square
    residuals = r - beta * m
    parameters = 2
    gamma = sector_alpha = sector_beta = residual_square = 0.0
    if sector is not None:
        mean_s = float(sector.sum()) / used
        s = sector - mean_s
        sector_beta = float(m @ s) / market_square
        sector_alpha = mean_s - sector_beta * mean_m
        p = s - sector_beta * m
        residual_square = float(p @ p)
        if residual_square <= NOTHING_LEFT * float(s @ s):
            return regress(stock, market, None, shrink)
        gamma = float(p @ r) / residual_square
        residuals -= gamma * p
        parameters = 3

    noise = float(residuals @ residuals)
    if noise <= NOTHING_LEFT * total:
        return None
    sigma = sqrt(noise / (used - parameters))
    market_slope = Slope(beta, sigma / sqrt(market_square))
    if shrink:
        market_slope = vasicek(market_slope)
        residuals += (beta - market_slope.value) * m
        noise = float(residuals @ residuals)
        sigma = sqrt(noise / (used - parameters))
    return Regression(
        alpha=mean_r - market_slope.value * mean_m,
        market=market_slope,
        sector=None if sector is None else Slope(gamma, sigma / sqrt(residual_square)),
        sector_alpha=sector_alpha,
        sector_beta=sector_beta,
        sigma=sigma,
        sigma_move=sqrt(total / (used - 1)),
        r2=1 - noise / total,
        residuals=residuals,
    )


def vasicek(slope: Slope) -> Slope:
    """w * beta + (1 - w) * prior with w = prior variance / (prior variance + SE^2); the error is the posterior's."""
    weight = PRIOR_VARIANCE / (PRIOR_VARIANCE + slope.error**2)
    return Slope(weight * slope.value + (1 - weight) * PRIOR_BETA, slope.error * sqrt(weight))
