"""Stocks that no exchange lists, each with one of the faults that real price data has."""

from datetime import date
from typing import Final

import numpy as np

from benchmarks.sample_draw import clustered, generator
from benchmarks.sample_market import SESSIONS, Market, Stock
from tui.domain.symbol import Symbol
from tui.domain.ticks import to_tick
from tui.domain.trading_day import DayKind

HALF_DAY: Final = Symbol("99901.HK")
NO_LAST_BAR: Final = Symbol("99902.HK")
SUSPENDED: Final = Symbol("99903.HK")
EX_DIVIDEND: Final = Symbol("99904.HK")
SHORT: Final = Symbol("99905.HK")
TOO_SHORT: Final = Symbol("99906.HK")
SPLIT: Final = Symbol("99907.HK")

# Symbol, names, beta, residual standard deviation in percent, close of the last session.
_TRAPS: Final = (
    (HALF_DAY, "half-day (sample)", "半日市（示例）", 0.9, 1.4, 24.5),
    (NO_LAST_BAR, "no last bar (sample)", "欠缺末日（示例）", 1.1, 1.7, 61.3),
    (SUSPENDED, "suspension (sample)", "停牌（示例）", 1.2, 2.0, 8.84),
    (EX_DIVIDEND, "ex-dividend (sample)", "除息（示例）", 0.6, 1.1, 43.2),
    (SHORT, "80 sessions (sample)", "上市八十日（示例）", 1.3, 2.4, 132.4),
    (TOO_SHORT, "40 sessions (sample)", "上市四十日（示例）", 1.0, 2.2, 17.65),
    (SPLIT, "share split (sample)", "拆股（示例）", 1.0, 1.5, 36.9),
)
_STREAM: Final = 4

_FIRST_SUSPENDED, _BACK = date(2026, 2, 23), date(2026, 3, 4)
# Usable sessions before 6 March; the first bar of a listing has no return.
_LISTED: Final = {SHORT: 80, TOO_SHORT: 40}

# Symbol and day: dividend in HKD a share, new shares for an old one.
ACTIONS: Final = {
    (EX_DIVIDEND, date(2026, 2, 26)): (1.3, 1.0),
    (SPLIT, date(2026, 1, 12)): (0.0, 2.0),
}


def draw_traps(market: Market) -> list[Stock]:
    """All of them, simulated throughout."""
    return [_draw(market, *trap) for trap in _TRAPS]


def _draw(market: Market, symbol: Symbol, name_en: str, name_zh: str, beta: float, sigma: float, last: float) -> Stock:
    moves = beta * market.hsi + sigma * clustered(generator(_STREAM, int(symbol[:-3])), SESSIONS)
    closes = np.empty(SESSIONS)
    price = last
    for place in range(SESSIONS - 1, -1, -1):
        day = market.dates[place]
        closes[place] = to_tick(price, day)
        dividend, split = ACTIONS.get((symbol, day), (0.0, 1.0))
        price = (price * split + dividend) / (1 + moves[place] / 100)
    for place, session in enumerate(market.days):
        if symbol == HALF_DAY and session.kind is DayKind.HALF:
            closes[place] = closes[place - 1]
        if symbol == SUSPENDED and _FIRST_SUSPENDED <= session.day < _BACK:
            closes[place] = np.nan
    if symbol in _LISTED:
        closes[: -_LISTED[symbol] - 2] = np.nan
    return Stock(symbol, name_en, name_zh, "", beta, 0.0, sigma, moves, closes)
