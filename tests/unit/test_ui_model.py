"""The terminal's view state: what a feed that has just started does not know yet is not lost."""

import msgspec
import pytest

from tests.ui.rows import NOW, code, many, row, status
from tui.domain.market import Quality
from tui.domain.row import Row
from tui.ui.model import ViewState, with_change, with_snapshot
from tui.wire import Change, Snapshot

HELD = row(code(0))


def started(*rows: Row) -> ViewState:
    """A terminal that held HELD, and a new feed's first words."""
    state = with_snapshot(ViewState("test", NOW), Snapshot(9, (HELD,), (), status(), ()))
    return with_snapshot(state, Snapshot(1, rows, (), status(), ()))


def dated(held: Row, exchange_time: int, quality: Quality) -> Row:
    """The row with another price of another time."""
    assert held.quote is not None
    quote = msgspec.structs.replace(held.quote, price=1.0, exchange_time=exchange_time, quality=quality)
    return msgspec.structs.replace(held, quote=quote)


@pytest.mark.parametrize(
    "told",
    [
        Row(HELD.symbol, name_en=HELD.name_en),
        Row(HELD.symbol, note="the source does not answer"),
        dated(HELD, NOW - 60_000, Quality.STORED),
    ],
    ids=["nothing yet", "a note", "what was stored before"],
)
def test_a_new_feed_that_knows_less_takes_no_price_away(told: Row) -> None:
    state = started(told)
    assert state.rows == {HELD.symbol: msgspec.structs.replace(HELD, note=told.note)}
    state = with_change(state, Change(2, 1, (Row(HELD.symbol),), (), None))
    assert state.rows[HELD.symbol].quote == HELD.quote


@pytest.mark.parametrize("told", [dated(HELD, NOW, Quality.STORED), dated(HELD, NOW - 60_000, Quality.DELAYED)])
def test_what_it_knows_as_well_or_from_the_source_is_taken(told: Row) -> None:
    assert started(told).rows == {told.symbol: told}


def test_a_split_stays_until_the_day_is_worked_out_anew() -> None:
    told = msgspec.structs.replace(dated(HELD, NOW + 1000, Quality.SAMPLE), day=None)
    kept = started(told).rows[HELD.symbol]
    assert (kept.quote, kept.day) == (told.quote, HELD.day)


@pytest.mark.parametrize(("later_ms", "note"), [(24 * 3600_000, ""), (1000, "no split: HSI has no price")])
def test_a_split_of_another_day_or_one_that_is_said_to_be_none_goes(later_ms: int, note: str) -> None:
    told = msgspec.structs.replace(dated(HELD, NOW + later_ms, Quality.SAMPLE), day=None, note=note)
    assert started(told).rows[HELD.symbol].day is None


def test_a_row_that_is_no_longer_watched_goes() -> None:
    others = many(3)[1:]
    assert set(started(*others).rows) == {other.symbol for other in others}
