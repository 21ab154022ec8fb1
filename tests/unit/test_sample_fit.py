"""6 March 2026 in the sample splits as the real day did, by tui.attribution and by the generator's own formulas."""

import csv
from datetime import date

import numpy as np
import pytest

from benchmarks.sample_anchor import answer
from benchmarks.sample_draw import Vector, least_squares, returns_of, with_constant
from benchmarks.sample_traps import EX_DIVIDEND, HALF_DAY, NO_LAST_BAR, SHORT, SPLIT, SUSPENDED, TOO_SHORT
from tui.attribution.book import Book
from tui.attribution.panel import Panel, panel_from_bars
from tui.attribution.split import attribute
from tui.domain.attribution import Flag, Verdict
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.tables import SectorTable
from tui.sources.sample import Sample, load_sample

DAY = date(2026, 3, 6)
SAMPLE = load_sample()


def calibration() -> list[dict[str, str]]:
    with (SAMPLE.folder / "sample_calibration.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def panel() -> Panel:
    return panel_from_bars(SAMPLE.bars, SAMPLE.trading_days)


def window_returns(sample: Sample, symbol: Symbol) -> Vector:
    """The 250 returns to 5 March and that of 6 March, in percent."""
    return returns_of(np.array([bar.close for bar in sample.bars[symbol]]))[-251:]


def test_the_window_s_market_is_the_published_one() -> None:
    hsi, hstech = window_returns(SAMPLE, HSI)[:-1], window_returns(SAMPLE, HSTECH)[:-1]
    assert hsi.mean() == pytest.approx(0.037, abs=5e-4)
    assert hsi.std(ddof=1) == pytest.approx(1.469, abs=5e-4)
    (intercept, slope), _ = least_squares(hstech, with_constant(len(hsi), hsi))
    assert intercept == pytest.approx(-0.1091, abs=1e-4)
    assert slope == pytest.approx(1.3446, abs=1e-4)


@pytest.mark.parametrize("row", calibration(), ids=lambda row: row["symbol"])
def test_each_stock_reproduces_its_calibration(panel: Panel, row: dict[str, str]) -> None:
    symbol = Symbol(row["symbol"])
    found = attribute(panel, symbol, DAY, sector=HSTECH if row["sector"] == "tech" else "none")
    assert (found.window.first, found.window.last) == (date(2025, 2, 28), date(2026, 3, 5))
    assert found.window.used == found.window.length == 250
    for part in ("return_pct", "market_pp", "sector_pp", "own_pp"):
        assert getattr(found, part) == pytest.approx(float(row[part]), abs=0.02), part
    assert found.verdict == row["verdict"]
    assert found.rarity == pytest.approx(float(row["rarity"]), abs=0.02)
    assert found.alpha_pct == pytest.approx(float(row["alpha_pct"]), abs=0.005)
    assert found.sigma_pp == pytest.approx(float(row["sigma_pct"]), abs=0.01)
    assert found.forecast_se_pp == pytest.approx(float(row["forecast_se_pp"]), abs=0.01)
    assert found.sigma_move_pp == pytest.approx(float(row["sigma_move_pct"]), abs=0.01)
    assert found.factors[0].beta == pytest.approx(float(row["beta"]), abs=0.005)
    assert (found.close, found.previous_close) == tuple(bar.close for bar in SAMPLE.bars[symbol][:-3:-1])


@pytest.mark.parametrize("row", calibration(), ids=lambda row: row["symbol"])
def test_two_writings_of_the_fit_agree(panel: Panel, row: dict[str, str]) -> None:
    symbol, tech = Symbol(row["symbol"]), row["sector"] == "tech"
    first = attribute(panel, symbol, DAY, sector=HSTECH if tech else "none")
    returns = [window_returns(SAMPLE, each) for each in (symbol, HSI, HSTECH)]
    second = answer(returns[0], returns[1], returns[2] if tech else None)
    assert first.own_pp == pytest.approx(second.own_pp, abs=1e-9)
    assert first.market_pp == pytest.approx(second.market_pp, abs=1e-9)
    assert first.forecast_se_pp == pytest.approx(second.forecast_se, abs=1e-9)
    assert first.rarity == pytest.approx(second.rarity, abs=1e-12)
    assert first.verdict == second.verdict


def test_own_moves_of_the_day(panel: Panel) -> None:
    table = SectorTable(SAMPLE.instruments, {"tech": HSTECH})
    book = Book(panel, table)
    verdicts = {Symbol(row["symbol"]): book.day(Symbol(row["symbol"]), DAY).verdict for row in calibration()}
    own = {symbol for symbol, verdict in verdicts.items() if verdict is Verdict.OWN}
    assert own == {"9618.HK", "2618.HK", "9626.HK"}
    assert [symbol for symbol, verdict in verdicts.items() if verdict is Verdict.OWN_POSSIBLE] == ["9961.HK"]


def test_jd_s_own_move_was_the_largest_of_the_window(panel: Panel) -> None:
    book = Book(panel, SectorTable(SAMPLE.instruments, {"tech": HSTECH}))
    fit = book.fit(Symbol("9618.HK"), DAY)
    assert fit.regression is not None
    found = book.day(Symbol("9618.HK"), DAY)
    assert found.rarity == pytest.approx(1 / 251)
    assert found.own_pp is not None
    assert np.abs(fit.regression.residuals).max() < found.own_pp


def test_every_day_of_the_week_has_a_full_window(panel: Panel) -> None:
    for day in (date(2025, 12, 10), date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 5)):
        for row in calibration():
            found = attribute(panel, Symbol(row["symbol"]), day, sector="none")
            assert found.window.used == 250, (row["symbol"], day)
            assert found.verdict is not Verdict.INSUFFICIENT


class TestTraps:
    """Each fault that the extra stocks carry is seen for what it is."""

    def test_half_day(self, panel: Panel) -> None:
        found = attribute(panel, HALF_DAY, date(2026, 2, 16))
        assert found.return_pct is None
        assert Flag.HALF_DAY in found.flags
        assert attribute(panel, HALF_DAY, date(2026, 2, 20)).return_pct is not None

    def test_missing_last_bar(self, panel: Panel) -> None:
        found = attribute(panel, NO_LAST_BAR, DAY)
        assert found.close is None
        assert found.own_pp is None
        assert attribute(panel, NO_LAST_BAR, date(2026, 3, 5)).own_pp is not None

    def test_suspension(self, panel: Panel) -> None:
        assert attribute(panel, SUSPENDED, date(2026, 3, 2)).close is None
        back = attribute(panel, SUSPENDED, date(2026, 3, 4))
        assert Flag.HALT in back.flags
        assert back.previous_close == next(b.close for b in SAMPLE.bars[SUSPENDED] if b.day == date(2026, 2, 20))

    def test_dividend(self, panel: Panel) -> None:
        found = attribute(panel, EX_DIVIDEND, date(2026, 2, 26))
        assert Flag.EX_DIVIDEND in found.flags
        assert found.close is not None
        assert found.previous_close is not None
        assert found.return_pct == pytest.approx(((found.close + 1.3) / found.previous_close - 1) * 100)

    def test_split(self, panel: Panel) -> None:
        found = attribute(panel, SPLIT, date(2026, 1, 12))
        assert Flag.SPLIT in found.flags
        assert found.return_pct is not None
        assert abs(found.return_pct) < 10

    def test_short_listings(self, panel: Panel) -> None:
        short = attribute(panel, SHORT, DAY)
        assert short.window.used == 80
        assert Flag.SHORT_WINDOW in short.flags
        too_short = attribute(panel, TOO_SHORT, DAY)
        assert too_short.window.used == 40
        assert too_short.verdict is Verdict.INSUFFICIENT
