"""A month of five-minute bars from Yahoo: what a stock usually has traded by each minute is learned from it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from tui.domain.market import PathPoint
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.trading_day import to_hkt
from tui.sources import yahoo_parse
from tui.sources.ports import SourceError
from tui.sources.yahoo import YahooSource

CHART_URL: Final = "https://query1.finance.yahoo.com/v8/finance/chart/"
SPAN: Final = {"range": "1mo", "interval": "5m", "includePrePost": "true"}
TIMEOUT_S: Final = 10.0


class YahooArchive:
    """Past days' paths through the client of the prices: one request a stock."""

    def __init__(self, yahoo: YahooSource) -> None:
        self._yahoo = yahoo

    async def past_paths(self, symbol: Symbol, before: date) -> Mapping[date, Sequence[PathPoint]]:
        """The paths of the last month's sessions before a day, by day."""
        return days_of(await self._yahoo.call(partial(_ask, symbol)), before)


def days_of(document: object, before: date) -> dict[date, list[PathPoint]]:
    """The days before `before` of a chart reply; SourceError where it is none."""
    days: dict[date, list[PathPoint]] = {}
    for point in yahoo_parse.spark_path(_chart(document)):
        day = to_hkt(point.time).date()
        if day < before:
            days.setdefault(day, []).append(point)
    return days


def _ask(symbol: Symbol) -> object:
    """Runs in the source's threads, where yfinance has the source's own session."""
    from yfinance.data import YfData

    return YfData().get_raw_json(CHART_URL + symbol, params=SPAN, timeout=TIMEOUT_S)


def _chart(document: object) -> Mapping[str, Any]:
    """The only result of a chart reply."""
    chart = document.get("chart") if isinstance(document, dict) else None
    results = chart.get("result") if isinstance(chart, dict) else None
    if not isinstance(results, list) or not results or not isinstance(results[0], dict):
        raise SourceError(SourceState.BAD_DATA, Reason(Why.OTHER_SHAPE, yahoo_parse.YAHOO, "chart"))
    return results[0]
