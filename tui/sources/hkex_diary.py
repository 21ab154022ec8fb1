"""The exchange's diaries: board meetings on results, and ex-dates. HTML tables of another age, read cell by cell.

A board meeting is an event of the afternoon and evening of its day: results are published between 12:00 and 12:30 or
after the close (Listing Rules 13.45, note 1). The diary names the day only, so nothing more is claimed.

What a diary announces may be moved. An event's id therefore says what it is (the period of the results, the quarter of
a right), not when: a meeting that stands under another day tomorrow is the same event.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Final

import msgspec

from tui.domain.event import Event, EventKind, Scope
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import from_hkt
from tui.sources.feed_reader import plain
from tui.sources.hkex_filings import SOURCE, symbol_of
from tui.sources.ports import SourceError

HOST: Final = "www3.hkexnews.hk"
MEETINGS_URL: Final = f"https://{HOST}/reports/bmn/ebmn.htm"
ENTITLEMENTS_URL: Final = f"https://{HOST}/reports/doe/eent.htm"

_MOST_ROWS = 20_000
_MOST_CELLS = 50
_CELL_LIMIT = 500
_RAW_LIMIT = 2000
_CELLS = 6
_MARK = re.compile(r"<(?P<end>/?)(?P<name>tr|td|br|(?<=/)table)\b[^<>]{0,500}>", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})(?:-\d{1,2})?/(\d{1,2})/(\d{4})")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_PAGE_DATE = re.compile(r"Date\s*:\s*(\d{1,2}/\d{1,2}/\d{4})")
_NAME_AND_CODE = re.compile(r"\((\d{1,5})\)\s*$")
_RESULTS = re.compile(r"\bRES")


def board_meetings(page: str) -> list[Event]:
    """Results that boards will decide on. SourceError where the page has another shape."""
    meetings = (event for row in _table(page, "BM Date") if (event := _meeting(row)) is not None)
    first: dict[str, Event] = {}
    for event in meetings:
        # Two sittings on one period's results: the later one publishes them.
        first[event.id] = max(event, first.get(event.id, event), key=_start)
    return list(first.values())


def ex_dates(page: str) -> list[Event]:
    """Days from which a dividend or another right no longer goes with the share. SourceError for another shape."""
    printed = _PAGE_DATE.search(page)
    today = _full_date(printed[1]) if printed else None
    if today is None:
        raise SourceError(SourceState.BAD_DATA, "HKEXnews: the list of entitlements has no date")
    events: dict[str, Event] = {}
    symbol: Symbol | None = None
    for _, name, _, description, ex_date, closing in _table(page, "Ex-Date"):
        if name:
            code = _NAME_AND_CODE.search(name)
            symbol = symbol_of(code[1]) if code else None
        day = _ex_date(ex_date, closing, today)
        if symbol is not None and day is not None and description:
            titles = f"Ex-date: {description}", f"除淨：{description}"
            quarter = f"{day.year}Q{(day.month + 2) // 3}"
            event = _event("ex", symbol, day, time(0), EventKind.EX_DATE, titles, f"{description} {quarter}")
            # Two on one page are two, though they read the same.
            key = event.id if event.id not in events else f"{event.id}:{day}"
            events[key] = msgspec.structs.replace(event, id=key)
    return list(events.values())


def _table(page: str, column: str) -> Iterator[Sequence[str]]:
    """The rows of six cells below the one that names a column."""
    rows = _rows(page)
    head = next((place for place, row in enumerate(rows) if any(column in cell for cell in row)), None)
    if head is None:
        raise SourceError(SourceState.BAD_DATA, f"HKEXnews: a diary has no column {column!r} any more")
    return (row for row in rows[head + 1 :] if len(row) == _CELLS)


def _rows(page: str) -> list[list[str]]:
    """Every row as its cells' texts. The pages leave cells open; the next one closes them. One pass over the marks of
    tables: a parser of all HTML takes minutes for what is made to be slow."""
    rows: list[list[str]] = []
    cells: list[str] = []
    inside = False
    at = 0
    for mark in _MARK.finditer(page):
        name = mark["name"].lower()
        if inside and len(cells[-1]) < _RAW_LIMIT:
            cells[-1] += page[at : min(mark.start(), at + _RAW_LIMIT)] + (" " if name == "br" else "")
        at = mark.end()
        if name == "br":
            continue
        if name == "td":
            inside = not mark["end"] and len(cells) < _MOST_CELLS
            if inside:
                cells.append("")
        else:
            _end_row(rows, cells)
            cells, inside = [], False
    if inside:
        cells[-1] += page[at : at + _RAW_LIMIT]
    _end_row(rows, cells)
    return rows


def _end_row(rows: list[list[str]], cells: Sequence[str]) -> None:
    if cells and len(rows) < _MOST_ROWS:
        rows.append([plain(cell, _CELL_LIMIT) for cell in cells])


def _meeting(row: Sequence[str]) -> Event | None:
    said, _, _, code, purpose, period = row
    day, symbol = _full_date(said), symbol_of(code)
    if day is None or symbol is None or not _RESULTS.search(purpose.upper()):
        return None
    about = f"{purpose}, {period}" if period else purpose
    titles = f"Board meeting on results: {about}", f"董事會會議審議業績：{about}"
    return _event("board", symbol, day, time(12), EventKind.RESULTS, titles, period or f"{purpose} {day.year}")


def _start(event: Event) -> int:
    return event.start


def _event(
    sort: str, symbol: Symbol, day: date, at: time, kind: EventKind, titles: tuple[str, str], what: str
) -> Event:
    digest = hashlib.sha256("".join(what.upper().split()).encode("utf-8", "replace")).hexdigest()[:12]
    title, title_zh = titles
    return Event(
        id=f"hkex-{sort}:{symbol}:{digest}",
        start=from_hkt(day, at),
        end=from_hkt(day + timedelta(days=1)),
        precision="day",
        title=clean(title),
        title_zh=clean(title_zh),
        source=SOURCE,
        symbols=(symbol,),
        scope=Scope.COMPANY,
        kind=kind,
        url=MEETINGS_URL if sort == "board" else ENTITLEMENTS_URL,
    )


def _full_date(text: str) -> date | None:
    """ "06/03/2026", or the first day of "06-07/03/2026"; None for anything else."""
    match = _DAY.fullmatch(text.strip())
    return _date(int(match[3]), int(match[2]), int(match[1])) if match else None


def _ex_date(text: str, closing: str, today: date) -> date | None:
    """ "26/05" with the year of the book closing that follows it, or else the year that brings it nearest to today."""
    match = _DAY_AND_MONTH.search(text)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if match[3]:
        return _date(int(match[3]), month, day)
    book = _DAY_AND_MONTH.search(closing)
    if book is not None and book[3]:
        year = int(book[3])
        # An ex-date in December may belong to a book closing in January.
        return _date(year - 1 if month > int(book[2]) else year, month, day)
    near = (_date(today.year + step, month, day) for step in (-1, 0, 1))
    return min((found for found in near if found), key=lambda found: abs(found - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1990 <= year < 2100 else None
    except ValueError:
        return None
