"""Every stock-day of a panel at once: the fits of `prepare` and the splits of `split`, in whole matrices.

A stock-day is regular where its move spans one session, its window holds at least 120 usable sessions with the
sector it was given, and the day's factors are known; those are computed together. The few others (new listings,
returns from a halt, a missing index) are left NaN here: the single-day path answers them.
"""

from collections.abc import Iterator, Sequence
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

# Stocks fitted together, so that numpy's cost a call is spread; and as many as keep the residuals of a pass in cache.
STOCKS_AT_A_TIME: Final = 512
STOCKS_IN_CACHE: Final = 32
MATRICES: Final = 11


@dataclass(frozen=True, slots=True)
class Rolling:
    """Matrices [day, stock] of one factor set; NaN where a stock-day is not regular.

    `stocks` are the panel's columns they stand for. `freedom` is n - k, `leverage` C; without a sector its slope is 0
    and its error NaN. A window's residuals are e_j = r_j - `level` - `market_load` * m_j - `sector_beta` * s_j.
    """

    stocks: tuple[int, ...]
    market_beta: Floats
    market_error: Floats
    sector_beta: Floats
    sector_error: Floats
    sigma: Floats
    freedom: Floats
    sigma_move: Floats
    own: Floats
    leverage: Floats
    level: Floats
    market_load: Floats

    @property
    def used(self) -> Floats:
        """n, the usable sessions of the window."""
        return self.freedom + np.where(np.isnan(self.sector_error), 2, 3)

    @property
    def forecast_error(self) -> Floats:
        """s * C, percentage points."""
        return self.sigma * self.leverage

    @property
    def t(self) -> Floats:
        return self.own / self.forecast_error

    @property
    def r2(self) -> Floats:
        return 1 - self.sigma**2 * self.freedom / (self.sigma_move**2 * (self.used - 1))


@dataclass(frozen=True, slots=True)
class Rarities:
    """Matrices [day, stock], NaN where a stock-day is not regular: rarity, and sigma_0 / s, known before the day."""

    rarity: Floats
    volatility_ratio: Floats


def _span(places: list[int]) -> slice | list[int]:
    """Neighbouring places as a slice, which numpy reads and writes in one go."""
    first, last = places[0], places[-1]
    return slice(first, last + 1) if places == list(range(first, last + 1)) else places


def _groups(panel: Panel, stocks: Sequence[int], sectors: Sequence[Sector | None]) -> Iterator[list[int]]:
    """Places in `stocks` to be worked on together: one sector each, and stocks without holes among themselves.

    Those share the moments of their factors.
    """
    groups: dict[tuple[Sector | None, bool], list[int]] = {}
    holes = [bool(np.isnan(panel.returns[1:, column]).any()) for column in stocks]
    for place, sector in enumerate(sectors):
        groups.setdefault((sector, holes[place]), []).append(place)
    for (_, has_holes), places in groups.items():
        size = STOCKS_AT_A_TIME // 4 if has_holes else STOCKS_AT_A_TIME
        for start in range(0, len(places), size):
            yield places[start : start + size]


def _factors(panel: Panel, market: Symbol, sector: Sector | None) -> tuple[Floats, Floats]:
    """The returns [day, 1] of the market and of a sector; zeros stand for no sector."""
    days = len(panel.dates)
    sector_returns = np.zeros(days) if sector is None else sector.returns(panel, slice(0, days))
    return panel.returns[:, panel.column(market), None], sector_returns[:, None]


def roll(panel: Panel, market: Symbol, stocks: Sequence[int], sectors: Sequence[Sector | None]) -> Rolling:
    """Fit and split every regular stock-day of the columns `stocks`, each with its sector factor (None for none).

    A factor is one and the same on every day here. The peers that `prepare` finds anew in each window for a stock
    without a group (`found:…`) are not: such a stock is fitted on the market alone.
    """
    matrices = tuple(np.empty((len(panel.dates), len(stocks))) for _ in range(MATRICES))
    for matrix in matrices:
        matrix[:LENGTH] = np.nan
    for places in _groups(panel, stocks, sectors):
        sector = sectors[places[0]]
        stock = panel.returns[:, [stocks[place] for place in places]]
        for matrix, values in zip(matrices, _fits(stock, *_factors(panel, market, sector), sector), strict=True):
            matrix[LENGTH:, _span(places)] = values
    return Rolling(tuple(stocks), *matrices)


def _fits(stock: Floats, market: Floats, sector: Floats, chosen: Sector | None) -> tuple[Floats, ...]:
    """The matrices of `Rolling` in its order, [day, stock], for the days that have a whole window before them."""
    days, stocks = stock.shape
    if days <= LENGTH:
        return tuple(np.empty((0, stocks)) for _ in range(MATRICES))
    fitted = windows(stock[:-1], market[:-1], sector[:-1], LENGTH)
    rr, rm, rs, mm, ms, ss = fitted.products
    mean_r, mean_m, mean_s = fitted.means
    today, today_m, today_s = (series[LENGTH:] for series in (stock, market, sector))
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = rm / mm
        noise = rr - beta * rm
        gamma = residual = sector_slope = np.zeros_like(mm)
        sector_error = np.full_like(mm, np.nan)
        regular = fitted.count >= FULL_USED
        freedom = fitted.count - 2
        estimation = (today_m * today_m) / mm
        if chosen is not None:
            sector_slope = ms / mm
            pp = ss - sector_slope * ms
            along = rs - beta * ms
            gamma = along / pp
            noise -= gamma * along
            freedom = freedom - 1
            residual = today_s - mean_s - sector_slope * (today_m - mean_m)
            sector_error = 1 / np.sqrt(pp)
            estimation = estimation + residual * residual / pp
            regular = regular & (pp > NOTHING_LEFT * ss)
        sigma = np.sqrt(noise / freedom)
        own = today - beta * today_m - gamma * residual
        market_load = beta - gamma * sector_slope
        values = (
            beta,
            sigma / np.sqrt(mm),
            gamma,
            sigma * sector_error,
            sigma,
            freedom,
            np.sqrt(rr / np.maximum(fitted.count - 1, 1)),
            own,
            np.sqrt(1 + estimation),
            mean_r - market_load * mean_m - gamma * mean_s,
            market_load,
        )
        regular = regular & (noise > NOTHING_LEFT * rr) & ~np.isnan(own)
    if bool(regular.all()):
        return values
    return tuple(np.where(regular, value, np.nan) for value in values)


def roll_rarity(panel: Panel, market: Symbol, rolling: Rolling, sectors: Sequence[Sector | None]) -> Rarities:
    """The rarity of `rarity.py` for every regular stock-day.

    A count needs no order, so no window is sorted: the residuals are run through twice, once to learn the volatility
    after the last of them, once to count. z_j >= z_0 is compared as its fourth power, free of roots.
    """
    rarity = np.full(rolling.own.shape, np.nan)
    ratio = np.full(rolling.own.shape, np.nan)
    for group in _groups(panel, rolling.stocks, sectors):
        for start in range(0, len(group), STOCKS_IN_CACHE):
            places = group[start : start + STOCKS_IN_CACHE]
            stock = panel.returns[:, [rolling.stocks[place] for place in places]]
            factors = _factors(panel, market, sectors[places[0]])
            span = _span(places)
            rarity[LENGTH:, span], ratio[LENGTH:, span] = _rarities(rolling, places, stock, *factors)
    return Rarities(rarity, ratio)


def _rarities(
    rolling: Rolling, places: list[int], stock: Floats, market: Floats, sector: Floats
) -> tuple[Floats, Floats]:
    """Rarity and sigma_0 / s, [day, stock], for the days that have a whole window before them."""
    days = max(len(stock) - LENGTH, 0)
    usable = ~(np.isnan(stock) | np.isnan(market) | np.isnan(sector))
    gaps = not bool(usable.all())
    stock = np.where(usable, stock, 0.0)
    market, sector = (np.nan_to_num(series) for series in (market, sector))
    level, market_load, sector_load, sigma, own, leverage = (
        np.ascontiguousarray(matrix[LENGTH:, places])
        for matrix in (
            rolling.level, rolling.market_load, rolling.sector_beta, rolling.sigma, rolling.own, rolling.leverage,
        )
    )  # fmt: skip
    has_sector = bool(np.any(sector))
    scratch = np.empty_like(level)

    def square(session: int) -> Floats:
        """e_j^2 of the `session`-th of each window, oldest first; 0 where it is not usable."""
        rows = slice(session, session + days)
        residual = np.subtract(stock[rows], level)
        residual -= np.multiply(market_load, market[rows], out=scratch)
        if has_sector:
            residual -= np.multiply(sector_load, sector[rows], out=scratch)
        residual *= residual
        if gaps:
            residual *= usable[rows]
        return residual

    def advance(variance: Floats, squared: Floats, session: int) -> None:
        """variance to that after the session; where it is not usable, it stays."""
        if gaps:
            squared = np.where(usable[session : session + days], squared, variance)
        variance *= LAMBDA
        variance += np.multiply(squared, 1 - LAMBDA, out=scratch)

    variance = sigma * sigma
    for session in range(LENGTH):
        advance(variance, square(session), session)
    ratio = np.sqrt(variance) / sigma
    # z_j >= z_0  <=>  e_j^4 * C^4 * sigma_0^2 >= own^4 * sigma_j^2
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = leverage**4 * variance / own**4
        at_least = np.zeros_like(variance)
        variance = sigma * sigma
        for session in range(LENGTH):
            squared = square(session)
            reach = np.multiply(squared, squared)
            reach *= scale
            reaches = ~(reach < variance)  # an own part of nothing is reached by all
            if gaps:
                reaches &= usable[session : session + days]
            at_least += reaches
            advance(variance, squared, session)
    used = rolling.used[LENGTH:, places]
    return np.where(np.isnan(own), np.nan, (1 + at_least) / (used + 1)), ratio
