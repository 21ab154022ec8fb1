"""A price file: a wide CSV with `date` and one column of closes a symbol, read strictly.

    date,^HSI,9988.HK
    2026-03-05,25321.34,126.3
    2026-03-06,25757.289,130.7

Dates are ISO days in rising order; an empty cell says that the close is unknown. Whatever else is wrong is an
error with its file, line, column and remedy: a price that was guessed would end up in a verdict.
"""

import csv
import math
import re
import stat
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from tui.domain.symbol import Symbol, SymbolError, parse_symbol
from tui.domain.text import clean

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_CELLS: Final = 10_000_000

# What float() takes beyond this (1_000, infinity, Arabic digits, blanks) is more likely a slip than a price.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
# How nearly every cell of a file looks; only the others are looked at one by one.
_PLAIN = re.compile(r"(?:\d{1,12}(?:\.\d{0,12})?)?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class PriceFileError(ValueError):
    """A price file that cannot be trusted. The text is one sentence: place, fault, remedy."""

    def __init__(self, path: Path, fault: str, *, line: int | None = None, column: str | None = None) -> None:
        self.path, self.line, self.column = path, line, column
        place = [clean(str(path))]
        if line is not None:
            place.append(f"line {line}")
        if column is not None:
            place.append(f"column {clean(column, 40)}")
        super().__init__(f"{', '.join(place)}: {fault}")


@dataclass(frozen=True)
class Closes:
    """Closes by symbol, each column as long as `dates` (rising, without repeats); NaN where the file has none."""

    path: Path
    dates: tuple[date, ...]
    closes: Mapping[Symbol, Sequence[float]]


def read_closes(path: Path) -> Closes:
    """Read a price file of at most 64 MB and ten million prices; PriceFileError names the first fault."""
    _refuse_unreadable(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _read_rows(path, _rows(path, lines))
    except UnicodeDecodeError:
        raise PriceFileError(path, "this is not UTF-8 text; save the table as CSV (UTF-8)") from None
    except OSError as error:
        raise PriceFileError(path, f"cannot be read: {error.strerror}") from error


def _refuse_unreadable(path: Path) -> None:
    """Say what a path is if it is no price file, before anything of it is read."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise PriceFileError(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PriceFileError(path, f"cannot be opened: {reason}") from error
    if stat.S_ISDIR(found.st_mode):
        raise PriceFileError(path, "this is a folder; name the CSV file in it")
    if not stat.S_ISREG(found.st_mode):
        raise PriceFileError(path, "this is no regular file; save the prices to a file first")
    if found.st_size > MAX_BYTES:
        raise PriceFileError(
            path,
            f"{found.st_size / 2**20:,.0f} MB are more than the {MAX_BYTES // 2**20} MB that are read; "
            "keep the last few years or fewer symbols",
        )


def _read_rows(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Closes:
    first = next(rows, None)
    if first is None:
        raise PriceFileError(path, "the file is empty; it needs a header such as date,^HSI,9988.HK")
    symbols = _read_header(path, *first)
    names = first[1][1:]
    prices = array("d")
    dates: list[date] = []
    date_line = 0
    for line, cells in rows:
        if len(cells) != len(symbols) + 1:
            raise PriceFileError(
                path,
                f"the header has {len(symbols) + 1} cells, this row has {len(cells)}; "
                "leave a cell empty where there is no price, and write prices without thousands commas",
                line=line,
            )
        dates.append(_read_date(path, line, cells[0], dates[-1] if dates else None, date_line))
        date_line = line
        if len(prices) + len(symbols) > MAX_CELLS:
            raise PriceFileError(
                path, f"more than {MAX_CELLS:,} prices; keep the last few years or fewer symbols", line=line
            )
        prices.extend(_read_prices(path, line, names, cells[1:]))
    if not dates:
        raise PriceFileError(path, "there are no rows under the header")
    columns = {symbol: prices[number :: len(symbols)] for number, symbol in enumerate(symbols)}
    return Closes(path, tuple(dates), columns)


def _rows(path: Path, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that has any text."""
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise PriceFileError(path, f"this is not CSV ({error})", line=reader.line_num) from error
        if cells is None:
            return
        if any("\0" in cell for cell in cells):
            raise PriceFileError(path, "this is a binary file; save the table as CSV (UTF-8)", line=reader.line_num)
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _read_header(path: Path, line: int, names: list[str]) -> list[Symbol]:
    """The symbol of each column after the first, which must be `date`."""
    if names[0].strip().lower() != "date":
        separator = next((mark for mark in ";\t|" if mark in names[0]), None)
        remedy = "separate the cells with commas" if separator else "begin the header with date"
        raise PriceFileError(
            path,
            f"the first column is {clean(names[0], 40)!r}, not 'date'; {remedy}, as in date,^HSI,9988.HK",
            line=line,
        )
    if len(names) == 1:
        raise PriceFileError(path, "there is no column of prices; add one a symbol, as in date,^HSI,9988.HK", line=line)
    symbols: dict[Symbol, str] = {}
    for number, name in enumerate(names[1:], start=2):
        try:
            symbol = parse_symbol(name)
        except SymbolError as error:
            raise PriceFileError(path, str(error), line=line, column=str(number)) from error
        if symbol in symbols:
            raise PriceFileError(
                path,
                f"{symbol} has two columns ({clean(symbols[symbol], 20)} and {clean(name, 20)}); remove one",
                line=line,
                column=str(number),
            )
        symbols[symbol] = name
    return list(symbols)


def _read_date(path: Path, line: int, cell: str, before: date | None, before_line: int) -> date:
    text = cell.strip()
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        fault = f"{clean(text, 30)!r} is no date; write it as 2026-03-06" if text else "the date is missing"
        raise PriceFileError(path, fault, line=line, column="date") from None
    if before is not None and day == before:
        raise PriceFileError(
            path, f"{day} was already on line {before_line}; keep one of them", line=line, column="date"
        )
    if before is not None and day < before:
        raise PriceFileError(
            path, f"{day} comes after {before} on line {before_line}; sort the rows by date", line=line, column="date"
        )
    return day


def _read_prices(path: Path, line: int, names: Sequence[str], cells: Sequence[str]) -> list[float]:
    """A row's closes, NaN for empty cells."""
    if all(map(_PLAIN.fullmatch, cells)):
        plain = [float(cell) if cell else math.nan for cell in cells]
        if 0.0 not in plain:
            return plain
    return [_read_price(path, line, name, cell) for name, cell in zip(names, cells, strict=True)]


def _read_price(path: Path, line: int, name: str, cell: str) -> float:
    """A close, or NaN for an empty cell."""
    text = cell.strip()
    if not text:
        return math.nan
    if not _NUMBER.fullmatch(text):
        remedy = "leave the cell empty where there is no price, and write a price as 1234.5"
        raise PriceFileError(path, f"{clean(text, 30)!r} is no price; {remedy}", line=line, column=name)
    price = float(text)
    if not 0 < price < math.inf:
        raise PriceFileError(
            path,
            f"a price of {clean(text, 30)} cannot be; leave the cell empty where there is none",
            line=line,
            column=name,
        )
    return price
