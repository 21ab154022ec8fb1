"""The sample's factors and closes: two indices, the calibrated stocks, and the stocks that are traps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.sample_anchor import (
    HSI_MEAN,
    HSI_SD,
    HSTECH_INTERCEPT,
    HSTECH_SLOPE,
    Calibration,
    answer,
    read_calibration,
    read_week,
    sector_square_sum,
)
from benchmarks.sample_draw import WINDOW, Vector, clustered, generator, levels, projected, returns_of, with_constant
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.ticks import to_tick
from tui.domain.trading_day import TradingDay
from tui.sources.calendar import trading_days

SESSIONS: Final = 310
LAST: Final = date(2026, 3, 6)
# Sessions of which the week file gives the close: 27 February is the anchor, 2 to 6 March have published returns.
_PUBLISHED: Final = 6
_MONTH: Final = 20
_FREE: Final = SESSIONS - _PUBLISHED + 1

# How far the sum of a factor's moves may range, in percent.
_WANDERING_PCT: Final = 30.0

# Streams below the project's seed, one for each thing that is drawn.
_MARKET_STREAM: Final = 1
_SECTOR_STREAM: Final = 2
_STOCK_STREAM: Final = 3

# The same rank among 251 as the calibration's: its three printed digits tell neighbours apart.
_SAME_RARITY: Final = 0.002
_SAME_SPLIT_PP: Final = 0.005
_RAREST: Final = 1 / (WINDOW + 1)


@dataclass(frozen=True)
class Market:
    """The factors by session: returns of HSI and HSTECH, and HSTECH's part beside HSI, in percent."""

    days: tuple[TradingDay, ...]
    closes: dict[Symbol, Vector]
    hsi: Vector
    hstech: Vector
    sector: Vector

    @property
    def dates(self) -> tuple[date, ...]:
        return tuple(day.day for day in self.days)


@dataclass(frozen=True)
class Stock:
    """One stock by session. A close is NaN where it has no bar; `moves` are its total returns in percent."""

    symbol: Symbol
    name_en: str
    name_zh: str
    sector: str
    beta: float
    sector_beta: float
    sigma: float
    moves: Vector
    closes: Vector

    @property
    def code(self) -> int:
        """The stock's number, which names its streams below the project's seed."""
        return int(self.symbol[:-3])

    def own(self, market: Market) -> Vector:
        """What neither factor explains, intercept included, in percentage points."""
        return self.moves - self.beta * market.hsi - self.sector_beta * market.sector


def sessions() -> tuple[TradingDay, ...]:
    """The trading days of the sample, oldest first."""
    calendar = trading_days(LAST - timedelta(days=2 * SESSIONS), LAST)
    return tuple(day for day in calendar if day.is_open)[-SESSIONS:]


def draw_market(folder: Path) -> Market:
    """Both indices: published in the week, before it drawn with the window's mean, deviation and relation."""
    week = read_week(folder)
    known = {symbol: returns_of(week[symbol]) for symbol in (HSI, HSTECH)}
    today = float(known[HSI][-1]), float(known[HSTECH][-1])
    hsi = HSI_MEAN + _calm(_MARKET_STREAM, known[HSI][:-1] - HSI_MEAN, with_constant(WINDOW), (WINDOW - 1) * HSI_SD**2)
    square_sum = sector_square_sum(read_calibration(folder), hsi[-WINDOW:], today)
    beside = known[HSTECH][:-1] - HSTECH_INTERCEPT - HSTECH_SLOPE * known[HSI][:-1]
    sector = _calm(_SECTOR_STREAM, beside, with_constant(WINDOW, hsi[-WINDOW:]), square_sum)
    hstech = HSTECH_INTERCEPT + HSTECH_SLOPE * hsi + sector
    closes = {
        HSI: np.append(np.round(levels(hsi[:_FREE], week[HSI][0]), 2)[:-1], week[HSI]),
        HSTECH: np.append(np.round(levels(hstech[:_FREE], week[HSTECH][0]), 2)[:-1], week[HSTECH]),
    }
    return Market(
        days=sessions(),
        closes=closes,
        hsi=np.append(hsi, today[0]),
        hstech=np.append(hstech, today[1]),
        sector=np.append(sector, today[1] - HSTECH_INTERCEPT - HSTECH_SLOPE * today[0]),
    )


def _calm(stream: int, known: Vector, design: Vector, square_sum: float) -> Vector:
    """The first draw of a factor that wanders moderately and whose last month before the week is quiet.

    A simulated crash, or a storm on the eve of real days, would be taken for a fact.
    """
    limit = 2 * np.sqrt(square_sum / WINDOW)
    draws = (projected(clustered(generator(stream, attempt), _FREE), known, design, square_sum) for attempt in count())
    return next(
        drawn
        for drawn in draws
        if np.abs(drawn[-_MONTH - len(known) : -len(known)]).max() < limit and np.ptp(np.cumsum(drawn)) < _WANDERING_PCT
    )


def draw_stocks(folder: Path, market: Market) -> Iterator[Stock]:
    """The calibrated stocks, each with the first attempt whose rounded closes give the published answer."""
    week = read_week(folder)
    for wanted in read_calibration(folder):
        attempts = (_attempt(wanted, market, week[wanted.symbol], attempt) for attempt in count())
        yield next(stock for stock in attempts if _agrees(stock, market, wanted))


def _attempt(wanted: Calibration, market: Market, week: Vector, attempt: int) -> Stock:
    factors = [market.hsi] if wanted.sector_beta is None else [market.hsi, market.sector]
    slopes = [wanted.beta] if wanted.sector_beta is None else [wanted.beta, wanted.sector_beta]
    explained = wanted.alpha + np.column_stack(factors) @ np.array(slopes)
    window = slice(-WINDOW - 1, -1)
    design = with_constant(WINDOW, *(factor[window] for factor in factors))
    known = returns_of(week)
    residuals = projected(
        clustered(generator(_STOCK_STREAM, int(wanted.symbol[:-3]), attempt), _FREE),
        known[:-1] - explained[-_PUBLISHED + 1 : -1],
        design,
        (WINDOW - design.shape[1]) * wanted.sigma**2,
    )
    moves = np.append(explained[:-1] + residuals, known[-1])
    exact = levels(moves[:_FREE], float(week[0]))[:-1]
    closes = [to_tick(price, day) for price, day in zip(exact, market.dates, strict=False)]
    return Stock(
        symbol=wanted.symbol,
        name_en=wanted.name_en,
        name_zh=wanted.name_zh,
        sector=wanted.sector,
        beta=wanted.beta,
        sector_beta=wanted.sector_beta or 0.0,
        sigma=wanted.sigma,
        moves=moves,
        closes=np.append(closes, week),
    )


def _agrees(stock: Stock, market: Market, wanted: Calibration) -> bool:
    """True if the fit on what will be in the files gives the published split, verdict and rarity of 6 March."""
    window = slice(-WINDOW - 2, None)
    moves, hsi, hstech = (
        returns_of(closes[window]) for closes in (stock.closes, market.closes[HSI], market.closes[HSTECH])
    )
    found = answer(moves, hsi, hstech if stock.sector_beta else None)
    gaps = (found.market_pp - wanted.market_pp, found.sector_pp - wanted.sector_pp, found.own_pp - wanted.own_pp)
    if max(map(abs, gaps)) > _SAME_SPLIT_PP or found.verdict != wanted.verdict:
        return False
    if abs(found.rarity - wanted.rarity) > _SAME_RARITY:
        return False
    # What was the largest own move of a year by its day's volatility was it in plain points, too.
    return wanted.rarity > _RAREST + _SAME_RARITY or found.largest_residual < abs(found.own_pp)
