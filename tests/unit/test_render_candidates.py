"""Headlines beside a day: role and reasons in words of both languages, a cause only where it was offered."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD, RESULTS
from tui.domain.attribution import Candidate, Role
from tui.domain.event import EventKind, NewsCoverage
from tui.domain.symbol import Symbol
from tui.domain.trading_day import to_iso
from tui.news.ranking import KIND_WORDS, LEG_WORDS
from tui.render.candidates import candidate_line, candidate_lines, coverage_words, event_of, why_words
from tui.render.glyphs import glyphs
from tui.render.language import Language
from tui.render.tone import Runs, plain
from tui.render.width import cells

MARKET = msgspec.structs.replace(RESULTS, role="evidence", part="market", why=("market item: index part",))
RECAP = msgspec.structs.replace(RESULTS, role="recap", why=("title subject", "reports the move"))


def text(lines: tuple[Runs, ...]) -> list[str]:
    return [plain(line) for line in lines]


def test_title_role_and_reasons() -> None:
    assert text(candidate_lines(RESULTS, JD, 90)) == [
        "▪ JD.com reports fourth-quarter results",
        "  possible cause  JD.com, 5 Mar  title subject, results, hour not known",
    ]
    assert text(candidate_lines(RESULTS, JD, 90, "zh")) == [
        "▪ 京東公布第四季業績",
        "  可能原因  JD.com，3月5日  標題主角，業績，時間不詳",
    ]


def test_reasons_have_their_own_lines_where_one_is_too_short() -> None:
    assert text(candidate_lines(RESULTS, JD, 34)) == [
        "▪ JD.com reports fourth-quarter..",
        "  possible cause  JD.com, 5 Mar",
        "  title subject, results, hour not",
        "  known",
    ]


def test_one_line_keeps_the_title() -> None:
    assert plain(candidate_line(RESULTS, JD, 90)) == (
        "▪ JD.com reports fourth-quarter results  possible cause, JD.com, 5 Mar"
    )
    assert plain(candidate_line(RESULTS, JD, 60)) == "▪ JD.com reports fourth-quarter results  possible cause"
    assert plain(candidate_line(RESULTS, JD, 40)) == "▪ JD.com reports fourth-quarter results"


@pytest.mark.parametrize(("role", "tone"), [("cause", "event"), ("evidence", "text"), ("recap", "recap")])
def test_roles_have_their_tones(role: Role, tone: str) -> None:
    title, *_ = candidate_lines(msgspec.structs.replace(RESULTS, role=role), JD, 90)
    assert title[0][1] == tone


def test_only_news_of_the_company_has_the_solid_mark() -> None:
    signs = glyphs("ascii")
    marks = [plain(candidate_line(c, JD, 60, glyphs=signs))[0] for c in (RESULTS, MARKET, RECAP)]
    assert marks == ["*", "o", "o"]


def test_every_reason_of_the_ranking_has_chinese_words() -> None:
    known = [*KIND_WORDS.values(), *LEG_WORDS.values(), "one of 5 stocks named", "named beside 2 other stocks",
             "known since 2026-03-04", "3 sources", "over lunch, after the move", "hour not known", "reports the move",
             "title subject", "named beside another stock", "market item: index part", "sector item: sector part",
             "peer's news: sector part", "good news", "bad news", "bad news, against the move"]  # fmt: skip
    for why in known:
        words = why_words(why, "zh")
        assert any(ord(character) > 0x3000 for character in words), why
        assert not any("a" <= character <= "z" for character in words), why
    assert why_words("over lunch, after the move", "zh") == "午休，在升跌之後"
    assert why_words("bad news, against the move", "zh") == "壞消息，與升跌方向相反"
    assert why_words("a reason of a newer feed", "zh") == "a reason of a newer feed"
    assert set(KIND_WORDS) | {EventKind.OTHER} == set(EventKind)


def test_what_was_not_found_is_said() -> None:
    nothing = msgspec.structs.replace(JD, candidates=(), news_coverage=NewsCoverage.NONE)
    assert coverage_words(nothing) == "No news found: every source was asked."
    unasked = msgspec.structs.replace(nothing, news_coverage=NewsCoverage.NOT_FETCHED)
    assert coverage_words(unasked, "zh") == "未查詢此日的消息。"
    ordinary = msgspec.structs.replace(ALIBABA, candidates=(MARKET,))
    assert coverage_words(ordinary).startswith("None is offered as a cause")
    assert coverage_words(JD) == ""


def test_a_candidate_becomes_an_event_again() -> None:
    event = event_of(RESULTS, Symbol("9618.HK"))
    assert (to_iso(event.start), to_iso(event.end)) == (RESULTS.start, RESULTS.end)
    assert (event.id, event.title, event.symbols) == ("jd-results", RESULTS.title, ("9618.HK",))


HOSTILE = st.text(st.sampled_from("ab 京東[/]\x1b\x07\u202e\t\n,"), max_size=80)


@given(title=HOSTILE, source=HOSTILE, why=st.lists(HOSTILE, max_size=3), width=st.integers(0, 100), zh=st.booleans())
def test_hostile_texts_keep_to_the_width(title: str, source: str, why: list[str], width: int, zh: bool) -> None:
    candidate: Candidate = msgspec.structs.replace(RESULTS, title=title, title_zh="", source=source, why=tuple(why))
    language: Language = "zh" if zh else "en"
    lines = (*candidate_lines(candidate, JD, width, language), candidate_line(candidate, JD, width, language))
    for line in lines:
        assert cells(plain(line)) <= width
        assert plain(line).isprintable()
