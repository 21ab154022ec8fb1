"""The parts of a day by the clock, each split like the day; all are shares of the previous close, so they add up."""

from collections.abc import Sequence

from tui.attribution.prepare import Fit
from tui.domain.attribution import Leg, LegName

Parts = tuple[float, float, float]


def parts(fit: Fit, stock_pct: float, market_pct: float, sector_pct: float | None) -> Parts | None:
    """Market, sector and own part, pp, of a move since the previous close, as `split` would tell it at that moment."""
    regression = fit.regression
    if regression is None:
        return None
    market = regression.market.value * market_pct
    if regression.sector is None or sector_pct is None:
        return market, 0.0, stock_pct - market
    sector = regression.sector.value * regression.sector_residual(sector_pct, market_pct)
    return market, sector, stock_pct - market - sector


def legs(fit: Fit, marks: Sequence[tuple[LegName, float, float | None, float | None]]) -> tuple[Leg, ...]:
    """The legs between marks: each names a leg and tells the returns since the previous close at its end, percent.

    Stock, market, sector. Where the market's is not known the leg and the one after it are not split.
    """
    found: list[Leg] = []
    before_pct = 0.0
    before: Parts | None = (0.0, 0.0, 0.0)
    for name, stock_pct, market_pct, sector_pct in marks:
        now = None if market_pct is None else parts(fit, stock_pct, market_pct, sector_pct)
        leg = Leg(name, stock_pct - before_pct)
        if now is not None and before is not None:
            leg = Leg(name, stock_pct - before_pct, now[0] - before[0], now[1] - before[1], now[2] - before[2])
        found.append(leg)
        before_pct, before = stock_pct, now
    return tuple(found)
