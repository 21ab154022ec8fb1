"""Watchlists of other programs: TradingView's text, Yahoo's CSV, and the lists in ticker's YAML.

Of YAML only the form that ticker's lists have is read (`watchlist:` with one `- SYMBOL` a line, or `[A, B]`); what is
not understood there is refused with its line. Stocks of other markets are left out and named.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from tui.config.checks import LIST_LIMIT, NAME_LIMIT
from tui.config.errors import FileError
from tui.domain.symbol import Symbol, SymbolError, is_hk_stock, parse_symbol
from tui.domain.text import clean

SIZE_LIMIT: Final = 1024 * 1024
_FORMS: Final = (
    "a TradingView export (HKEX:700), a Yahoo CSV with a Symbol column, or ticker's YAML with watchlist: lines"
)


class Imported(msgspec.Struct, frozen=True):
    """The lists of a file, by name, and for each entry that was left out its line and why."""

    lists: dict[str, tuple[Symbol, ...]]
    left_out: tuple[str, ...]


# A list's name, the line and the text of one entry.
_Entry = tuple[str, int, str]


def import_lists(path: Path) -> Imported:
    """Read an export. Raises FileError with the line where the file is none, or holds no Hong Kong stock."""
    text = _text(path)
    entries = list(_reader(path, text)(path, text, clean(path.stem, NAME_LIMIT) or "imported"))
    lists: dict[str, list[Symbol]] = {}
    left_out: list[str] = []
    for name, line, entry in entries:
        symbol = _hong_kong(entry)
        if symbol is None:
            left_out.append(f"line {line}: {clean(entry, 40)!r} is no Hong Kong stock")
        elif symbol not in lists.setdefault(name, []):
            if len(lists[name]) < LIST_LIMIT:
                lists[name].append(symbol)
            else:
                left_out.append(f"line {line}: {symbol}: a list holds at most {LIST_LIMIT}")
    kept = {name: tuple(symbols) for name, symbols in lists.items() if symbols}
    if not kept:
        raise FileError(f"{path} holds no Hong Kong stock; a list is {_FORMS}")
    return Imported(kept, tuple(left_out))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > SIZE_LIMIT:
        raise FileError(f"{path} is larger than {SIZE_LIMIT // 1024} KB: that is no watchlist")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}, line {line}: not UTF-8 text; export the list again as UTF-8") from error


def _reader(path: Path, text: str) -> Callable[[Path, str, str], Iterator[_Entry]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if path.suffix.lower() in (".yaml", ".yml") or re.search(r"^(watchlist|groups)\s*:", text, re.M):
        return _ticker
    if "symbol" in _cells(first):
        return _yahoo
    return _tradingview


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in line.split(",")]


def _tradingview(path: Path, text: str, name: str) -> Iterator[_Entry]:
    """`###Section,HKEX:700,HKEX:9988`, on one line or several."""
    current = name
    for number, line in enumerate(text.splitlines(), start=1):
        for item in (part.strip() for part in line.split(",")):
            if item.startswith("###"):
                current = clean(item[3:], NAME_LIMIT) or name
            elif item:
                yield current, number, item


def _yahoo(path: Path, text: str, name: str) -> Iterator[_Entry]:
    """A portfolio or watchlist export; a stock bought twice has two lines."""
    rows = csv.reader(io.StringIO(text), skipinitialspace=True)
    column = -1
    try:
        for row in rows:
            if column < 0:
                column = _cells(",".join(row)).index("symbol") if row else -1
            elif len(row) > column and row[column].strip():
                yield name, rows.line_num, row[column].strip()
    except (csv.Error, ValueError) as error:
        raise FileError(f"{path}, line {rows.line_num}: no CSV ({error}); export the list again") from error


def _ticker(path: Path, text: str, name: str) -> Iterator[_Entry]:
    """Every `watchlist:`, at the top or in a group; a group's name stands before its list."""
    current, inside = name, False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(r"(^|\s)#.*$", "", raw).rstrip()
        if not line.strip():
            continue
        if match := re.fullmatch(r"\s*(?:-\s+)?name\s*:\s*(.+)", line):
            current, inside = clean(match[1].strip("'\" "), NAME_LIMIT) or name, False
        elif match := re.fullmatch(r"\s*(?:-\s+)?watchlist\s*:\s*(.*)", line):
            inside = not match[1]
            if match[1]:
                if not re.fullmatch(r"\[[^\[\]{}]*\]", match[1]):
                    raise FileError(f"{path}, line {number}: write the watchlist as lines of '- SYMBOL'")
                for item in match[1][1:-1].split(","):
                    if item.strip():
                        yield current, number, item.strip().strip("'\"")
        elif inside and (match := re.fullmatch(r"\s*-\s+(.+)", line)):
            item = match[1].strip("'\" ")
            if re.search(r"[\[\]{}&*!|>]|:\s", item):
                raise FileError(f"{path}, line {number}: {clean(item, 40)!r} is not understood; write '- SYMBOL'")
            yield current, number, item
        else:
            inside = False


def _hong_kong(entry: str) -> Symbol | None:
    """The stock that an entry names, None where it is of another market."""
    exchange, _, code = entry.rpartition(":")
    try:
        symbol = parse_symbol(code if exchange.upper() in ("HKEX", "HK") else entry)
    except SymbolError:
        return None
    return symbol if is_hk_stock(symbol) else None
