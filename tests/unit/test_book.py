from datetime import timedelta

import pytest

from tests.unit.attribution_data import OTHER, STOCK, bars_of, drawn_returns, panel_of, sessions
from tui.attribution.book import Book
from tui.attribution.panel import panel_from_bars
from tui.attribution.split import attribute
from tui.domain.market import Instrument
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.tables import SectorTable

COUNT = 300
DATES = sessions(COUNT + 1)
TABLE = SectorTable({STOCK: Instrument(STOCK, sector="tech")}, {"tech": HSTECH})


def book() -> Book:
    return Book(panel_of(drawn_returns(COUNT)), TABLE)


def test_a_day_of_the_book_is_the_day_attributed_alone() -> None:
    whole = book()
    assert whole.day(STOCK, DATES[-1]) == attribute(whole.panel, STOCK, DATES[-1], table=TABLE)
    assert [factor.name for factor in whole.day(STOCK, DATES[-1]).factors] == [HSI, HSTECH]
    assert [factor.name for factor in whole.day(OTHER, DATES[-1]).factors] == [HSI]


def test_a_fit_is_made_once() -> None:
    whole = book()
    assert whole.fit(STOCK, DATES[-1]) is whole.fit(STOCK, DATES[-1])
    assert whole.day(STOCK, DATES[-1]) is whole.day(STOCK, DATES[-1])


def test_a_fit_is_there_for_the_day_after_the_last_session() -> None:
    fit = book().fit(STOCK, DATES[-1] + timedelta(days=3))
    assert fit.window.last == DATES[-1]
    assert fit.window.used == 250


def test_days_come_newest_first() -> None:
    days = book().days(STOCK, 5)
    assert [answer.date for answer in days] == list(DATES[:-6:-1])
    assert book().days(STOCK, 5, until=DATES[-4])[0].date == DATES[-4]


def test_until_need_not_be_a_session() -> None:
    weekend = next(day for day in DATES if day.weekday() == 4 and day > DATES[200]) + timedelta(days=1)
    assert book().days(STOCK, 1, until=weekend)[0].date == weekend - timedelta(days=1)
    assert book().days(STOCK, 1, until=DATES[-1] + timedelta(days=30))[0].date == DATES[-1]
    assert book().days(STOCK, 5, until=DATES[0] - timedelta(days=1)) == ()


def test_a_listing_has_only_its_own_days() -> None:
    bars = bars_of(drawn_returns(COUNT))
    young = Book(panel_from_bars({**bars, STOCK: bars[STOCK][-10:]}))
    assert len(young.days(STOCK, 250)) == 10
    assert young.days(STOCK, 250)[-1].return_pct is None


def test_more_days_than_there_are_is_all_of_them() -> None:
    assert len(book().days(STOCK, 10_000)) == len(DATES)


def test_the_market_and_strangers_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\^HSI is the market itself"):
        book().day(HSI, DATES[-1])
    with pytest.raises(ValueError, match=r"0700\.HK is not in these prices"):
        book().days(Symbol("0700.HK"))
