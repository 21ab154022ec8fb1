"""Which stock a user meant or may have meant, by code and by name, in both languages."""

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches

from tui.domain.market import Instrument
from tui.domain.symbol import Symbol, SymbolError, nearest_symbols, parse_symbol, short_code
from tui.news.fold import fold

_OFFERED = 3
# So much of the beginning of a name is needed, in Latin letters and in Chinese characters.
_LATIN, _HAN = 3, 2


def symbol_of(text: str, known: Container[Symbol], instruments: Mapping[Symbol, Instrument]) -> Symbol:
    """The symbol that a text spells, or whose name it is: whole, or the beginning of one name alone.

    Raises SymbolError where it is neither. A symbol that is spelt and not known comes back if no name fits.
    """
    spelt: Symbol | None = None
    with suppress(SymbolError):
        spelt = parse_symbol(text)
    if spelt is not None and spelt in known:
        return spelt
    wanted, names = fold(text.strip()).text, _by_name(instruments, instruments)
    begun = {symbol for name, symbol in names.items() if name.startswith(wanted)}
    if wanted in names:
        return names[wanted]
    if len(begun) == 1 and len(wanted) >= (_LATIN if wanted.isascii() else _HAN) and wanted.isalpha():
        return begun.pop()
    return spelt or parse_symbol(text)


def offers(text: str, known: Iterable[Symbol], instruments: Mapping[Symbol, Instrument]) -> str:
    """ "; nearest: 9988 Alibaba, 9888 Baidu" among the known symbols, or nothing."""
    symbols = list(known)
    by_name = _by_name(symbols, instruments)
    wanted = fold(text.strip()).text
    found = [symbol for name, symbol in by_name.items() if wanted and wanted in name]
    found += [by_name[name] for name in get_close_matches(wanted, by_name, n=2, cutoff=0.7)]
    found += nearest_symbols(text, symbols)
    nearest = list(dict.fromkeys(found))[:_OFFERED]
    names = {symbol: instruments[symbol].name_en if symbol in instruments else "" for symbol in nearest}
    told = [f"{short_code(symbol)} {names[symbol]}".rstrip() for symbol in nearest]
    return f"; nearest: {', '.join(told)}" if told else ""


def _by_name(symbols: Iterable[Symbol], instruments: Mapping[Symbol, Instrument]) -> dict[str, Symbol]:
    """Both names of each symbol, folded."""
    return {
        fold(name).text: symbol
        for symbol in symbols
        if (named := instruments.get(symbol))
        for name in (named.name_en, named.name_zh)
        if name
    }
