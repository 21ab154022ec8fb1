"""Watchlists of other programs: what is taken, what is left out and named, what is refused with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config import FileError
from tui.config.imports import Imported, import_lists

TICKER = """\
# a configuration of ticker
show-summary: true
watchlist:
  - 0700.HK
  - NET          # another market
  - "9988.HK"
lots:
  - symbol: "0005.HK"
    quantity: 35.0
groups:
  - name: banks
    watchlist:
      - 0005.HK
      - 0939.HK
    holdings:
      - symbol: 1398.HK
  - name: "short form"
    watchlist: [0941.HK, '0762.HK']
"""
YAHOO = """\
Symbol,Current Price,Date,Time,Change,Open,High,Low,Volume,Trade Date,Purchase Price,Quantity,Commission,Comment
0700.HK,518.0,2026/03/06,16:08 HKT,17.0,505,520,503,1,,,,,"a, b"
9988.HK,130.7,2026/03/06,16:08 HKT,4.4,127,131,126,1,20260102,120.5,100,,
9988.HK,130.7,2026/03/06,16:08 HKT,4.4,127,131,126,1,20260203,125.5,200,,
AAPL,257.5,2026/03/06,4:00 PM EST,1,1,1,1,1,,,,,
"""


def read(tmp_path: Path, name: str, text: str) -> Imported:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return import_lists(path)


def test_tickers_lists_and_groups(tmp_path: Path) -> None:
    found = read(tmp_path, ".ticker.yaml", TICKER)
    assert found.lists == {
        ".ticker": ("0700.HK", "9988.HK"),
        "banks": ("0005.HK", "0939.HK"),
        "short form": ("0941.HK", "0762.HK"),
    }
    assert found.left_out == ("line 5: 'NET' is no Hong Kong stock",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("watchlist:\n  - 0700.HK\n  - &x 0005.HK\n", "line 3"),
        ("watchlist:\n  - {a: b}\n", "line 2"),
        ("watchlist: !!python/object:os.system [x]\n", "line 1"),
        ("watchlist: [a, [b]]\n", "line 1"),
        ("watchlist:\n  - [700]\n", "line 2"),
        ("watchlist:\n  - >\n", "line 2"),
    ],
)
def test_yaml_beyond_plain_lists_is_refused_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(FileError, match=f"{line}: .*- SYMBOL"):
        read(tmp_path, "t.yaml", text)


def test_yahoos_export(tmp_path: Path) -> None:
    for text in (YAHOO, "\n" + YAHOO, "\ufeff" + YAHOO, YAHOO.replace("\n", "\r\n")):
        found = read(tmp_path, "portfolio.csv", text)
        assert found.lists == {"portfolio": ("0700.HK", "9988.HK")}
        assert [one.partition(": ")[2] for one in found.left_out] == ["'AAPL' is no Hong Kong stock"]


def test_tradingviews_export(tmp_path: Path) -> None:
    text = "HKEX:5,###Tech,HKEX:700,HKEX:9988,NASDAQ:AAPL\n###Banks,HKEX:939,HKEX:939\nHSI:HSI"
    found = read(tmp_path, "mine.txt", text)
    assert found.lists == {"mine": ("0005.HK",), "Tech": ("0700.HK", "9988.HK"), "Banks": ("0939.HK",)}
    assert found.left_out == (
        "line 1: 'NASDAQ:AAPL' is no Hong Kong stock",
        "line 3: 'HSI:HSI' is no Hong Kong stock",
    )


def test_a_code_of_another_market_is_not_taken_for_a_hong_kong_one(tmp_path: Path) -> None:
    found = read(tmp_path, "mine.txt", "SSE:600519,TSE:7203,KRX:005930,HKEX:700")
    assert found.lists == {"mine": ("0700.HK",)}
    assert len(found.left_out) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "holds no Hong Kong stock"),
        (b"hello world", "holds no Hong Kong stock"),
        (b"one\ntwo \xe9", "line 2: not UTF-8"),
        (b"#" * 2_000_000, "larger than 1024 KB"),
        (b'Symbol\n"' + b"x" * 200_000, "line"),
    ],
)
def test_what_is_no_list_is_said_to_be_none(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(FileError, match=reason):
        import_lists(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: No such file"):
        import_lists(tmp_path / "none.csv")


@given(
    suffix=st.sampled_from((".yaml", ".csv", ".txt")),
    text=st.text() | st.text(alphabet="watchlist: -\n[]#,HKEX:700Symbol\"'"),
)
def test_any_text_is_a_list_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = import_lists(path)
    except FileError as error:
        sentence = str(error)
    else:
        assert all(symbols for symbols in found.lists.values())
        return
    assert "\n" not in sentence
