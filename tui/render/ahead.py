"""The calendar ahead as lines: tonight, tomorrow, this week, and what is known of each for the stocks of a list."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from tui.domain.ahead import Coming, When
from tui.domain.event import Event, EventKind
from tui.domain.symbol import Symbol, short_code
from tui.domain.trading_day import DayKind, TradingDay
from tui.render.language import Language, Words, say
from tui.render.tone import Run, Runs, Tone
from tui.render.width import cells, cut
from tui.render.words import day_words

_WHEN: Final[dict[When, Words]] = {
    When.TODAY: Words("today", "今日"),
    When.TONIGHT: Words("tonight", "今晚"),
    When.TOMORROW: Words("tomorrow", "明日"),
    When.THIS_WEEK: Words("this week", "本週"),
    When.LATER: Words("", ""),
}
_KINDS: Final[dict[EventKind, Words]] = {
    EventKind.RESULTS: Words("results", "業績"),
    EventKind.EX_DATE: Words("ex-date", "除淨"),
}
_CLOSED: Final = Words("the exchange is closed", "休市")
_HALF: Final = Words("half-day: the morning only", "半日市：只有早市")
_LEAST_TITLE = 12


class AheadLine(msgspec.Struct, frozen=True):
    """The heading of a day, or what it holds: a stock's event, or a day of the exchange's own."""

    day: date
    heading: str = ""
    event: Event | None = None
    symbol: Symbol | None = None
    trading_day: TradingDay | None = None


def ahead_lines(
    coming: Iterable[Coming], symbols: Iterable[Symbol], language: Language = "en"
) -> tuple[AheadLine, ...]:
    """A heading for each day and nearness, under it a line for what it holds. An event of several stocks of the list
    has a line for each."""
    listed = tuple(symbols)
    lines: list[AheadLine] = []
    before: tuple[date, When] | None = None
    for each in coming:
        if (each.day, each.when) != before:
            before = (each.day, each.when)
            near, day = say(_WHEN, each.when, language), day_words(each.day, language)
            lines.append(AheadLine(each.day, f"{near}  {day}" if near else day))
        if each.event is None:
            lines.append(AheadLine(each.day, trading_day=each.trading_day))
            continue
        named = [symbol for symbol in listed if symbol in each.event.symbols]
        lines += [AheadLine(each.day, event=each.event, symbol=symbol) for symbol in named]
    return tuple(lines)


def ahead_runs(line: AheadLine, width: int, language: Language = "en") -> Runs:
    """One line in at most `width` cells; the source goes before the title is cut."""
    if line.heading:
        return ((cut(line.heading, width), "strong"),)
    if line.event is None or line.symbol is None:
        return ((cut("  " + _day_of_exchange(line.trading_day, language), width), "market"),)
    event = line.event
    kind = _KINDS[event.kind].say(language) if event.kind in _KINDS else ""
    title = _beside_kind((event.title_zh or event.title) if language == "zh" else event.title, kind)
    runs: list[Run] = [(cut(f"  {short_code(line.symbol)}", width), "strong")]
    tone: Tone = "event" if event.kind is EventKind.RESULTS else "text"
    room = width - cells(runs[0][0])
    if kind and cells(kind) + 2 <= room:
        runs.append(("  " + kind, tone))
        room -= cells(kind) + 2
    if room >= _LEAST_TITLE:
        runs.append(("  " + cut(title, room - 2), "text"))
        room -= cells(runs[-1][0])
    if event.source and cells(event.source) + 2 <= room:
        runs.append(("  " + cut(event.source, room - 2), "muted"))
    return tuple(runs)


def _beside_kind(title: str, kind: str) -> str:
    """What a diary's title says beyond the kind: "Ex-date, moved from 2026-03-20: RIGHTS" is "moved from … RIGHTS"."""
    head, colon, rest = title.partition(": ") if ": " in title else title.partition("：")
    if not (kind and colon):
        return title
    _, comma, moved = head.partition("，" if "，" in head else ", ")
    return f"{moved}{colon}{rest}" if comma else rest


def _day_of_exchange(day: TradingDay | None, language: Language) -> str:
    if day is None:
        return ""
    words = (_HALF if day.kind is DayKind.HALF else _CLOSED).say(language)
    name = (day.name_zh or day.name) if language == "zh" else (day.name or day.name_zh)
    return f"{words}  {name}" if name else words
