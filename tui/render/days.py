"""Every day of a stock as a row: date, move, its three parts, how rare the own part is, the verdict, a headline.

Columns are dropped whole where the width ends, the least telling first; no number ever loses a digit.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from tui.domain.attribution import Attribution, Flag
from tui.domain.event import NewsCoverage
from tui.render.bars import Axis, Scale, axis_of, legend, parts_of_day, stacked_bar
from tui.render.candidates import candidate_mark, candidate_tone, title_of
from tui.render.day_verdict import day_short
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import rarity_text, signed_cell
from tui.render.tone import Run, Runs, Tone, direction
from tui.render.width import cells, pad
from tui.render.words import COVERAGE, RARITY_HEAD, day_words, flag_words, is_own, part_words, verdict_tone

ColumnName = Literal["date", "move", "index", "sector", "own", "rarity", "verdict", "bar", "headline"]

# As they stand from left to right.
_ORDER: Final[tuple[ColumnName, ...]] = (
    "date",
    "move",
    "index",
    "sector",
    "own",
    "rarity",
    "verdict",
    "bar",
    "headline",
)
# As they are given room: what comes last is dropped first, and what is narrower may still take its place.
_TELLING: Final[tuple[ColumnName, ...]] = (
    "move",
    "date",
    "own",
    "verdict",
    "rarity",
    "index",
    "sector",
    "headline",
    "bar",
)
_NUMBER, _RARITY, _VERDICT = 7, 6, 10
_HEADLINE, _BAR, _LONGEST_BAR = 24, 15, 27
_FULL_DATE: Final[dict[Language, int]] = {"en": 11, "zh": 14}
_SHORT_DATE: Final[dict[Language, int]] = {"en": 9, "zh": 8}
_ROOM_FOR_FULL_DATE = 50
# The widest day in words, without and with its year.
_DAY_WORDS: Final[dict[Language, tuple[int, int]]] = {"en": (10, 15), "zh": (13, 19)}

_HEADS: Final[dict[ColumnName, Words]] = {
    "date": Words("date", "日期"),
    "rarity": RARITY_HEAD,
    "verdict": Words("verdict", "判斷"),
    "headline": Words("headline", "消息"),
}
# These hold for a stock or for weeks: said once below the table, not in every row.
STANDING: Final = frozenset({Flag.INDEX_CONTAINS_STOCK, Flag.SHORT_WINDOW, Flag.SECTOR_PROXY})
# After these a number may be wrong; the others only say what kind of day it was.
_DOUBTS: Final = frozenset({Flag.SUSPECT_PRICE, Flag.STALE_INDEX, Flag.HALT, Flag.MISSING_BAR})


class Layout(msgspec.Struct, frozen=True):
    """The columns that fit a width, how dates are written and where the zero line of the bars stands."""

    columns: tuple[tuple[ColumnName, int], ...]
    year: int
    full_date: bool
    axis: Axis | None
    language: Language
    glyphs: Glyphs

    @property
    def names(self) -> tuple[ColumnName, ...]:
        return tuple(name for name, _ in self.columns)


def layout_for(width: int, newest: date, scale: Scale, language: Language = "en", glyphs: Glyphs = BRAILLE) -> Layout:
    """The columns for `width` cells. `newest` is the table's first day: its year is left unsaid."""
    full_date = width >= _ROOM_FOR_FULL_DATE
    least: dict[ColumnName, int] = dict.fromkeys(("move", "index", "sector", "own"), _NUMBER)
    least |= {
        "date": (_FULL_DATE if full_date else _SHORT_DATE)[language],
        "rarity": _RARITY,
        "verdict": _VERDICT,
        "headline": _HEADLINE,
        "bar": _BAR,
    }
    given: dict[ColumnName, int] = {}
    room = width
    for name in _TELLING:
        if least[name] + bool(given) > room:
            continue
        room -= least[name] + bool(given)
        given[name] = least[name]
    if "bar" in given:
        longer = min(room // 2, _LONGEST_BAR - _BAR)
        given["bar"] += longer
        room -= longer
    if "headline" in given:
        given["headline"] += room
    columns = tuple((name, given[name]) for name in _ORDER if name in given)
    axis = axis_of(scale, given["bar"], glyphs.name) if "bar" in given else None
    return Layout(columns, newest.year, full_date, axis, language, glyphs)


def head_runs(layout: Layout) -> Runs:
    """The line above the rows."""
    runs: list[Run] = []
    for name, width in layout.columns:
        if runs:
            runs.append((" ", "header"))
        if name == "bar":
            runs += _legend(width, layout)
        else:
            words = _HEADS[name].say(layout.language) if name in _HEADS else part_words(name, layout.language)
            runs.append((pad(words, width, "left" if name in ("verdict", "headline") else "right"), "header"))
    return tuple(runs)


def _legend(width: int, layout: Layout) -> Runs:
    for doubled in (True, False):
        runs = legend(layout.language, layout.glyphs, doubled=doubled)
        size = sum(cells(text) for text, _ in runs)
        if size <= width:
            return (*runs, (" " * (width - size), "header"))
    return ((" " * width, "header"),)


def day_runs(day: Attribution, layout: Layout) -> Runs:
    """One day in the layout's columns."""
    runs: list[Run] = []
    for name, width in layout.columns:
        if runs:
            runs.append((" ", "text"))
        runs += _cell(name, day, width, layout)
    return tuple(runs)


def _cell(name: ColumnName, day: Attribution, width: int, layout: Layout) -> Runs:
    minus = layout.glyphs.minus
    speaks = is_own(day.verdict)
    match name:
        case "date":
            return ((pad(date_words(day.date, layout), width, "right"), "strong" if speaks else "text"),)
        case "move":
            return ((signed_cell(day.return_pct, width, minus), direction(day.return_pct)),)
        case "index":
            return ((signed_cell(day.market_pp, width, minus), "muted"),)
        case "sector":
            # A split without a sector factor has no sector part; a nought would claim one.
            value = day.sector_pp if len(day.factors) > 1 else None
            return ((signed_cell(value, width, minus), "muted"),)
        case "own":
            return ((signed_cell(day.own_pp, width, minus), verdict_tone(day.verdict) if speaks else "text"),)
        case "rarity":
            return ((rarity_text(day.rarity).rjust(width), verdict_tone(day.verdict) if speaks else "muted"),)
        case "verdict":
            return ((pad(day_short(day, layout.language), width), verdict_tone(day.verdict)),)
        case "bar":
            return stacked_bar(parts_of_day(day), layout.axis, layout.glyphs) if layout.axis else ()
        case "headline":
            return headline_runs(day, width, layout.language, layout.glyphs)


def date_words(day: date, layout: Layout) -> str:
    """A date as the table writes it; a day of another year than the newest always says its year."""
    zh = layout.language == "zh"
    same_year = day.year == layout.year
    if layout.full_date and same_year:
        return day_words(day, layout.language)
    if zh:
        without_weekday = f"{day.month}月{day.day}日"
        if same_year:
            return without_weekday
        return f"{day.year}年{without_weekday}" if layout.full_date else f"{day:%y/%m/%d}"
    without_weekday = day_words(day).partition(" ")[2]
    if same_year:
        return without_weekday
    return f"{without_weekday} {day.year if layout.full_date else format(day, '%y')}"


def flag_tone(flag: Flag) -> Tone:
    """Where a number may be wrong the flag warns."""
    return "warn" if flag in _DOUBTS else "muted"


def headline_runs(day: Attribution, width: int, language: Language = "en", glyphs: Glyphs = BRAILLE) -> Runs:
    """What stands beside a day: its flags, then the first candidate, or for an own move that none was found."""
    runs: list[Run] = []
    room = width
    for flag in day.flags:
        # Going against the index is telling only where the own part is no noise.
        if flag in STANDING or (flag is Flag.AGAINST_THE_TAPE and not is_own(day.verdict)):
            continue
        text = flag_words(flag, language) + "  "
        if cells(text) > room - 6:
            break
        runs.append((text, flag_tone(flag)))
        room -= cells(text)
    text, tone = _best(day, language, glyphs)
    runs.append((pad(text, room), tone))
    return tuple(runs)


def _best(day: Attribution, language: Language, glyphs: Glyphs) -> Run:
    """The likeliest headline. Beside an own move only news of the company counts, or what is known of its absence."""
    shown = day.headlines
    if is_own(day.verdict) and day.news_coverage in COVERAGE:
        shown = tuple(candidate for candidate in shown if candidate.part == "own" and candidate.role != "recap")
        if not shown:
            tone: Tone = "own" if day.news_coverage is NewsCoverage.NONE else "muted"
            return COVERAGE[day.news_coverage].say(language), tone
    if not shown:
        return "", "text"
    return f"{candidate_mark(shown[0], glyphs)} {title_of(shown[0], language)}", candidate_tone(shown[0])


def day_cell(day: date, language: Language = "en", *, year: bool = False) -> str:
    """The day in words, in as many cells as the widest day of the language needs."""
    return pad(day_words(day, language, year=year), _DAY_WORDS[language][year])
