"""One row of the list: the cells of its columns, as texts with tones. Pure: equal arguments give equal cells."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.domain.attribution import Attribution, Flag
from tui.domain.event import NewsCoverage
from tui.domain.row import Row
from tui.domain.symbol import short_code
from tui.render.columns import Column, gap_before
from tui.render.day_verdict import day_short
from tui.render.freshness import FRESH, STALE_AFTER_S, Freshness, age_words, freshness
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import amount_cell, price_cell, rarity_cell, signed_cell, times_cell
from tui.render.reasons import is_in_doubt, row_words, row_words_short
from tui.render.spark import own_spark, price_spark
from tui.render.tone import Run, Runs, direction
from tui.render.width import cells, pad
from tui.render.words import NO_PRICE, is_own, verdict_tone

SparkKind = Literal["price", "own"]


class View(msgspec.Struct, frozen=True):
    """What a row's look depends on besides the row.

    `now` is epoch milliseconds (cut it to the minute: nothing here is finer), `trading` whether prices can change,
    `stale_after_s` how long a price may go unconfirmed while they can.
    """

    now: int
    trading: bool
    language: Language = "en"
    glyphs: Glyphs = BRAILLE
    spark: SparkKind = "price"
    stale_after_s: int = STALE_AFTER_S


NO_NEWS = Words("no news", "未見消息")
WAITING = Words("...", "...")
# What a row says of a day beside which nothing else stands, the most telling first, in at most eight cells.
_ODD: dict[Flag, Words] = {
    Flag.HALT: Words("halted", "停牌"),
    Flag.MISSING_BAR: NO_PRICE,
    Flag.SUSPECT_PRICE: Words("suspect", "價格存疑"),
    Flag.SPLIT: Words("split", "拆合股"),
    Flag.EX_DIVIDEND: Words("ex-div", "除淨"),
    Flag.STALE_INDEX: Words("old HSI", "指數過時"),
    Flag.HALF_DAY: Words("half-day", "半日市"),
}


def row_cells(row: Row, columns: Sequence[Column], view: View, notes: int = 0) -> tuple[Runs, ...]:
    """The runs of each column, each exactly as many cells as its column is wide. `notes` are the trader's own."""
    quote = row.quote
    state = FRESH
    if quote is not None:
        state = freshness(quote, view.now, trading=view.trading, stale_after_s=view.stale_after_s)
    own_apart = any(column.id == "own" for column in columns)
    return tuple(_cell(column, row, view, state, notes, own_apart) for column in columns)


def row_runs(row: Row, columns: Sequence[Column], view: View, notes: int = 0) -> Runs:
    """The whole row, gaps included, in exactly `row_width(columns)` cells."""
    runs: list[Run] = []
    for index, cell in enumerate(row_cells(row, columns, view, notes)):
        if gap := gap_before(columns, index):
            runs.append((" " * gap, "text"))
        runs += cell
    return tuple(runs)


def move_of(row: Row) -> float | None:
    """The day's move in percent: the quote's, else that of the attributed day."""
    if row.quote is not None and row.quote.change_pct is not None:
        return row.quote.change_pct
    return None if row.day is None else row.day.return_pct


def _cell(column: Column, row: Row, view: View, state: Freshness, notes: int, own_apart: bool) -> Runs:
    width = column.width
    stale = state.trust == "stale"
    match column.id:
        case "code":
            return ((pad(short_code(row.symbol), width), "strong"),)
        case "price":
            price = row.quote.price if row.quote else row.day.close if row.day else None
            return ((price_cell(price, width), "stale" if stale else "text"),)
        case "change":
            return (_change(move_of(row), width, view.glyphs, stale),)
        case "verdict":
            return (_verdict(row, width, view, with_own=not own_apart),)
        case "own":
            return (_own(row.day, width, view.glyphs.minus),)
        case "rarity":
            return (_rarity(row.day, width),)
        case "volume":
            return ((times_cell(row.relative_volume, width), "text"),)
        case "turnover":
            turnover = None if row.quote is None else row.quote.turnover
            return ((amount_cell(turnover, width, view.language), "muted"),)
        case "age":
            return ((pad(age_words(state.age_min, view.language), width, "right"), "stale" if stale else "muted"),)
        case "spark":
            return _spark(row, width, view)
        case "name":
            return ((pad(_name(row, view.language), width), "text"),)
        case "events":
            return _events(row, width, view, notes)


def _change(move: float | None, width: int, glyphs: Glyphs, stale: bool) -> Run:
    tone = direction(move)
    sign = glyphs.rise if tone == "rise" else glyphs.fall if tone == "fall" else glyphs.flat
    text = f"{sign} {signed_cell(move, width - 2, glyphs.minus)}"
    return text, "stale" if stale else tone


def _verdict(row: Row, width: int, view: View, with_own: bool) -> Run:
    day = row.day
    if day is None:
        if odd := row_words_short(row, view.language) or row_words(row, view.language):
            return pad(odd, width), "warn"
        return pad("" if row.quote else WAITING.say(view.language), width), "muted"
    words = day_short(day, view.language)
    if with_own and is_own(day.verdict):
        room = width - cells(words) - 1
        number = signed_cell(day.own_pp, room, view.glyphs.minus).lstrip()
        words = f"{words} {number}"
    return pad(words, width), verdict_tone(day.verdict)


def _own(day: Attribution | None, width: int, minus: str) -> Run:
    if day is None or day.own_pp is None:
        return " " * width, "text"
    return signed_cell(day.own_pp, width, minus), verdict_tone(day.verdict) if is_own(day.verdict) else "quiet"


def _rarity(day: Attribution | None, width: int) -> Run:
    """Said only where the own part speaks: elsewhere its size is nothing unusual."""
    if day is None or not is_own(day.verdict):
        return " " * width, "text"
    return rarity_cell(day.rarity, width), verdict_tone(day.verdict)


def _spark(row: Row, width: int, view: View) -> Runs:
    if view.spark == "own":
        return own_spark(row.own_spark, width, view.glyphs)
    previous = row.quote.previous_close if row.quote else row.day.previous_close if row.day else None
    return price_spark(row.spark, previous, width, view.glyphs)


def _name(row: Row, language: Language) -> str:
    if language == "zh":
        return row.name_zh or row.name_en
    return row.name_en or row.name_zh


def _events(row: Row, width: int, view: View, notes: int) -> Runs:
    """A price in doubt; that an own move has no news; headlines, notes and recaps as marks with their numbers; else
    what is odd."""
    day, glyphs, language = row.day, view.glyphs, view.language
    news = recaps = 0
    for candidate in day.candidates if day else ():
        if candidate.role == "recap":
            recaps += 1
        elif candidate.part == "own":
            news += 1
    said: list[Run] = []
    odd = row_words_short(row, language) if day else ""
    if odd and is_in_doubt(row):
        said.append((odd, "warn"))
    if day and is_own(day.verdict) and day.news_coverage is NewsCoverage.NONE:
        said.append((NO_NEWS.say(language), "warn"))
    if news:
        said.append((f"{glyphs.event}{news}", "event"))
    if notes:
        said.append((f"{glyphs.note}{notes}", "note"))
    if recaps:
        said.append((f"{glyphs.recap}{recaps}", "recap"))
    if odd and not said:
        said.append((odd, "warn"))
    if not said and day:
        said.extend((words.say(language), "muted") for flag, words in _ODD.items() if flag in day.flags)
    runs: list[Run] = []
    room = width
    for text, tone in said:
        text = " " + text if runs else text
        if cells(text) <= room:
            runs.append((text, tone))
            room -= cells(text)
    return (*runs, (" " * room, "text")) if room else tuple(runs)
