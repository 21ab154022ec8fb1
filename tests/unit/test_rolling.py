"""The rolling fits against the single-day path and against two-pass fits on badly scaled data."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tui.attribution.book import Book
from tui.attribution.factors import SectorChoice, choose_sector
from tui.attribution.moments import PAIRS, windows
from tui.attribution.panel import Panel, panel_from_closes
from tui.attribution.prepare import LENGTH
from tui.attribution.rolling import roll, roll_rarity
from tui.config.tables import sector_table
from tui.domain.market import Instrument
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.tables import SectorTable

Floats = NDArray[np.float64]


def _closes(path: Path) -> tuple[list[date], dict[Symbol, list[float | None]]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    dates = [date.fromisoformat(row["date"]) for row in rows]
    names = [name for name in rows[0] if name != "date"]
    return dates, {Symbol(name): [float(row[name]) if row[name] else None for row in rows] for name in names}


def _compare(panel: Panel, choice: SectorChoice, table: SectorTable | None = None) -> Counter[str]:
    """Compare every stock-day of a panel with the single-day path; the regular ones, counted by their sector factor."""
    columns = [c for c, symbol in enumerate(panel.symbols) if not symbol.startswith("^")]
    sectors = [choose_sector(panel, panel.symbols[column], choice, table, HSI) for column in columns]
    rolled = roll(panel, HSI, columns, sectors)
    rarity = roll_rarity(panel, HSI, rolled, sectors).rarity
    book = Book(panel, table, HSI, choice)
    regular = np.argwhere(~np.isnan(rolled.own))
    single = np.full((len(regular), 11), np.nan)
    by_sector: Counter[str] = Counter()
    for number, (row, place) in enumerate(regular):
        answer = book.day(panel.symbols[columns[place]], panel.dates[row])
        sector = answer.factors[1] if len(answer.factors) > 1 else None
        by_sector[sector.name if sector else ""] += 1
        single[number] = [
            answer.own_pp,
            answer.factors[0].beta,
            answer.factors[0].beta_se,
            sector.beta if sector else 0,
            sector.beta_se if sector else np.nan,
            answer.sigma_pp,
            answer.sigma_move_pp,
            answer.r2,
            answer.forecast_se_pp,
            answer.t,
            answer.rarity,
        ]
    matrices = (
        rolled.own,
        rolled.market_beta,
        rolled.market_error,
        rolled.sector_beta,
        rolled.sector_error,
        rolled.sigma,
        rolled.sigma_move,
        rolled.r2,
        rolled.forecast_error,
        rolled.t,
        rarity,
    )
    together = np.stack([matrix[tuple(regular.T)] for matrix in matrices], axis=1)
    np.testing.assert_allclose(single, together, rtol=0, atol=1e-9)
    return by_sector


@pytest.mark.parametrize("choice", ["none", HSTECH])
def test_every_stock_day_of_real_closes(shared_closes: Path, choice: SectorChoice) -> None:
    dates, closes = _closes(shared_closes)
    by_sector = _compare(panel_from_closes(dates, closes), choice)
    assert by_sector == {"" if choice == "none" else HSTECH: 27 * 523}


def test_every_stock_day_as_explain_tells_it_with_the_shipped_table(shared_closes: Path) -> None:
    """No stock of this panel has peers that the prices alone point to, which the rolling fits would not know of."""
    dates, closes = _closes(shared_closes)
    by_sector = _compare(panel_from_closes(dates, closes), "auto", sector_table())
    assert by_sector == {"": 15 * 523, HSTECH: 12 * 523}


def test_stocks_with_a_group_of_peers() -> None:
    dates, closes = _simulated(9, stocks=5)
    stocks = [symbol for symbol in closes if not symbol.startswith("^")]
    closes[stocks[1]][400] = None  # a peer without a price that day
    table = SectorTable({symbol: Instrument(symbol, sector="banks") for symbol in stocks}, {})
    by_sector = _compare(panel_from_closes(dates, closes), "auto", table)
    assert by_sector.keys() == {"peers:banks"}
    assert by_sector["peers:banks"] > 5 * (len(dates) - LENGTH - 1) - 10


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


@pytest.mark.parametrize("choice", ["none", HSTECH])
def test_windows_with_gaps(choice: SectorChoice) -> None:
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
    compared = _compare(panel, choice).total()
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
