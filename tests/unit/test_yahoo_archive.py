"""A month of five-minute bars as past days, whatever the reply looks like."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.market import PathPoint
from tui.domain.trading_day import from_hkt
from tui.sources.ports import SourceError
from tui.sources.yahoo_archive import days_of
from tui.sources.yahoo_parse import FIVE_MINUTES_MS

THURSDAY, FRIDAY = date(2026, 3, 5), date(2026, 3, 6)


def stamp(day: date, clock: str) -> int:
    return from_hkt(day, time.fromisoformat(clock)) // 1000


def reply(*rows: tuple[int, object, object]) -> object:
    times, closes, volumes = ([row[column] for row in rows] for column in range(3))
    chart = {
        "meta": {"dataGranularity": "5m"},
        "timestamp": times,
        "indicators": {"quote": [{"close": closes, "volume": volumes}]},
    }
    return {"chart": {"result": [chart], "error": None}}


def test_bars_are_past_days_by_the_end_of_their_five_minutes() -> None:
    document = reply(
        (stamp(THURSDAY, "09:30"), 100.0, 500),
        (stamp(THURSDAY, "09:35"), None, 500),
        (stamp(THURSDAY, "15:55"), 101.0, None),
        (stamp(FRIDAY, "09:30"), 102.0, 700),
    )
    assert days_of(document, FRIDAY) == {
        THURSDAY: [
            PathPoint(stamp(THURSDAY, "09:30") * 1000, 100.0, 0.0),
            PathPoint(stamp(THURSDAY, "09:30") * 1000 + FIVE_MINUTES_MS - 1, 100.0, 500.0),
            PathPoint(stamp(THURSDAY, "15:55") * 1000 + FIVE_MINUTES_MS - 1, 101.0, 0.0),
        ]
    }


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["chart", "result", "timestamp", "indicators", "quote", "close"]), inner)
    ),
    max_leaves=8,
)


@given(anything)
def test_any_reply_is_days_or_a_named_error(document: object) -> None:
    with suppress(SourceError):
        assert isinstance(days_of(document, FRIDAY), dict)


@pytest.mark.parametrize("document", [None, [], {}, {"chart": {"result": None}}, {"chart": {"result": [None]}}])
def test_a_reply_without_a_result_is_bad_data(document: object) -> None:
    with pytest.raises(SourceError, match="another shape"):
        days_of(document, FRIDAY)
