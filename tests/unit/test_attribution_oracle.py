"""Every stock of the real panel against statsmodels and against the definitions, read slowly."""

from functools import cache
from math import floor, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.attribution_data import needs_real_prices, real_panel
from tui.attribution.book import Book
from tui.attribution.factors import SectorChoice
from tui.attribution.panel import Panel
from tui.domain.attribution import Attribution
from tui.domain.symbol import HSI, HSTECH, Symbol

DAYS = 200

pytestmark = [needs_real_prices, pytest.mark.shared_data]


@cache
def panel() -> Panel:
    return real_panel()


@cache
def book(sector: SectorChoice) -> Book:
    return Book(panel(), sector=sector)


def stocks() -> list[Symbol]:
    return [symbol for symbol in panel().symbols if symbol not in (HSI, HSTECH)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    from tests.unit.attribution_data import DATA

    present = (DATA / "hk_closes.csv").exists()
    metafunc.parametrize("symbol", stocks() if present else [pytest.param(None, id="no data")])


def slow_ewma_variances(residuals: list[float], s: float) -> list[float]:
    """sigma_j^2 before each residual, and after the last one."""
    variances = [s**2]
    for e in residuals:
        variances.append(0.94 * variances[-1] + (1 - 0.94) * e**2)
    return variances


def slow_rarity(residuals: list[float], s: float, own: float, leverage: float) -> tuple[float, float]:
    """Rarity and threshold as docs/method.md words them (How unusual)."""
    variances = slow_ewma_variances(residuals, s)
    z = [abs(e) / sqrt(s * sqrt(v)) for e, v in zip(residuals, variances, strict=False)]
    z_0 = abs(own) / (leverage * sqrt(s * sqrt(variances[-1])))
    n = len(residuals)
    rarity = (1 + sum(1 for z_j in z if z_j >= z_0)) / (n + 1)
    rank = floor(0.05 * (n + 1))
    return rarity, leverage * sqrt(s * sqrt(variances[-1])) * sorted(z, reverse=True)[rank - 1]


def window_returns(symbol: Symbol, row: int) -> NDArray[np.float64]:
    """Percent returns of [row - 250, row), straight from the closes."""
    closes = panel().closes[row - 251 : row, panel().column(symbol)]
    return np.asarray(100 * (closes[1:] / closes[:-1] - 1))


def day_return(symbol: Symbol, row: int) -> float:
    before, after = panel().closes[row - 1 : row + 1, panel().column(symbol)]
    return float(100 * (after / before - 1))


@cache
def tech_on_market(row: int) -> tuple[NDArray[np.float64], float]:
    """HSTECH made free of HSI by statsmodels: in the window before a row, and on its day."""
    from statsmodels.api import OLS, add_constant

    line = OLS(window_returns(HSTECH, row), add_constant(window_returns(HSI, row))).fit()
    return np.asarray(line.resid), day_return(HSTECH, row) - float(line.params @ [1, day_return(HSI, row)])


@pytest.mark.parametrize("sector", ["none", HSTECH])
def test_every_fit_equals_statsmodels(symbol: Symbol, sector: SectorChoice) -> None:
    from statsmodels.api import OLS, add_constant

    closes = panel().closes
    assert not np.isnan(closes).any(), "this oracle reads windows without gaps"
    for row in range(len(panel().dates) - DAYS, len(panel().dates)):
        day = panel().dates[row]
        market, m0 = window_returns(HSI, row), day_return(HSI, row)
        columns, x0 = [market], [m0]
        if sector != "none":
            residuals, beyond = tech_on_market(row)
            columns.append(residuals)
            x0.append(beyond)
        oracle = OLS(window_returns(symbol, row), add_constant(np.column_stack(columns))).fit()

        fit = book(sector).fit(symbol, day)
        regression = fit.regression
        assert regression is not None
        slopes = [regression.market] + ([] if regression.sector is None else [regression.sector])
        assert [regression.alpha, *(slope.value for slope in slopes)] == pytest.approx(oracle.params, abs=1e-10)
        assert [slope.error for slope in slopes] == pytest.approx(oracle.bse[1:], abs=1e-10)
        assert regression.r2 == pytest.approx(oracle.rsquared, abs=1e-10)
        assert np.abs(regression.residuals - oracle.resid).max() < 1e-10

        answer = book(sector).day(symbol, day)
        x = np.array(x0)
        forecast_se = np.sqrt(oracle.scale + x @ oracle.cov_params()[1:, 1:] @ x)
        own = day_return(symbol, row) - float(oracle.params[1:] @ x)
        assert answer.sigma_pp == pytest.approx(np.sqrt(oracle.scale), abs=1e-10)
        assert answer.forecast_se_pp == pytest.approx(forecast_se, abs=1e-10)
        assert answer.own_pp == pytest.approx(own, abs=1e-10)
        assert answer.t == pytest.approx(own / forecast_se, abs=1e-9)


@pytest.mark.parametrize("sector", ["none", HSTECH])
def test_rarity_is_its_definition_exactly(symbol: Symbol, sector: SectorChoice) -> None:
    for row in range(len(panel().dates) - DAYS, len(panel().dates)):
        day = panel().dates[row]
        answer = book(sector).day(symbol, day)
        regression = book(sector).fit(symbol, day).regression
        assert regression is not None
        assert answer.own_pp is not None
        assert answer.forecast_se_pp is not None
        leverage = answer.forecast_se_pp / regression.sigma
        rarity, threshold = slow_rarity(regression.residuals.tolist(), regression.sigma, answer.own_pp, leverage)
        assert answer.rarity == rarity
        assert answer.threshold_pp == pytest.approx(threshold, rel=1e-12)
        assert (abs(answer.own_pp) > threshold) == (rarity < 0.05)


def test_parts_sum_to_the_move(symbol: Symbol) -> None:
    for row in range(len(panel().dates) - DAYS, len(panel().dates)):
        answer = book(HSTECH).day(symbol, panel().dates[row])
        assert parts(answer) == pytest.approx(day_return(symbol, row), abs=1e-12)
        assert [factor.pp for factor in answer.factors] == [answer.market_pp, answer.sector_pp]
        for factor in answer.factors:
            assert factor.pp == pytest.approx(factor.beta * factor.residual_pct, abs=1e-12)


def parts(answer: Attribution) -> float:
    assert answer.market_pp is not None
    assert answer.sector_pp is not None
    assert answer.own_pp is not None
    return answer.market_pp + answer.sector_pp + answer.own_pp
