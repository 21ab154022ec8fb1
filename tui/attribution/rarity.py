"""How unusual an own part is, each residual measured in the volatility it was born in.

    z_j = |e_j| / sqrt(s * sigma_j),   sigma_j^2 the EWMA (lambda = 0.94, started at s^2) of e^2 before j
    z_0 = |own| / (C * sqrt(s * sigma_0)),   sigma_0 after the last residual
    rarity = (1 + #{z_j >= z_0}) / (n + 1)

sqrt(s * sigma_j) is half way, in logarithms, between the window's volatility and that of the moment. lambda is that
of RiskMetrics (1996) for daily data.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LAMBDA: Final = 0.94
ONE_IN: Final = 20


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What an own part is measured with: sqrt(s * sigma_0) in percentage points, and the window's z, ascending."""

    unit: float
    ascending: tuple[float, ...]

    def rarity(self, own_pp: float, leverage: float) -> float:
        """The share of days on which an own part at least this large is to be expected; 1/(n + 1) at the least."""
        z_0 = abs(own_pp) / (leverage * self.unit)
        at_least = len(self.ascending) - bisect_left(self.ascending, z_0)
        return (1 + at_least) / (len(self.ascending) + 1)

    def threshold(self, leverage: float) -> float:
        """The own part, pp, that only 1 day in 20 exceeds: C * sqrt(s * sigma_0) * the floor((n + 1)/20)-th largest z.

        Beyond it rarity is under 0.05 (0.05 itself where 20 divides n + 1). Needs n of at least 19.
        """
        rank = (len(self.ascending) + 1) // ONE_IN
        return leverage * self.unit * self.ascending[-rank]


def yardstick(residuals: NDArray[np.float64], sigma: float) -> Yardstick:
    """Scale the residuals of a window, oldest first, by the volatility that was known before each of them."""
    variance = sigma * sigma
    variances = [variance]
    for shock in ((1 - LAMBDA) * (residuals * residuals)).tolist():
        variance = LAMBDA * variance + shock
        variances.append(variance)
    units = np.sqrt(sigma * np.sqrt(variances))
    scaled = np.sort(np.abs(residuals) / units[:-1])
    return Yardstick(float(units[-1]), tuple(scaled.tolist()))
