"""One line of the timeline as runs: the heading of a day or of a part of it, an event, a note."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from tui.domain.attribution import Attribution
from tui.domain.event import Event, Note, Scope
from tui.domain.symbol import Symbol, short_code
from tui.render.glyphs import BRAILLE, GlyphName, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import percent, signed
from tui.render.timeline import TIME_WIDTH, Part, TimelineLine, time_words
from tui.render.tone import Run, Runs, Tone, direction
from tui.render.width import cells, cut
from tui.render.words import day_words, is_own, leg_words, part_words, verdict_tone

_AFTER = Words("after the close", "收市後")
_NOTE = Words("note", "筆記")
_RECAP = Words("recap", "事後報道")
_TITLE, _SOURCE = 44, 16

# The solid mark is the company's; a market item touches every stock of the list, a sector's item its peers.
_MARKS: Final[dict[GlyphName, dict[Scope, str]]] = {
    "braille": {Scope.MARKET: "◦", Scope.SECTOR: "▫", Scope.OTHER: "-"},
    "block": {Scope.MARKET: "○", Scope.SECTOR: "□", Scope.OTHER: "-"},
    "ascii": {Scope.MARKET: "o", Scope.SECTOR: "+", Scope.OTHER: "-"},
}
_TONES: Final[dict[Scope, Tone]] = {
    Scope.COMPANY: "event",
    Scope.SECTOR: "sector",
    Scope.MARKET: "market",
    Scope.OTHER: "muted",
}


def mark_of(event: Event, glyphs: Glyphs = BRAILLE) -> str:
    """The sign of an event's scope."""
    return glyphs.event if event.scope is Scope.COMPANY else _MARKS[glyphs.name][event.scope]


def line_runs(
    line: TimelineLine,
    width: int,
    time_width: int = TIME_WIDTH,
    language: Language = "en",
    glyphs: Glyphs = BRAILLE,
    *,
    days: Mapping[date, Attribution] | None = None,
    with_codes: bool = True,
    first: Symbol | None = None,
) -> Runs:
    """One line in at most `width` cells. `days` are what is known of the stock's moves, shown beside its days;
    `first` is the stock named before the others where an event has several."""
    match line.kind:
        case "day":
            return _day_runs(line, width, language, glyphs, (days or {}).get(line.day))
        case "part":
            words = _AFTER.say(language) if line.part == "after" else _part_words(line.part, language)
            return ((cut(" " * (time_width + 1) + words, width), "muted"),)
        case "note":
            return _note_runs(line.note, width, time_width, language, glyphs, with_codes) if line.note else ()
        case "event":
            if line.event is None:
                return ()
            return _event_runs(line.event, line.day, width, time_width, language, glyphs, with_codes, first)


def _part_words(part: Part, language: Language) -> str:
    return leg_words(part, language) if part in ("overnight", "morning", "lunch", "afternoon", "auction") else ""


def _day_runs(line: TimelineLine, width: int, language: Language, glyphs: Glyphs, day: Attribution | None) -> Runs:
    """The day, and what the stock did on it where that is known."""
    words = day_words(line.day, language)
    runs: list[Run] = [(cut(words, width), "strong")]
    if day is None or day.return_pct is None:
        return tuple(runs)
    told: list[Run] = [("  " + percent(day.return_pct, glyphs.minus), direction(day.return_pct))]
    if is_own(day.verdict):
        own = f"  {part_words('own', language)} {signed(day.own_pp, 2, glyphs.minus)}"
        told.append((own, verdict_tone(day.verdict)))
    room = width - cells(words)
    for text, tone in told:
        if cells(text) > room:
            break
        runs.append((text, tone))
        room -= cells(text)
    return tuple(runs)


def _event_runs(
    event: Event,
    day: date,
    width: int,
    time_width: int,
    language: Language,
    glyphs: Glyphs,
    with_codes: bool,
    first: Symbol | None,
) -> Runs:
    tone: Tone = "recap" if event.recap else _TONES[event.scope]
    text_tone: Tone = "recap" if event.recap else "text"
    runs: list[Run] = [
        (_time(time_words(event, day, language), time_width, glyphs), "muted"),
        (mark_of(event, glyphs) + " ", tone),
    ]
    if with_codes and event.symbols and event.scope is not Scope.MARKET:
        runs.append((_codes(event.symbols, first) + " ", "recap" if event.recap else "strong"))
    if event.recap:
        runs.append((_RECAP.say(language) + " ", "recap"))
    title = (event.title_zh or event.title) if language == "zh" else event.title
    return _ended(runs, title, text_tone, cut(event.source, _SOURCE), width)


def _time(words: str, width: int, glyphs: Glyphs) -> str:
    """The column of times, right-aligned."""
    words = words.replace("–", "-") if glyphs.name == "ascii" else words
    return " " * (width - cells(words)) + words + " "


def _codes(symbols: Sequence[Symbol], first: Symbol | None) -> str:
    """ "9988", "9988 1810", "9988 +4"."""
    ordered = sorted(symbols, key=lambda symbol: symbol != first) if first else list(symbols)
    if len(ordered) <= 2:
        return " ".join(short_code(symbol) for symbol in ordered)
    return f"{short_code(ordered[0])} +{len(ordered) - 1}"


def _note_runs(note: Note, width: int, time_width: int, language: Language, glyphs: Glyphs, with_codes: bool) -> Runs:
    runs: list[Run] = [
        (_time(_NOTE.say(language), time_width, glyphs), "muted"),
        (glyphs.note + " ", "note"),
    ]
    if with_codes:
        runs.append((short_code(note.symbol) + " ", "strong"))
    return _ended(runs, " ".join(note.text.split()), "note", "", width)


def _ended(runs: list[Run], title: str, tone: Tone, source: str, width: int) -> Runs:
    """The line with its title and, where room is left after a readable title, its source."""
    room = width - sum(cells(text) for text, _ in runs)
    if room < 1:
        return _within(runs, width)
    tail = "  " + source if source else ""
    if cells(title) + cells(tail) > room and (cells(title) <= room or room - cells(tail) < _TITLE):
        tail = ""
    runs.append((cut(title, room - cells(tail)), tone))
    if tail:
        runs.append((tail, "muted"))
    return tuple(runs)


def _within(runs: Sequence[Run], width: int) -> Runs:
    """The first runs that fit whole."""
    kept: list[Run] = []
    for text, tone in runs:
        if cells(text) > width:
            break
        kept.append((text, tone))
        width -= cells(text)
    return tuple(kept)
