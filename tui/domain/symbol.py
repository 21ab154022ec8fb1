"""One symbol per instrument, whatever spelling it came in.

Inside the program a Symbol is Yahoo's spelling ("0700.HK", "^HSI"); HKEX's five digits ("00700") and the
short list form ("0700") are printed at the edges only.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NewType

Symbol = NewType("Symbol", str)

HSI = Symbol("^HSI")
HSTECH = Symbol("^HSTECH")

_HK_CODE = re.compile(r"(?:HK[:.])?0*(\d{1,5})(?:\.HK)?")
_OTHER = re.compile(r"\^?[A-Z][A-Z0-9]{0,11}(?:[.=-][A-Z0-9]{1,4})?")


class SymbolError(ValueError):
    """A text that names no instrument in any spelling we know."""


def parse_symbol(text: str) -> Symbol:
    """Read `700`, `00700`, `0700.HK`, `HK:700`, `HK.00700`, `^HSI` or `BABA`.

    Raises SymbolError with the text and the spellings that are understood.
    """
    cleaned = text.strip().upper()
    if match := _HK_CODE.fullmatch(cleaned):
        number = int(match[1])
        if number > 0:
            return Symbol(f"{number:04d}.HK")
    elif _OTHER.fullmatch(cleaned):
        return Symbol(cleaned)
    raise SymbolError(
        f"{text.strip()[:40]!r} is no symbol: write a code such as 700, 0700.HK or HK:00700, or an index such as ^HSI"
    )


def is_hk_stock(symbol: Symbol) -> bool:
    """True for a numeric Hong Kong code; False for an index, an ADR or a currency."""
    return symbol.endswith(".HK") and symbol[:-3].isdigit()


def hkex_code(symbol: Symbol) -> str:
    """HKEX's five digits, "00700"; other symbols come back as they are."""
    return f"{int(symbol[:-3]):05d}" if is_hk_stock(symbol) else symbol


def short_code(symbol: Symbol) -> str:
    """The form of the list: "0700" for 0700.HK, "HSI" for ^HSI."""
    return symbol[:-3] if is_hk_stock(symbol) else symbol.removeprefix("^")


def nearest_symbols(text: str, known: Iterable[Symbol], count: int = 3) -> list[Symbol]:
    """The known symbols that look most like a text; an empty list where none does."""
    by_code = {short_code(symbol): symbol for symbol in known}
    try:
        wanted = short_code(parse_symbol(text))
    except SymbolError:
        wanted = text.strip().upper()
    return [by_code[code] for code in get_close_matches(wanted, by_code, n=count, cutoff=0.5)]
