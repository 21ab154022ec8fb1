"""HKEXnews rows as they are sent, and as they might be."""

import json
from contextlib import suppress
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.event import EventKind, Scope
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt
from tui.sources.hkex_filings import kind_of, latest_page, search_page, stock_list, symbol_of
from tui.sources.ports import SourceError

ROW: dict[str, Any] = {
    "newsId": 11871132,
    "title": "Annual Results for the year ended 31 December 2025 &amp; dividend",
    "lTxt": "Announcements and Notices - [Final Results]",
    "relTime": "06/03/2026 16:35",
    "webPath": "/listedco/listconews/sehk/2026/0306/1.pdf",
    "stock": [{"sc": "00700", "sn": "TENCENT"}, {"sc": "80700", "sn": "TENCENT-R"}],
}


def _page(*rows: Any) -> Any:
    return {"genDate": "1", "maxNumOfFile": 3, "newsInfoLst": list(rows)}


def test_a_row_of_the_latest_list() -> None:
    page = latest_page(_page(ROW))
    (filing,) = page.filings
    minute = from_hkt(date(2026, 3, 6), time(16, 35))
    assert (filing.id, filing.start, filing.end, filing.precision) == (
        "hkex:11871132",
        minute,
        minute + 60_000,
        "minute",
    )
    assert filing.symbols == (Symbol("0700.HK"),)
    assert (filing.scope, filing.kind) == (Scope.COMPANY, EventKind.RESULTS)
    assert filing.title.endswith("2025 & dividend")
    assert filing.url == "https://www1.hkexnews.hk/listedco/listconews/sehk/2026/0306/1.pdf"
    assert (page.pages, page.dropped) == (3, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"relTime": "31/02/2026 10:00"},
        {"relTime": None},
        {"newsId": "x"},
        {"newsId": None},
        {"stock": []},
        {"stock": [{"sc": "W"}]},
        {"stock": "00700"},
        {"title": "", "lTxt": None},
    ],
)
def test_an_unreadable_row_is_counted(change: dict[str, Any]) -> None:
    page = latest_page(_page(ROW | change, ROW, None, 7))
    assert (len(page.filings), page.dropped) == (1, 3)


def test_a_path_that_leads_elsewhere_is_no_link() -> None:
    for path in ("@evil.example/x", "//evil.example/x y", "", None):
        (filing,) = latest_page(_page(ROW | {"webPath": path})).filings
        assert filing.url == "" or filing.url.startswith("https://www1.hkexnews.hk/")


@pytest.mark.parametrize("document", [None, [], {}, {"newsInfoLst": None}, {"newsInfoLst": {}}, "x"])
def test_another_shape_is_said(document: Any) -> None:
    with pytest.raises(SourceError, match="another shape"):
        latest_page(document)


def test_the_search_has_json_within_json_or_the_text_null() -> None:
    row = {
        "NEWS_ID": "1",
        "TITLE": "Profit Warning",
        "LONG_TEXT": "Announcements and Notices - [Profit Warning]",
        "FILE_LINK": "/x.pdf",
        "DATE_TIME": "06/03/2026 12:15",
        "STOCK_CODE": "00700<br/>80700",
    }
    filings, more = search_page({"result": json.dumps([row]), "hasNextRow": True})
    assert [(filing.symbols, filing.kind) for filing in filings] == [((Symbol("0700.HK"),), EventKind.GUIDANCE)]
    assert more
    assert search_page({"result": "null", "hasNextRow": False}) == ((), False)
    shapes: list[Any] = [{"result": "{"}, {"result": None}, {"result": "7"}, []]
    for wrong in shapes:
        with pytest.raises(SourceError):
            search_page(wrong)


def test_the_stock_list_joins_both_languages() -> None:
    english = [{"c": "00700", "i": 7609, "n": "TENCENT"}, {"c": "80700", "i": 9, "n": "TENCENT-R"}, {"c": "x"}, None]
    chinese = [{"c": "00700", "i": 7609, "n": "騰訊控股"}]
    listed = stock_list(english, chinese)
    assert set(listed) == {Symbol("0700.HK")}
    stock = listed[Symbol("0700.HK")]
    assert (stock.search_id, stock.instrument.name_en, stock.instrument.name_zh) == (7609, "TENCENT", "騰訊控股")
    with pytest.raises(SourceError):
        stock_list({}, [])


@pytest.mark.parametrize(
    ("code", "symbol"),
    [("00700", "0700.HK"), ("80700", "0700.HK"), ("08083", "8083.HK"), ("", None), ("0", None), ("½", None)],
)
def test_codes(code: str, symbol: str | None) -> None:
    assert symbol_of(code) == symbol


@pytest.mark.parametrize(
    ("category", "title", "kind"),
    [
        ("Next Day Disclosure Returns - [Share Buyback]", "Next Day Disclosure Return", EventKind.FILING),
        ("Announcements and Notices - [Date of Board Meeting]", "Date of Board Meeting", EventKind.FILING),
        ("Announcements and Notices - [Inside Information]", "Positive profit alert", EventKind.GUIDANCE),
        ("Announcements and Notices - [Dividend or Distribution]", "Special dividend", EventKind.CAPITAL),
        ("Announcements and Notices - [Discloseable Transaction]", "Acquisition", EventKind.DEAL),
        ("Announcements and Notices - [Other - Miscellaneous]", "Voluntary announcement", EventKind.OTHER),
    ],
)
def test_kinds(category: str, title: str, kind: EventKind) -> None:
    assert kind_of(category, title) is kind


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW, "x"]), inner, max_size=4),
    max_leaves=12,
)


@given(_json)
def test_any_document_is_read_or_refused(document: Any) -> None:
    for read in (latest_page, search_page, lambda document: stock_list([document], [document])):
        with suppress(SourceError):
            read(document)
    assert latest_page({"newsInfoLst": [document]}).dropped <= 1
