"""Rows: every cell in exactly its column, whatever the outside world sends; what a row says of a day."""

import re
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD, RESULTS
from tui.domain.attribution import Flag, Verdict
from tui.domain.event import NewsCoverage
from tui.domain.market import Quality, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import COLUMN_NAMES, SPARK_POINTS, ColumnName, Row
from tui.domain.symbol import Symbol
from tui.render.columns import layout, row_width
from tui.render.glyphs import ASCII, BLOCK, BRAILLE
from tui.render.language import Language
from tui.render.row import View, row_cells, row_runs
from tui.render.tone import TONES, Tone, plain
from tui.render.width import cells

NOW = 1_772_778_660_000
VIEW = View(NOW, trading=True)
SPARK = tuple(100.0 + index / 10 for index in range(SPARK_POINTS))


def quote(price: float = 106.6, previous: float | None = 96.95, **changes: object) -> Quote:
    told = Quote(Symbol("9618.HK"), price, NOW, NOW, "test", previous_close=previous, turnover=9.86e9)
    return msgspec.structs.replace(told, **changes)


ROW = Row(
    Symbol("9618.HK"),
    "JD.com",
    "京東集團",
    "tech",
    quote(),
    msgspec.structs.replace(JD, candidates=(RESULTS,)),
    spark=SPARK,
    own_spark=tuple(index / 10 for index in range(SPARK_POINTS)),
    relative_volume=2.31,
)


def cell(name: ColumnName, row: Row = ROW, view: View = VIEW, width: int = 130, notes: int = 0) -> tuple[str, Tone]:
    """A cell's text and the tone of its first run."""
    columns = layout(width)
    index = [column.id for column in columns].index(name)
    runs = row_cells(row, columns, view, notes)[index]
    return plain(runs), runs[0][1]


@pytest.mark.parametrize(
    ("width", "view", "text"),
    [
        (36, VIEW, "9618    106.60  ▴  +9.95 own +6.85  "),
        (36, View(NOW, trading=True, language="zh"), "9618    106.60  ▴  +9.95 個別 +6.85 "),
        (36, View(NOW, trading=True, glyphs=ASCII), "9618    106.60  ^  +9.95 own +6.85  "),
        (58, VIEW, "9618    106.60  ▴  +9.95 own +6.85   1/251 ⣀⣤⡄⣴⣶⣿ JD.com  "),
        (
            78,
            View(NOW, trading=True, language="zh", glyphs=BLOCK),
            "9618    106.60  ▲  +9.95 個別 +6.85  1/251 2.31x ▁▁▂▃▄▅▆▇█ 京東集團   ■1      ",
        ),
    ],
)
def test_a_row(width: int, view: View, text: str) -> None:
    row = msgspec.structs.replace(ROW, quote=quote(), spark=tuple(p - 4 for p in SPARK))
    assert plain(row_runs(row, layout(width), view)) == text


def test_sign_triangle_and_tone_each_carry_the_direction() -> None:
    assert cell("change") == ("▴  +9.95", "rise")
    fallen = msgspec.structs.replace(ROW, quote=quote(92.62))
    assert cell("change", fallen) == ("▾  −4.47", "fall")
    same = msgspec.structs.replace(ROW, quote=quote(96.95))
    assert cell("change", same) == ("    0.00", "flat")


def test_the_own_part_stands_beside_the_verdict_or_in_its_own_column() -> None:
    assert cell("verdict", width=78) == ("own +6.85  ", "own")
    assert cell("verdict", width=130)[0].strip() == "own"
    assert cell("own", width=130) == ("  +6.85", "own")
    quiet = msgspec.structs.replace(ROW, day=ALIBABA)
    assert cell("verdict", quiet)[0].strip() == "index-led"
    assert cell("own", quiet) == ("  −0.13", "quiet")


def test_rarity_is_said_where_the_own_part_speaks() -> None:
    assert cell("rarity") == ("1/251", "own")
    mixed = msgspec.structs.replace(JD, verdict=Verdict.MIXED, rarity=0.06)
    assert not cell("rarity", msgspec.structs.replace(ROW, day=mixed))[0].strip()


def test_an_own_move_without_news_says_so_first() -> None:
    recap = msgspec.structs.replace(RESULTS, role="recap")
    day = msgspec.structs.replace(JD, news_coverage=NewsCoverage.NONE, candidates=(recap,))
    row = msgspec.structs.replace(ROW, day=day)
    assert cell("events", row) == ("no news ", "warn")
    assert cell("events", row, View(NOW, trading=True, language="zh")) == ("未見消息", "warn")


def test_headlines_notes_and_recaps_are_counted() -> None:
    recap = msgspec.structs.replace(RESULTS, role="recap")
    market = msgspec.structs.replace(RESULTS, part="market")
    row = msgspec.structs.replace(ROW, day=msgspec.structs.replace(JD, candidates=(RESULTS, RESULTS, market, recap)))
    assert cell("events", row, notes=1)[0] == "▪2 ▸1 ◦1"
    assert cell("events", row)[0] == "▪2 ◦1   "


def test_odd_days_say_what_they_are_where_nothing_else_stands() -> None:
    halted = msgspec.structs.replace(JD, verdict=Verdict.QUIET, candidates=(), flags=(Flag.HALT,))
    assert cell("events", msgspec.structs.replace(ROW, day=halted))[0] == "halted  "


def test_stale_prices_are_dim_and_aged() -> None:
    old = msgspec.structs.replace(ROW, quote=quote(exchange_time=NOW - 15 * 60_000, received=NOW - 15 * 60_000))
    assert cell("price", old)[1] == "stale"
    assert cell("change", old)[1] == "stale"
    assert cell("age", old) == (" 15m", "stale")
    assert cell("price", old, View(NOW, trading=False))[1] == "text"
    stored = msgspec.structs.replace(ROW, quote=quote(quality=Quality.STORED))
    assert cell("price", stored, View(NOW, trading=False))[1] == "stale"


def test_a_row_without_a_price_waits_and_one_with_a_reason_says_it() -> None:
    empty = Row(Symbol("0700.HK"), "Tencent", "騰訊控股")
    assert cell("price", empty)[0].strip() == "-"
    assert cell("change", empty)[0].strip() == "-"
    assert cell("verdict", empty) == ("...        ", "muted")
    told = msgspec.structs.replace(empty, note="no such symbol")
    assert cell("verdict", told) == ("no such s..", "warn")


def test_what_is_odd_about_a_row_is_a_word_in_it_and_never_half_a_sentence() -> None:
    unknown = Row(Symbol("4444.HK"), why=Reason(Why.UNKNOWN_SYMBOL, "Yahoo"), note="Yahoo does not know this symbol")
    assert cell("verdict", unknown)[0].strip() == "unknown"
    assert cell("verdict", unknown, View(NOW, trading=True, language="zh"))[0].strip() == "代號不明"
    drifted = msgspec.structs.replace(ROW, day=JD, why=Reason(Why.NO_PRICE_FIELD, detail="regularMarketPrice is None"))
    assert cell("events", drifted) == ("no price", "warn")


def test_the_spark_shows_the_price_or_the_own_part() -> None:
    own = View(NOW, trading=True, spark="own")
    falling = msgspec.structs.replace(ROW, own_spark=tuple(-index / 10 for index in range(SPARK_POINTS)))
    assert "fall" in {tone for _, tone in row_cells(falling, layout(58), own)[5]}
    assert "rise" in {tone for _, tone in row_cells(falling, layout(58), VIEW)[5]}


def test_a_chinese_reader_without_a_chinese_name_sees_the_english_one() -> None:
    row = msgspec.structs.replace(ROW, name_zh="")
    assert cell("name", row, View(NOW, trading=True, language="zh"))[0].strip() == "JD.com"


hostile = st.text(
    st.one_of(
        st.sampled_from("A阿巴[]/\x1b\x07\u202e\u0301\u200d\ufe0f👩…"), st.characters(blacklist_categories=["Cs"])
    ),
    max_size=300,
)
prices = st.one_of(st.floats(0.001, 9_999_999), st.floats(allow_nan=True, allow_infinity=True))
shares = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A row as a hostile feed might send it."""
    day = msgspec.structs.replace(
        JD,
        verdict=draw(st.sampled_from(Verdict)),
        own_pp=draw(shares),
        rarity=draw(st.one_of(st.none(), st.floats(0, 1))),
        news_coverage=draw(st.sampled_from(NewsCoverage)),
        flags=tuple(draw(st.lists(st.sampled_from(Flag), max_size=3))),
        candidates=(RESULTS,) * draw(st.sampled_from([0, 1, 5000])),
    )
    told = Quote(
        Symbol("9618.HK"),
        draw(prices),
        draw(st.integers(0, NOW * 2)),
        NOW,
        "test",
        previous_close=draw(shares),
        turnover=draw(shares),
        quality=draw(st.sampled_from(Quality)),
    )
    return Row(
        Symbol(draw(st.sampled_from(["9618.HK", "^HSTECH", "80700.HK", "BRK-B.US", "A" * 40]))),
        draw(hostile),
        draw(hostile),
        quote=draw(st.sampled_from([None, told])),
        day=draw(st.sampled_from([None, day])),
        spark=tuple(draw(st.lists(shares, max_size=70))),
        own_spark=tuple(draw(st.lists(shares, max_size=70))),
        relative_volume=draw(shares),
        note=draw(hostile),
    )


@settings(max_examples=150, deadline=None)
@given(
    rows(),
    st.integers(1, 200),
    st.sampled_from(get_args(Language)),
    st.sampled_from([BRAILLE, BLOCK, ASCII]),
    st.integers(0, 5000),
)
def test_every_cell_has_exactly_its_width(row: Row, width: int, language: Language, glyphs: object, notes: int) -> None:
    columns = layout(width)
    assert isinstance(glyphs, type(BRAILLE))
    view = View(NOW, trading=True, language=language, glyphs=glyphs)
    told = row_cells(row, columns, view, notes)
    assert [cells(plain(runs)) for runs in told] == [column.width for column in columns]
    assert cells(plain(row_runs(row, columns, view, notes))) == row_width(columns)
    assert all(tone in TONES for runs in told for _, tone in runs)
    assert plain(row_runs(row, columns, view, notes)).isprintable()


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9_999_999_000), st.floats(-99.9, 9999), st.integers(40, 200))
def test_no_digit_of_price_or_percent_is_clipped_at_any_width(thousandths: int, move: float, width: int) -> None:
    """What stands in the cells is the number itself, rounded to decimals that are all there."""
    price = thousandths / 1000
    told = quote(price, price / (1 + move / 100))
    texts = {
        column.id: plain(runs).strip()
        for column, runs in zip(
            layout(width), row_cells(msgspec.structs.replace(ROW, quote=told), layout(width), VIEW), strict=True
        )
    }
    assert float(texts["price"]) == pytest.approx(price, abs=0.0051 if price < 100_000 else 0.51)
    number = texts["change"].strip("▴▾ ").replace("−", "-")
    assert re.fullmatch(r"[+-]?\d+(\.\d+)?", number)
    assert float(number) == pytest.approx(move, abs=0.0051 if abs(move) < 99 else 0.51)


def test_column_ids_are_all_painted() -> None:
    assert all(cell(name, width=130)[0] for name in COLUMN_NAMES)
