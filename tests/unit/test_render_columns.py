"""Columns: dropped whole, never narrower than their numbers need, in the order that was asked for."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.schema import ListSettings
from tui.domain.row import COLUMN_NAMES, ColumnName
from tui.render.columns import column_at, head_runs, layout, row_width
from tui.render.language import Language
from tui.render.tone import plain
from tui.render.width import cells


def ids(width: int, *wanted: ColumnName) -> list[str]:
    return [column.id for column in layout(width, wanted or COLUMN_NAMES)]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (10, ["code"]),
        (20, ["code", "change"]),
        (24, ["code", "price", "change"]),
        (38, ["code", "price", "change", "verdict"]),
        (58, ["code", "price", "change", "verdict", "rarity", "spark", "name"]),
        (78, ["code", "price", "change", "verdict", "rarity", "volume", "spark", "name", "events"]),
        (
            118,
            [
                "code",
                "price",
                "change",
                "verdict",
                "own",
                "rarity",
                "volume",
                "turnover",
                "age",
                "spark",
                "name",
                "events",
            ],
        ),
    ],
)
def test_the_least_useful_go_first(width: int, shown: list[str]) -> None:
    assert ids(width) == shown


def test_the_settings_know_these_columns() -> None:
    assert [column.id for column in layout(250)] == list(COLUMN_NAMES)
    assert ids(300, *ListSettings().columns) == list(ListSettings().columns)


def test_the_order_that_was_asked_for_is_kept_and_code_and_percent_always_stand() -> None:
    assert ids(100, "name", "code", "change") == ["name", "code", "change"]
    assert ids(100, "verdict", "price") == ["code", "change", "verdict", "price"]


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(KeyError):
        layout(100, ("code", "colour"))


@given(st.integers(0, 250), st.lists(st.sampled_from(COLUMN_NAMES), unique=True))
def test_columns_lie_side_by_side_within_the_width(width: int, wanted: list[ColumnName]) -> None:
    columns = layout(width, wanted or COLUMN_NAMES)
    assert columns
    assert row_width(columns) <= width or len(columns) == 1
    assert all(right.start > left.end for left, right in pairwise(columns))
    if wanted:
        assert {column.id for column in columns} <= {*wanted, "code", "change"}


@given(st.integers(40, 250))
def test_numbers_keep_their_cells_at_every_width(width: int) -> None:
    needed = {"price": 8, "change": 8, "verdict": 11, "own": 7, "rarity": 5, "volume": 5, "turnover": 6}
    for column in layout(width):
        assert column.width >= needed.get(column.id, 0)
    assert {"code", "price", "change", "verdict"} <= {column.id for column in layout(width)}


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("width", [24, 40, 60, 80, 120, 200])
def test_titles_stand_in_their_columns_uncut(width: int, language: Language) -> None:
    columns = layout(width)
    head = plain(head_runs(columns, language))
    assert cells(head) == row_width(columns)
    assert ".." not in head
    assert all(column.title.say(language) in head for column in columns)


def test_the_sorted_column_is_accented() -> None:
    runs = head_runs(layout(80), "en", "rarity")
    assert [text.strip() for text, tone in runs if tone == "accent"] == ["rare"]


def test_a_click_finds_its_column() -> None:
    columns = layout(80)
    assert column_at(columns, 0) == "code"
    assert column_at(columns, columns[1].start) == "price"
    assert column_at(columns, columns[0].end) is None
    assert column_at(columns, 500) is None
