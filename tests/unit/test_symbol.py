import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.symbol import (
    HSI,
    Symbol,
    SymbolError,
    hkex_code,
    is_hk_stock,
    nearest_symbols,
    parse_symbol,
    short_code,
)


@pytest.mark.parametrize("text", ["700", "00700", "0700.HK", "HK:700", "HK.00700", " 0700.hk ", "hk:00700"])
def test_every_spelling_is_one_symbol(text: str) -> None:
    assert parse_symbol(text) == "0700.HK"


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("^HSI", "^HSI"), ("^hstech", "^HSTECH"), ("BABA", "BABA"), ("80700", "80700.HK"), ("HSTECH.HK", "HSTECH.HK")],
)
def test_indices_and_others_keep_their_names(text: str, symbol: str) -> None:
    assert parse_symbol(text) == symbol


@pytest.mark.parametrize("text", ["", "0", "000", "123456", "7OO.HK.HK", "../x", "a b", "^", "[/]", "0700\n.HK"])
def test_nonsense_is_refused_with_the_spellings(text: str) -> None:
    with pytest.raises(SymbolError, match="write a code such as 700"):
        parse_symbol(text)


@given(st.integers(1, 99999))
def test_codes_survive_every_edge(number: int) -> None:
    symbol = parse_symbol(str(number))
    assert is_hk_stock(symbol)
    assert hkex_code(symbol) == f"{number:05d}"
    assert parse_symbol(hkex_code(symbol)) == parse_symbol(short_code(symbol)) == symbol


@given(st.text(max_size=60))
def test_any_text_parses_or_says_why(text: str) -> None:
    try:
        symbol = parse_symbol(text)
    except SymbolError as error:
        said = str(error)
    else:
        said = ""
        assert parse_symbol(symbol) == symbol
    assert not said or "is no symbol" in said


def test_an_index_has_no_exchange_code() -> None:
    assert not is_hk_stock(HSI)
    assert hkex_code(HSI) == "^HSI"
    assert short_code(HSI) == "HSI"


def test_the_nearest_symbols_are_offered() -> None:
    known = [Symbol("9988.HK"), Symbol("0700.HK"), Symbol("9618.HK")]
    assert nearest_symbols("9989", known)[0] == "9988.HK"
    assert nearest_symbols("HK:09989", known, count=1) == ["9988.HK"]
    assert nearest_symbols("zzzz", known) == []
