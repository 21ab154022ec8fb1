"""A stock's days as one picture: the own part accumulated, the price, or the stacked parts of each day."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import accumulate
from math import isfinite
from typing import Final, Literal

from tui.domain.attribution import Attribution
from tui.render.bar_chart import bar_chart
from tui.render.bars import legend, parts_of_day
from tui.render.chart import Pin, level_text, line_chart, tick_text
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import pp, price_text
from tui.render.tone import Runs, plain
from tui.render.width import cells
from tui.render.words import is_own

ChartKind = Literal["own", "price", "parts"]
CHARTS: Final[tuple[ChartKind, ...]] = ("own", "price", "parts")

_TITLES: Final[dict[ChartKind, Words]] = {
    "own": Words("own part, accumulated", "個別部分累計"),
    "price": Words("price", "股價"),
    "parts": Words("parts per day", "每日各部分"),
}
_PINS: Final = Words("{} news  {}{} own move without news  {} note", "{} 消息  {}{} 個別發展未見消息  {} 筆記")
_SESSIONS: Final = Words("{} sessions", "{} 個交易日")


def with_newest(days: tuple[Attribution, ...], newest: Attribution | None) -> tuple[Attribution, ...]:
    """The days, newest first, with the row's own newest day in its place: it moves while the history stands."""
    if newest is None:
        return days
    older = tuple(day for day in days if day.date < newest.date)
    return days if days and newest.date < days[0].date else (newest, *older)


def accumulated(days: Sequence[Attribution]) -> list[float | None]:
    """The own part summed from the oldest day on, percentage points, oldest first; a day without one is a gap.

    `days` come newest first.
    """
    parts = [_known(day.own_pp) for day in reversed(days)]
    sums = accumulate(part or 0.0 for part in parts)
    return [None if part is None else total for part, total in zip(parts, sums, strict=True)]


def closes(days: Sequence[Attribution]) -> list[float | None]:
    """The closes, oldest first."""
    return [_known(day.close) for day in reversed(days)]


def _known(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def pins(days: Sequence[Attribution], noted: Collection[date] = (), glyphs: Glyphs = BRAILLE) -> list[Pin]:
    """What is marked on the line: news of the company, own moves for which none was found, and notes.

    News of a day on which nothing was unusual is left out where there is so much of it that the marks would hide
    the line. The more telling mark stands on top.
    """
    with_news = [_has_news(day) for day in days]
    crowded = sum(with_news) > max(len(days) // 8, 3)
    quiet: list[Pin] = []
    telling: list[Pin] = []
    for at, (day, news) in enumerate(zip(days, with_news, strict=True)):
        index = len(days) - 1 - at
        own = is_own(day.verdict)
        if own and not news:
            up = (day.own_pp or 0.0) > 0
            telling.append(Pin(index, glyphs.rise if up else glyphs.fall, "rise" if up else "fall"))
        elif news and (own or not crowded):
            (telling if own else quiet).append(Pin(index, glyphs.event, "own" if own else "event"))
        if day.date in noted:
            quiet.append(Pin(index, glyphs.note, "note"))
    return quiet + telling


def _has_news(day: Attribution) -> bool:
    return any(candidate.part == "own" and candidate.role != "recap" for candidate in day.candidates)


def chart_title(
    kind: ChartKind,
    days: Sequence[Attribution],
    selected: int,
    width: int,
    language: Language = "en",
    glyphs: Glyphs = BRAILLE,
) -> str:
    """What the chart shows and its value on the selected day (counted from the newest), dropped whole by width."""
    words = _TITLES[kind].say(language)
    told: list[str] = []
    if kind == "parts":
        told.append(plain(legend(language, glyphs)))
    else:
        values = accumulated(days) if kind == "own" else closes(days)
        value = values[len(days) - 1 - selected] if 0 <= selected < len(days) else None
        if value is not None:
            told.append(pp(value, glyphs.minus) if kind == "own" else price_text(value))
        told.append(_SESSIONS.say(language).format(len(days)))
    for text in told:
        if cells(words) + 2 + cells(text) <= width:
            words += "  " + text
    return words


def pin_words(width: int, language: Language = "en", glyphs: Glyphs = BRAILLE) -> str:
    """What the marks on the line stand for; "" where there is no room."""
    words = _PINS.say(language).format(glyphs.event, glyphs.rise, glyphs.fall, glyphs.note)
    return words if cells(words) <= width else ""


def chart_lines(
    kind: ChartKind,
    days: Sequence[Attribution],
    width: int,
    height: int,
    *,
    selected: int = 0,
    noted: Collection[date] = (),
    language: Language = "en",
    glyphs: Glyphs = BRAILLE,
) -> tuple[Runs, ...]:
    """One of the pictures in exactly `height` lines; `days` and `selected` are counted from the newest."""
    dates = [day.date for day in reversed(days)]
    guide = len(days) - 1 - selected if 0 <= selected < len(days) else None
    if kind == "parts":
        stacks = [parts_of_day(day) for day in reversed(days)]
        return bar_chart(stacks, dates, width, height, selected=guide, language=language, glyphs=glyphs)
    own = kind == "own"
    return line_chart(
        accumulated(days) if own else closes(days),
        dates,
        width,
        height,
        tone="led",
        pins=pins(days, noted, glyphs),
        selected=guide,
        zero=own,
        label=tick_text if own else level_text,
        glyphs=glyphs,
        language=language,
    )
