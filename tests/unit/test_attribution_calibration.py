"""The week that the sample replays, fitted on the real closes before it: the published figures come out."""

import csv
from datetime import date

import pytest

from tests.unit.attribution_data import DATA, needs_real_prices
from tui.attribution.panel import Panel, panel_from_closes
from tui.attribution.split import attribute
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.sources.closes import read_closes

DAY = date(2026, 3, 6)

pytestmark = [needs_real_prices, pytest.mark.shared_data]


def panel_to_6_march() -> Panel:
    history, week = read_closes(DATA / "hk_closes.csv"), read_closes(DATA / "week_2026-03-06.csv")
    symbols = [symbol for symbol in history.closes if symbol in week.closes]
    assert history.dates[-1] == week.dates[0]
    joined = {symbol: [*history.closes[symbol], *week.closes[symbol][1:]] for symbol in symbols}
    return panel_from_closes((*history.dates, *week.dates[1:]), joined)


def test_6_march_2026_splits_as_published() -> None:
    panel = panel_to_6_march()
    with (DATA / "sample_calibration.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["symbol"] in panel]
    assert len(rows) == 18, "all of the sample's stocks but JD Logistics, which the real closes lack"
    for row in rows:
        answer = attribute(panel, Symbol(row["symbol"]), DAY, sector=HSTECH if row["sector"] == "tech" else "none")
        assert (answer.window.first, answer.window.last) == (date(2025, 2, 28), date(2026, 3, 5))
        assert answer.window.used == answer.window.length == 250
        assert answer.verdict == row["verdict"], row["symbol"]
        published = {
            "return_pct": answer.return_pct,
            "market_pp": answer.market_pp,
            "sector_pp": answer.sector_pp,
            "own_pp": answer.own_pp,
            "rarity": answer.rarity,
            "alpha_pct": answer.alpha_pct,
            "beta": answer.factors[0].beta,
            "sigma_pct": answer.sigma_pp,
            "forecast_se_pp": answer.forecast_se_pp,
            "sigma_move_pct": answer.sigma_move_pp,
        }
        for name, value in published.items():
            assert value == pytest.approx(float(row[name]), abs=6e-4), (row["symbol"], name)
        assert answer.t == pytest.approx(float(row["t"]), abs=6e-3)


def test_alibaba_as_the_design_prints_it() -> None:
    answer = attribute(panel_to_6_march(), Symbol("9988.HK"), DAY, sector=HSTECH)
    market, sector = answer.factors
    assert (market.name, sector.name) == (HSI, HSTECH)
    assert market.beta_se == pytest.approx(0.075, abs=5e-4)
    assert sector.beta_se == pytest.approx(0.16, abs=5e-3)
    assert sector.return_pct == pytest.approx(3.152, abs=5e-4)
    assert sector.residual_pct == pytest.approx(0.946, abs=5e-4)
    assert answer.r2 == pytest.approx(0.690, abs=5e-4)
    assert answer.threshold_pp == pytest.approx(2.83, abs=6e-3)
    assert answer.close == 130.7
    assert answer.previous_close == 126.3
    assert answer.flags == ()
    assert answer.beta_by_window["250"] == market.beta
