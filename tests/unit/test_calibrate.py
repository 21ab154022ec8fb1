from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from tui.attribution.calibrate import Calibration, calibrate
from tui.attribution.panel import Panel, panel_from_closes
from tui.attribution.student import critical, two_sided
from tui.cli.calibrate import lines
from tui.config.tables import sector_table
from tui.domain.symbol import HSI, Symbol
from tui.sources.closes import read_closes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "calibration.md"


@given(st.floats(-60, 60), st.floats(1, 400))
@example(1e-6, 62.0)
@example(0.0, 5.0)
def test_students_tail_is_scipys(t: float, freedom: float) -> None:
    assert two_sided(t, freedom) == pytest.approx(2 * stats.t.sf(abs(t), freedom), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("share", [0.1, 0.05, 0.01, 0.005])
@pytest.mark.parametrize("freedom", [57, 118, 247, 248])
def test_critical_values_are_scipys(share: float, freedom: float) -> None:
    assert critical(share, freedom) == pytest.approx(stats.t.isf(share / 2, freedom), rel=1e-9)


def _panel(tails: float, stocks: int = 12, days: int = 760) -> Panel:
    """Stocks on one market factor with independent noise: normal for `tails` 0, else Student's t."""
    draw = np.random.default_rng(11)
    market = draw.normal(0, 0.012, days)
    dates = [date(2022, 1, 3) + timedelta(days=n) for n in range(days)]
    returns = {HSI: market}
    for number in range(stocks):
        noise = draw.standard_t(tails, days) if tails else draw.normal(0, 1, days)
        returns[Symbol(f"{number + 1:04d}.HK")] = 0.9 * market + 0.01 * noise
    closes = {symbol: [float(c) for c in 50 * np.cumprod(1 + series)] for symbol, series in returns.items()}
    return panel_from_closes(dates, closes)


def test_normal_noise_is_rejected_as_promised() -> None:
    answer = calibrate(_panel(tails=0), sector="none")
    assert (answer.stocks, answer.stock_days) == (12, 12 * 510)
    # Both tests are right here: a binomial with 6,120 days has a standard error of 0.28 points at 5 %.
    for test in ("t", "rarity"):
        assert answer.rejection[test]["0.05"] == pytest.approx(0.05, abs=0.01)
        assert answer.rejection[test]["0.01"] == pytest.approx(0.01, abs=0.005)
    assert answer.mae_ratio_to_market_only is None
    assert sum(answer.verdicts.values()) == pytest.approx(1)


def test_fat_tails_fool_the_t_and_not_rarity() -> None:
    answer = calibrate(_panel(tails=3), sector="none")
    assert answer.rejection["t"]["0.005"] > 2 * 0.005
    assert answer.rejection["rarity"]["0.005"] < 2 * 0.005


def test_power_grows_with_the_move() -> None:
    answer = calibrate(_panel(tails=0), sector="none")
    found = [answer.power[size] for size in ("1", "2", "3", "5")]
    assert found == sorted(found)
    # A move of 5 points against a noise of 1: nothing hides it.
    assert found[-1] > 0.99


def test_nothing_to_judge_is_said() -> None:
    panel = _panel(tails=0, stocks=1, days=200)
    with pytest.raises(ValueError, match="200 sessions of 1 stocks"):
        calibrate(panel, sector="none")


def _of_the_page(shared_closes: Path) -> Calibration:
    read = read_closes(shared_closes)
    return calibrate(panel_from_closes(read.dates, read.closes), table=sector_table())


@pytest.mark.shared_data
def test_the_page_prints_what_the_command_prints(shared_closes: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    printed = page.partition("<!-- calibrate -->\n```\n")[2].partition("\n```\n")[0]
    assert printed.splitlines() == lines(_of_the_page(shared_closes))


@pytest.mark.shared_data
def test_real_days_are_rejected_as_promised(shared_closes: Path) -> None:
    answer = _of_the_page(shared_closes)
    rarity = answer.rejection["rarity"]
    assert 0.043 <= rarity["0.05"] <= 0.057
    assert 0.005 <= rarity["0.01"] <= 0.013
    assert all(0.04 <= share <= 0.065 for share in answer.rejection_by_volatility_quintile["0.05"])
    assert answer.rejection["t"]["0.01"] > 2 * rarity["0.01"]
    assert answer.mae_ratio_to_market_only is not None
    assert answer.mae_ratio_to_market_only <= 0.95
