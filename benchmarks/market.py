"""The whole market: 2,600 stocks x 2,500 days of rolling fits and rarities, beside RollingOLS and a bare numpy pass.

Returns are simulated: betas, noise and tails with the spread that large Hong Kong stocks show (beta 1.05 +- 0.34,
noise 2.2 % a day, Student's t with 4 degrees of freedom), the market at 1.35 % a day.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from statsmodels.regression.rolling import RollingOLS

from benchmarks.measure import peak_mb
from tui.attribution.factors import Sector
from tui.attribution.panel import Panel
from tui.attribution.prepare import LENGTH
from tui.attribution.rolling import Rolling, roll, roll_rarity
from tui.domain.symbol import HSI, HSTECH, Symbol

STOCKS, DAYS = 2_600, 2_500
SLICE = 20
REPEATS = 5
TECH = Sector(HSTECH, (HSTECH,))


def simulated(stocks: int, days: int, seed: int = 1) -> Panel:
    """A panel of returns only: the columns are ^HSI, ^HSTECH and the stocks."""
    draw = np.random.default_rng(seed)
    returns = np.empty((days, stocks + 2), order="F")
    returns[:, 0] = draw.normal(0.03, 1.35, days)
    returns[:, 1] = 1.34 * returns[:, 0] + draw.normal(0, 0.8, days)
    betas, noise = draw.normal(1.05, 0.34, stocks), draw.lognormal(np.log(2.2), 0.3, stocks)
    for number in range(stocks):
        own = draw.standard_t(4, days) * noise[number] / np.sqrt(2)
        returns[:, number + 2] = betas[number] * returns[:, 0] + 0.4 * (returns[:, 1] - 1.34 * returns[:, 0]) + own
    returns[0] = np.nan
    spans = np.ones((1, 1), np.int32)
    flat = np.broadcast_to(np.ones((1, 1)), returns.shape).copy(order="F") if stocks < 100 else np.ones((1, 1))
    nothing = np.zeros((1, 1), bool)
    return Panel(
        dates=tuple(date(2016, 1, 1) + timedelta(days=n) for n in range(days)),
        symbols=(HSI, HSTECH, *(Symbol(f"{n + 1:04d}.HK") for n in range(stocks))),
        closes=flat,
        moves=returns,
        spans=spans,
        returns=returns,
        overnights=flat,
        dividends=flat.copy(),
        splits=flat.copy(),
        suspect=nothing,
        untraded=nothing,
    )


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def _pass_over(returns: NDArray[np.float64]) -> object:
    """What touching the same bytes costs: one multiply-add over the matrix for each pair of two factors and a stock."""
    total = np.zeros(returns.shape[1])
    for _ in range(6):
        total += (returns * returns).sum(axis=0)
    return total


def _fits(panel: Panel, stocks: int) -> tuple[float, Rolling]:
    columns, sectors = list(range(2, stocks + 2)), [TECH] * stocks
    seconds, rolled = _timed(lambda: roll(panel, HSI, columns, sectors))
    assert isinstance(rolled, Rolling)
    return seconds, rolled


def run() -> None:
    """Print seconds, microseconds a fit, ratios and memory."""
    panel = simulated(STOCKS, DAYS)
    fits = STOCKS * (DAYS - LENGTH)
    seconds = statistics.median(_fits(panel, STOCKS)[0] for _ in range(REPEATS))
    _, rolled = _fits(panel, STOCKS)
    sectors = [TECH] * STOCKS
    rarity_seconds, _ = _timed(lambda: roll_rarity(panel, HSI, rolled, sectors))
    pass_seconds, _ = _timed(lambda: _pass_over(panel.returns))

    factors = np.column_stack([np.ones(DAYS), panel.returns[:, 0], panel.returns[:, 1]])

    def oracle() -> object:
        return [
            RollingOLS(panel.returns[1:, column], factors[1:], window=LENGTH).fit().bse
            for column in range(2, SLICE + 2)
        ]

    ols_seconds = statistics.median(_timed(oracle)[0] for _ in range(REPEATS))
    each, ols_each = seconds / fits, ols_seconds / (SLICE * (DAYS - LENGTH))
    print(f"{STOCKS:,} stocks x {DAYS:,} days, two factors, window {LENGTH}: {fits:,} fits")
    print(f"{'slopes, errors, own, t':34}{seconds:9.2f} s{each * 1e6:10.3f} us a fit")
    print(f"{'rarity':34}{rarity_seconds:9.2f} s{rarity_seconds / fits * 1e6:10.3f} us a stock-day")
    print(f"{f'statsmodels RollingOLS ({SLICE} stocks)':34}{ols_seconds:9.2f} s{ols_each * 1e6:10.3f} us a fit")
    print(f"{'a numpy pass over the same bytes':34}{pass_seconds:9.2f} s")
    print(f"{'RollingOLS / ours, per fit':34}{ols_each / each:9.0f} x")
    print(f"{'peak memory':34}{peak_mb():9.0f} MB")

    print("\nhow time grows (fits / rarity, seconds)")
    for stocks, days in ((650, 2_500), (1_300, 2_500), (2_600, 2_500), (2_600, 1_250), (2_600, 625)):
        some = simulated(stocks, days)
        took = statistics.median(_fits(some, stocks)[0] for _ in range(3))
        _, rolled = _fits(some, stocks)
        rarity_took, _ = _timed(lambda some=some, rolled=rolled, n=stocks: roll_rarity(some, HSI, rolled, [TECH] * n))  # type: ignore[misc]
        print(f"{stocks:>7,} stocks {days:>6,} days {took:9.2f} {rarity_took:9.2f}")
