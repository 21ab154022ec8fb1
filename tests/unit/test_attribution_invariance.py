"""What must not matter to a fit, and what must move with it."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.unit.attribution_data import STOCK, drawn_returns, prices, sessions
from tui.attribution.fit import PRIOR_BETA, Slope, regress, vasicek
from tui.attribution.panel import Panel, panel_from_closes
from tui.attribution.rarity import yardstick
from tui.attribution.split import attribute
from tui.domain.attribution import Attribution
from tui.domain.symbol import HSI, HSTECH, Symbol

COUNT = 260
DAY = sessions(COUNT + 1)[-1]
NUMBERS = (
    "return_pct", "market_pp", "sector_pp", "own_pp", "r2", "sigma_pp", "forecast_se_pp", "t", "threshold_pp",
)  # fmt: skip

seeds = st.integers(0, 10_000)


def panel(returns: dict[Symbol, NDArray[np.float64]], starts: dict[Symbol, float] | None = None) -> Panel:
    starts = starts or {}
    closes = {symbol: prices(path, starts.get(symbol, 100.0)) for symbol, path in returns.items()}
    return panel_from_closes(sessions(COUNT + 1), closes)


def answer(returns: dict[Symbol, NDArray[np.float64]]) -> Attribution:
    return attribute(panel(returns), STOCK, DAY, sector=HSTECH)


def number(answer: Attribution, name: str) -> float:
    value = getattr(answer, name)
    assert type(value) is float
    return value


@given(seeds, st.floats(1e-3, 1e5), st.floats(1e-3, 1e5))
@settings(max_examples=20, deadline=None)
def test_the_unit_of_a_price_does_not_matter(seed: int, stock_unit: float, index_unit: float) -> None:
    returns = drawn_returns(COUNT, seed)
    plain = answer(returns)
    rescaled = attribute(panel(returns, {STOCK: stock_unit, HSI: index_unit}), STOCK, DAY, sector=HSTECH)
    for name in NUMBERS:
        assert number(rescaled, name) == pytest.approx(number(plain, name), rel=1e-9, abs=1e-9)
    assert (rescaled.rarity, rescaled.verdict) == (plain.rarity, plain.verdict)


@given(seeds, st.floats(0.1, 20))
@settings(max_examples=20, deadline=None)
def test_a_stock_that_moves_c_times_as_much_has_c_times_the_parts(seed: int, c: float) -> None:
    stock, market, sector = (drawn_returns(COUNT, seed)[symbol] for symbol in (STOCK, HSI, HSTECH))
    plain, larger = regress(stock, market, sector), regress(c * stock, market, sector)
    assert plain is not None
    assert larger is not None
    assert larger.market.value == pytest.approx(c * plain.market.value)
    assert larger.market.error == pytest.approx(c * plain.market.error)
    assert larger.sigma == pytest.approx(c * plain.sigma)
    assert larger.r2 == pytest.approx(plain.r2)
    own, leverage = 2.0, plain.leverage(1.0, 0.5)
    assert larger.leverage(1.0, 0.5) == pytest.approx(leverage)
    small, large = yardstick(plain.residuals, plain.sigma), yardstick(larger.residuals, larger.sigma)
    assert large.rarity(c * own, leverage) == small.rarity(own, leverage)
    assert large.threshold(leverage) == pytest.approx(c * small.threshold(leverage))


@given(seeds, st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
@settings(max_examples=20, deadline=None)
def test_a_constant_return_on_top_goes_into_alpha_alone(seed: int, drift: float, index: float, tech: float) -> None:
    stock, market, sector = (drawn_returns(COUNT, seed)[symbol] for symbol in (STOCK, HSI, HSTECH))
    plain = regress(stock, market, sector)
    shifted = regress(stock + drift, market + index, sector + tech)
    assert plain is not None
    assert shifted is not None
    assert shifted.sector is not None
    assert plain.sector is not None
    assert shifted.market.value == pytest.approx(plain.market.value)
    assert shifted.sector.value == pytest.approx(plain.sector.value)
    assert shifted.residuals == pytest.approx(plain.residuals, abs=1e-10)
    assert shifted.alpha == pytest.approx(plain.alpha + drift - plain.market.value * index, abs=1e-10)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_the_order_of_sessions_does_not_matter_to_the_slopes(seed: int) -> None:
    stock, market, sector = (drawn_returns(COUNT, seed)[symbol] for symbol in (STOCK, HSI, HSTECH))
    order = np.random.default_rng(seed + 1).permutation(COUNT)
    plain, shuffled = regress(stock, market, sector), regress(stock[order], market[order], sector[order])
    assert plain is not None
    assert shuffled is not None
    assert shuffled.market.value == pytest.approx(plain.market.value, rel=1e-12)
    assert shuffled.sigma == pytest.approx(plain.sigma, rel=1e-12)
    assert shuffled.residuals == pytest.approx(plain.residuals[order], abs=1e-12)


@given(st.permutations(list(drawn_returns(1))))
def test_the_order_of_columns_does_not_matter_at_all(order: list[Symbol]) -> None:
    returns = drawn_returns(COUNT)
    assert answer({symbol: returns[symbol] for symbol in order}) == answer(returns)


def test_days_after_the_one_asked_for_do_not_matter_at_all() -> None:
    """Nothing of the future: the evening's answer is the answer for ever."""
    returns = drawn_returns(COUNT)
    dates = sessions(COUNT + 1)
    closes = {symbol: prices(path) for symbol, path in returns.items()}
    shorter = panel_from_closes(dates[:-5], {symbol: path[:-5] for symbol, path in closes.items()})
    day = dates[-6]
    assert attribute(shorter, STOCK, day, sector=HSTECH) == attribute(panel(returns), STOCK, day, sector=HSTECH)


def test_the_day_itself_is_not_in_its_window() -> None:
    returns = drawn_returns(COUNT)
    wild = {symbol: path.copy() for symbol, path in returns.items()}
    wild[STOCK][-1] += 15
    calm, shaken = answer(returns), answer(wild)
    assert shaken.sigma_pp == calm.sigma_pp
    assert shaken.factors[0].beta == calm.factors[0].beta
    assert number(shaken, "own_pp") == pytest.approx(number(calm, "own_pp") + 15)


def test_badly_scaled_returns_fit_as_well_as_others() -> None:
    """A mean a million times the deviation: centred before it is multiplied, nothing is lost."""
    stock, market, sector = (drawn_returns(COUNT)[symbol] for symbol in (STOCK, HSI, HSTECH))
    plain, far = regress(stock, market, sector), regress(stock + 1e6, market - 1e6, sector + 1e6)
    assert plain is not None
    assert far is not None
    assert far.market.value == pytest.approx(plain.market.value, rel=1e-8)
    assert far.sigma == pytest.approx(plain.sigma, rel=1e-8)


@given(st.floats(-2, 4), st.floats(1e-3, 2))
def test_shrinkage_lies_between_the_slope_and_the_prior_and_is_surer_than_either(value: float, error: float) -> None:
    shrunk = vasicek(Slope(value, error))
    assert min(value, PRIOR_BETA) - 1e-12 <= shrunk.value <= max(value, PRIOR_BETA) + 1e-12
    assert shrunk.error < error


def test_shrinkage_as_published_for_two_stocks() -> None:
    assert vasicek(Slope(1.795, 0.078)).value == pytest.approx(1.758, abs=1e-3)
    assert vasicek(Slope(1.326, 0.089)).value == pytest.approx(1.309, abs=1e-3)


def test_a_day_is_a_date_of_the_panel() -> None:
    with pytest.raises(ValueError, match=r"2025-01-04 is no session in these prices; nearest: 2025-01-06"):
        attribute(panel(drawn_returns(COUNT)), STOCK, date(2025, 1, 4))
