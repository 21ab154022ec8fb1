"""Which stock a user may have meant, by code and by name, in both languages."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from tui.domain.market import Instrument
from tui.domain.symbol import Symbol, nearest_symbols, short_code

_OFFERED = 3


def offers(text: str, known: Iterable[Symbol], instruments: Mapping[Symbol, Instrument]) -> str:
    """ "; nearest: 9988 Alibaba, 9888 Baidu" among the known symbols, or nothing."""
    symbols = list(known)
    by_name: dict[str, Symbol] = {}
    for symbol in symbols:
        if named := instruments.get(symbol):
            by_name |= {name.casefold(): symbol for name in (named.name_en, named.name_zh) if name}
    wanted = text.strip().casefold()
    found = [symbol for name, symbol in by_name.items() if wanted and wanted in name]
    found += [by_name[name] for name in get_close_matches(wanted, by_name, n=2, cutoff=0.7)]
    found += nearest_symbols(text, symbols)
    nearest = list(dict.fromkeys(found))[:_OFFERED]
    names = {symbol: instruments[symbol].name_en if symbol in instruments else "" for symbol in nearest}
    told = [f"{short_code(symbol)} {names[symbol]}".rstrip() for symbol in nearest]
    return f"; nearest: {', '.join(told)}" if told else ""
