import math
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.market import Quality
from tui.domain.symbol import Symbol
from tui.sources import yahoo_parse
from tui.sources.ports import SourceError
from tui.sources.yahoo_frame import bars_from_frame

TENCENT = Symbol("0700.HK")
ROW: dict[str, Any] = {
    "symbol": "0700.HK",
    "regularMarketPrice": 519.0,
    "regularMarketTime": 1772784000,
    "regularMarketPreviousClose": 502.0,
    "regularMarketVolume": 21_000_000,
    "exchangeDataDelayedBy": 15,
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_a_quote_row() -> None:
    quote = yahoo_parse.quote(TENCENT, ROW, 1772784900000, "yahoo")
    assert (quote.price, quote.previous_close, quote.volume) == (519.0, 502.0, 21_000_000)
    assert quote.exchange_time == 1772784000000
    assert (quote.delay_s, quote.quality) == (900, Quality.DELAYED)


@pytest.mark.parametrize("price", [None, "519.0", math.nan, math.inf, -519.0, 0, True, [519.0], 10**400])
def test_a_price_that_is_none_costs_its_symbol(price: object) -> None:
    with pytest.raises(ValueError, match="no usable price"):
        yahoo_parse.quote(TENCENT, ROW | {"regularMarketPrice": price}, 0, "yahoo")


@pytest.mark.parametrize("when", [None, "yesterday", 1772784000000, -1])
def test_a_time_that_is_none_costs_its_symbol(when: object) -> None:
    with pytest.raises(ValueError, match="no usable time"):
        yahoo_parse.quote(TENCENT, ROW | {"regularMarketTime": when}, 0, "yahoo")


def test_other_fields_may_drift() -> None:
    drifted = ROW | {"regularMarketPreviousClose": "502", "regularMarketVolume": -5, "exchangeDataDelayedBy": None}
    quote = yahoo_parse.quote(TENCENT, drifted, 0, "yahoo")
    assert (quote.previous_close, quote.volume, quote.quality) == (None, None, Quality.LIVE)


@given(st.dictionaries(st.sampled_from(sorted(ROW)), anything))
def test_any_drift_gives_a_quote_or_names_the_field(changes: dict[str, Any]) -> None:
    try:
        quote = yahoo_parse.quote(TENCENT, ROW | changes, 0, "yahoo")
    except ValueError as error:
        said = str(error)
    else:
        said = "no usable"
        assert math.isfinite(quote.price)
        assert quote.price > 0
    assert said.startswith("no usable")


@given(anything)
def test_any_document_is_read_or_refused(document: object) -> None:
    for read in (yahoo_parse.quote_rows, yahoo_parse.spark_charts):
        try:
            rows = read(document)
        except SourceError as error:
            assert str(error).startswith("Yahoo's")  # noqa: PT017
            continue
        for chart in rows.values():
            path = yahoo_parse.spark_path(chart)
            assert all(a.time < b.time for a, b in pairwise(path))


CHART = {
    "timestamp": [1772760600, 1772760900, 1772760900, 1772761200, None],
    "indicators": {"quote": [{"close": [506.0, None, 507.0, 508.5, 509.0], "volume": [10, 0, 20, None, 5]}]},
    "meta": {"regularMarketPrice": 508.5, "regularMarketTime": 1772761200, "previousClose": 502.0},
}
FLAT = {"timestamp": [1772760600, 1772760900], "close": [506.0, 507.0], "chartPreviousClose": 502.0}


def test_both_shapes_of_a_spark() -> None:
    listed = yahoo_parse.spark_charts({"spark": {"result": [{"symbol": "0700.HK", "response": [CHART]}]}})
    flat = yahoo_parse.spark_charts({"0700.HK": FLAT})
    assert [(p.time, p.price, p.volume) for p in yahoo_parse.spark_path(listed["0700.HK"])] == [
        (1772760600000, 506.0, 10),
        (1772760900000, 507.0, 20),
        (1772761200000, 508.5, 0),
    ]
    assert [p.price for p in yahoo_parse.spark_path(flat["0700.HK"])] == [506.0, 507.0]


def test_a_five_minute_bar_ends_where_its_price_was_made() -> None:
    chart = {
        "meta": {"dataGranularity": "5m", "regularMarketTime": 1772761320},
        "timestamp": [1772760600, 1772760900, 1772761200],
        "indicators": {"quote": [{"open": [505.0, 506.0, 507.0], "close": [506.0, 507.0, 508.5], "volume": [9, 8, 7]}]},
    }
    assert [(p.time, p.price, p.volume) for p in yahoo_parse.spark_path(chart)] == [
        (1772760600000, 505.0, 0),
        (1772760899999, 506.0, 9),
        (1772761199999, 507.0, 8),
        (1772761320000, 508.5, 7),
    ]


def test_a_spark_gives_a_price_where_quotes_are_refused() -> None:
    quote = yahoo_parse.spark_quote(TENCENT, CHART, 5, "yahoo", 900)
    assert (quote.price, quote.previous_close, quote.exchange_time) == (508.5, 502.0, 1772761200000)
    assert yahoo_parse.spark_quote(TENCENT, FLAT, 5, "yahoo", 900).price == 507.0
    assert (quote.delay_s, quote.quality) == (900, Quality.DELAYED)


def _frame(closes: list[float], splits: list[float], dividends: list[float] | None = None) -> pd.DataFrame:
    index = pd.date_range("2026-03-02 00:00", periods=len(closes), freq="D", tz="Asia/Hong_Kong")
    return pd.DataFrame(
        {
            "Open": closes,
            "High": closes,
            "Low": closes,
            "Close": closes,
            "Adj Close": closes,
            "Volume": [300.0] * len(closes),
            "Dividends": dividends or [0.0] * len(closes),
            "Stock Splits": splits,
        },
        index=index,
    )


def test_yahoos_split_adjustment_is_undone() -> None:
    bars = bars_from_frame(TENCENT, _frame([100.0, 101.0, 102.0], [0.0, 0.0, 3.0], [0.0, 1.0, 0.0]), "yahoo")
    assert [bar.close for bar in bars] == [300.0, 303.0, 102.0]
    assert [bar.split for bar in bars] == [1.0, 1.0, 3.0]
    assert [bar.volume for bar in bars] == [100.0, 100.0, 300.0]
    assert bars[1].dividend == 3.0


def test_prices_that_are_still_raw_are_left_alone() -> None:
    bars = bars_from_frame(TENCENT, _frame([300.0, 303.0, 102.0], [0.0, 0.0, 3.0]), "yahoo")
    assert [bar.close for bar in bars] == [300.0, 303.0, 102.0]
    assert bars[2].split == 3.0


def test_a_missing_close_is_no_bar() -> None:
    bars = bars_from_frame(TENCENT, _frame([100.0, math.nan, 102.0], [0.0, 0.0, 0.0]), "yahoo")
    assert [bar.day.day for bar in bars] == [2, 4]
