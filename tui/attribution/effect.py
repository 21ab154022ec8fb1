"""The own part accumulated after an event, with the error that its sessions have in common.

The slopes are those of the window that ends before day 0, so no session of the event is in them. Their errors are
the same on every session, which ties the forecast errors together: with X* the sessions' factors and Fc the window's
centred ones,

    V = s^2 [K + X* (Fc'Fc)^-1 X*'],    Var(sum of own) = 1'V1

(Campbell, Lo and MacKinlay 1997, section 4.4). K is the identity; a first session after a halt has the number of
sessions that its move spans. As alpha is no part of a day, the intercept's own column is left out of X*, as it is in
the forecast error of a single day.
"""

from math import isnan, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.attribution.evidence import is_suspect_move
from tui.attribution.fit import Regression
from tui.attribution.panel import Panel
from tui.attribution.prepare import Fit, compound
from tui.attribution.student import two_sided
from tui.domain.effect import Effect, Missing

Floats = NDArray[np.float64]

LONGEST: Final = 250


def effect(panel: Panel, fit: Fit, first: int, last: int) -> Effect:
    """The effect over the sessions [first, last] of an event whose session is the fit's day.

    The first move of the span is taken whole, also where a halt before it makes it reach further back. Raises
    ValueError for a past day that was no session, and for a span that is none or longer than a year.
    """
    if not 0 <= first <= last < LONGEST:
        raise ValueError(
            f"[{first}, {last}] is no span of sessions after an event: give 0 <= first <= last < {LONGEST}"
        )
    start = panel.sessions_before(fit.day)
    if start < len(panel.dates):
        start = panel.row(fit.day)
    told = Effect(fit.symbol, fit.day, first, last)
    if (to_come := start + last + 1 - len(panel.dates)) > 0:
        return _without(told, "too_early", to_come)
    if fit.regression is None:
        return _without(told, "no_fit")
    rows = range(start + first, start + last + 1)
    sessions = _sessions(panel, fit, rows)
    if sessions is None and fit.sector is not None:
        fit = fit.without_sector()
        sessions = _sessions(panel, fit, rows)
    if sessions is None or fit.regression is None:
        return _without(told, "no_price")
    own, factors, spans = sessions
    total = float(own.sum())
    error = sqrt(float(covariance(fit.regression, factors, spans).sum()))
    freedom = fit.window.used - 1 - factors.shape[1]
    return Effect(fit.symbol, fit.day, first, last, total, error, total / error, two_sided(total / error, freedom))


def covariance(regression: Regression, factors: Floats, spans: Floats) -> Floats:
    """V of the own parts of several sessions outside the window, [session, session], squared percentage points.

    `factors` is [session, 1 or 2]: the market's return, and what the sector did beyond it; `spans` is [session], the
    sessions that each move spans.
    """
    slopes = [regression.market] if regression.sector is None else [regression.market, regression.sector]
    # (Fc'Fc)^-1 is diagonal, because the second factor is free of the first: s^2 times it are the squared errors.
    errors = np.array([slope.error for slope in slopes])
    scaled = factors * errors
    known: Floats = np.diag(regression.sigma**2 * spans) + scaled @ scaled.T
    return known


def _sessions(panel: Panel, fit: Fit, rows: range) -> tuple[Floats, Floats, Floats] | None:
    """Own parts, factors and spans of the traded sessions; None where a move or a factor of the span is unknown."""
    regression = fit.regression
    column = panel.column(fit.symbol)
    if regression is None or isnan(panel.moves[rows[-1], column]):
        return None
    own, factors, spans = [], [], []
    for row in rows:
        span = int(panel.spans[row, column])
        if not span:
            # Not traded: what happened is in the move of the next session that was.
            continue
        over = slice(row - span + 1, row + 1)
        market = compound(panel.returns[over, panel.column(fit.market)])
        sector = None if fit.sector is None else compound(fit.sector.returns(panel, over))
        move = float(panel.moves[row, column])
        if market is None or (fit.sector is not None and sector is None) or is_suspect_move(move):
            return None
        move -= regression.market.value * market
        told = [market]
        if regression.sector is not None and sector is not None:
            told.append(regression.sector_residual(sector, market, span))
            move -= regression.sector.value * told[1]
        own.append(move)
        factors.append(told)
        spans.append(float(span))
    return np.array(own), np.array(factors), np.array(spans)


def _without(told: Effect, missing: Missing, to_come: int = 0) -> Effect:
    return Effect(told.symbol, told.day, told.first, told.last, missing=missing, to_come=to_come)
