"""The days table: columns in one line with their heads, dropped whole, no digit cut."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, INSUFFICIENT, JD, NO_SECTOR, any_day
from tui.domain.attribution import Attribution, Flag, Verdict
from tui.domain.event import NewsCoverage
from tui.render.bars import Scale
from tui.render.days import ColumnName, Layout, day_runs, head_runs, headline_runs, layout_for
from tui.render.glyphs import GlyphName, glyphs
from tui.render.numbers import rarity_text, signed
from tui.render.tone import plain
from tui.render.width import cells

SETS: list[GlyphName] = ["braille", "block", "ascii"]
SCALE = Scale(3.0, 12.0)


def layout(width: int, language: str = "en", name: GlyphName = "braille") -> Layout:
    return layout_for(width, date(2026, 3, 6), SCALE, "zh" if language == "zh" else "en", glyphs(name))


def row(day: Attribution, width: int, language: str = "en") -> str:
    return plain(day_runs(day, layout(width, language))).rstrip()


def test_a_wide_row() -> None:
    assert plain(head_runs(layout(130))).rstrip() == (
        "       date    move   index  sector     own   rare verdict    ⠒⠒ index  ⠶⠶ sector  ⣿⣿ own headline"
    )
    assert plain(head_runs(layout(120))).rstrip() == (
        "       date    move   index  sector     own   rare verdict    ⠒ index ⠶ sector ⣿ own   headline"
    )
    assert row(JD, 120) == (
        "  Fri 6 Mar   +9.95   +2.15   +0.95   +6.85  1/251 own"
        "             ⠅⠒⠒⠒⠶⢾⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿    ▪ JD.com reports fourth-quarter.."
    )


def test_a_narrow_row_in_both_languages() -> None:
    assert row(JD, 40) == "    6 Mar   +9.95   +6.85 own"
    assert row(ALIBABA, 40, "zh") == "  3月6日   +3.48   −0.13 跟大市"
    assert row(JD, 10) == "  +9.95"


WIDE_TO_NARROW: list[tuple[int, set[ColumnName]]] = [
    (125, set()),
    (95, {"bar"}),
    (80, {"headline"}),
    (70, {"bar", "headline"}),
    (60, {"bar", "headline", "sector"}),
    (52, {"bar", "headline", "sector", "index"}),
    (40, {"bar", "headline", "sector", "index", "rarity"}),
    (33, {"bar", "headline", "sector", "index", "verdict"}),
    (30, {"bar", "headline", "sector", "index", "rarity", "verdict"}),
]


@pytest.mark.parametrize(("width", "gone"), WIDE_TO_NARROW)
def test_columns_go_whole(width: int, gone: set[ColumnName]) -> None:
    assert set(layout(125).names) - set(layout(width).names) == gone


def test_another_year_is_said() -> None:
    old = msgspec.structs.replace(JD, date=date(2025, 12, 30))
    assert row(old, 60).startswith("30 Dec 2025")
    assert row(old, 40).startswith("30 Dec 25")
    assert row(old, 60, "zh").startswith("2025年12月30日")
    assert row(old, 40, "zh").startswith("25/12/30")


def test_no_sector_is_not_nought() -> None:
    assert "0.00" not in row(NO_SECTOR, 78)


def test_too_little_history_shows_the_move_only() -> None:
    assert row(INSUFFICIENT, 70).split() == ["Fri", "6", "Mar", "+22.98", "-", "-", "-", "few", "days"]


def headline(day: Attribution, width: int = 40, language: str = "en") -> list[tuple[str, str]]:
    runs = headline_runs(day, width, "zh" if language == "zh" else "en")
    return [(text.rstrip(), tone) for text, tone in runs]


def test_headlines() -> None:
    assert headline(JD) == [("▪ JD.com reports fourth-quarter results", "event")]
    assert headline(JD, language="zh") == [("▪ 京東公布第四季業績", "event")]
    recap = msgspec.structs.replace(JD.candidates[0], role="recap")
    assert headline(msgspec.structs.replace(JD, candidates=(recap,)))[0][1] == "recap"
    alone = msgspec.structs.replace(JD, candidates=(), news_coverage=NewsCoverage.NONE)
    assert headline(alone) == [("no news found", "own")]
    unasked = msgspec.structs.replace(alone, news_coverage=NewsCoverage.NOT_FETCHED)
    assert headline(unasked) == [("news not fetched", "muted")]
    assert headline(ALIBABA) == [("", "text")]


def test_an_own_move_without_company_news_says_so_beside_a_market_item() -> None:
    market = msgspec.structs.replace(JD.candidates[0], role="evidence", part="market")
    day = msgspec.structs.replace(JD, candidates=(market,), news_coverage=NewsCoverage.NONE)
    assert headline(day) == [("no news found", "own")]
    unasked = msgspec.structs.replace(day, news_coverage=NewsCoverage.NOT_FETCHED)
    assert headline(unasked) == [("news not fetched", "muted")]
    quiet = msgspec.structs.replace(day, verdict=Verdict.QUIET)
    assert headline(quiet) == [("◦ JD.com reports fourth-quarter results", "muted")]


def test_flags_of_the_day_come_first_and_standing_ones_not_at_all() -> None:
    day = msgspec.structs.replace(JD, flags=(Flag.EX_DIVIDEND, Flag.INDEX_CONTAINS_STOCK))
    assert headline(day, 60)[0] == ("ex-dividend", "muted")
    assert len(headline(day, 60)) == 2


@pytest.mark.parametrize("name", SETS)
@given(day=any_day(), width=st.integers(7, 170), zh=st.booleans())
def test_rows_keep_to_their_width_and_numbers_stay_whole(
    name: GlyphName, day: Attribution, width: int, zh: bool
) -> None:
    columns = layout(width, "zh" if zh else "en", name)
    line = day_runs(day, columns)
    size = sum(cell for _, cell in columns.columns) + len(columns.columns) - 1
    assert cells(plain(line)) == cells(plain(head_runs(columns))) == size <= width
    minus = columns.glyphs.minus
    for column, value in (("move", day.return_pct), ("index", day.market_pp), ("own", day.own_pp)):
        if column in columns.names and abs(value or 0) < 999:
            assert signed(value, 2, minus) in plain(line)
    if "rarity" in columns.names:
        assert rarity_text(day.rarity) in plain(line)
    if name == "ascii" and not zh:
        assert plain(line).isascii()


def test_every_verdict_has_its_words() -> None:
    for verdict in Verdict:
        assert plain(day_runs(msgspec.structs.replace(JD, verdict=verdict), layout(60))).strip()
