"""The own part accumulated after an event: its sum, its error against statsmodels, and what cannot be said yet."""

from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats

from tests.unit.attribution_data import STOCK, bars_of, drawn_returns, needs_real_prices, panel_of, real_panel
from tui.attribution.book import Book
from tui.attribution.effect import covariance, effect
from tui.attribution.panel import panel_from_bars, panel_from_closes
from tui.attribution.prepare import LENGTH
from tui.domain.effect import SPANS, Effect
from tui.domain.symbol import HSI, HSTECH, Symbol

Floats = NDArray[np.float64]
PANEL = panel_of(drawn_returns(270))
ROW = 255
DAY = PANEL.dates[ROW]


def known(value: float | None) -> float:
    assert value is not None
    return value


@pytest.mark.parametrize("span", [*SPANS, (0, 0), (1, 5), (3, 9)])
@pytest.mark.parametrize("sector", ["none", HSTECH])
def test_sum_and_error_are_those_of_the_definition_by_statsmodels(sector: Symbol, span: tuple[int, int]) -> None:
    """V = s^2 [I + X* cov X*' / s^2] with the slopes' covariance, the intercept left out of both."""
    first, last = span
    answer = Book(PANEL, None, HSI, sector).effect(STOCK, DAY, first, last)
    window, after = slice(ROW - LENGTH, ROW), slice(ROW + first, ROW + last + 1)

    def series(symbol: Symbol, rows: slice) -> Floats:
        return PANEL.returns[rows, PANEL.column(symbol)]

    factors, outside = series(HSI, window)[:, None], series(HSI, after)[:, None]
    if sector != "none":
        line = sm.OLS(series(HSTECH, window), sm.add_constant(series(HSI, window))).fit()
        beyond = series(HSTECH, after) - sm.add_constant(series(HSI, after), has_constant="add") @ line.params
        factors, outside = np.column_stack([factors, line.resid]), np.column_stack([outside, beyond])
    oracle = sm.OLS(series(STOCK, window), sm.add_constant(factors)).fit()
    own = series(STOCK, after) - outside @ oracle.params[1:]
    v = oracle.scale * np.eye(len(own)) + outside @ oracle.cov_params()[1:, 1:] @ outside.T
    assert known(answer.own_pp) == pytest.approx(own.sum(), abs=1e-10)
    assert known(answer.error_pp) == pytest.approx(sqrt(v.sum()), rel=1e-10)
    assert known(answer.t) == pytest.approx(own.sum() / sqrt(v.sum()), rel=1e-9)
    assert known(answer.chance) == pytest.approx(2 * stats.t.sf(abs(known(answer.t)), oracle.df_resid), rel=1e-9)


def test_the_whole_covariance_is_that_of_statsmodels() -> None:
    fit = Book(PANEL, None, HSI, "none").fit(STOCK, DAY)
    assert fit.regression is not None
    market = np.array([[1.0], [-2.0], [0.5]])
    oracle = sm.OLS(fit.stock, sm.add_constant(fit.market_returns)).fit()
    v = covariance(fit.regression, market, np.ones(3))
    assert v == pytest.approx(oracle.scale * np.eye(3) + market @ oracle.cov_params()[1:, 1:] @ market.T)
    assert v[0, 1] < 0 < v[0, 2], "what a wrong slope adds to one session it takes from the opposite one"


def test_the_span_of_day_0_is_the_day_itself() -> None:
    book = Book(PANEL, None, HSI, HSTECH)
    answer, day = book.effect(STOCK, DAY, 0, 0), book.day(STOCK, DAY)
    assert (answer.own_pp, answer.error_pp, answer.t) == pytest.approx((day.own_pp, day.forecast_se_pp, day.t))


def test_the_event_is_not_in_its_own_window() -> None:
    """A jump on day 0 leaves slopes and error as they are, and moves the sum by itself."""
    returns = drawn_returns(270)
    returns[STOCK] = returns[STOCK].copy()
    returns[STOCK][ROW - 1] += 10
    before, after = (Book(p, None, HSI, HSTECH).effect(STOCK, DAY, 0, 5) for p in (PANEL, panel_of(returns)))
    assert known(after.own_pp) - known(before.own_pp) == pytest.approx(10)
    assert after.error_pp == before.error_pp


def test_too_early_is_said_with_what_is_to_come() -> None:
    book = Book(PANEL, None, HSI, HSTECH)
    day = PANEL.dates[-3]
    assert known(book.effect(STOCK, day, 0, 1).own_pp) != 0
    assert book.effect(STOCK, day, 0, 5) == Effect(STOCK, day, 0, 5, missing="too_early", to_come=3)
    today = PANEL.dates[-1] + timedelta(1)
    assert book.effect(STOCK, today, 0, 1).to_come == 2
    with pytest.raises(ValueError, match="is no session"):
        book.effect(STOCK, date(2025, 3, 1), 0, 1)


def test_without_a_fit_or_a_price_there_is_a_reason() -> None:
    book = Book(PANEL, None, HSI, HSTECH)
    assert book.effect(STOCK, PANEL.dates[20], 0, 1).missing == "no_fit"
    bars = bars_of(drawn_returns(270))
    bars[STOCK] = [bar for bar in bars[STOCK] if bar.day != PANEL.dates[ROW + 5]]
    halted = Book(panel_from_bars(bars), None, HSI, HSTECH)
    assert halted.effect(STOCK, DAY, 0, 5).missing == "no_price", "it ends on a day without a trade"
    assert halted.effect(STOCK, DAY, 0, 6).missing == ""


def test_a_halt_inside_the_span_is_one_move_with_the_variance_of_its_sessions() -> None:
    bars = bars_of(drawn_returns(270))
    whole = Book(panel_from_bars(bars), None, HSI, "none").effect(STOCK, DAY, 0, 5)
    asleep = {PANEL.dates[ROW + 2], PANEL.dates[ROW + 3]}
    bars[STOCK] = [bar for bar in bars[STOCK] if bar.day not in asleep]
    halted = Book(panel_from_bars(bars), None, HSI, "none").effect(STOCK, DAY, 0, 5)
    # The same prices before and after: only compounding tells the two sums apart.
    assert known(halted.own_pp) == pytest.approx(known(whole.own_pp), abs=0.1)
    assert known(halted.error_pp) == pytest.approx(known(whole.error_pp), rel=1e-3)


def test_a_sector_that_fails_on_one_session_is_left_out_of_all() -> None:
    returns = drawn_returns(270)
    bars = bars_of(returns)
    bars[HSTECH] = [bar for bar in bars[HSTECH] if bar.day != PANEL.dates[ROW + 1]]
    panel = panel_from_bars(bars)
    alone = Book(panel, None, HSI, "none").effect(STOCK, DAY, 0, 5)
    assert Book(panel, None, HSI, HSTECH).effect(STOCK, DAY, 0, 5) == alone


def test_a_split_nobody_told_ends_no_accumulation_unnoticed() -> None:
    closes = {symbol: [float(price) for price in PANEL.closes[:, PANEL.column(symbol)]] for symbol in (HSI, STOCK)}
    closes[STOCK][ROW + 2 :] = [closes[STOCK][ROW + 1] / 3] * (len(PANEL.dates) - ROW - 2)
    broken = Book(panel_from_closes(PANEL.dates, closes), None, HSI, "none")
    assert broken.effect(STOCK, DAY, 0, 5).missing == "no_price"
    assert broken.effect(STOCK, DAY, 0, 1).missing == ""


@pytest.mark.parametrize("span", [(-1, 2), (2, 1), (0, 250)])
def test_an_impossible_span_is_refused(span: tuple[int, int]) -> None:
    fit = Book(PANEL, None, HSI, "none").fit(STOCK, DAY)
    with pytest.raises(ValueError, match="no span of sessions after an event"):
        effect(PANEL, fit, *span)


@needs_real_prices
@pytest.mark.shared_data
def test_real_days_nobody_chose_are_rarely_significant() -> None:
    """Every tenth session of every stock as if something had happened: |t| > 2 is to be about 1 in 20 of them."""
    panel = real_panel()
    book = Book(panel, None, HSI, "none")
    told = [
        book.effect(symbol, panel.dates[row], 0, 5)
        for symbol in panel.symbols[2:]
        for row in range(LENGTH + 1, len(panel.dates) - 6, 10)
    ]
    t = np.array([known(one.t) for one in told if not one.missing])
    assert len(t) > 1200
    assert 0.03 < np.mean(np.abs(t) > 1.97) < 0.08
