"""Prices for the tests of attribution: the real panel where it lies beside the checkout, and drawn ones."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tui.attribution.panel import Panel, panel_from_closes
from tui.domain.market import Bar
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.sources.closes import read_closes

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

needs_real_prices = pytest.mark.skipif(
    not (DATA / "hk_closes.csv").exists(), reason="the real closes are not beside the checkout (../shared/data)"
)

STOCK = Symbol("9988.HK")
OTHER = Symbol("1810.HK")


def real_panel() -> Panel:
    """773 sessions of the two indices and 27 stocks, 2023 to February 2026."""
    read = read_closes(DATA / "hk_closes.csv")
    return panel_from_closes(read.dates, read.closes)


def sessions(count: int, first: date = date(2025, 1, 6)) -> tuple[date, ...]:
    """`count` weekdays from `first` on."""
    days = (first + timedelta(step) for step in range(count * 2))
    return tuple(day for day in days if day.weekday() < 5)[:count]


def drawn_returns(count: int, seed: int = 7) -> dict[Symbol, NDArray[np.float64]]:
    """Daily returns in percent of HSI, HSTECH and two stocks that load on both, with fat-tailed noise."""
    random = np.random.default_rng(seed)
    market = random.standard_t(5, count) * 1.1
    tech = -0.05 + 1.35 * market + random.standard_t(5, count) * 0.6
    return {
        HSI: market,
        HSTECH: tech,
        STOCK: 0.05 + 1.3 * market + 0.6 * (tech - 1.35 * market) + random.standard_t(4, count) * 1.2,
        OTHER: -0.02 + 0.9 * market + random.standard_t(4, count) * 1.5,
    }


def prices(returns_pct: Sequence[float] | NDArray[np.float64], start: float = 100.0) -> list[float]:
    """The closes that have these returns, the first of them one session before."""
    return [start, *(start * np.cumprod(1 + np.asarray(returns_pct) / 100)).tolist()]


def panel_of(returns_pct: Mapping[Symbol, NDArray[np.float64]]) -> Panel:
    """A panel of one more session than there are returns."""
    count = len(next(iter(returns_pct.values())))
    return panel_from_closes(sessions(count + 1), {symbol: prices(path) for symbol, path in returns_pct.items()})


def bars_of(returns_pct: Mapping[Symbol, NDArray[np.float64]]) -> dict[Symbol, list[Bar]]:
    """As `panel_of`, as bars with a high and a low around each close and shares traded."""
    made: dict[Symbol, list[Bar]] = {}
    for symbol, path in returns_pct.items():
        closes = prices(path)
        made[symbol] = [
            Bar(symbol, day, close, open=close, high=close * 1.01, low=close * 0.99, volume=1e6)
            for day, close in zip(sessions(len(closes)), closes, strict=True)
        ]
    return made
