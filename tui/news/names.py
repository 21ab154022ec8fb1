"""Names of stocks that no table was made for: those of the exchange's own list, as far as they can be trusted."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from tui.domain.market import Instrument
from tui.domain.tables import Alias, NewsTable
from tui.news.fold import fold

# Share classes and counters at the end of a listed name: "BABA-W", "XIAOMI-WR", "小米集團－Ｗ".
_CLASS = re.compile(r"\s*-\s*(?:[A-Z]{1,3})$")
_LEAST_CHINESE = 4
_LEAST_LATIN = 8


def with_list_names(table: NewsTable, listed: Iterable[Instrument]) -> NewsTable:
    """The table and the exchange's names of those stocks that it does not have.

    A listed name is an abbreviation and often a plain word ("LINK", "VALUE"), so only Latin names of two words and
    more and Chinese ones of four characters and more are taken; a stock with a shorter name is found by its code.
    """
    known = {alias.symbol for alias in table.aliases}
    new = tuple(alias for instrument in listed if instrument.symbol not in known for alias in _aliases(instrument))
    return msgspec.structs.replace(table, aliases=(*table.aliases, *new))


def _aliases(instrument: Instrument) -> Iterator[Alias]:
    latin = _CLASS.sub("", fold(instrument.name_en).cased.strip())
    chinese = _CLASS.sub("", fold(instrument.name_zh).cased.strip())
    # Beside its code any name counts, so that every listed stock is known to the linker.
    yield Alias(latin or chinese or instrument.symbol, instrument.symbol, near=())
    if " " in latin and len(latin) >= _LEAST_LATIN:
        yield Alias(latin, instrument.symbol)
    if len(chinese) >= _LEAST_CHINESE:
        yield Alias(chinese, instrument.symbol)
