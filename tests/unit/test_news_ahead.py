"""The exchange's diaries as they are printed, and the calendar of the coming days."""

from datetime import date, time, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.ahead import Coming, When
from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.event import EventKind
from tui.domain.symbol import Symbol
from tui.domain.trading_day import TradingDay, from_hkt
from tui.news.ahead import ahead, results_day
from tui.news.ranking import attach
from tui.sources.calendar import trading_days
from tui.sources.hkex_diary import board_meetings, ex_dates
from tui.sources.ports import SourceError

TENCENT, OTHER = Symbol("0700.HK"), Symbol("1234.HK")


@cache
def _days() -> tuple[TradingDay, ...]:
    return trading_days(date(2026, 1, 1), date(2026, 12, 31))


def _meeting_row(day: str, code: str, purpose: str = "FIN RES/DIV", period: str = "Y.E.31/12/25") -> str:
    cells = (day, "", "NAME", f"&nbsp;{code}", purpose, period)
    return "<tr>" + "".join(f"<td width=75 valign=top><font>{cell}</font></td>" for cell in cells) + "</tr>"


def _meetings(*rows: str) -> str:
    head = "".join(f"<td><font>{name}" for name in ("BM Date", "", "Stock Short Name", "Code", "Purpose", "Period"))
    return (
        "<html><font class=textfont><br/>Date : 05/03/2026<br/>This list may not be exhaustive</font>"
        f"<table class=textfont><tr>{head}</tr>{''.join(rows)}</table></html>"
    )


def _entitlements(*rows: tuple[str, str, str, str]) -> str:
    head = ("", "Stock Short Name (Stock Code)", "", "Description", "Ex-Date", "Book Closing Date")
    lines = [head, ("", "", "", "-----", "-----", "-----"), *(("", name, "", *rest) for name, *rest in rows)]
    # The cells are left open, as on the page.
    table = "".join("<tr>" + "".join(f"<td>{cell}" for cell in line) + "</tr>" for line in lines)
    return f"<html>Date : 05/03/2026<br/><table>{table}</table></html>"


def test_board_meetings_on_results() -> None:
    events = board_meetings(
        _meetings(
            _meeting_row("18/03/2026", "700"),
            _meeting_row("06-07/03/2026", "1234", "INT RES"),
            _meeting_row("19/03/2026", "1299", "SPECIAL DIVIDEND"),
            _meeting_row("31/02/2026", "5"),
            _meeting_row("soon", "5"),
            _meeting_row("18/03/2026", "none"),
        )
    )
    assert [(event.symbols, event.start, event.end) for event in events] == [
        ((TENCENT,), from_hkt(date(2026, 3, 18), time(12)), from_hkt(date(2026, 3, 19))),
        ((OTHER,), from_hkt(date(2026, 3, 6), time(12)), from_hkt(date(2026, 3, 7))),
    ]
    assert events[0].title == "Board meeting on results: FIN RES/DIV, Y.E.31/12/25"
    assert (events[0].kind, events[0].precision) == (EventKind.RESULTS, "day")


def test_ex_dates_and_their_years() -> None:
    events = ex_dates(
        _entitlements(
            ("TENCENT (700)", "FINAL DIVIDEND<br />HKD5.30 PER SHARE", "26/05", "28/05/2026 - 01/06/2026"),
            ("", "SPECIAL DIVIDEND", "30/12", "04/01/2027"),
            ("SOME WORDS-W (1234)", "RIGHTS ISSUE", "09/03", "NO B/C DATE"),
            ("NIL (5)", "NIL FINAL DIVIDEND", "TO BE ANNOUNCED", ""),
        )
    )
    assert [(event.symbols[0], event.start) for event in events] == [
        (TENCENT, from_hkt(date(2026, 5, 26))),
        (TENCENT, from_hkt(date(2026, 12, 30))),
        (OTHER, from_hkt(date(2026, 3, 9))),
    ]
    assert events[0].title == "Ex-date: FINAL DIVIDEND HKD5.30 PER SHARE"
    assert {event.kind for event in events} == {EventKind.EX_DATE}


@pytest.mark.parametrize("page", ["", "<html>maintenance</html>", "<table><tr><td>Date</td></tr></table>"])
def test_another_page_is_refused(page: str) -> None:
    for read in (board_meetings, ex_dates):
        with pytest.raises(SourceError):
            read(page)


@pytest.mark.parametrize(
    "mark", ["<", "<!", "</", "<td>", "<tr>", "<td ", "<br>", "<tr><td>x", "&#", "<td>" + "a" * 90 + "<br>", "<!--"]
)
def test_a_page_made_to_be_slow_is_read_in_one_pass(mark: str) -> None:
    """Two megabytes are the most that is fetched; a reader that looks at each mark's rest would need minutes."""
    page = "<tr><td>BM Date</tr>" + mark * (2 * 1024 * 1024 // len(mark))
    assert board_meetings(page) == []


@given(st.lists(st.text(max_size=12), min_size=6, max_size=6))
def test_any_cells_are_read_or_left_out(cells: list[str]) -> None:
    row = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    assert len(board_meetings(_meetings(row))) <= 1
    assert len(ex_dates(_entitlements().replace("</table>", row + "</table>"))) <= 1


def _lines(coming: tuple[Coming, ...]) -> list[tuple[str, str]]:
    return [
        (line.event.kind if line.event else line.trading_day.kind if line.trading_day else "", line.when)
        for line in coming
    ]


def test_the_coming_days_soonest_first() -> None:
    meetings = board_meetings(
        _meetings(
            *(_meeting_row(f"{day}/2026", "700", period=day) for day in ("31/03", "01/04", "02/04", "08/04", "01/06"))
        )
    )
    others = board_meetings(_meetings(_meeting_row("31/03/2026", "1299")))
    right = ex_dates(_entitlements(("TENCENT (700)", "FINAL DIVIDEND", "01/04", "02/04/2026")))
    now = from_hkt(date(2026, 3, 31), time(10))
    coming = ahead([*meetings, *others, *right], _days(), {TENCENT}, now)
    assert _lines(coming) == [
        ("results", When.TONIGHT),
        ("ex_date", When.TOMORROW),
        ("results", When.TOMORROW),
        ("results", When.THIS_WEEK),
        ("closed", When.THIS_WEEK),
        ("closed", When.LATER),
        ("closed", When.LATER),
        ("results", When.LATER),
    ]
    assert [line.day for line in coming if line.trading_day] == [date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 7)]


def test_half_days_are_told_and_weekends_are_not() -> None:
    coming = ahead([], _days(), (), from_hkt(date(2026, 12, 23), time(20)), span=5)
    assert _lines(coming) == [("half", When.TOMORROW), ("closed", When.THIS_WEEK)]


def test_what_is_over_is_not_ahead() -> None:
    meetings = board_meetings(_meetings(_meeting_row("05/03/2026", "700")))
    assert ahead(meetings, _days(), {TENCENT}, from_hkt(date(2026, 3, 6))) == ()


@pytest.mark.parametrize(("day", "met"), [(4, False), (5, True), (6, True), (9, False)])
def test_an_own_move_on_a_results_day_says_so(day: int, met: bool) -> None:
    session = date(2026, 3, day)
    meetings = board_meetings(_meetings(_meeting_row("05/03/2026", "700")))
    assert (results_day(TENCENT, session, meetings, _days()) is not None) is met
    assert results_day(OTHER, session, meetings, _days()) is None
    window = Window(length=250, first=None, last=None, used=250)
    move = Attribution(symbol=TENCENT, date=session, verdict=Verdict.OWN, window=window, rarity=0.01)
    told = attach(move, meetings, asked=True, days=_days())
    assert [(candidate.role, "results" in candidate.why) for candidate in told.candidates] == [("cause", True)] * met


def test_results_are_never_before_noon() -> None:
    (meeting,) = board_meetings(_meetings(_meeting_row("05/03/2026", "700")))
    assert meeting.start - from_hkt(date(2026, 3, 5)) == timedelta(hours=12).total_seconds() * 1000
