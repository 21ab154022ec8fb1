"""The headlines beside a day: what role each may play, why it stands where it stands, and what was not found."""

import re
from datetime import datetime
from typing import Final

from tui.domain.attribution import Attribution, Candidate
from tui.domain.event import Event, NewsCoverage
from tui.domain.symbol import Symbol
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.timeline import when_words
from tui.render.tone import Run, Runs, Tone
from tui.render.width import cells, cut, printable, wrap
from tui.render.words import role_words

RARE: Final = 0.05  # below it an own move is no chance size, and a headline may be offered as its cause

_COVERAGE: Final[dict[NewsCoverage, Words]] = {
    NewsCoverage.NONE: Words("No news found: every source was asked.", "未見消息：已查詢所有來源。"),
    NewsCoverage.NOT_FETCHED: Words("News was not fetched for this day.", "未查詢此日的消息。"),
}
_NO_CAUSE: Final = Words(
    "None is offered as a cause: an own part of this size is nothing unusual.",
    "個別部分並不罕見，故不視任何消息為原因。",
)
_WHY: Final[dict[str, str]] = {
    "title subject": "標題主角",
    "named beside another stock": "與另一隻股票並提",
    "market item: index part": "大市消息，只關乎大市部分",
    "sector item: sector part": "板塊消息，只關乎板塊部分",
    "peer's news: sector part": "同業消息，只關乎板塊部分",
    "reports the move": "報道升跌本身",
    "hour not known": "時間不詳",
    "before the open": "開市前",
    "in the morning": "早市",
    "over lunch": "午休",
    "in the afternoon": "午市",
    "in the closing auction": "收市競價時段",
    "results": "業績",
    "guidance": "盈利預測",
    "buyback": "回購",
    "deal": "交易",
    "management": "管理層",
    "regulation": "監管",
    "product": "產品",
    "rating": "評級",
    "capital": "資本",
    "ex-date, already in the return": "除淨，已計入回報",
    "routine filing": "例行公告",
    "macro": "宏觀",
    "good news": "好消息",
    "bad news": "壞消息",
}
_WHY_FORMS: Final[tuple[tuple[str, str], ...]] = (
    (r"one of (\d+) stocks named", r"提及\1隻股票之一"),
    (r"named beside (\d+) other stocks", r"與另外\1隻股票並提"),
    (r"known since (\S+)", r"\1 已知"),
    (r"(\d+) sources", r"\1個來源"),
    (r"(.+), after the move", r"\1，在升跌之後"),
    (r"(.+), against the move", r"\1，與升跌方向相反"),
)


def title_of(candidate: Candidate, language: Language) -> str:
    """The Chinese title for Chinese readers where there is one."""
    return (candidate.title_zh or candidate.title) if language == "zh" else candidate.title


def candidate_mark(candidate: Candidate, glyphs: Glyphs) -> str:
    """The solid mark for what can speak of the own part, the open one for recaps and for the other parts."""
    return glyphs.event if candidate.part == "own" and candidate.role != "recap" else glyphs.recap


def candidate_tone(candidate: Candidate) -> Tone:
    """A cause stands out, evidence is plain, a recap is dim."""
    if candidate.role == "recap":
        return "recap"
    return "event" if candidate.role == "cause" else "text" if candidate.part == "own" else "muted"


def why_words(why: str, language: Language = "en") -> str:
    """A reason of the ranking; one that is not known here stays as it came."""
    if language == "en":
        return why
    if why in _WHY:
        return _WHY[why]
    for form, words in _WHY_FORMS:
        if match := re.fullmatch(form, why):
            first = _WHY.get(match[1], match[1])
            return words.replace(r"\1", first)
    return why


def candidate_when(candidate: Candidate, day: Attribution, language: Language) -> str:
    """When it came, as well as that is known."""
    start, end = _interval(candidate)
    return when_words(start, end, candidate.precision, day.date, language)


def candidate_lines(
    candidate: Candidate, day: Attribution, width: int, language: Language = "en", glyphs: Glyphs = BRAILLE
) -> tuple[Runs, ...]:
    """The title; its role, where and when it was told; the reasons, in the same line where they fit."""
    tone = candidate_tone(candidate)
    title = cut(f"{candidate_mark(candidate, glyphs)} {title_of(candidate, language)}", width)
    role = "  " + role_words(candidate.role, language)
    comma = "，" if language == "zh" else ", "
    where = f"  {cut(candidate.source, 20)}{comma}{candidate_when(candidate, day, language)}"
    reasons = printable(comma.join(why_words(why, language) for why in candidate.why))
    told: list[Run] = [(cut(role, width), "own" if candidate.role == "cause" else "muted")]
    room = width - cells(role)
    if cells(where) <= room:
        told.append((where, "recap" if candidate.role == "recap" else "text"))
        room -= cells(where)
    lines: list[Runs] = [((title, tone),)]
    if reasons and cells(reasons) + 2 <= room:
        told.append(("  " + reasons, "muted"))
        return (*lines, tuple(told))
    rest = wrap(reasons, width - 2) if reasons and width > 4 else []
    return (*lines, tuple(told), *((("  " + line, "muted"),) for line in rest))


def candidate_line(
    candidate: Candidate, day: Attribution, width: int, language: Language = "en", glyphs: Glyphs = BRAILLE
) -> Runs:
    """One line: the title, and its role, source and time where there is room."""
    title = cut(f"{candidate_mark(candidate, glyphs)} {title_of(candidate, language)}", width)
    runs: list[Run] = [(title, candidate_tone(candidate))]
    comma = "，" if language == "zh" else ", "
    tails = (
        comma.join(
            (role_words(candidate.role, language), cut(candidate.source, 20), candidate_when(candidate, day, language))
        ),
        role_words(candidate.role, language),
    )
    room = width - cells(title) - 2
    for tail in tails:
        if cells(tail) <= room:
            runs.append(("  " + tail, "muted"))
            break
    return tuple(runs)


def coverage_words(day: Attribution, language: Language = "en") -> str:
    """What is to be said of the day's news besides the candidates; "" where they say it all."""
    if day.news_coverage in _COVERAGE:
        return _COVERAGE[day.news_coverage].say(language)
    if day.candidates and (day.rarity is None or day.rarity >= RARE):
        return _NO_CAUSE.say(language)
    return ""


def event_of(candidate: Candidate, symbol: Symbol) -> Event:
    """A candidate as the event it came from, as far as it is known without it."""
    start, end = _interval(candidate)
    return Event(
        id=candidate.event_id,
        start=start,
        end=end,
        precision=candidate.precision,
        title=candidate.title,
        source=candidate.source,
        title_zh=candidate.title_zh,
        url=candidate.url,
        symbols=(symbol,),
    )


def _interval(candidate: Candidate) -> tuple[int, int]:
    """Its two ends in epoch milliseconds."""
    start, end = (datetime.fromisoformat(text) for text in (candidate.start, candidate.end))
    return round(start.timestamp() * 1000), round(end.timestamp() * 1000)
