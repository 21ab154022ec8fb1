"""The answer as text: what a reader must find in it, in both languages and at every width."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD, RESULTS
from tui.domain.attribution import Attribution, Flag, Verdict
from tui.domain.event import NewsCoverage
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol
from tui.render.explain import days_lines, explain_lines, own_sentence
from tui.render.glyphs import ASCII, BLOCK, BRAILLE, GlyphName, glyphs
from tui.render.language import Language
from tui.render.provenance import Provenance
from tui.render.tone import plain
from tui.render.width import cells

NAMES = {
    "9988.HK": Instrument(Symbol("9988.HK"), "Alibaba", "阿里巴巴"),
    "9618.HK": Instrument(Symbol("9618.HK"), "JD.com", "京東集團"),
}
SAMPLE = Provenance("sample", shown=1, shown_published=1, window=250, window_published=5)
FILE = Provenance("file", "closes.csv")


def lines(day: Attribution, width: int = 80, language: Language = "en", provenance: Provenance = FILE) -> list[str]:
    return [plain(line) for line in explain_lines(day, NAMES[day.symbol], provenance, width, language)]


def test_the_day_that_was_the_market() -> None:
    """Alibaba on 6 March 2026, at eighty columns."""
    told = lines(ALIBABA)
    assert told[0] == "9988  Alibaba  阿里巴巴  Fri 6 Mar 2026  130.70  ▴ +3.48%"
    assert [line.split()[:2] for line in told[2:6]] == [
        ["index", "+3.00"],
        ["sector", "+0.62"],
        ["own", "−0.13"],
        ["move", "+3.48"],
    ]
    assert told[7:10] == [
        "index-led",
        "own −0.13 pp, a size that own moves reach nine days in ten; anything from −3.6",
        "to +3.3 pp would fit.",
    ]
    assert "Closes from closes.csv, taken as adjusted." in told


def test_the_day_that_was_the_company() -> None:
    day = msgspec.structs.replace(JD, candidates=(RESULTS,), forecast_se_pp=1.3855, relative_volume=4.58)
    told = lines(day)
    assert "own move  volume 4.58x the usual" in told
    assert "own +6.85 pp, the largest in a year; anything from +4.1 to +9.6 pp would fit." in told
    at = told.index("▪ JD.com reports fourth-quarter results")
    assert told[at + 1].split("  ")[1:3] == ["possible cause", "JD.com, 5 Mar"]


def test_in_chinese() -> None:
    told = lines(msgspec.structs.replace(JD, news_coverage=NewsCoverage.NONE, candidates=()), language="zh")
    assert told[0] == "9618  京東集團  JD.com  2026年3月6日 週五  106.60  ▴ +9.95%"
    assert "個別發展，未見消息" in told
    assert any(line.startswith("個別 +6.85 百分點，一年來最大；") for line in told)
    assert told[-1] == "收市價來自 closes.csv，視為已調整。"


def test_an_own_move_without_news_says_so() -> None:
    told = lines(msgspec.structs.replace(JD, news_coverage=NewsCoverage.NONE, candidates=()))
    assert "own, no news found" in told
    assert "No news found: every source was asked." in told


def test_flags_are_sentences_and_the_fit_is_there() -> None:
    told = " ".join(lines(msgspec.structs.replace(ALIBABA, flags=(Flag.AGAINST_THE_TAPE, Flag.EX_DIVIDEND))))
    assert "Against the tape: the own part goes the other way than the index" in told
    assert "Ex-dividend: " in told
    assert "1.74 ± 0.08" in told
    assert "R² 0.69" in told


def test_too_little_history_says_how_much_there_is() -> None:
    window = msgspec.structs.replace(ALIBABA.window, used=40)
    day = Attribution(ALIBABA.symbol, ALIBABA.date, Verdict.INSUFFICIENT, window, close=130.7, return_pct=3.48)
    told = lines(day)
    assert "too little history" in told
    assert "40 usable sessions; a split needs 60." in told
    whole = msgspec.structs.replace(day, window=ALIBABA.window, close=None, return_pct=None)
    assert "a price that this day's move needs is missing, so there is no split." in lines(whole)


@pytest.mark.parametrize(
    ("return_pct", "flags", "short", "sentence"),
    [
        (None, (Flag.MISSING_BAR,), "no price that day", "a price that this day's move needs is missing"),
        (3.48, (Flag.STALE_INDEX,), "no index that day", "the index of this day is missing"),
        (348.0, (Flag.SUSPECT_PRICE,), "suspect price", "the price is in doubt"),
    ],
)
def test_a_day_without_a_split_does_not_speak_of_one(
    return_pct: float | None, flags: tuple[Flag, ...], short: str, sentence: str
) -> None:
    of_a_split = (Flag.SHORT_WINDOW, Flag.INDEX_CONTAINS_STOCK)
    day = Attribution(
        ALIBABA.symbol,
        ALIBABA.date,
        Verdict.INSUFFICIENT,
        ALIBABA.window,
        return_pct=return_pct,
        flags=flags + of_a_split,
    )
    told = lines(day)
    assert short in told
    assert f"{sentence}, so there is no split." in told
    for said in ("too little history", "Short history", "heavy part of the index", "only as good as"):
        assert said not in " ".join(told)


def test_what_is_simulated_is_never_passed_off_as_real() -> None:
    told = " ".join(lines(ALIBABA, provenance=SAMPLE))
    assert "SAMPLE: the closes of this move are published; of the window's 250 closes 5 are published" in told
    assert "nobody has issued it" in Provenance("sample", invented=True).of_answer()
    assert "are simulated" in Provenance("sample", shown=1, shown_published=0).of_answer()
    assert "of these 5 closes 4 are published" in Provenance("sample", shown=5, shown_published=4).of_answer()
    assert (
        Provenance("sample", shown=19, shown_published=19).of_table().startswith("SAMPLE: these closes are published")
    )
    partly = Provenance("sample", shown=19, shown_published=18)
    assert partly.of_table().startswith("SAMPLE: 18 of these 19 moves rest on published closes")
    assert "19 個升跌之中 18 個" in partly.of_table("zh")
    assert Provenance("sample", shown=19, shown_published=0).of_table() == "SAMPLE: simulated prices."
    live = Provenance("source", "yahoo", as_of=1_772_778_660_000)
    assert live.of_table() == live.of_answer() == "Prices from yahoo, as of 14:31 HKT."


def test_several_days_newest_first() -> None:
    earlier = msgspec.structs.replace(JD, date=ALIBABA.window.last, return_pct=-1.07)
    told = [plain(line) for line in days_lines((JD, earlier), NAMES["9618.HK"], FILE, 60)]
    assert told[0] == "9618  JD.com  京東集團"
    assert [line.split()[:4] for line in told[2:4]] == [
        ["Fri", "6", "Mar", "+9.95"],
        ["Thu", "5", "Mar", "−1.07"],
    ]


@pytest.mark.parametrize("name", get_args(GlyphName))
def test_ascii_stays_ascii(name: GlyphName) -> None:
    day = msgspec.structs.replace(ALIBABA, candidates=())
    told = "\n".join(plain(line) for line in explain_lines(day, Instrument(day.symbol), FILE, 80, "en", glyphs(name)))
    assert told.isascii() == (name == "ascii")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(20, 120),
    st.sampled_from(get_args(Language)),
    st.sampled_from([BRAILLE, BLOCK, ASCII]),
    st.sampled_from([ALIBABA, JD]),
    st.text(max_size=300),
    st.lists(st.sampled_from(Flag), unique=True),
)
def test_no_line_is_wider_than_the_page(
    width: int, language: Language, signs: object, day: Attribution, title: str, flags: list[Flag]
) -> None:
    assert isinstance(signs, type(BRAILLE))
    hostile = msgspec.structs.replace(RESULTS, title=title, title_zh=title, source=title)
    day = msgspec.structs.replace(day, candidates=(hostile,), flags=tuple(flags))
    named = Instrument(day.symbol, title, title)
    for line in (
        *explain_lines(day, named, SAMPLE, width, language, signs),
        *days_lines((day,), named, SAMPLE, width, language, signs),
    ):
        text = plain(line)
        assert cells(text) <= width
        assert text.isprintable() or not text


def test_the_range_is_that_of_the_forecast_error() -> None:
    assert own_sentence(ALIBABA).endswith("anything from −3.6 to +3.3 pp would fit")
    assert "would fit" not in own_sentence(msgspec.structs.replace(ALIBABA, forecast_se_pp=None))
