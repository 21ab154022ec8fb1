"""Price files: what is read, and that every fault gets one sentence with its place and remedy."""

import math
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.domain.symbol import HSI, Symbol
from tui.sources import closes
from tui.sources.closes import MAX_BYTES, PriceFileError, read_closes

GOOD = "date,^HSI,9988.HK\n2026-03-05,25321.34,126.3\n2026-03-06,25757.289,130.7\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "prices.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def fault(path: Path) -> PriceFileError:
    with pytest.raises(PriceFileError) as caught:
        read_closes(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) < 400
    return caught.value


def test_a_wide_file_is_read(tmp_path: Path) -> None:
    read = read_closes(written(tmp_path, GOOD))
    assert read.dates == (date(2026, 3, 5), date(2026, 3, 6))
    assert {symbol: list(column) for symbol, column in read.closes.items()} == {
        "^HSI": [25321.34, 25757.289],
        "9988.HK": [126.3, 130.7],
    }


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.rstrip("\n").encode(),
        (GOOD + "\n\n,,\n").encode(),
        GOOD.replace("date,^HSI,9988.HK", '"Date", ^HSI ,HK:09988').encode(),
        GOOD.replace("126.3", ' "126.3"'.strip()).replace("130.7", " 1.307e2 ").encode(),
    ],
    ids=["bom", "crlf", "cr", "no last newline", "blank lines", "other spellings", "quoted and padded"],
)
def test_harmless_differences_change_nothing(tmp_path: Path, content: bytes) -> None:
    read = read_closes(written(tmp_path, content))
    assert list(read.closes[HSI]) == [25321.34, 25757.289]
    assert list(read.closes[Symbol("9988.HK")]) == [126.3, 130.7]


def test_an_empty_cell_is_an_unknown_close(tmp_path: Path) -> None:
    read = read_closes(written(tmp_path, "date,^HSI,9988.HK\n2026-03-05,25321.34,\n2026-03-06, ,130.7\n"))
    index, stock = read.closes.values()
    assert math.isnan(stock[0])
    assert math.isnan(index[1])
    assert stock[1] == 130.7


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        ("", None, None, "the file is empty; it needs a header such as date,^HSI,9988.HK"),
        ("\n\n", None, None, "the file is empty"),
        ("date,9988.HK\n", None, None, "no rows under the header"),
        ("date\n2026-03-05\n", 1, None, "no column of prices"),
        ("9988.HK,date\n", 1, None, "the first column is '9988.HK', not 'date'"),
        ("date;9988.HK\n2026-03-05;1\n", 1, None, "separate the cells with commas"),
        ("date,Alibaba Group\n2026-03-05,1\n", 1, "2", "'Alibaba Group' is no symbol: write a code such as 700"),
        ("date,\n2026-03-05,1\n", 1, "2", "is no symbol"),
        ("date,700,0700.HK\n2026-03-05,1,2\n", 1, "3", "0700.HK has two columns (700 and 0700.HK); remove one"),
        ("date,700\n2026-03-05\n", 2, None, "the header has 2 cells, this row has 1; leave a cell empty"),
        ("date,700\n2026-03-05,1,2\n", 2, None, "without thousands commas"),
        ("date,700\n2026-03-05,n/a\n", 2, "700", "'n/a' is no price; leave the cell empty"),
        ("date,700\n2026-03-05,NaN\n", 2, "700", "'NaN' is no price; leave the cell empty"),
        ("date,700\n2026-03-05,inf\n", 2, "700", "'inf' is no price"),
        ("date,700\n2026-03-05,1_000\n", 2, "700", "'1_000' is no price"),
        ("date,700\n2026-03-05,٣\n", 2, "700", "is no price"),
        ("date,700\n2026-03-05,1e400\n", 2, "700", "a price of 1e400 cannot be"),
        ('date,700\n2026-03-05,"1,234.5"\n', 2, "700", "write a price as 1234.5"),
        ("date,700\n2026-03-05,0\n", 2, "700", "a price of 0 cannot be; leave the cell empty"),
        ("date,700\n2026-03-05,-3.5\n", 2, "700", "a price of -3.5 cannot be"),
        ("date,700\n06/03/2026,1\n", 2, "date", "'06/03/2026' is no date; write it as 2026-03-06"),
        ("date,700\n20260306,1\n", 2, "date", "'20260306' is no date"),
        ("date,700\n2026-02-30,1\n", 2, "date", "'2026-02-30' is no date"),
        ("date,700\n2026-03-05 16:00,1\n", 2, "date", "write it as 2026-03-06"),
        ("date,700\n,1\n", 2, "date", "the date is missing"),
        ("date,700\n2026-03-05,1\n\n2026-03-05,1\n", 4, "date", "2026-03-05 was already on line 2; keep one of them"),
        ("date,700\n2026-03-05,1\n2026-03-04,1\n", 3, "date", "2026-03-04 comes after 2026-03-05 on line 2; sort"),
        ('date,700\n2026-03-05,"1\n2026-03-06,1\n', 3, None, "this is not CSV"),
        ("date,700\n2026-03-05,1\0\n", 2, None, "binary file"),
    ],
)
def test_each_fault_has_a_place_and_a_remedy(
    tmp_path: Path, content: str, line: int | None, column: str | None, says: str
) -> None:
    error = fault(written(tmp_path, content))
    assert (error.line, error.column) == (line, column)
    assert says in str(error)
    assert line is None or f"line {line}" in str(error)
    assert column is None or f"column {column}" in str(error)


def test_hostile_text_in_a_cell_is_shown_harmlessly(tmp_path: Path) -> None:
    message = str(fault(written(tmp_path, "date,700\n2026-03-05,\x1b[31m\u202e[/]" + "x" * 5000 + "\n")))
    assert message.isprintable()


def test_what_is_no_file_of_text_is_named(tmp_path: Path) -> None:
    assert "no such file" in str(fault(tmp_path / "nothing.csv"))
    assert "this is a folder" in str(fault(tmp_path))
    assert "not UTF-8" in str(fault(written(tmp_path, "date,700\n2026-03-05,1\n".encode("utf-16"))))
    assert "not UTF-8" in str(fault(written(tmp_path, bytes(range(256)) * 40)))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "no regular file" in str(fault(pipe))
    assert "Not a directory" in str(fault(pipe.parent / "prices.csv" / "deeper.csv"))
    with pytest.raises(PriceFileError, match="withzero: cannot be opened"):
        read_closes(tmp_path / "with\0zero")


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads files whatever their mode")
    assert "Permission denied" in str(fault(path))


def test_a_200_mb_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    with path.open("wb") as huge:
        huge.truncate(200 * 2**20)
    assert f"200 MB are more than the {MAX_BYTES // 2**20} MB that are read" in str(fault(path))


def test_too_many_prices_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closes, "MAX_CELLS", 3)
    error = fault(written(tmp_path, GOOD))
    assert error.line == 3
    assert "more than 3 prices" in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_read_or_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    refusal = ""
    try:
        read = read_closes(path)
    except PriceFileError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith(str(path))
        assert refusal.isprintable()
    else:
        assert all(len(column) == len(read.dates) for column in read.closes.values())


_PRICES = st.one_of(st.none(), st.floats(0.001, 9_999_999, allow_nan=False).map(lambda price: round(price, 3)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    table=st.dictionaries(
        st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.tuples(_PRICES, _PRICES), min_size=1, max_size=20
    )
)
def test_what_is_written_comes_back(tmp_path: Path, table: dict[date, tuple[float | None, float | None]]) -> None:
    rows = [
        f"{day},{'' if index is None else index},{'' if stock is None else stock}"
        for day, (index, stock) in sorted(table.items())
    ]
    read = read_closes(written(tmp_path, "date,^HSI,5\n" + "\n".join(rows) + "\n"))
    assert read.dates == tuple(sorted(table))
    for number, column in enumerate(read.closes.values()):
        expected = [table[day][number] for day in read.dates]
        assert [None if math.isnan(price) else price for price in column] == expected
