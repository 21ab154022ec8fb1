"""The order of the list. Pure.

The rule, so that no row ever jumps under a reader's eyes: the order is made anew when the trader asks for it (another
column, another direction, another list, a filter, "sort again"); by itself once, when the feed has told the first day
of every stock of the list and the cursor has not been moved; and by itself at a full minute while the cursor rests on
the first line and no key was pressed for QUIET_S. Otherwise rows keep their places and only their values change. Asked
for, the cursor goes with its stock; by itself, it stays on the first line.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, get_args

import msgspec

from tui.config.schema import SortName
from tui.domain.attribution import Attribution, Verdict
from tui.domain.row import Row
from tui.domain.symbol import Symbol, short_code
from tui.render.language import Language, Words

QUIET_S: Final = 10.0

SORTS: Final[tuple[SortName, ...]] = get_args(SortName)
# What is largest or rarest first; the others start with the smallest.
DESCENDING: Final[frozenset[SortName]] = frozenset(("price", "change", "own", "events", "volume", "turnover"))
_VERDICT_ORDER: Final = (
    Verdict.OWN,
    Verdict.OWN_POSSIBLE,
    Verdict.SECTOR,
    Verdict.MARKET,
    Verdict.MIXED,
    Verdict.QUIET,
    Verdict.INSUFFICIENT,
)
_WORDS: Final[dict[SortName, Words]] = {
    "list": Words("in list order", "按清單次序"),
    "code": Words("by code", "按代號"),
    "price": Words("by price", "按股價"),
    "change": Words("by change", "按升跌"),
    "verdict": Words("by verdict", "按判斷"),
    "own": Words("by size of own move", "按個別升跌幅度"),
    "rarity": Words("by rarity of own move", "按個別升跌罕見度"),
    "name": Words("by name", "按名稱"),
    "events": Words("by events", "按消息"),
    "volume": Words("by relative volume", "按相對成交量"),
    "turnover": Words("by turnover", "按成交額"),
}


class Sort(msgspec.Struct, frozen=True):
    """A column and whether its natural direction is turned round."""

    name: SortName = "rarity"
    reverse: bool = False


Value = float | str | None


def sort_words(sort: Sort, language: Language) -> str:
    """ "by rarity of own move", "by change, reversed"."""
    words = _WORDS[sort.name].say(language)
    return words + ("，倒序" if language == "zh" else ", reversed") if sort.reverse else words


def ordered(
    symbols: Sequence[Symbol], rows: Mapping[Symbol, Row], sort: Sort, language: Language = "en"
) -> tuple[Symbol, ...]:
    """The symbols in the order of a sort: stable, and what is unknown last in either direction."""
    if sort.name == "list":
        return tuple(reversed(symbols)) if sort.reverse else tuple(symbols)
    value_of = _VALUES[sort.name]
    values = {s: value_of(rows[s], language) if s in rows else None for s in symbols}
    known = [s for s in symbols if values[s] is not None]
    unknown = [s for s in symbols if values[s] is None]
    downwards = (sort.name in DESCENDING) != sort.reverse

    def key(symbol: Symbol) -> tuple[float, str]:
        value = values[symbol]
        return (value, "") if isinstance(value, float | int) else (0.0, str(value))

    # `reverse=True` keeps equal ones in their order, as a stable sort should.
    return (*sorted(known, key=key, reverse=downwards), *unknown)


def matches(row: Row | None, symbol: Symbol, wanted: str) -> bool:
    """Whether code, name, sector or verdict contain every word of a filter."""
    parts = [symbol, short_code(symbol)]
    if row is not None:
        parts += [row.name_en, row.name_zh, row.sector, row.day.verdict.replace("_", " ") if row.day else ""]
    text = " ".join(parts).casefold()
    return all(word in text for word in wanted.casefold().split())


def _of_day(pick: Callable[[Attribution], Value]) -> Callable[[Row, Language], Value]:
    return lambda row, _: None if row.day is None else pick(row.day)


def _change(row: Row, _: Language) -> Value:
    if row.quote is not None and row.quote.change_pct is not None:
        return row.quote.change_pct
    return None if row.day is None else row.day.return_pct


def _own(day: Attribution) -> Value:
    return None if day.own_pp is None else abs(day.own_pp)


_VALUES: Final[dict[SortName, Callable[[Row, Language], Value]]] = {
    "code": lambda row, _: short_code(row.symbol).rjust(8),
    "price": lambda row, _: row.quote.price if row.quote else None,
    "change": _change,
    "verdict": _of_day(lambda day: _VERDICT_ORDER.index(day.verdict)),
    "own": _of_day(_own),
    "rarity": _of_day(lambda day: day.rarity),
    "name": lambda row, language: (row.name_zh if language == "zh" else row.name_en).casefold() or None,
    "events": _of_day(lambda day: len(day.candidates) or None),
    "volume": lambda row, _: row.relative_volume,
    "turnover": lambda row, _: row.quote.turnover if row.quote else None,
}
