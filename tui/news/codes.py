"""Stock codes in headlines: (9988), 9988.HK, 00700, HK:700, SEHK: 9988, NYSE: BABA, $JD."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from tui.domain.symbol import Symbol

_CODE = re.compile(
    r"(?<![\w.])0*(?P<dotted>\d{1,5})[.\-\u00b7]hk\b"
    r"|\b(?:hk|sehk|hkex|hkg|hkse|xhkg|hkd?se)\s?[:.]\s?0*(?P<led>\d{1,5})\b"
    r"|(?:股份代号|股票代号|股票代码|证券代码|代号|代码)\s*[::]?\s*0*(?P<named>\d{1,5})(?!\d)"
    r"|[(\[【<]\s*(?P<bracketed>\d{4,5})\s*[)\]】>]"
    r"|(?<![\w.,#])(?P<padded>0\d{4})(?![\w.,%])"
    r"|\b(?P<bloomberg>\d{1,5}) hk equity\b"
)
_TICKER = re.compile(
    r"(?:\b(?:NYSE|NASDAQ|Nasdaq|OTC|NasdaqGS)\s?[::]\s?|\$)(?P<listed>[A-Z]{1,5})\b|\b(?P<bare>[A-Z]{4,5})\b"
)
_LEADS_TO_CODE = re.compile(r"[\d]{4}|hk")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


class CodeHit(NamedTuple):
    """A code at [start, end). A `doubtful` one could be a year and needs the stock's name beside it."""

    start: int
    end: int
    symbol: Symbol
    doubtful: bool


def find_codes(folded: str, cased: str, known: Collection[Symbol], others: Mapping[str, Symbol]) -> Iterator[CodeHit]:
    """The codes of a headline. `known` are the Hong Kong stocks, `others` the codes they have elsewhere."""
    if _LEADS_TO_CODE.search(folded):
        for match in _CODE.finditer(folded):
            form = match.lastgroup or ""
            digits = match[form]
            symbol = others.get(digits) or _hk(digits)
            sure = form in ("dotted", "led", "named", "bloomberg")
            if symbol is None or (not sure and symbol not in known):
                continue
            doubtful = form == "bracketed" and _YEAR.fullmatch(digits) is not None
            yield CodeHit(match.start(), match.end(), symbol, doubtful)
    for match in _TICKER.finditer(cased):
        symbol = others.get(match["listed"] or match["bare"])
        if symbol is not None:
            yield CodeHit(match.start(), match.end(), symbol, False)


def _hk(digits: str) -> Symbol | None:
    number = int(digits)
    return Symbol(f"{number:04d}.HK") if number else None
