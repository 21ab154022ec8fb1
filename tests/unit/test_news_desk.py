"""The feed's events: moved meetings, changed stories, and what is remembered beside a day."""

from datetime import date, time, timedelta
from functools import cache

from tui.domain.ahead import When
from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.event import Event, EventKind, Scope
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import TradingDay, from_hkt
from tui.feed.coverage import Coverage
from tui.feed.news_desk import NewsDesk
from tui.sources.calendar import trading_days
from tui.sources.hkex_diary import board_meetings, ex_dates

TENCENT = Symbol("0700.HK")
PERIOD = "Y.E.31/12/25"


@cache
def _days() -> tuple[TradingDay, ...]:
    return trading_days(date(2026, 1, 1), date(2026, 12, 31))


def _desk() -> NewsDesk:
    return NewsDesk(SectorTable({}, {}), Coverage(()))


def _meetings(*rows: tuple[str, str]) -> list[Event]:
    """The diary with Tencent's meetings: day and period."""
    lines = ("".join(f"<td>{cell}" for cell in (day, "", "TENCENT", "700", "FIN RES", period)) for day, period in rows)
    return board_meetings("<tr><td>BM Date</tr>" + "".join(f"<tr>{line}</tr>" for line in lines))


def _rights(*rows: tuple[str, str]) -> list[Event]:
    """The list of entitlements with Tencent's: ex-date and description."""
    lines = ("".join(f"<td>{cell}" for cell in ("", "TENCENT (700)", "", what, day, "")) for day, what in rows)
    return ex_dates("Date : 05/03/2026<tr><td>Ex-Date</tr>" + "".join(f"<tr>{line}</tr>" for line in lines))


def _day(day: date, own: float = 5.0) -> Attribution:
    window = Window(length=250, first=None, last=None, used=250)
    return Attribution(symbol=TENCENT, date=day, verdict=Verdict.OWN, window=window, own_pp=own, rarity=0.01)


def test_a_moved_meeting_stands_under_its_new_day_alone_and_says_so() -> None:
    desk = _desk()
    now = from_hkt(date(2026, 3, 16), time(10))
    first, moved = date(2026, 3, 20), date(2026, 3, 27)
    desk.take(_meetings((f"{first:%d/%m/%Y}", PERIOD)), _days())
    assert [line.day for line in desk.ahead({TENCENT}, _days(), now)] == [first]
    (told,) = desk.take(_meetings((f"{moved:%d/%m/%Y}", PERIOD)), _days())
    (line,) = desk.ahead({TENCENT}, _days(), now)
    assert (line.day, line.when, line.event) == (moved, When.LATER, told)
    assert told.title == f"Board meeting on results, moved from 2026-03-20: FIN RES, {PERIOD}"
    assert told.title_zh == f"董事會會議審議業績，原定 2026-03-20：FIN RES, {PERIOD}"
    for day, known in ((first, False), (first + timedelta(days=3), False), (moved, True)):
        assert bool(desk.near(TENCENT, day)) is known
        assert (desk.results(_day(day), _days()) is not None) is known
        assert desk.has_event(TENCENT, day) is False, "a meeting belongs to the session after its evening"
    assert desk.has_event(TENCENT, date(2026, 3, 30))


def test_a_diary_that_is_read_again_changes_nothing() -> None:
    desk = _desk()
    desk.take(_meetings(("20/03/2026", PERIOD)), _days())
    desk.take(_meetings(("27/03/2026", PERIOD)), _days())
    version = desk.version
    assert desk.take(_meetings(("27/03/2026", PERIOD)), _days()) == ()
    assert desk.version == version


def test_a_feed_that_starts_again_knows_the_meeting_that_an_earlier_one_stored() -> None:
    earlier, desk = _desk(), _desk()
    earlier.take(_meetings(("20/03/2026", PERIOD)), _days())
    stored = earlier.take(_meetings(("27/03/2026", PERIOD)), _days())
    desk.take(stored, _days())
    assert desk.take(_meetings(("27/03/2026", PERIOD)), _days()) == ()
    (again,) = desk.take(_meetings(("26/03/2026", PERIOD)), _days())
    assert ", moved from 2026-03-27: " in again.title


def test_two_periods_are_two_meetings_and_two_sittings_on_one_are_one() -> None:
    both = _meetings(("20/03/2026", PERIOD), ("15/05/2026", "3 MTHS ENDED 31/03/26"), ("23/03/2026", PERIOD))
    assert [event.start for event in both] == [from_hkt(date(2026, m, d), time(12)) for m, d in ((3, 23), (5, 15))]


def test_a_moved_ex_date_and_two_rights_that_read_the_same() -> None:
    desk = _desk()
    desk.take(_rights(("18/05", "FINAL DIVIDEND")), _days())
    desk.take(_rights(("26/05", "FINAL DIVIDEND")), _days())
    lines = desk.ahead({TENCENT}, _days(), from_hkt(date(2026, 5, 14)))
    assert [line.day for line in lines if line.event] == [date(2026, 5, 26)]
    assert len({event.id for event in _rights(("04/05", "DIVIDEND"), ("04/06", "DIVIDEND"))}) == 2


def test_a_story_that_gets_another_cluster_is_found_by_it() -> None:
    desk = _desk()
    day = date(2026, 3, 5)
    at = from_hkt(day, time(10))
    one = Event("a", at, at, "second", "One", "Desk", symbols=(TENCENT,), scope=Scope.COMPANY, cluster="a")
    other = Event("b", at, at, "second", "Another", "Desk", scope=Scope.COMPANY, cluster="b")
    desk.take((one, other), _days())
    assert [event.id for event in desk.near(TENCENT, day)] == ["a"]
    desk.take((Event("b", at, at, "second", "Another", "Desk", scope=Scope.COMPANY, cluster="a"),), _days())
    assert [event.id for event in desk.near(TENCENT, day)] == ["a", "b"]


def test_what_is_said_of_good_news_follows_the_sign_of_the_move() -> None:
    desk = _desk()
    day = date(2026, 3, 5)
    at = from_hkt(day, time(8))
    kind = EventKind.RESULTS
    desk.take(
        (Event("a", at, at, "second", "T", "Desk", symbols=(TENCENT,), scope=Scope.COMPANY, kind=kind, sign=1),),
        _days(),
    )
    now = from_hkt(day, time(15))
    reasons = [desk.beside(_day(day, own), _days(), now).candidates[0].why for own in (5.0, -5.0, 5.0)]
    assert ["good news" in why for why in reasons] == [True, False, True]
    assert "good news, against the move" in reasons[1]
