"""Peers that the prices themselves show, for a stock whose group nobody wrote down."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.attribution.panel import Panel
from tui.domain.symbol import Symbol

Floats = NDArray[np.float64]

LEAST_CORRELATION: Final = 0.35
MOST_FOUND: Final = 5
LEAST_COMMON: Final = 60


def correlated(
    panel: Panel, symbol: Symbol, candidates: tuple[Symbol, ...], market: Symbol, rows: slice
) -> tuple[Symbol, ...]:
    """The candidates whose own parts went with the symbol's on the sessions `rows`, closest first.

    At most five, each correlated at 0.35 or more over at least 60 common sessions. Own parts are those of the
    market alone: what is left of each stock after its own line on the index.
    """
    columns = [panel.column(symbol), *(panel.column(candidate) for candidate in candidates)]
    own, known = own_parts(panel.returns[rows, columns], panel.returns[rows, panel.column(market)])
    mine, mine_known = own[:, 0], known[:, 0]
    common = mine_known @ known
    covariance = mine @ own
    scale = np.sqrt((mine**2 @ known) * (mine_known @ own**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.where((common >= LEAST_COMMON) & (scale > 0), covariance / scale, 0.0)[1:]
    closest = np.argsort(-correlation, kind="stable")[:MOST_FOUND]
    return tuple(candidates[number] for number in closest if correlation[number] >= LEAST_CORRELATION)


def own_parts(returns: Floats, market: Floats) -> tuple[Floats, Floats]:
    """Residuals of each column on the market, float64[day, stock], 0 where unknown; and 1 where known, else 0."""
    known = (~np.isnan(returns) & ~np.isnan(market)[:, None]).astype(np.float64)
    count = np.maximum(known.sum(axis=0), 1)
    r = np.where(known > 0, returns, 0.0)
    m = np.where(known > 0, market[:, None], 0.0)
    r = (r - r.sum(axis=0) / count) * known
    m = (m - m.sum(axis=0) / count) * known
    square = (m * m).sum(axis=0)
    beta = (m * r).sum(axis=0) / np.where(square > 0, square, 1.0)
    return r - beta * m, known
