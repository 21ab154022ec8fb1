"""The parts of a day by the clock, each split like the day. All are shares of the previous close, so they add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, sqrt

from tui.attribution.evidence import is_suspect_move
from tui.attribution.panel import Floats, Panel
from tui.attribution.prepare import Fit
from tui.attribution.split import together
from tui.domain.attribution import Leg, LegName


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a leg ends: total returns since the previous close by then, percent, None where unknown.

    `elapsed` is the share of the day's variance by then (`session.py`); None leaves the leg without an error.
    """

    name: LegName
    stock_pct: float
    market_pct: float | None
    sector_pct: float | None = None
    elapsed: float | None = None


def legs(fit: Fit, marks: Sequence[Mark], sessions: int = 1) -> tuple[Leg, ...]:
    """The legs between marks, oldest first, up to the last of them; their parts sum to those of `split` at that moment.

    A leg at whose start or end a factor is unknown is not split, unless the sector is unknown at the last mark: then
    all are split on the market alone, as `split` does. Where the move spans several `sessions`, the sessions that were
    slept through belong to the first leg. The errors are the day's own, shared out by variance:
    SE^2 = sum of the legs' SE^2 for a whole day.
    """
    if not marks:
        return ()
    if fit.sector is not None and marks[-1].sector_pct is None:
        fit = fit.without_sector()
    slept = fit.gap if sessions > 1 else None
    if slept is not None and fit.sector is not None and slept.sector_pct is None:
        fit = fit.without_sector()
    error = _error(fit, marks[-1], sessions)
    found: list[Leg] = []
    before_pct, before_parts, before_elapsed = 0.0, (0.0, 0.0), 1.0 - sessions
    known = True
    for mark in marks:
        parts = _parts(fit, mark, sessions)
        leg = Leg(mark.name, mark.stock_pct - before_pct)
        if parts is not None and known:
            market, sector = parts[0] - before_parts[0], parts[1] - before_parts[1]
            share = 0.0 if mark.elapsed is None else mark.elapsed - before_elapsed
            leg = Leg(
                mark.name,
                leg.return_pct,
                market,
                sector,
                leg.return_pct - market - sector,
                None if error is None or mark.elapsed is None else error * sqrt(max(share, 0.0)),
            )
        found.append(leg)
        known = parts is not None
        before_pct, before_parts = mark.stock_pct, parts or before_parts
        before_elapsed = before_elapsed if mark.elapsed is None else mark.elapsed
    return tuple(found)


def session_legs(panel: Panel, fit: Fit, row: int) -> tuple[Leg, ...]:
    """The night and the session of a closed day of the panel, from opens.

    None where the stock's open is unknown, or the move is so suspect that `split` does not explain it either.
    """
    column = panel.column(fit.symbol)
    night, move = panel.overnights[row, column], panel.moves[row, column]
    if isnan(night) or isnan(move) or is_suspect_move(float(move)):
        return ()
    overnight = Mark("overnight", float(night), *_returns(panel.overnights[row], panel, fit), fit.night_share)
    session = Mark("session", float(move), *_returns(panel.returns[row], panel, fit), 1.0)
    return legs(fit, (overnight, session), int(panel.spans[row, column]))


def _returns(known: Floats, panel: Panel, fit: Fit) -> tuple[float | None, float | None]:
    """Market and sector among one row of a panel's returns; None where unknown."""
    market = _known(known[panel.column(fit.market)]) if fit.market in panel else None
    if fit.sector is None:
        return market, None
    return market, fit.sector.return_of({member: _known(known[panel.column(member)]) for member in fit.sector.members})


def _parts(fit: Fit, mark: Mark, sessions: int) -> tuple[float, float] | None:
    """Market and sector part, pp, by a mark; None where a factor is unknown."""
    factors = _factors(fit, mark, sessions)
    if fit.regression is None or factors is None:
        return None
    market_pct, sector_pct = factors
    market = fit.regression.market.value * market_pct
    if fit.regression.sector is None or sector_pct is None:
        return market, 0.0
    behind = sessions - 1 + (1.0 if mark.elapsed is None else mark.elapsed)
    return market, fit.regression.sector.value * fit.regression.sector_residual(sector_pct, market_pct, behind)


def _factors(fit: Fit, mark: Mark, sessions: int) -> tuple[float, float | None] | None:
    """The factors' returns by a mark, with what they did while the stock slept; None where one is unknown."""
    market_pct, sector_pct = mark.market_pct, mark.sector_pct
    if sessions > 1 and fit.gap is not None:
        market_pct, sector_pct = together(fit.gap.market_pct, market_pct), together(fit.gap.sector_pct, sector_pct)
    if market_pct is None or (fit.sector is not None and sector_pct is None):
        return None
    return market_pct, sector_pct


def _error(fit: Fit, last: Mark, sessions: int) -> float | None:
    """The forecast error of one session of the day, pp, with the factors' returns as far as they are known."""
    factors = _factors(fit, last, sessions)
    if fit.regression is None or factors is None:
        return None
    market_pct, sector_pct = factors
    behind = sessions - 1 + (1.0 if last.elapsed is None else last.elapsed)
    residual = None if sector_pct is None else fit.regression.sector_residual(sector_pct, market_pct, behind)
    return fit.regression.sigma * fit.regression.leverage(market_pct, residual, sessions) / sqrt(sessions)


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)
