"""The rest of a day around its close: open, path, high, low and volume, all simulated.

A night carries part of each factor's and each stock's own move, the session the rest, as a Brownian bridge from
open to close. A stock's path is its slopes times the factors' paths plus its own, so that a split of any moment
makes sense. Steps are wider after the open, before the close and over lunch, and so is trading.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Final

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from benchmarks.sample_anchor import HSI_SD, HSTECH_INTERCEPT, HSTECH_SLOPE
from benchmarks.sample_draw import Vector, generator, normals
from benchmarks.sample_market import Market, Stock
from benchmarks.sample_traps import HALF_DAY
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.ticks import to_tick
from tui.domain.trading_day import DayKind

_NIGHT_STREAM: Final = 5
_PATH_STREAM: Final = 6
_RANGE_STREAM: Final = 7
_VOLUME_STREAM: Final = 8

# The night's share of a day's variance: of HSI's about two fifths, of single names a little more.
_MARKET_NIGHT: Final = 0.38
_OWN_NIGHT: Final = 0.45
SECTOR_SD: Final = 0.68

# A plausible day's turnover in million HKD, an order of magnitude and no statistic.
_TURNOVER: Final = {
    "9988.HK": 12000, "1810.HK": 9000, "0700.HK": 12000, "3690.HK": 5000, "9618.HK": 2500, "2618.HK": 300,
    "9888.HK": 1500, "9626.HK": 900, "1024.HK": 2000, "9999.HK": 1200, "9961.HK": 1200, "0005.HK": 2500,
    "1299.HK": 2000, "0388.HK": 2200, "1211.HK": 2500, "0941.HK": 1500, "0981.HK": 5000, "0992.HK": 1000,
    "9992.HK": 3000,
}  # fmt: skip
_TRAP_TURNOVER: Final = 150
_HALF_DAY_TRADING: Final = 0.45

# How far highs and lows lie beyond open and close, in standard deviations of the day.
_BEYOND: Final = 0.35

_MINUTES: Final = 330
_LUNCH_MINUTE: Final = 150
_AUCTION: Final = time(16, 8)


@dataclass(frozen=True)
class Nights:
    """Moves from close to open by session, in percent."""

    hsi: Vector
    sector: Vector

    @property
    def hstech(self) -> Vector:
        return HSTECH_SLOPE * self.hsi + self.sector


@dataclass(frozen=True)
class Grid:
    """The times of a path: the open, every `step` minutes, the closing auction.

    `spent` is the share of the session's variance behind each time, `traded` of its volume since the time before.
    """

    times: tuple[time, ...]
    spent: Vector
    traded: Vector


def grid(step: int) -> Grid:
    """A path's times every `step` minutes of a full day; 12:00 ends the morning, and 13:00 is the same minute."""
    minutes = np.arange(0, _MINUTES + 1, step)
    clock = [570 + minute if minute <= _LUNCH_MINUTE else 630 + minute for minute in minutes]
    each = np.arange(1, _MINUTES + 1)
    busy = 1 + 1.6 * np.exp(-each / 25) + 0.9 * np.exp(-(_MINUTES - each) / 20)
    wide = busy.copy()
    wide[_LUNCH_MINUTE] += 6.0
    # The opening auction trades a little, the closing auction about a tenth of the day, and moves the price.
    traded = np.concatenate(([0.03 * busy.sum()], busy.reshape(-1, step).sum(axis=1), [0.1 * busy.sum()]))
    variance = np.concatenate(([0.0], wide.reshape(-1, step).sum(axis=1), [4.0]))
    return Grid(
        times=(*(time(int(at) // 60, int(at) % 60) for at in clock), _AUCTION),
        spent=np.cumsum(variance) / variance.sum(),
        traded=traded / traded.sum(),
    )


def draw_nights(market: Market) -> Nights:
    stream = generator(_NIGHT_STREAM, 0)
    return Nights(
        hsi=_night(stream, market.hsi, _MARKET_NIGHT, HSI_SD),
        sector=_night(stream, market.sector, _OWN_NIGHT, SECTOR_SD),
    )


def _night(stream: RandomState, moves: Vector, share: float, deviation: float) -> Vector:
    """Draw the night's part of moves of which it carries `share` of the variance."""
    drawn: Vector = share * moves + deviation * np.sqrt(share * (1 - share)) * normals(stream, len(moves))
    return drawn


def index_opens(market: Market, nights: Nights) -> dict[Symbol, Vector]:
    return {
        symbol: np.round(market.closes[symbol] / (1 + moves / 100) * (1 + night / 100), 2)
        for symbol, moves, night in ((HSI, market.hsi, nights.hsi), (HSTECH, market.hstech, nights.hstech))
    }


def stock_opens(stock: Stock, market: Market, nights: Nights) -> Vector:
    """Opens by session; NaN without a bar."""
    own = _night(generator(_NIGHT_STREAM, stock.code), stock.own(market), _OWN_NIGHT, stock.sigma)
    night = stock.beta * nights.hsi + stock.sector_beta * nights.sector + own
    opens = _quoted(before(stock) * (1 + night / 100), market)
    return np.where(frozen(stock, market), stock.closes, opens)


def before(stock: Stock) -> Vector:
    """The close before each session in that session's shares and without its dividend."""
    return stock.closes / (1 + stock.moves / 100)


def frozen(stock: Stock, market: Market) -> NDArray[np.bool_]:
    """The sessions whose bar comes flat and without volume, as a common source gives half-days."""
    half = np.array([day.kind is DayKind.HALF for day in market.days])
    return half & (stock.symbol == HALF_DAY)


def stock_range(stock: Stock, market: Market, opens: Vector) -> tuple[Vector, Vector]:
    """Highs and lows around open and close, quotable prices; NaN without a bar."""
    reach = _reach(stock.code, len(opens)) * stock.sigma * ~frozen(stock, market)
    highs = np.maximum(opens, stock.closes) * (1 + reach[0] / 100)
    lows = np.minimum(opens, stock.closes) * (1 - reach[1] / 100)
    return _quoted(highs, market, math.ceil), _quoted(lows, market, math.floor)


def _quoted(prices: Vector, market: Market, rounding: Callable[[float], int] = round) -> Vector:
    return np.array([to_tick(price, day, rounding) for price, day in zip(prices, market.dates, strict=True)])


def _reach(number: int, count: int) -> Vector:
    """How far a day goes beyond open and close, up and down [2, day], in units of its spread."""
    return _BEYOND * np.abs(normals(generator(_RANGE_STREAM, number), 2 * count)).reshape(2, count)


def index_range(symbol: Symbol, market: Market, opens: Vector) -> tuple[Vector, Vector]:
    """Highs and lows of an index, to two decimals."""
    closes = market.closes[symbol]
    number = {HSI: 1, HSTECH: 2}[symbol]
    reach = _reach(number, len(opens)) * HSI_SD / 100
    highs, lows = np.maximum(opens, closes), np.minimum(opens, closes)
    return np.maximum(highs, np.round(highs * (1 + reach[0]), 2)), np.minimum(lows, np.round(lows * (1 - reach[1]), 2))


def stock_lots(stock: Stock, market: Market) -> Vector:
    """Thousands of shares by session: more on days of large moves, above all of the stock's own."""
    usual = _TURNOVER.get(stock.symbol, _TRAP_TURNOVER) * 1000 / stock.closes
    mood = np.exp(0.25 * normals(generator(_VOLUME_STREAM, stock.code), len(usual)))
    spread = np.std(stock.moves)
    activity = (
        0.75 + 0.25 * np.abs(stock.moves) / spread + 0.5 * np.maximum(np.abs(stock.own(market)) / stock.sigma - 1, 0)
    )
    half = np.array([_HALF_DAY_TRADING if day.kind is DayKind.HALF else 1.0 for day in market.days])
    lots: Vector = np.round(usual * mood * activity * half * ~frozen(stock, market))
    return lots


def factor_paths(market: Market, nights: Nights, place: int, at: Grid) -> tuple[Vector, Vector]:
    """HSI's move since the close before and HSTECH's part beside it, in percent, by time of the grid."""
    stream = generator(_PATH_STREAM, 0, place)
    hsi = bridge(stream, at.spent, nights.hsi[place], market.hsi[place], HSI_SD * np.sqrt(1 - _MARKET_NIGHT))
    sector = bridge(stream, at.spent, nights.sector[place], market.sector[place], SECTOR_SD * np.sqrt(1 - _OWN_NIGHT))
    return hsi, sector


def index_paths(
    market: Market, opens: dict[Symbol, Vector], place: int, at: Grid, factors: tuple[Vector, Vector]
) -> dict[Symbol, Vector]:
    """Both indices by time of the grid, from their open to their close."""
    moves = {HSI: factors[0], HSTECH: HSTECH_INTERCEPT * at.spent + HSTECH_SLOPE * factors[0] + factors[1]}
    paths = {}
    for symbol, path in moves.items():
        closes = market.closes[symbol]
        between = np.round(closes[place - 1] * (1 + path[1:-1] / 100), 2)
        paths[symbol] = np.array([opens[symbol][place], *between, closes[place]])
    return paths


def stock_path(
    stock: Stock, market: Market, opened: float, place: int, at: Grid, factors: tuple[Vector, Vector]
) -> Vector:
    """A session's prices by time of the grid, from the open to the close of that day's bar."""
    stream = generator(_PATH_STREAM, stock.code, place)
    reference = before(stock)[place]
    explained = stock.beta * factors[0] + stock.sector_beta * factors[1]
    own = bridge(
        stream,
        at.spent,
        (opened / reference - 1) * 100 - explained[0],
        stock.moves[place] - explained[-1],
        stock.sigma * np.sqrt(1 - _OWN_NIGHT),
    )
    day = market.dates[place]
    prices = [to_tick(reference * (1 + move / 100), day) for move in explained + own]
    return np.array([opened, *prices[1:-1], stock.closes[place]])


def lots_path(stock: Stock, total: float, place: int, at: Grid) -> Vector:
    """Thousands of shares since the time before; they sum to `total` within the rounding of each."""
    uneven: Vector = generator(_VOLUME_STREAM, stock.code, place).gamma(4.0, 1.0, len(at.traded)) * at.traded
    lots: Vector = np.round(uneven / uneven.sum() * total)
    return lots


def bridge(stream: RandomState, spent: Vector, start: float, end: float, deviation: float) -> Vector:
    """A Brownian bridge from `start` to `end`; `spent` is the share of variance behind each point, 0 to 1."""
    steps = normals(stream, len(spent) - 1) * np.sqrt(np.diff(spent))
    walk = np.concatenate(([0.0], np.cumsum(steps)))
    path: Vector = start + (end - start) * spent + deviation * (walk - spent * walk[-1])
    return path
