"""The rolling fits against the single-day path and against two-pass fits on badly scaled data."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tui.attribution.book import Book
from tui.attribution.factors import Sector
from tui.attribution.moments import PAIRS, windows
from tui.attribution.panel import Panel, panel_from_closes
from tui.attribution.prepare import LENGTH
from tui.attribution.rolling import roll, roll_rarity
from tui.domain.symbol import HSI, HSTECH, Symbol

Floats = NDArray[np.float64]
TECH = Sector(HSTECH, (HSTECH,))


def _closes(path: Path) -> tuple[list[date], dict[Symbol, list[float | None]]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    dates = [date.fromisoformat(row["date"]) for row in rows]
    names = [name for name in rows[0] if name != "date"]
    return dates, {Symbol(name): [float(row[name]) if row[name] else None for row in rows] for name in names}


def _compare(panel: Panel, sector: Sector | None) -> int:
    """Compare every stock-day of a panel with the single-day path; the number of regular ones."""
    columns = [c for c, symbol in enumerate(panel.symbols) if not symbol.startswith("^")]
    sectors = [sector] * len(columns)
    rolled = roll(panel, HSI, columns, sectors)
    rarity = roll_rarity(panel, HSI, rolled, sectors).rarity
    book = Book(panel, None, HSI, "none" if sector is None else HSTECH)
    compared = 0
    for number, column in enumerate(columns):
        for row in np.flatnonzero(~np.isnan(rolled.own[:, number])):
            answer = book.day(panel.symbols[column], panel.dates[row])
            assert answer.rarity == pytest.approx(rarity[row, number], abs=1e-12)
            expected = [
                (answer.own_pp, rolled.own),
                (answer.factors[0].beta, rolled.market_beta),
                (answer.factors[0].beta_se, rolled.market_error),
                (answer.sigma_pp, rolled.sigma),
                (answer.sigma_move_pp, rolled.sigma_move),
                (answer.r2, rolled.r2),
                (answer.forecast_se_pp, rolled.forecast_error),
                (answer.t, rolled.t),
            ]
            if len(answer.factors) > 1:
                expected.append((answer.factors[1].beta, rolled.sector_beta))
                expected.append((answer.factors[1].beta_se, rolled.sector_error))
            for single, matrix in expected:
                assert single == pytest.approx(matrix[row, number], abs=1e-9)
            compared += 1
    return compared


@pytest.mark.parametrize("sector", [None, TECH], ids=["market", "with the technology index"])
def test_every_stock_day_of_real_closes(shared_closes: Path, sector: Sector | None) -> None:
    dates, closes = _closes(shared_closes)
    assert _compare(panel_from_closes(dates, closes), sector) > 14_000


def _simulated(seed: int, days: int = 620, stocks: int = 4) -> tuple[list[date], dict[Symbol, list[float | None]]]:
    draw = np.random.default_rng(seed)
    market = draw.normal(0, 0.012, days)
    tech = 1.3 * market + draw.normal(0, 0.006, days)
    dates = [date(2023, 1, 2) + timedelta(days=n) for n in range(days)]

    def closes(returns: Floats) -> list[float | None]:
        return [float(price) for price in 50 * np.cumprod(1 + returns)]

    columns = {HSI: closes(market), HSTECH: closes(tech)}
    for number in range(stocks):
        own = draw.standard_t(4, days) * 0.01
        columns[Symbol(f"{number + 1:04d}.HK")] = closes(0.9 * market + 0.5 * (tech - 1.3 * market) + own)
    return dates, columns


@pytest.mark.parametrize("sector", [None, TECH], ids=["market", "with the technology index"])
def test_windows_with_gaps(sector: Sector | None) -> None:
    dates, closes = _simulated(7)
    draw = np.random.default_rng(8)
    for symbol in closes:
        # Single holes, a halt of three weeks and a late listing; the indices have holes of their own.
        for row in draw.choice(len(dates), 12, replace=False):
            closes[symbol][row] = None
    halted, listed = Symbol("0002.HK"), Symbol("0003.HK")
    closes[halted][300:315] = [None] * 15
    closes[listed][:330] = [None] * 330
    panel = panel_from_closes(dates, closes)
    compared = _compare(panel, sector)
    assert 700 < compared < 4 * (len(dates) - LENGTH)


def _two_pass(stock: Floats, market: Floats, sector: Floats) -> tuple[float, Floats, Floats]:
    usable = ~(np.isnan(stock) | np.isnan(market) | np.isnan(sector))
    series = np.stack([stock[usable], market[usable], sector[usable]]).astype(np.longdouble)
    means = series.mean(axis=1)
    centred = series - means[:, None]
    products = np.array([float((centred[a] * centred[b]).sum()) for a, b in PAIRS])
    return float(usable.sum()), means.astype(np.float64), products


@pytest.mark.parametrize(
    ("scale", "offset"),
    [(1.0, 0.0), (1e-7, 0.0), (1e6, 0.0), (1.0, 1e5), (1e-3, 1e3)],
    ids=["plain", "tiny", "huge", "far from zero", "tiny and far from zero"],
)
def test_moments_of_badly_scaled_data(scale: float, offset: float) -> None:
    draw = np.random.default_rng(3)
    days, length = 700, 50
    data = draw.standard_t(3, (3, days, 2)) * scale + offset
    data[0, 200, 0] = 1e4 * scale + offset  # an outlier enters and leaves
    data[:, 400:] += 1e3 * scale  # the level jumps
    data[1, 100:110, 1] = np.nan
    moments = windows(data[0], data[1], data[2], length)
    for start in range(0, days - length + 1, 7):
        for stock in range(2):
            rows = slice(start, start + length)
            count, means, products = _two_pass(data[0, rows, stock], data[1, rows, stock], data[2, rows, stock])
            assert moments.count[start, stock] == count
            np.testing.assert_allclose([mean[start, stock] for mean in moments.means], means, rtol=1e-9)
            sizes = np.sqrt([products[0], products[3], products[5]])
            tolerance = np.array([sizes[a] * sizes[b] for a, b in PAIRS]) * 1e-9
            assert np.all(
                np.abs(np.array([product[start, stock] for product in moments.products]) - products) <= tolerance
            )


def test_a_short_history_has_no_windows() -> None:
    dates, closes = _simulated(1, days=LENGTH, stocks=1)
    panel = panel_from_closes(dates, closes)
    rolled = roll(panel, HSI, [2], [None])
    assert np.isnan(rolled.own).all()
    assert np.isnan(roll_rarity(panel, HSI, rolled, [None]).rarity).all()
