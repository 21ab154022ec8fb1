"""Yahoo's JSON to domain types. Every field is checked: a drifted schema costs the symbol it concerns, no more."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from tui.domain.market import PathPoint, Quality, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import to_hkt
from tui.render.reasons import reason_words
from tui.sources.ports import SourceError

YAHOO: Final = "Yahoo"
DELAYED_FROM_S = 60
FIVE_MINUTES_MS: Final = 5 * 60 * 1000


class Unusable(ValueError):
    """A symbol's row without what a quote needs."""

    def __init__(self, why: Why, field: str, row: Mapping[str, Any]) -> None:
        self.reason = Reason(why, detail=f"{field} is {clean(repr(row.get(field)), 40)}")
        super().__init__(reason_words(self.reason))


def number(value: object) -> float | None:
    """A finite number, or None for anything else (text, bool, NaN, a list)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:  # a JSON integer of hundreds of digits
        return None
    return found if math.isfinite(found) else None


def positive(value: object) -> float | None:
    """A finite number above zero, or None."""
    found = number(value)
    return found if found is not None and found > 0 else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def quote(symbol: Symbol, row: Mapping[str, Any], received: int, source: str) -> Quote:
    """One row of v7/finance/quote. Unusable names the field that makes it so."""
    price = positive(row.get("regularMarketPrice"))
    if price is None:
        raise Unusable(Why.NO_PRICE_FIELD, "regularMarketPrice", row)
    seconds = positive(row.get("regularMarketTime"))
    if seconds is None or seconds > 1e11:
        raise Unusable(Why.NO_TIME_FIELD, "regularMarketTime", row)
    delay_s = round((number(row.get("exchangeDataDelayedBy")) or 0) * 60)
    volume = number(row.get("regularMarketVolume"))
    return Quote(
        symbol=symbol,
        price=price,
        exchange_time=round(seconds * 1000),
        received=received,
        source=source,
        previous_close=positive(row.get("regularMarketPreviousClose")),
        open=positive(row.get("regularMarketOpen")),
        high=positive(row.get("regularMarketDayHigh")),
        low=positive(row.get("regularMarketDayLow")),
        volume=volume if volume is not None and volume >= 0 else None,
        delay_s=max(delay_s, 0),
        quality=Quality.DELAYED if delay_s >= DELAYED_FROM_S else Quality.LIVE,
    )


def quote_rows(document: object) -> dict[str, Mapping[str, Any]]:
    """The rows of a quote reply by Yahoo's symbol. SourceError where it is no quote reply at all."""
    response = _mapping(_mapping(document).get("quoteResponse"))
    rows = response.get("result")
    if not isinstance(rows, list):
        raise SourceError(SourceState.BAD_DATA, Reason(Why.OTHER_SHAPE, YAHOO, "quotes"))
    return {str(_mapping(row).get("symbol")): _mapping(row) for row in rows}


def _points(bars: "_Bars", step_ms: int, last_ms: float) -> tuple[PathPoint, ...]:
    """Yahoo stamps a bar with its start; its price is that of its end, or of the last trade if that came first.

    The first bar of a day also tells the opening price, at its start.
    """
    points: list[PathPoint] = []

    def add(moment: int, price: float, volume: float) -> None:
        if not points or moment > points[-1].time:
            points.append(PathPoint(moment, price, volume))

    day = None
    for stamp, opened, close, volume in bars:
        seconds, price = positive(stamp), positive(close)
        if seconds is None or price is None or seconds > 1e11:
            continue
        start = round(seconds * 1000)
        if step_ms and to_hkt(start).date() != day:
            day = to_hkt(start).date()
            add(start, positive(opened) or price, 0.0)
        end = max(min(start + step_ms - 1, last_ms), start + 1) if step_ms else start
        add(round(end), price, max(number(volume) or 0.0, 0.0))
    return tuple(points)


_Bars = Iterable[tuple[Any, Any, Any, Any]]


def _chart_path(chart: Mapping[str, Any]) -> tuple[PathPoint, ...]:
    """The path in a chart result, or in the flat form of v8 spark."""
    quotes = _list(_mapping(chart.get("indicators")).get("quote"))
    columns = _mapping(quotes[0]) if quotes else chart
    meta = _mapping(chart.get("meta")) or chart
    bars = zip_longest(
        _list(chart.get("timestamp")),
        _list(columns.get("open")),
        _list(columns.get("close")),
        _list(columns.get("volume")),
    )
    last = positive(meta.get("regularMarketTime"))
    step_ms = FIVE_MINUTES_MS if meta.get("dataGranularity") in ("5m", 300) else 0
    return _points(bars, step_ms, last * 1000 if last is not None and last < 1e11 else float("inf"))


def spark_charts(document: object) -> dict[str, Mapping[str, Any]]:
    """The charts of a spark reply by Yahoo's symbol; both reply shapes (v7 list, v8 flat object) are read."""
    body = _mapping(document)
    if "spark" in body:
        results = _mapping(body["spark"]).get("result")
        if not isinstance(results, list):
            raise SourceError(SourceState.BAD_DATA, Reason(Why.OTHER_SHAPE, YAHOO, "sparks"))
        charts = {}
        for result in map(_mapping, results):
            responses = _list(result.get("response"))
            if responses:
                charts[str(result.get("symbol"))] = _mapping(responses[0])
        return charts
    flat: dict[str, Mapping[str, Any]] = {
        str(name): chart for name, chart in body.items() if isinstance(chart, dict) and "timestamp" in chart
    }
    if body and not flat:
        raise SourceError(SourceState.BAD_DATA, Reason(Why.OTHER_SHAPE, YAHOO, "sparks"))
    return flat


def spark_path(chart: Mapping[str, Any]) -> tuple[PathPoint, ...]:
    """Today's path, oldest first; points without a price or out of order are left out."""
    return _chart_path(chart)


def spark_quote(symbol: Symbol, chart: Mapping[str, Any], received: int, source: str, delay_s: int) -> Quote:
    """The newest price that a spark carries, where the quote address refuses us. Unusable where it has none.

    A spark does not say how late it is; `delay_s` is what is known of that.
    """
    meta = _mapping(chart.get("meta")) or chart
    path = _chart_path(chart)
    last = path[-1] if path else None
    row = {
        "regularMarketPrice": meta.get("regularMarketPrice") or (last.price if last else None),
        "regularMarketTime": meta.get("regularMarketTime") or (last.time / 1000 if last else None),
        "regularMarketPreviousClose": meta.get("previousClose") or meta.get("chartPreviousClose"),
        "regularMarketVolume": sum(point.volume for point in path) or None,
        "exchangeDataDelayedBy": delay_s / 60,
    }
    return quote(symbol, row, received, source)
