"""The plain table: stable columns, no escapes, Chinese by cells."""

from datetime import date
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD
from tui.domain.attribution import Attribution, Verdict
from tui.domain.event import NewsCoverage
from tui.domain.market import Instrument
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.render.language import Language
from tui.render.table import IndexLine, TableRow, by_rarity, own_count, table_lines
from tui.render.width import cells

DAY = date(2026, 3, 6)
INDICES = (IndexLine(HSI, 25757.289, 1.7217), IndexLine(HSTECH, None, None))
ROWS = (
    TableRow(Instrument(Symbol("9988.HK"), "Alibaba", "阿里巴巴"), ALIBABA),
    TableRow(Instrument(Symbol("9618.HK"), "JD.com", "京東集團"), JD),
    TableRow(Instrument(Symbol("99902.HK"), "no last bar (sample)", "欠缺末日（示例）"), None),
)


def test_the_table() -> None:
    assert table_lines(DAY, INDICES, by_rarity(ROWS)) == [
        "Fri 6 Mar 2026",
        "HSI    25757.29    +1.72%",
        "HSTECH         -        -",
        "own at 1-in-20: 1 of 2, usual 0",
        "",
        "code   name                 price  move %  index sector    own   rare verdict",
        "9618   JD.com              106.60   +9.95  +2.15  +0.95  +6.85  1/251 own move",
        "9988   Alibaba             130.70   +3.48  +3.00  +0.62  -0.13      - index-led",
        "99902  no last bar (s..         -       -      -      -      -      - -",
    ]


def test_chinese_names_do_not_push_the_columns_after_them() -> None:
    told = table_lines(DAY, (), ROWS, language="zh")
    head, rows = told[3], told[4:]
    ends = cells(head[: head.index("收市") + 2])
    for line, price in zip(rows, ("130.70", "106.60", " -"), strict=True):
        assert cells(line[: line.index(price) + len(price)]) == ends


def test_minus_is_ascii_for_scripts() -> None:
    day = msgspec.structs.replace(JD, return_pct=-4.463, own_pp=-8.26)
    assert "-4.46" in table_lines(DAY, (), (TableRow(ROWS[1].instrument, day),))[-1]


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (None, ["code", "name", "price", "move", "%", "index", "sector", "own", "rare", "verdict"]),
        (100, ["code", "name", "price", "move", "%", "index", "sector", "own", "rare", "verdict"]),
        (79, ["code", "name", "price", "move", "%", "index", "own", "rare", "verdict"]),
        (60, ["code", "name", "price", "move", "%", "own", "verdict"]),
        (40, ["code", "price", "move", "%", "verdict"]),
        (10, ["code", "move", "%"]),
    ],
)
def test_columns_go_whole(width: int | None, titles: list[str]) -> None:
    assert table_lines(DAY, (), ROWS, width=width)[3].split() == titles


@given(st.integers(14, 120), st.sampled_from(get_args(Language)))
def test_no_row_is_wider_than_the_window(width: int, language: Language) -> None:
    told = table_lines(DAY, (), ROWS, width=width, language=language)
    assert all(cells(line) <= width for line in told[3:])


def rated(rarity: float | None) -> Attribution:
    return msgspec.structs.replace(JD, rarity=rarity, verdict=Verdict.MIXED)


def test_where_the_news_has_no_room_the_verdict_still_stands() -> None:
    row = TableRow(ROWS[1].instrument, msgspec.structs.replace(JD, news_coverage=NewsCoverage.NOT_FETCHED))
    assert table_lines(DAY, (), (row,))[-1].endswith("own, news not fetched")
    assert table_lines(DAY, (), (row,), width=40)[-1].endswith("own move")


def test_the_count_says_what_chance_alone_brings() -> None:
    days = [rated(0.049)] * 9 + [rated(0.05)] * 92 + [rated(None)] * 3
    assert own_count(days) == "own at 1-in-20: 9 of 101, usual 5"
    assert own_count(days, "zh") == "二十分一罕見：9 / 101，平常 5"


def test_the_rarest_first_and_the_unknown_last() -> None:
    rows = [TableRow(Instrument(Symbol(f"{at}")), rated(rarity)) for at, rarity in enumerate((0.5, None, 0.004, 0.02))]
    rows.append(TableRow(Instrument(Symbol("none")), None))
    assert [row.instrument.symbol for row in by_rarity(rows)] == ["2", "3", "0", "1", "none"]
