"""The plain table of `whymove once`: no escapes, columns that never move, "-" for minus, so that scripts can read it.

Widths are counted in cells: Chinese names do not push the columns after them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from tui.domain.attribution import Attribution
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol, short_code
from tui.render.day_verdict import day_short, verdict_with_news
from tui.render.language import Language, Words
from tui.render.numbers import UNKNOWN, percent, price_cell, price_text, rarity_cell, rarity_text, signed_cell
from tui.render.width import Align, cells, cut, pad, wrap
from tui.render.words import RARITY_HEAD, day_words, verdict_words

ONE_IN: Final = 20
_MINUS: Final = "-"
_BANNER: Final = 100


class TableRow(msgspec.Struct, frozen=True):
    """A stock and its day; None where there is none."""

    instrument: Instrument
    day: Attribution | None


class IndexLine(msgspec.Struct, frozen=True):
    """An index' level and its day's return in percent, None where unknown."""

    symbol: Symbol
    close: float | None
    return_pct: float | None


class _Field(msgspec.Struct, frozen=True):
    """A column: `rank` says how telling it is; the highest goes first where the width is limited."""

    name: str
    title: Words
    width: int
    rank: int
    align: Align = "right"


_FIELDS: Final = (
    _Field("code", Words("code", "代號"), 6, 0, "left"),
    _Field("name", Words("name", "名稱"), 16, 4, "left"),
    _Field("price", Words("price", "收市"), 9, 1),
    _Field("move", Words("move %", "升跌%"), 7, 0),
    _Field("index", Words("index", "大市"), 6, 5),
    _Field("sector", Words("sector", "板塊"), 6, 6),
    _Field("own", Words("own", "個別"), 6, 3),
    _Field("rarity", RARITY_HEAD, 6, 4),
    _Field("verdict", Words("verdict", "判斷"), 10, 2, "left"),
)
_OWN_AT = Words("own at 1-in-20: {} of {}, usual {}", "二十分一罕見：{} / {}，平常 {}")


def by_rarity(rows: Sequence[TableRow]) -> list[TableRow]:
    """The rarest own move first, of equal ones the larger; what has no verdict last."""

    def key(row: TableRow) -> tuple[bool, float, float]:
        day = row.day
        if day is None or day.rarity is None:
            return True, 0.0, 0.0
        return False, day.rarity, -abs(day.own_pp or 0.0)

    return sorted(rows, key=key)


def own_count(days: Sequence[Attribution], language: Language = "en") -> str:
    """ "own at 1-in-20: 4 of 19, usual 1": how many own moves are that rare, and how many chance alone brings."""
    rated = [day.rarity for day in days if day.rarity is not None]
    rare = sum(rarity < 1 / ONE_IN for rarity in rated)
    return _OWN_AT.say(language).format(rare, len(rated), round(len(rated) / ONE_IN))


def table_lines(
    day: date,
    indices: Sequence[IndexLine],
    rows: Sequence[TableRow],
    *,
    banner: str = "",
    width: int | None = None,
    language: Language = "en",
) -> list[str]:
    """Date, indices, the count of own moves, a blank line, titles, one line a stock.

    `width` None is the whole table; else columns go whole until it fits, down to code and move.
    """
    head = day_words(day, language, year=True)
    lines = [head, *(wrap(banner, width or _BANNER) if banner else ())]
    lines += [
        f"{pad(short_code(index.symbol), 6)} {price_cell(index.close, 9)} {percent(index.return_pct, _MINUS):>8}"
        for index in indices
    ]
    lines.append(own_count([row.day for row in rows if row.day], language))
    fields = _fitting(width)
    lines += ["", _joined([pad(field.title.say(language), field.width, field.align) for field in fields])]
    lines += [_line(row, fields, language, width) for row in rows]
    return [line.rstrip() for line in lines]


def _fitting(width: int | None) -> tuple[_Field, ...]:
    fields = list(_FIELDS)
    while width is not None and len(fields) > 2 and sum(field.width + 1 for field in fields) - 1 > width:
        fields.remove(max(reversed(fields), key=lambda field: field.rank))
    return tuple(fields)


def _joined(texts: Sequence[str]) -> str:
    return " ".join(texts)


def _line(row: TableRow, fields: Sequence[_Field], language: Language, width: int | None) -> str:
    texts: list[str] = []
    for field in fields:
        text = _text(field.name, row, language)
        if field.name != "verdict":
            texts.append(pad(text, field.width, field.align))
        elif width is None:
            texts.append(text)
        else:
            room = width - cells(_joined(texts)) - 1
            if row.day and cells(text) > room:
                text = verdict_words(row.day.verdict, language) if row.day.factors else day_short(row.day, language)
            texts.append(cut(text, room))
    return _joined(texts)


def _text(name: str, row: TableRow, language: Language) -> str:
    day = row.day
    if name == "code":
        return short_code(row.instrument.symbol)
    if name == "name":
        first, second = row.instrument.name_en, row.instrument.name_zh
        return (second or first) if language == "zh" else (first or second)
    if day is None:
        return UNKNOWN
    if name == "price":
        return price_text(day.close)
    if name == "verdict":
        return verdict_with_news(day, language)
    if name == "rarity":
        return rarity_cell(day.rarity, 6) if rarity_text(day.rarity) else UNKNOWN
    value = {
        "move": day.return_pct,
        "index": day.market_pp,
        # A split without a sector factor has no sector part; a nought would claim one.
        "sector": day.sector_pp if len(day.factors) > 1 else None,
        "own": day.own_pp,
    }[name]
    return signed_cell(value, 7 if name == "move" else 6, _MINUS)
