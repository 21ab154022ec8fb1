"""Every stock-day of a panel at once: the fits of `prepare` and the splits of `split`, in whole matrices.

A stock-day is regular where its move spans one session, its window holds at least 120 usable sessions with the
sector it was given, and the day's factors are known; those are computed together. The few others (new listings,
returns from a halt, a missing index) are left NaN here: the single-day path answers them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.attribution.factors import Sector
from tui.attribution.fit import NOTHING_LEFT
from tui.attribution.moments import windows
from tui.attribution.panel import Panel
from tui.attribution.prepare import FULL_USED, LENGTH
from tui.attribution.rarity import LAMBDA
from tui.domain.symbol import Symbol

Floats = NDArray[np.float64]

# Stocks worked on together: as many as keep a block's matrices inside the processor's cache.
STOCKS_AT_A_TIME: Final = 64


@dataclass(frozen=True, slots=True)
class Rolling:
    """Matrices [day, stock] of one factor set; NaN where a stock-day is not regular.

    `stocks` are the panel's columns they stand for. e_j = r_j - `level` - `market_load` * m_j - `sector_load` * s_j
    gives a window's residuals; `leverage` is C, `freedom` n - k.
    """

    stocks: tuple[int, ...]
    market_beta: Floats
    market_error: Floats
    sector_beta: Floats
    sector_error: Floats
    sigma: Floats
    freedom: Floats
    sigma_move: Floats
    r2: Floats
    move: Floats
    market_part: Floats
    own: Floats
    leverage: Floats
    level: Floats
    market_load: Floats
    sector_load: Floats

    @property
    def forecast_error(self) -> Floats:
        """s * C, percentage points."""
        return self.sigma * self.leverage

    @property
    def t(self) -> Floats:
        return self.own / self.forecast_error


@dataclass(frozen=True, slots=True)
class Rarities:
    """Matrices [day, stock], NaN where a stock-day is not regular: rarity, and sigma_0 / s, known before the day."""

    rarity: Floats
    volatility_ratio: Floats


def factor_returns(panel: Panel, market: Symbol, sectors: Sequence[Sector | None]) -> tuple[Floats, list[Floats]]:
    """The market's returns [day], and each sector's [day]; zeros stand for no sector."""
    rows = slice(0, len(panel.dates))
    none = np.zeros(len(panel.dates))
    known: dict[Sector, Floats] = {}
    for sector in sectors:
        if sector is not None and sector not in known:
            known[sector] = sector.returns(panel, rows)
    return panel.returns[:, panel.column(market)], [none if s is None else known[s] for s in sectors]


def roll(panel: Panel, market: Symbol, stocks: Sequence[int], sectors: Sequence[Sector | None]) -> Rolling:
    """Fit and split every regular stock-day of the columns `stocks`, each with its sector factor (None for none)."""
    market_returns, sector_returns = factor_returns(panel, market, sectors)
    parts = []
    for start in range(0, len(stocks), STOCKS_AT_A_TIME):
        some = slice(start, start + STOCKS_AT_A_TIME)
        stock = panel.returns[:, list(stocks[some])]
        sector = np.stack(sector_returns[some], axis=1)
        has_sector = np.array([s is not None for s in sectors[some]])
        parts.append(_roll_block(stock, market_returns, sector, has_sector))
    whole = [np.concatenate([part[number] for part in parts], axis=1) for number in range(len(parts[0]))]
    return Rolling(tuple(stocks), *whole)


def _roll_block(
    stock: Floats, market_returns: Floats, sector: Floats, has_sector: NDArray[np.bool_]
) -> tuple[Floats, ...]:
    days, _ = stock.shape
    market = np.broadcast_to(market_returns[:, None], stock.shape)
    result = tuple(np.full(stock.shape, np.nan) for _ in range(15))
    if days <= LENGTH:
        return result
    fitted = windows(stock[:-1], market[:-1], sector[:-1], LENGTH)
    rr, rm, rs, mm, ms, ss = fitted.products
    mean_r, mean_m, mean_s = fitted.means
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = rm / mm
        sector_slope = ms / mm
        pp = ss - sector_slope * ms
        spans_plane = has_sector & (pp > NOTHING_LEFT * ss)
        gamma = np.where(spans_plane, (rs - beta * ms) / pp, 0.0)
        noise = rr - beta * rm - gamma * np.where(spans_plane, rs - beta * ms, 0.0)
        sigma = np.sqrt(noise / (fitted.count - np.where(spans_plane, 3, 2)))
        market_error = sigma / np.sqrt(mm)
        sector_error = np.where(spans_plane, sigma / np.sqrt(pp), np.nan)

        sector_alpha = mean_s - sector_slope * mean_m
        today_m, today_s = market[LENGTH:], sector[LENGTH:]
        residual = np.where(spans_plane, today_s - sector_alpha - sector_slope * today_m, 0.0)
        own = stock[LENGTH:] - beta * today_m - gamma * residual
        estimation = (market_error * today_m) ** 2 + np.where(spans_plane, sector_error * residual, 0.0) ** 2
        leverage = np.sqrt(1 + estimation / sigma**2)
        market_load = beta - gamma * sector_slope
        market_part = beta * today_m
        level = mean_r - market_load * mean_m - gamma * mean_s
        regular = (fitted.count >= FULL_USED) & (noise > NOTHING_LEFT * rr) & ~np.isnan(own)
        regular &= spans_plane | ~has_sector
        values = (
            beta,
            market_error,
            np.where(spans_plane, gamma, np.nan),
            sector_error,
            sigma,
            fitted.count - np.where(spans_plane, 3, 2),
            np.sqrt(rr / np.maximum(fitted.count - 1, 1)),
            1 - noise / rr,
            stock[LENGTH:],
            market_part,
            own,
            leverage,
            level,
            market_load,
            gamma,
        )
    for target, value in zip(result, values, strict=True):
        np.copyto(target[LENGTH:], value, where=regular)
    return result


def roll_rarity(panel: Panel, market: Symbol, rolling: Rolling, sectors: Sequence[Sector | None]) -> Rarities:
    """The rarity of `rarity.py` for every regular stock-day.

    A count needs no order, so no window is sorted: the residuals are run through twice, once to learn the volatility
    after the last of them, once to count. z_j >= z_0 is compared as its fourth power, free of roots.
    """
    market_returns, sector_returns = factor_returns(panel, market, sectors)
    rarity = np.full(rolling.own.shape, np.nan)
    ratio = rarity.copy()
    for start in range(0, len(rolling.stocks), STOCKS_AT_A_TIME):
        some = slice(start, start + STOCKS_AT_A_TIME)
        stock = panel.returns[:, list(rolling.stocks[some])]
        sector = np.stack(sector_returns[some], axis=1)
        factor = np.broadcast_to(market_returns[:, None], stock.shape)
        rarity[:, some], ratio[:, some] = _rarity_block(rolling, some, stock, factor, sector)
    return Rarities(rarity, ratio)


def _rarity_block(
    rolling: Rolling, some: slice, stock: Floats, market: Floats, sector: Floats
) -> tuple[Floats, Floats]:
    rarity = np.full(stock.shape, np.nan)
    ratio = rarity.copy()
    days = len(stock) - LENGTH
    if days <= 0:
        return rarity, ratio
    usable = ~(np.isnan(stock) | np.isnan(market) | np.isnan(sector))
    gaps = not bool(usable.all())
    stock, market, sector = (np.where(usable, series, 0.0) for series in (stock, market, sector))
    level, market_load, sector_load, sigma, own, leverage = (
        matrix[LENGTH:, some]
        for matrix in (
            rolling.level, rolling.market_load, rolling.sector_load, rolling.sigma, rolling.own, rolling.leverage,
        )
    )  # fmt: skip

    def squares(session: int) -> Floats:
        """e_j^2 of the `session`-th of each window, oldest first."""
        rows = slice(session, session + days)
        residual = stock[rows] - level
        residual -= market_load * market[rows]
        residual -= sector_load * sector[rows]
        residual *= residual
        if gaps:
            residual *= usable[rows]
        return residual

    def next_variance(variance: Floats, square: Floats, session: int) -> Floats:
        rows = slice(session, session + days)
        if not gaps:
            variance *= LAMBDA
            variance += (1 - LAMBDA) * square
            return variance
        return np.where(usable[rows], LAMBDA * variance + (1 - LAMBDA) * square, variance)

    started = sigma * sigma
    variance = started.copy()
    for session in range(LENGTH):
        variance = next_variance(variance, squares(session), session)
    ratio[LENGTH:] = np.sqrt(variance) / sigma
    # z_j >= z_0  <=>  e_j^4 * C^4 * sigma_0^2 >= own^4 * sigma_j^2
    with np.errstate(divide="ignore"):
        scale = leverage**4 * variance / own**4
    at_least = np.zeros_like(variance)
    variance = started.copy()
    for session in range(LENGTH):
        square = squares(session)
        with np.errstate(invalid="ignore"):
            reaches = ~(square * square * scale < variance)  # an own part of nothing is reached by all
        if gaps:
            reaches &= usable[session : session + days]
        at_least += reaches
        variance = next_variance(variance, square, session)
    count = np.cumsum(usable, axis=0, dtype=np.float64)
    used = count[LENGTH - 1 : -1].copy()
    used[1:] -= count[: days - 1]
    rarity[LENGTH:] = np.where(np.isnan(own), np.nan, (1 + at_least) / (used + 1))
    return rarity, ratio
