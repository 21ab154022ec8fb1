"""The real panel from its first day on, with the shipped table: an answer for every day, never a NaN."""

from collections import Counter

import msgspec
import pytest

from tests.unit.attribution_data import needs_real_prices, real_panel
from tui.attribution.book import Book
from tui.config.tables import sector_table
from tui.domain.attribution import Attribution, Flag, Verdict
from tui.domain.symbol import HSI, HSTECH, Symbol

pytestmark = [needs_real_prices, pytest.mark.shared_data]


def test_every_tenth_day_of_every_stock_has_an_answer() -> None:
    panel = real_panel()
    book = Book(panel, sector_table())
    verdicts: Counter[Verdict] = Counter()
    for symbol in panel.symbols[2:]:
        for row in range(0, len(panel.dates), 10):
            answer = book.day(symbol, panel.dates[row])
            assert msgspec.json.decode(msgspec.json.encode(answer), type=Attribution) == answer
            assert answer.window.used == max(min(row, 250) - (row <= 250), 0)
            assert (Flag.SHORT_WINDOW in answer.flags) == (answer.window.used < 120)
            assert (answer.verdict is Verdict.INSUFFICIENT) == (answer.window.used < 60)
            assert (answer.own_pp is None) == (answer.verdict is Verdict.INSUFFICIENT)
            if answer.window.used >= 120:
                verdicts[answer.verdict] += 1
    share = {verdict: count / verdicts.total() for verdict, count in verdicts.items()}
    assert 0.5 < share[Verdict.QUIET] < 0.75
    assert 0.02 < share[Verdict.OWN] + share[Verdict.OWN_POSSIBLE] < 0.08


def test_the_shipped_table_gives_tech_its_index_and_the_rest_no_sector_here() -> None:
    """27 stocks of many trades: no group but tech has four of its members among them."""
    panel = real_panel()
    book = Book(panel, sector_table())
    day = panel.dates[-1]
    for code in ("9988", "1810", "0700", "0981", "9961", "0992"):
        answer = book.day(Symbol(f"{code}.HK"), day)
        assert [factor.name for factor in answer.factors] == [HSI, HSTECH]
    for code in ("0005", "1299", "0388", "1211", "0941", "9992", "0016"):
        assert [factor.name for factor in book.day(Symbol(f"{code}.HK"), day).factors] == [HSI]


def test_the_heavy_names_are_flagged_as_part_of_their_index() -> None:
    panel = real_panel()
    book = Book(panel, sector_table())
    flagged = {
        symbol for symbol in panel.symbols[2:] if Flag.INDEX_CONTAINS_STOCK in book.day(symbol, panel.dates[-1]).flags
    }
    assert {"0700.HK", "9988.HK", "0005.HK"} <= flagged
    assert "2015.HK" not in flagged
    assert len(flagged) <= 12
