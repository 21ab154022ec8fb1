"""A list of 100 stocks: splitting every row of a tick, and the fits once a day, beside the same fits by statsmodels."""

import numpy as np
import statsmodels.api as sm

from benchmarks.market import simulated
from benchmarks.measure import median_ms
from tui.attribution.legs import Mark, legs
from tui.attribution.panel import Panel, panel_from_closes
from tui.attribution.prepare import LENGTH, Fit, prepare
from tui.attribution.split import split
from tui.domain.symbol import HSI, HSTECH

ROWS = 100
MARKET_PCT, SECTOR_PCT = 0.8, 1.3


def _panel() -> Panel:
    """Closes of the two indices and 100 stocks over a window and a few days."""
    returns = simulated(ROWS, LENGTH + 10)
    closes = {
        symbol: (50 * np.cumprod(1 + np.nan_to_num(returns.returns[:, column]) / 100)).tolist()
        for column, symbol in enumerate(returns.symbols)
    }
    return panel_from_closes(returns.dates, closes)


def _split_all(fits: list[Fit], elapsed: float) -> None:
    for number, fit in enumerate(fits):
        split(
            fit,
            close=101.0,
            previous_close=100.0,
            return_pct=number / 20 - 2.5,
            market_return_pct=MARKET_PCT,
            sector_return_pct=SECTOR_PCT,
            elapsed=elapsed,
        )


def run() -> None:
    """Print milliseconds for 100 rows."""
    panel = _panel()
    day = panel.dates[-1]
    stocks = panel.symbols[2:]
    fits = [prepare(panel, symbol, day, sector=HSTECH) for symbol in stocks]
    window = slice(len(panel.dates) - 1 - LENGTH, len(panel.dates) - 1)
    market, tech = (panel.returns[window, panel.column(symbol)] for symbol in (HSI, HSTECH))
    factors = sm.add_constant(np.column_stack([market, tech]))
    marks = [Mark("overnight", 0.5, 0.2, 0.3, 0.5), Mark("morning", 1.0, 0.6, 0.9, 0.8), Mark("session", 1, 0.8, 1, 1)]

    def oracle() -> None:
        for symbol in stocks:
            fitted = sm.OLS(panel.returns[window, panel.column(symbol)], factors).fit()
            fitted.get_prediction(factors[:1]).se_obs  # noqa: B018 - it is computed when it is looked at

    fit_ms = median_ms(lambda: [prepare(panel, symbol, day, sector=HSTECH) for symbol in stocks])
    oracle_ms = median_ms(oracle, repeats=5)
    print(f"{ROWS} stocks, two factors, window {LENGTH} (median ms)")
    print(f"{'split of a tick, all rows':44}{median_ms(lambda: _split_all(fits, 1.0)):9.2f}   budget 10")
    print(f"{'split of a tick in mid-morning, all rows':44}{median_ms(lambda: _split_all(fits, 0.6)):9.2f}")
    print(f"{'three legs of the day, all rows':44}{median_ms(lambda: [legs(fit, marks) for fit in fits]):9.2f}")
    print(f"{'fits with rarity, once a day':44}{fit_ms:9.2f}")
    print(f"{'the same fits by statsmodels, no rarity':44}{oracle_ms:9.2f}   {oracle_ms / fit_ms:.1f} x ours")
