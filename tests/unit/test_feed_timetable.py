"""When quotes are asked for, over whole days of the exchange's clock."""

from datetime import date, datetime, time

import pytest

from tui.domain.market import Quote
from tui.domain.symbol import HSI
from tui.domain.trading_day import HKT, DayKind, TradingDay, from_hkt, to_hkt, weekday_default
from tui.feed.market_days import EVIDENCE, MarketDays
from tui.feed.timetable import bars_due, current_session, last_closed_session, next_question, rests

FRIDAY = date(2026, 3, 6)
HALF = date(2026, 2, 16)
NEW_YEAR = date(2026, 2, 17)


def day_of(day: date) -> TradingDay:
    if day == HALF:
        return TradingDay(day, DayKind.HALF)
    return TradingDay(day, DayKind.CLOSED) if NEW_YEAR <= day <= date(2026, 2, 19) else weekday_default(day)


def at(day: date, clock: str) -> int:
    return from_hkt(day, time.fromisoformat(clock))


def questions(day: date, first: str = "00:00", last: str = "23:59", delay_s: float = 0) -> list[datetime]:
    """Every question of a day, asked the moment it is due."""
    now, end = at(day, first), at(day, last)
    asked: list[datetime] = []
    previous: int | None = now
    while True:
        now = next_question(previous, now, day_of, 15, delay_s)
        if now > end:
            return asked
        asked.append(to_hkt(now))
        previous = now


def between(asked: list[datetime], first: str, last: str) -> int:
    return sum(time.fromisoformat(first) <= moment.time() < time.fromisoformat(last) for moment in asked)


def test_a_full_day() -> None:
    asked = questions(FRIDAY)
    assert between(asked, "00:00", "09:00") == 0, "never at night"
    assert between(asked, "09:00", "09:30") == 30, "once a minute before the open"
    assert between(asked, "09:30", "12:00") == 600, "every fifteen seconds"
    assert between(asked, "12:03", "13:00") == 1, "once at lunch"
    assert between(asked, "13:00", "16:10") == 760
    assert between(asked, "16:15", "23:59") == 3, "a few looks in the evening, the last at six"
    assert asked[-1].time() == time(18, 0)


def test_a_late_source_is_asked_until_the_phase_has_reached_it() -> None:
    asked = questions(FRIDAY, delay_s=900)
    assert between(asked, "12:00", "12:15") == 60
    assert between(asked, "12:18", "13:00") == 1
    assert between(asked, "16:10", "16:25") >= 60, "the closing price comes a quarter of an hour late"
    assert between(asked, "16:45", "23:59") <= 3


def test_a_half_day_and_a_holiday() -> None:
    asked = questions(HALF)
    assert between(asked, "09:30", "12:10") == 640
    assert between(asked, "12:20", "23:59") <= 3
    holiday = questions(NEW_YEAR)
    assert [moment.time() for moment in holiday] == [time(9, 45)], "one look whether the table is right"
    assert questions(date(2026, 3, 7)) == [], "none at a weekend"


def test_the_first_question_is_at_once_whatever_the_hour() -> None:
    night = at(FRIDAY, "03:00")
    assert next_question(None, night, day_of, 15, 0) == night


def test_the_pause_over_a_long_holiday_ends_with_the_next_trading_day() -> None:
    evening = at(HALF, "20:00")
    asked = next_question(evening, evening, day_of, 15, 0)
    assert to_hkt(asked).date() == NEW_YEAR
    last_look = at(date(2026, 2, 19), "20:00")
    assert to_hkt(next_question(last_look, last_look, day_of, 15, 0)) == datetime(2026, 2, 20, 9, 0, tzinfo=HKT)


@pytest.mark.parametrize(("clock", "resting"), [("03:00", True), ("09:10", False), ("12:30", True), ("20:00", True)])
def test_rest(clock: str, resting: bool) -> None:
    assert rests(at(FRIDAY, clock), day_of, 0) is resting


def test_sessions() -> None:
    assert current_session(at(FRIDAY, "09:29"), day_of) == date(2026, 3, 5)
    assert current_session(at(FRIDAY, "09:30"), day_of) == FRIDAY
    assert last_closed_session(at(FRIDAY, "16:09"), day_of) == date(2026, 3, 5)
    assert last_closed_session(at(FRIDAY, "16:10"), day_of) == FRIDAY
    assert last_closed_session(at(date(2026, 2, 19), "12:00"), day_of) == HALF


def test_bars_are_due_where_a_closed_session_lacks_one() -> None:
    assert bars_due(None, at(FRIDAY, "11:00"), day_of, 0)
    assert not bars_due(date(2026, 3, 5), at(FRIDAY, "16:20"), day_of, 0), "the source needs a while"
    assert bars_due(date(2026, 3, 5), at(FRIDAY, "16:40"), day_of, 0)
    assert not bars_due(FRIDAY, at(FRIDAY, "20:00"), day_of, 0)


def days(*overrides: TradingDay) -> MarketDays:
    market = MarketDays(
        lambda first, last: [day_of(date.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1)],
        overrides,
    )
    market.load(FRIDAY)
    return market


def index(day: date, clock: str, delay_s: int = 0) -> Quote:
    return Quote(HSI, 25_000.0, at(day, clock), at(day, clock), "yahoo", delay_s=delay_s)


def learns(market: MarketDays, quote: Quote, now: int, newest: int = 0) -> bool:
    return market.learn(quote, newest, now)


def test_an_index_that_trades_on_a_holiday_proves_the_table_wrong() -> None:
    market = days()
    assert learns(market, index(NEW_YEAR, "09:44"), at(NEW_YEAR, "09:45"))
    assert (market.day(NEW_YEAR).kind, market.day(NEW_YEAR).origin) == (DayKind.FULL, EVIDENCE)
    assert not learns(market, index(NEW_YEAR, "09:45"), at(NEW_YEAR, "09:46")), "once is enough"


def test_an_index_that_stands_still_closes_the_day_and_opens_it_again() -> None:
    market = days()
    old = index(date(2026, 3, 5), "16:08", delay_s=900)
    assert not learns(market, old, at(FRIDAY, "10:10")), "with a quarter of an hour's delay that is no proof yet"
    assert learns(market, old, at(FRIDAY, "10:16"))
    assert not market.day(FRIDAY).is_open
    assert learns(market, index(FRIDAY, "11:01", delay_s=900), at(FRIDAY, "11:16")), "a storm signal was lowered"
    assert market.day(FRIDAY).is_open


def test_an_index_that_stands_still_while_stocks_trade_is_only_late() -> None:
    market = days()
    old = index(date(2026, 3, 5), "16:08", delay_s=900)
    assert not learns(market, old, at(FRIDAY, "11:00"), newest=at(FRIDAY, "10:45"))
    assert market.day(FRIDAY).is_open


def test_what_the_trader_says_outranks_proof() -> None:
    market = days(TradingDay(FRIDAY, DayKind.FULL, "", "", "user"))
    assert not learns(market, index(date(2026, 3, 5), "16:08"), at(FRIDAY, "12:00"))
    assert market.day(FRIDAY).is_open


def test_the_window_is_in_order_and_reaches_ahead() -> None:
    market = days()
    assert [day.day for day in market.days] == sorted(day.day for day in market.days)
    assert market.covers(FRIDAY)
    assert not market.covers(date(2026, 4, 20))
