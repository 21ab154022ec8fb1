"""The split of a move into index, sector and own, and the verdict on it."""

from collections.abc import Sequence
from datetime import date
from math import isnan, sqrt
from typing import Final

import numpy as np

from tui.attribution.evidence import is_suspect_move
from tui.attribution.factors import SectorChoice
from tui.attribution.panel import PERCENT, Panel
from tui.attribution.prepare import Fit, prepare
from tui.attribution.verdict import decide, is_against_the_tape
from tui.domain.attribution import Attribution, FactorPart, Flag, Verdict
from tui.domain.symbol import HSI, Symbol
from tui.domain.tables import SectorTable

# How far apart a quote's previous close and the panel's last close may lie and still be the same price.
SAME_PRICE: Final = 1e-4


def attribute(
    panel: Panel,
    symbol: Symbol,
    day: date,
    *,
    market: Symbol = HSI,
    sector: SectorChoice = "auto",
    table: SectorTable | None = None,
) -> Attribution:
    """Split one session of the panel: the whole method in one call, nothing remembered (`Book` remembers).

    Raises ValueError for a day that is no session, and as `prepare` does.
    """
    row = panel.row(day)
    return explain_session(panel, prepare(panel, symbol, day, market=market, sector=sector, table=table), row)


def explain_session(panel: Panel, fit: Fit, row: int) -> Attribution:
    """Split session `row` of the panel with the fit of its day."""
    column = panel.column(fit.symbol)
    factor = float(panel.splits[row, column])
    market = panel.returns[row, panel.column(fit.market)] if fit.market in panel else np.nan
    sector = np.nan if fit.sector is None else fit.sector.returns(panel, slice(row, row + 1))[0]
    return split(
        fit,
        close=_known(panel.closes[row, column]),
        previous_close=None if fit.last_close is None else fit.last_close / factor,
        return_pct=_known(panel.moves[row, column]),
        market_return_pct=_known(market),
        sector_return_pct=_known(sector),
        flags=panel.day_flags(row, column),
        dividend=float(panel.dividends[row, column]),
        split_factor=factor,
    )


def split(
    fit: Fit,
    *,
    close: float | None,
    previous_close: float | None,
    return_pct: float | None,
    market_return_pct: float | None,
    sector_return_pct: float | None = None,
    flags: Sequence[Flag] = (),
    dividend: float = 0.0,
    split_factor: float = 1.0,
    elapsed: float = 1.0,
) -> Attribution:
    """Split a day's move, live or closed, all in percent: return_pct = market_pp + sector_pp + own_pp.

    `close` and `previous_close` are prices per share of today, so that between them lies the cash move; `return_pct`
    is the total return (None where unknown); the factors' returns are those of the day alone. Where the stock slept
    before the day, so that `previous_close` is its last traded close k sessions ago, the factors' returns over the
    same k sessions are taken and the variance k times. `elapsed` is the share of the day's own variance that is behind
    it (`session.py`), above 0: an unfinished day is judged by what could have happened so far.
    """
    if not 0 < elapsed <= 1:
        raise ValueError(f"the elapsed share of a day's variance lies above 0 and up to 1, not at {elapsed}")
    sessions = 1 if return_pct is None else sessions_of(fit, previous_close, split_factor)
    if sector_return_pct is None or (sessions > 1 and fit.gap is not None and fit.gap.sector_pct is None):
        fit = fit.without_sector()
    seen = [*fit.flags, *flags]
    if sessions > 1 and fit.gap is not None:
        seen.append(fit.gap.flag)
        market_return_pct = together(fit.gap.market_pct, market_return_pct)
        sector_return_pct = together(fit.gap.sector_pct, sector_return_pct)
    if return_pct is not None and market_return_pct is None:
        seen.append(Flag.STALE_INDEX)
    suspect = return_pct is not None and is_suspect_move(return_pct)
    if suspect:
        seen.append(Flag.SUSPECT_PRICE)
    regression, yardstick = fit.regression, fit.yardstick
    if return_pct is None or market_return_pct is None or suspect or regression is None or yardstick is None:
        return Attribution(
            symbol=fit.symbol,
            date=fit.day,
            verdict=Verdict.INSUFFICIENT,
            window=fit.window,
            close=close,
            previous_close=previous_close,
            return_pct=return_pct,
            beta_by_window=fit.beta_by_window,
            sessions=sessions,
            elapsed=elapsed,
            dividend=dividend,
            split=split_factor,
            flags=_in_order(seen),
        )

    behind = sessions - 1 + elapsed
    factors = [
        FactorPart(
            name=fit.market,
            return_pct=market_return_pct,
            residual_pct=market_return_pct,
            beta=regression.market.value,
            beta_se=regression.market.error,
            pp=regression.market.value * market_return_pct,
        )
    ]
    residual = None
    if fit.sector is not None and regression.sector is not None and sector_return_pct is not None:
        residual = regression.sector_residual(sector_return_pct, market_return_pct, behind)
        factors.append(
            FactorPart(
                name=fit.sector.name,
                return_pct=sector_return_pct,
                residual_pct=residual,
                beta=regression.sector.value,
                beta_se=regression.sector.error,
                pp=regression.sector.value * residual,
            )
        )
    market_pp = factors[0].pp
    sector_pp = factors[1].pp if len(factors) > 1 else 0.0
    own_pp = return_pct - market_pp - sector_pp
    leverage = regression.leverage(market_return_pct, residual, sessions) * sqrt(behind / sessions)
    rarity = yardstick.rarity(own_pp, leverage)
    contained_in = tuple(factor.name for factor in factors if factor.name in fit.contained_in)
    if contained_in:
        seen.append(Flag.INDEX_CONTAINS_STOCK)
    if is_against_the_tape(market_pp, own_pp):
        seen.append(Flag.AGAINST_THE_TAPE)
    return Attribution(
        symbol=fit.symbol,
        date=fit.day,
        verdict=decide(
            rarity=rarity,
            move=return_pct,
            market=market_pp,
            sector=sector_pp,
            own=own_pp,
            sigma_move=regression.sigma_move * sqrt(behind),
            sigma=regression.sigma * sqrt(behind),
        ),
        window=fit.window,
        close=close,
        previous_close=previous_close,
        return_pct=return_pct,
        market_pp=market_pp,
        sector_pp=sector_pp,
        own_pp=own_pp,
        factors=tuple(factors),
        alpha_pct=regression.alpha,
        r2=regression.r2,
        sigma_pp=regression.sigma,
        sigma_move_pp=regression.sigma_move,
        forecast_se_pp=regression.sigma * leverage,
        t=own_pp / (regression.sigma * leverage),
        rarity=rarity,
        threshold_pp=yardstick.threshold(leverage),
        beta_by_window=fit.beta_by_window,
        sessions=sessions,
        elapsed=elapsed,
        dividend=dividend,
        split=split_factor,
        flags=_in_order(seen),
        contained_in=contained_in,
    )


def own_path(
    fit: Fit,
    stock_pct: Sequence[float | None],
    market_pct: Sequence[float | None],
    sector_pct: Sequence[float | None] | None = None,
    elapsed: Sequence[float] | None = None,
) -> list[float | None]:
    """The own part at each point of a day's path, pp, as `split` would tell it then; None where a return is unknown.

    The first three are returns since the previous close at the same moments, percent; `elapsed` are the shares of the
    day's variance by then (1 where it is not given). Where the sector has no return on the whole path, the fit on the
    market alone is used.
    """
    if sector_pct is None or all(value is None for value in sector_pct):
        fit = fit.without_sector()
    regression = fit.regression
    if regression is None:
        return [None] * len(stock_pct)
    beta = regression.market.value
    if regression.sector is None or sector_pct is None:
        return [None if r is None or m is None else r - beta * m for r, m in zip(stock_pct, market_pct, strict=True)]
    gamma = regression.sector.value
    shares = [1.0] * len(stock_pct) if elapsed is None else elapsed
    return [
        None if r is None or m is None or s is None else r - beta * m - gamma * regression.sector_residual(s, m, share)
        for r, m, s, share in zip(stock_pct, market_pct, sector_pct, shares, strict=True)
    ]


def sessions_of(fit: Fit, previous_close: float | None, split_factor: float) -> int:
    """How many sessions a move from `previous_close` spans."""
    if fit.gap is None or fit.last_close is None or previous_close is None:
        return 1
    same = abs(previous_close * split_factor / fit.last_close - 1) <= SAME_PRICE
    return 1 + fit.gap.sessions if same else 1


def together(before_pct: float | None, today_pct: float | None) -> float | None:
    """Two returns, one after the other, percent; None where either is unknown."""
    if before_pct is None or today_pct is None:
        return None
    return ((1 + before_pct / PERCENT) * (1 + today_pct / PERCENT) - 1) * PERCENT


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _in_order(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """Each flag once, in the order in which Flag names them."""
    return tuple(flag for flag in Flag if flag in flags)
