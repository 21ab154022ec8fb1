"""Yahoo's JSON to domain types. Every field is checked: a drifted schema costs the symbol it concerns, no more."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tui.domain.market import PathPoint, Quality, Quote
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.sources.ports import SourceError

DELAYED_FROM_S = 60


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
    """One row of v7/finance/quote. ValueError names the field that makes it unusable."""
    price = positive(row.get("regularMarketPrice"))
    if price is None:
        raise ValueError(f"no usable price (regularMarketPrice is {clean(repr(row.get('regularMarketPrice')), 40)})")
    seconds = positive(row.get("regularMarketTime"))
    if seconds is None or seconds > 1e11:
        raise ValueError(f"no usable time (regularMarketTime is {clean(repr(row.get('regularMarketTime')), 40)})")
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
        raise SourceError(SourceState.BAD_DATA, "Yahoo's quote reply has no result list")
    return {str(_mapping(row).get("symbol")): _mapping(row) for row in rows}


def _points(times: Sequence[Any], prices: Sequence[Any], volumes: Sequence[Any]) -> tuple[PathPoint, ...]:
    points: list[PathPoint] = []
    for index, (stamp, price) in enumerate(zip(times, prices, strict=False)):
        seconds, value = positive(stamp), positive(price)
        if seconds is None or value is None or seconds > 1e11:
            continue
        moment = round(seconds * 1000)
        if points and moment <= points[-1].time:
            continue
        volume = number(volumes[index]) if index < len(volumes) else None
        points.append(PathPoint(moment, value, max(volume or 0.0, 0.0)))
    return tuple(points)


def _chart_path(chart: Mapping[str, Any]) -> tuple[PathPoint, ...]:
    """The path in a chart result, or in the flat form of v8 spark."""
    quotes = _list(_mapping(chart.get("indicators")).get("quote"))
    columns = _mapping(quotes[0]) if quotes else chart
    return _points(_list(chart.get("timestamp")), _list(columns.get("close")), _list(columns.get("volume")))


def spark_charts(document: object) -> dict[str, Mapping[str, Any]]:
    """The charts of a spark reply by Yahoo's symbol; both reply shapes (v7 list, v8 flat object) are read."""
    body = _mapping(document)
    if "spark" in body:
        results = _mapping(body["spark"]).get("result")
        if not isinstance(results, list):
            raise SourceError(SourceState.BAD_DATA, "Yahoo's spark reply has no result list")
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
        raise SourceError(SourceState.BAD_DATA, "Yahoo's spark reply has neither of its known shapes")
    return flat


def spark_path(chart: Mapping[str, Any]) -> tuple[PathPoint, ...]:
    """Today's path, oldest first; points without a price or out of order are left out."""
    return _chart_path(chart)


def spark_quote(symbol: Symbol, chart: Mapping[str, Any], received: int, source: str, delay_s: int) -> Quote:
    """The newest price that a spark carries, where the quote address refuses us. ValueError where it has none.

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
