"""Draw the sample week again from its seed: `python -m benchmarks.sample_week` writes tui/tables/sample/*.csv.

The published closes, the calibration and the events are facts kept by hand in that folder; everything else is
simulated here. The README there says which is which.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.sample_days import (
    draw_nights,
    factor_paths,
    grid,
    index_opens,
    index_paths,
    index_range,
    lots_path,
    stock_lots,
    stock_opens,
    stock_path,
    stock_range,
)
from benchmarks.sample_draw import Vector
from benchmarks.sample_market import Stock, draw_market, draw_stocks
from benchmarks.sample_traps import ACTIONS, NO_LAST_BAR, draw_traps
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.sources.calendar import trading_days

# Minutes between the points of each session's paths.
_STEPS: Final = {
    date(2026, 3, 2): 5,
    date(2026, 3, 3): 5,
    date(2026, 3, 4): 5,
    date(2026, 3, 5): 5,
    date(2026, 3, 6): 1,
}
_INDEX_NAMES: Final = ((HSI, "Hang Seng Index", "恒生指數"), (HSTECH, "Hang Seng TECH Index", "恒生科技指數"))
_CALENDAR_END: Final = date(2026, 6, 30)

Table = dict[Symbol, Vector]


def build(folder: Path) -> dict[str, str]:
    """Every generated file's text by name. `folder` holds the two files of facts."""
    market = draw_market(folder)
    stocks = [*draw_stocks(folder, market), *draw_traps(market)]
    nights = draw_nights(market)
    opens: Table = index_opens(market, nights) | {stock.symbol: stock_opens(stock, market, nights) for stock in stocks}
    ranges = {symbol: index_range(symbol, market, opens[symbol]) for symbol in market.closes}
    ranges |= {stock.symbol: stock_range(stock, market, opens[stock.symbol]) for stock in stocks}
    highs: Table = {symbol: high for symbol, (high, _) in ranges.items()}
    lows: Table = {symbol: low for symbol, (_, low) in ranges.items()}
    lots: Table = {stock.symbol: stock_lots(stock, market) for stock in stocks}
    closes: Table = market.closes | {stock.symbol: stock.closes for stock in stocks}

    files: dict[str, str] = {}
    for day, step in _STEPS.items():
        place, at = market.dates.index(day), grid(step)
        factors = factor_paths(market, nights, place, at)
        prices = index_paths(market, opens, place, at, factors)
        traded: Table = {}
        for stock in stocks:
            if not np.isnan(stock.closes[place]):
                prices[stock.symbol] = stock_path(stock, market, opens[stock.symbol][place], place, at, factors)
                traded[stock.symbol] = lots_path(stock, lots[stock.symbol][place], place, at)
        for symbol, path in prices.items():
            highs[symbol][place], lows[symbol][place] = path.max(), path.min()
        for symbol, parts in traded.items():
            lots[symbol][place] = parts.sum()
        files[f"path_{day}.csv"] = _wide("time", [f"{moment:%H:%M}" for moment in at.times], prices)
        files[f"traded_{day}.csv"] = _wide("time", [f"{moment:%H:%M}" for moment in at.times], traded)

    days = [day.isoformat() for day in market.dates]
    for name, table in {"open": opens, "high": highs, "low": lows, "close": closes, "volume": lots}.items():
        table[NO_LAST_BAR][-1] = np.nan
        files[f"{name}.csv"] = _wide("date", days, table)
    files["instruments.csv"] = _instruments(stocks)
    files["actions.csv"] = _rows(
        ("symbol", "date", "dividend", "split"),
        ((symbol, day, f"{dividend:g}", f"{split:g}") for (symbol, day), (dividend, split) in ACTIONS.items()),
    )
    files["days.csv"] = _calendar(market.dates[0])
    return files


def _wide(corner: str, labels: Sequence[str], table: Table) -> str:
    """One row a label, one column a symbol; unknown values are empty."""
    rows = ((label, *(_number(column[place]) for column in table.values())) for place, label in enumerate(labels))
    return _rows((corner, *table), rows)


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}".rstrip("0").rstrip(".")


def _rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((header, *rows))
    return text.getvalue()


def _instruments(stocks: Sequence[Stock]) -> str:
    named = [(symbol, name_en, name_zh, "") for symbol, name_en, name_zh in _INDEX_NAMES]
    named += [(stock.symbol, stock.name_en, stock.name_zh, stock.sector) for stock in stocks]
    return _rows(("symbol", "name_en", "name_zh", "sector"), named)


def _calendar(first: date) -> str:
    """The first and last day of the sample's calendar, and every holiday and half-day between."""
    calendar = trading_days(first, _CALENDAR_END)
    told = (day for day in calendar if day.day in (first, _CALENDAR_END) or (day.name and day.day.weekday() < 5))
    return _rows(("date", "kind", "name_en", "name_zh"), ((d.day, d.kind.value, d.name, d.name_zh) for d in told))


def main() -> None:
    folder = Path(__file__).parents[1] / "tui/tables/sample"
    for name, text in build(folder).items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{len(text.encode()):>8,} bytes  {name}")


if __name__ == "__main__":
    main()
