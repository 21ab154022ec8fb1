"""The watchlists: read from lists.toml, which the program writes, and brought in from other programs' exports."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from tui.config.checks import LIST_LIMIT, NAME_LIMIT, name_problem
from tui.config.errors import FileError
from tui.config.files import read_toml, write_toml
from tui.config.paths import Paths
from tui.config.schema import Config
from tui.domain.symbol import Symbol, SymbolError, is_hk_stock, parse_symbol
from tui.domain.text import clean

Lists = Mapping[str, tuple[Symbol, ...]]

IMPORT_LIMIT: Final = 1024 * 1024


class ImportFileError(FileError):
    """A file of another program that holds no list we can read; names the line and the remedy."""


def load_lists(config: Config, paths: Paths) -> tuple[Lists, tuple[str, ...]]:
    """The lists, and what there is to say: those of lists.toml, or of config.toml where there is no such file."""
    table, said = read_toml(paths.lists)
    notices = [said] if said else []
    start: Lists = {name: _unique(map(parse_symbol, symbols)) for name, symbols in config.list.start.items()}
    if table is None:
        return start, tuple(notices)
    lists: dict[str, tuple[Symbol, ...]] = {}
    for name, symbols in (table.get("lists") or {}).items():
        if not isinstance(symbols, list) or name_problem(name):
            notices.append(f"{paths.lists}: the list {clean(name, NAME_LIMIT)!r} is not understood and left out")
            continue
        good: list[Symbol] = []
        for text in symbols[:LIST_LIMIT]:
            try:
                good.append(parse_symbol(str(text)))
            except SymbolError as error:
                notices.append(f"{paths.lists}: {name}: {error}; it is left out")
        lists[name] = _unique(good)
    return lists or start, tuple(notices)


def save_lists(paths: Paths, lists: Lists) -> None:
    """Write lists.toml. Raises FileError where the disk refuses."""
    write_toml(paths.lists, {"lists": {name: list(symbols) for name, symbols in lists.items()}})


def import_lists(path: Path) -> Lists:
    """The lists in an export of TradingView (TXT), Yahoo (CSV) or in ticker's configuration (YAML).

    Only Hong Kong stocks are taken. Raises ImportFileError with the line that is not understood.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(IMPORT_LIMIT + 1)
    except OSError as error:
        raise ImportFileError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > IMPORT_LIMIT:
        raise ImportFileError(f"{path} is larger than {IMPORT_LIMIT // 1024} KB: that is no watchlist")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportFileError(f"{path}, line {line}: not UTF-8 text; export the list again as UTF-8") from error
    name = clean(path.stem, NAME_LIMIT) or "imported"
    lists = {title: _hong_kong(symbols) for title, symbols in _reader(path, text)(path, text, name).items()}
    kept = {title: symbols for title, symbols in lists.items() if symbols}
    if not kept:
        raise ImportFileError(
            f"{path} holds no Hong Kong stock; a list is a TradingView export (HKEX:700), a Yahoo CSV with a Symbol "
            "column, or ticker's YAML with watchlist:"
        )
    return kept


_Found = dict[str, list[str]]


def _reader(path: Path, text: str) -> Callable[[Path, str, str], _Found]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if path.suffix.lower() in (".yaml", ".yml") or re.match(r"\s*(#|watchlist\s*:|groups\s*:)", first):
        return _ticker
    if "symbol" in (cell.strip().strip('"').lower() for cell in first.split(",")):
        return _yahoo
    return _tradingview


def _tradingview(path: Path, text: str, name: str) -> _Found:
    """`###Section,HKEX:700,HKEX:9988`, on one line or several."""
    lists: _Found = {}
    current = name
    for item in (part.strip() for part in re.split(r"[,\n]", text)):
        if item.startswith("###"):
            current = clean(item[3:], NAME_LIMIT) or name
        elif item:
            exchange, _, code = item.rpartition(":")
            if exchange in ("", "HKEX", "HSI", "HK"):
                lists.setdefault(current, []).append(code)
    return lists


def _yahoo(path: Path, text: str, name: str) -> _Found:
    """A portfolio or watchlist export: a CSV with a Symbol column."""
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    column = next(field for field in rows.fieldnames or () if field.strip().lower() == "symbol")
    return {name: [(row[column] or "").strip() for row in rows]}


def _ticker(path: Path, text: str, name: str) -> _Found:
    """The `watchlist:` of ticker's YAML, at the top or in a group; nothing else of YAML is read."""
    lists: _Found = {}
    current, inside = name, False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(r"(^|\s)#.*$", "", raw).rstrip()
        if not line.strip():
            continue
        if match := re.fullmatch(r"\s*(?:-\s+)?name\s*:\s*(.+)", line):
            current, inside = clean(match[1].strip("'\" "), NAME_LIMIT) or name, False
        elif match := re.fullmatch(r"\s*(?:-\s+)?watchlist\s*:\s*(.*)", line):
            inside = True
            if match[1]:
                if not (match[1].startswith("[") and match[1].endswith("]")):
                    raise ImportFileError(f"{path}, line {number}: write the watchlist as lines of '- SYMBOL'")
                items = (item.strip().strip("'\"") for item in match[1][1:-1].split(","))
                lists.setdefault(current, []).extend(item for item in items if item)
                inside = False
        elif inside and (match := re.fullmatch(r"\s*-\s+(.+)", line)):
            lists.setdefault(current, []).append(match[1].strip("'\" "))
        else:
            inside = False
    return lists


def _hong_kong(symbols: Iterable[str]) -> tuple[Symbol, ...]:
    found: list[Symbol] = []
    for text in symbols:
        try:
            symbol = parse_symbol(text)
        except SymbolError:
            continue  # another market's spelling
        if is_hk_stock(symbol):
            found.append(symbol)
    return _unique(found)[:LIST_LIMIT]


def _unique(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    return tuple(dict.fromkeys(symbols))
