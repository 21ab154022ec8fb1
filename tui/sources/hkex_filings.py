"""HKEXnews documents as events: the latest list, the title search, and the list of stocks. No I/O."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from tui.domain.event import Event, EventKind, Scope
from tui.domain.market import Instrument
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol, SymbolError, parse_symbol
from tui.domain.text import is_web_link
from tui.domain.trading_day import from_hkt
from tui.sources.feed_reader import plain
from tui.sources.ports import SourceError

SITE: Final = "https://www1.hkexnews.hk"
SOURCE: Final = "HKEXnews"
MINUTE_MS: Final = 60_000
# Counters in renminbi have the code of the Hong Kong dollar counter behind an 8.
_RMB_COUNTERS = range(80_000, 90_000)

# What the exchange files a document under, in the order it is looked for in category and title.
CATEGORIES: tuple[tuple[str, EventKind], ...] = (
    ("date of board meeting", EventKind.FILING),
    ("next day disclosure", EventKind.FILING),
    ("monthly return", EventKind.FILING),
    ("proxy form", EventKind.FILING),
    ("poll result", EventKind.FILING),
    ("results of agm", EventKind.FILING),
    ("results of egm", EventKind.FILING),
    ("notice of agm", EventKind.FILING),
    ("notice of egm", EventKind.FILING),
    ("constitutional documents", EventKind.FILING),
    ("list of directors", EventKind.FILING),
    ("environmental, social and governance", EventKind.FILING),
    ("annual report", EventKind.FILING),
    ("interim/half-year report", EventKind.FILING),
    ("circulars", EventKind.FILING),
    ("profit warning", EventKind.GUIDANCE),
    ("profit alert", EventKind.GUIDANCE),
    ("final results", EventKind.RESULTS),
    ("interim results", EventKind.RESULTS),
    ("quarterly results", EventKind.RESULTS),
    ("annual results", EventKind.RESULTS),
    ("takeovers code", EventKind.DEAL),
    ("privatisation", EventKind.DEAL),
    ("transaction", EventKind.DEAL),
    ("placing", EventKind.CAPITAL),
    ("rights issue", EventKind.CAPITAL),
    ("open offer", EventKind.CAPITAL),
    ("convertible", EventKind.CAPITAL),
    ("change in directors", EventKind.MANAGEMENT),
    ("change of chief executive", EventKind.MANAGEMENT),
    ("share buyback", EventKind.BUYBACK),
    ("dividend", EventKind.CAPITAL),
)


class Listed(msgspec.Struct, frozen=True):
    """A stock of the exchange's list and the number by which its search knows it."""

    instrument: Instrument
    search_id: int


class LatestPage(msgspec.Struct, frozen=True):
    """One page of the latest list: its filings, how many pages there are, and how many rows could not be read."""

    filings: tuple[Event, ...]
    pages: int
    dropped: int


def latest_page(document: Any) -> LatestPage:
    """Read `lcisehk7relsde_N.json`. SourceError where it has not the shape."""
    if not isinstance(document, dict) or not isinstance(document.get("newsInfoLst"), list):
        raise SourceError(SourceState.BAD_DATA, "HKEXnews: the latest list has another shape")
    rows = document["newsInfoLst"]
    filings = tuple(_readable(_latest_row(row) for row in rows))
    pages = document.get("maxNumOfFile")
    return LatestPage(
        filings,
        pages if isinstance(pages, int) and 0 < pages < 100 else 1,
        len(rows) - len(filings),
    )


def search_page(document: Any) -> tuple[tuple[Event, ...], bool]:
    """Read a reply of the title search: filings, newest first, and whether there are more. Its `result` is JSON
    within JSON, and the text "null" where nothing was found."""
    result = document.get("result") if isinstance(document, dict) else None
    if not isinstance(result, str):
        raise SourceError(SourceState.BAD_DATA, "HKEXnews: the title search has another shape")
    try:
        rows = msgspec.json.decode(result) or []
    except (msgspec.DecodeError, RecursionError) as error:
        raise SourceError(SourceState.BAD_DATA, "HKEXnews: the title search sends no JSON") from error
    if not isinstance(rows, list):
        raise SourceError(SourceState.BAD_DATA, "HKEXnews: the title search has another shape")
    return tuple(_readable(_search_row(row) for row in rows)), bool(document.get("hasNextRow"))


def stock_list(english: Any, chinese: Any) -> dict[Symbol, Listed]:
    """Read `activestock_sehk_e.json` and `_c`: names in both languages and search numbers by symbol."""
    if not isinstance(english, list) or not isinstance(chinese, list):
        raise SourceError(SourceState.BAD_DATA, "HKEXnews: the stock list has another shape")
    names = {row.get("c"): plain(str(row.get("n", "")), 60) for row in chinese if isinstance(row, dict)}
    listed = {}
    for row in english:
        if not isinstance(row, dict) or not isinstance(row.get("i"), int):
            continue
        code = str(row.get("c", ""))
        symbol = symbol_of(code)
        # The counter in renminbi is the same company; its search number finds the same filings.
        if symbol is not None and symbol not in listed:
            name = plain(str(row.get("n", "")), 60)
            listed[symbol] = Listed(Instrument(symbol, name, names.get(row.get("c"), "")), row["i"])
    return listed


def symbol_of(code: str) -> Symbol | None:
    """A five-digit code as a symbol, a counter in renminbi as its company's; None for what is no code."""
    digits = code.strip()
    if not digits.isascii() or not digits.isdigit():
        return None
    try:
        number = int(digits[:8])
        return parse_symbol(digits[1:] if number in _RMB_COUNTERS and len(digits) == 5 else digits)
    except SymbolError:
        return None


def kind_of(category: str, title: str) -> EventKind:
    """What sort of news a document is, by the exchange's category, then by its title; OTHER lets the linker look."""
    for text in (category.lower(), title.lower()):
        for words, kind in CATEGORIES:
            if words in text:
                return kind
    return EventKind.OTHER


def _readable(filings: Iterable[Event | None]) -> Iterator[Event]:
    return (filing for filing in filings if filing is not None)


def _latest_row(row: Any) -> Event | None:
    if not isinstance(row, dict):
        return None
    stocks = row.get("stock")
    codes = (
        [str(stock.get("sc", "")) for stock in stocks if isinstance(stock, dict)] if isinstance(stocks, list) else []
    )
    return _filing(row, "newsId", "title", "lTxt", "webPath", "relTime", codes)


def _search_row(row: Any) -> Event | None:
    if not isinstance(row, dict):
        return None
    codes = plain(str(row.get("STOCK_CODE", ""))).split()
    return _filing(row, "NEWS_ID", "TITLE", "LONG_TEXT", "FILE_LINK", "DATE_TIME", codes)


def _filing(
    row: Mapping[str, Any], key: str, title: str, category: str, path: str, time: str, codes: Iterable[str]
) -> Event | None:
    """One document; None where its number, time, title or stock cannot be read."""
    number = str(row.get(key, "")).strip()
    start = _minute(str(row.get(time, "")))
    said = plain(str(row.get(title) or ""))
    filed_under = plain(str(row.get(category) or ""))
    symbols = tuple(dict.fromkeys(symbol for code in codes if (symbol := symbol_of(code)) is not None))
    if not number.isascii() or not number.isdigit() or start is None or not (said or filed_under) or not symbols:
        return None
    url = SITE + str(row.get(path) or "")
    return Event(
        id=f"hkex:{number[:20]}",
        start=start,
        end=start + MINUTE_MS,
        precision="minute",
        title=said or filed_under,
        source=SOURCE,
        url=url if is_web_link(url) and str(row.get(path) or "").startswith("/") else "",
        symbols=symbols,
        scope=Scope.COMPANY,
        kind=kind_of(filed_under, said),
    )


def _minute(text: str) -> int | None:
    """ "06/03/2026 16:35", Hong Kong time, as epoch milliseconds; None where it is no time."""
    try:
        at = datetime.strptime(text.strip()[:16], "%d/%m/%Y %H:%M")
    except ValueError:
        return None
    return from_hkt(at.date(), at.time()) if 1990 <= at.year < 2100 else None
