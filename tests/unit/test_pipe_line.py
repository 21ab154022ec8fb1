import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.market import Quality
from tui.sources.pipe_line import LINE_LIMIT, PipeLineError, parse_line

LINE: dict[str, Any] = {"symbol": "HK.00700", "price": 519.0, "time": 1772784000000}


def _raw(**changes: object) -> bytes:
    return json.dumps(LINE | changes).encode() + b"\n"


def test_the_shortest_line() -> None:
    quote = parse_line(_raw(), received=1)
    assert (quote.symbol, quote.price, quote.exchange_time, quote.received) == ("0700.HK", 519.0, 1772784000000, 1)
    assert (quote.previous_close, quote.volume, quote.quality) == (None, None, Quality.LIVE)


@pytest.mark.parametrize("time", ["2026-03-06T16:00:00", "2026-03-06T08:00:00Z", "2026-03-06T16:00:00+08:00"])
def test_times_in_iso_form(time: str) -> None:
    assert parse_line(_raw(time=time), 1).exchange_time == 1772784000000


def test_a_source_that_says_it_is_late() -> None:
    quote = parse_line(_raw(delay_s=900, previous_close=502, volume=5), 1)
    assert (quote.delay_s, quote.quality, quote.previous_close, quote.volume) == (900, Quality.DELAYED, 502.0, 5.0)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b"\xff{}", "not a JSON object"),
        (b"[" * 5000, "not a JSON object"),
        (b'{"price": NaN}', "not a JSON object"),
        (b" " * (LINE_LIMIT + 1), "longer than 64 KiB"),
        (_raw(symbol=None), "symbol must be a text"),
        (_raw(symbol="7OO HK"), "is no symbol"),
        (_raw(price="519"), "price must be a number"),
        (_raw(price=True), "price must be a number"),
        (_raw(price=None), "price must be a number"),
        (_raw(price=-1), "price must be at least"),
        (_raw(volume=-1), "volume must be at least 0"),
        (_raw(time=1772784000), "epoch milliseconds"),
        (_raw(time="yesterday"), "epoch milliseconds or an ISO 8601 time"),
        (_raw(time=None), "epoch milliseconds or an ISO 8601 time"),
    ],
)
def test_a_bad_line_names_its_field(raw: bytes, said: str) -> None:
    with pytest.raises(PipeLineError, match=said):
        parse_line(raw, 1)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(raw: bytes) -> None:
    try:
        parse_line(raw, 1)
    except PipeLineError:
        return


@given(
    st.dictionaries(
        st.sampled_from(["symbol", "price", "time", "volume", "previous_close", "delay_s", "more"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
    )
)
def test_any_drift_gives_a_sane_quote_or_a_named_field(changes: dict[str, Any]) -> None:
    try:
        quote = parse_line(_raw(**changes), 1)
    except PipeLineError:
        return
    assert quote.price > 0
    assert quote.volume is None or quote.volume >= 0
