"""The words of both languages: complete, short enough for rows, and true."""

from datetime import date, timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD
from tui.domain.attribution import Attribution, Flag, LegName, Role, Verdict, Window
from tui.domain.event import NewsCoverage, Scope
from tui.domain.market import Quality
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.trading_day import Phase
from tui.render import words
from tui.render.day_verdict import day_short, verdict_with_news
from tui.render.days import day_cell
from tui.render.language import Language
from tui.render.tone import TONES
from tui.render.width import cells

LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_words(language: Language) -> None:
    said = [
        *(words.verdict_words(verdict, language) for verdict in Verdict),
        *(words.flag_words(flag, language) for flag in Flag),
        *(words.flag_sentence(flag, language) for flag in Flag),
        *(words.phase_words(phase, language) for phase in Phase),
        *(words.quality_words(quality, language) for quality in Quality),
        *(words.state_words(state, language) for state in SourceState),
        *(words.leg_words(leg, language) for leg in get_args(LegName)),
        *(words.role_words(role, language) for role in get_args(Role)),
        *(words.scope_words(scope, language) for scope in Scope),
        *(words.part_words(part, language) for part in ("move", "index", "sector", "own")),
    ]
    assert all(said)
    assert all(text.isascii() for text in said) or language == "zh"


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_verdicts_leave_room_for_the_own_part(language: Language) -> None:
    for verdict in Verdict:
        # "−20.81" and a blank go beside an own verdict in the eleven cells of the column.
        if verdict is not Verdict.INSUFFICIENT:
            assert cells(words.verdict_short(verdict, language)) <= (4 if words.is_own(verdict) else 11), verdict


@pytest.mark.parametrize(
    ("used", "return_pct", "flags", "en", "zh"),
    [
        (59, 1.0, (), "few days", "數據不足"),
        (250, None, (), "no price", "欠缺股價"),
        (250, 1.0, (Flag.STALE_INDEX,), "no index", "欠缺指數"),
        (250, 60.0, (Flag.SUSPECT_PRICE,), "suspect", "價格存疑"),
    ],
)
def test_a_row_says_what_a_split_lacks(
    used: int, return_pct: float | None, flags: tuple[Flag, ...], en: str, zh: str
) -> None:
    window = Window(250, None, None, used)
    day = Attribution(
        Symbol("0700.HK"), date(2026, 3, 6), Verdict.INSUFFICIENT, window, return_pct=return_pct, flags=flags
    )
    assert (day_short(day), day_short(day, "zh")) == (en, zh)
    assert cells(en) <= 11
    assert cells(zh) <= 11


def test_every_verdict_has_a_tone_of_the_themes() -> None:
    assert {words.verdict_tone(verdict) for verdict in Verdict} <= set(TONES)


@pytest.mark.parametrize(
    ("coverage", "en", "zh"),
    [
        (NewsCoverage.NONE, "own, no news found", "個別發展，未見消息"),
        (NewsCoverage.NOT_FETCHED, "own, news not fetched", "個別發展，未查詢消息"),
        (NewsCoverage.FOUND, "own move", "個別發展"),
    ],
)
def test_an_own_move_says_what_is_known_of_its_news(coverage: NewsCoverage, en: str, zh: str) -> None:
    day = msgspec.structs.replace(JD, news_coverage=coverage)
    assert verdict_with_news(day) == en
    assert verdict_with_news(day, "zh") == zh


def test_other_verdicts_say_nothing_of_news() -> None:
    day = msgspec.structs.replace(ALIBABA, news_coverage=NewsCoverage.NONE)
    assert verdict_with_news(day) == "index-led"
    assert verdict_with_news(day, "zh") == "跟大市"


@pytest.mark.parametrize(
    ("rarity", "used", "en", "zh"),
    [
        (1 / 251, 250, "the largest in a year", "一年來最大"),
        (1 / 91, 90, "the largest in 90 sessions", "90個交易日來最大"),
        (4 / 251, 250, "about 1 day in 62", "約62日一次"),
        (0.5, 250, "about 1 day in 2", "約2日一次"),
        (0.916, 250, "a size that own moves reach nine days in ten", "個別升跌十日有九日達到的幅度"),
        (0.61, 250, "a size that own moves reach six days in ten", "個別升跌十日有六日達到的幅度"),
        (0.996, 250, "a size that own moves reach nearly every day", "個別升跌幾乎每日都有這個幅度"),
        (None, 250, "", ""),
    ],
)
def test_rarity_in_words(rarity: float | None, used: int, en: str, zh: str) -> None:
    assert words.rarity_words(rarity, used) == en
    assert words.rarity_words(rarity, used, "zh") == zh


@given(st.integers(60, 250), st.data())
def test_every_rarity_has_words(used: int, data: st.DataObject) -> None:
    rank = data.draw(st.integers(1, used + 1))
    assert words.rarity_words(rank / (used + 1), used)


def test_days() -> None:
    day = date(2026, 3, 6)
    assert words.day_words(day) == "Fri 6 Mar"
    assert words.day_words(day, year=True) == "Fri 6 Mar 2026"
    assert words.day_words(day, "zh") == "3月6日 週五"
    assert words.day_words(day, "zh", year=True) == "2026年3月6日 週五"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("year", [False, True])
def test_no_day_is_too_wide_for_its_column(language: Language, year: bool) -> None:
    widths = {cells(day_cell(date(2026, 1, 1) + timedelta(days=n), language, year=year)) for n in range(365)}
    days = [words.day_words(date(2026, 1, 1) + timedelta(days=n), language, year=year) for n in range(365)]
    assert widths == {max(map(cells, days))}
