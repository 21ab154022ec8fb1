"""The files of the sample week: drawn again from the seed, consistent in themselves, facts unchanged."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from benchmarks.sample_market import SESSIONS
from benchmarks.sample_traps import HALF_DAY, NO_LAST_BAR, SUSPENDED, TOO_SHORT
from benchmarks.sample_week import build
from tui.domain.event import Scope
from tui.domain.symbol import HSI, HSTECH, Symbol, is_hk_stock
from tui.domain.ticks import tick_size, to_tick
from tui.domain.trading_day import from_hkt, to_hkt
from tui.news.window import session_of_event, window_of
from tui.sources.calendar import trading_days
from tui.sources.closes import read_closes
from tui.sources.sample_files import PUBLISHED, SIMULATED, WEEK, load_sample

SAMPLE = load_sample()
FRIDAY = date(2026, 3, 6)
THURSDAY = date(2026, 3, 5)


def test_the_seed_gives_the_same_files_again() -> None:
    for name, text in build(SAMPLE.folder).items():
        assert (SAMPLE.folder / name).read_text(encoding="utf-8") == text, f"{name}: run `make sample` and look at it"


def test_the_files_stay_small_enough_to_be_read() -> None:
    assert sum(file.stat().st_size for file in SAMPLE.folder.iterdir()) < 450_000


def test_published_closes_are_the_facts_and_nothing_else_claims_to_be() -> None:
    week = read_closes(SAMPLE.folder / WEEK)
    assert len(week.closes) == 21
    for symbol, bars in SAMPLE.bars.items():
        claimed = {bar.day: bar.close for bar in bars if bar.origin == PUBLISHED}
        facts = dict(zip(week.dates, week.closes[symbol], strict=True)) if symbol in week.closes else {}
        assert claimed == facts
        assert {bar.origin for bar in bars} <= {PUBLISHED, SIMULATED}


def test_the_closes_are_a_price_file() -> None:
    read = read_closes(SAMPLE.folder / "close.csv")
    assert len(read.dates) == SESSIONS
    assert set(read.closes) == set(SAMPLE.bars)


def test_sessions_are_the_exchange_s() -> None:
    bars = SAMPLE.bars[HSI]
    calendar = trading_days(bars[0].day, SAMPLE.trading_days[-1].day)
    assert SAMPLE.trading_days == calendar
    assert [bar.day for bar in bars] == [day.day for day in calendar if day.is_open and day.day <= FRIDAY]


def test_bars_hold_together() -> None:
    for symbol, bars in SAMPLE.bars.items():
        assert [bar.day for bar in bars] == sorted({bar.day for bar in bars})
        for bar in bars:
            assert bar.open is not None
            assert bar.high is not None
            assert bar.low is not None
            assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high, (symbol, bar.day)
            assert (bar.volume is None) == (not is_hk_stock(symbol))


def test_prices_are_quotable() -> None:
    for symbol, bars in SAMPLE.bars.items():
        if not is_hk_stock(symbol):
            continue
        for bar in bars:
            for price in (bar.open, bar.high, bar.low, bar.close):
                assert price is not None
                assert to_tick(price, bar.day) == price, (symbol, bar.day)


@pytest.mark.parametrize(
    ("price", "day", "tick"),
    [
        (9.98, FRIDAY, 0.01),
        (10.85, FRIDAY, 0.01),
        (33.42, FRIDAY, 0.02),
        (74.5, FRIDAY, 0.05),
        (130.7, FRIDAY, 0.1),
        (411.4, FRIDAY, 0.2),
        (519.0, FRIDAY, 0.5),
        (10.86, date(2025, 8, 1), 0.02),
        (33.45, date(2025, 8, 1), 0.05),
        (33.42, date(2025, 8, 4), 0.02),
    ],
)
def test_price_steps_of_the_day(price: float, day: date, tick: float) -> None:
    assert tick_size(price, day) == tick
    assert to_tick(price + 0.4 * tick, day) == price


@pytest.mark.parametrize("day", [FRIDAY - timedelta(days=back) for back in range(5)])
def test_paths_run_from_open_to_close(day: date) -> None:
    step = 1 if day == FRIDAY else 5
    for symbol, path in SAMPLE.paths[day].items():
        bar = next((bar for bar in SAMPLE.bars[symbol] if bar.day == day), None)
        times = [to_hkt(point.time).time() for point in path]
        assert (times[0], times[1], times[-1]) == (time(9, 30), time(9, 30 + step), time(16, 8))
        assert len(path) == 330 // step + 2
        assert {to_hkt(point.time).date() for point in path} == {day}
        assert not [at for at in times if time(12, 0) < at <= time(13, 0)], "nothing trades over lunch"
        assert all(later.time > earlier.time for earlier, later in pairwise(path))
        if bar is None:
            assert (symbol, day) == (NO_LAST_BAR, FRIDAY)
            continue
        prices = [point.price for point in path]
        assert (prices[0], prices[-1]) == (bar.open, bar.close)
        assert (max(prices), min(prices)) == (bar.high, bar.low)
        if is_hk_stock(symbol):
            assert sum(point.volume for point in path) == bar.volume
            assert all(to_tick(price, day) == price for price in prices)


def test_trading_is_busiest_at_the_ends_of_the_day() -> None:
    path = SAMPLE.paths[FRIDAY][Symbol("0700.HK")]
    hours = {hour: sum(point.volume for point in path if to_hkt(point.time).hour == hour) for hour in (10, 11, 14)}
    first, last = (sum(point.volume for point in part) for part in (path[1:31], path[-31:-1]))
    assert first * 2 > hours[11]
    assert last * 2 > hours[14]
    assert path[-1].volume > max(point.volume for point in path[1:-1])


def test_jd_s_own_move_begins_in_the_night_and_grows_through_the_day() -> None:
    jd, hsi = SAMPLE.paths[FRIDAY][Symbol("9618.HK")], SAMPLE.paths[FRIDAY][HSI]
    gaps = [(stock.price / 96.95 - index.price / 25321.34) * 100 for stock, index in zip(jd, hsi, strict=True)]
    assert 1 < gaps[0] < gaps[-1]
    assert gaps[165] > gaps[0]


def test_suspended_and_missing_days() -> None:
    days = {bar.day for bar in SAMPLE.bars[SUSPENDED]}
    assert date(2026, 2, 20) in days
    assert not [day for day in days if date(2026, 2, 23) <= day <= date(2026, 3, 3)]
    assert date(2026, 3, 4) in days
    assert SUSPENDED not in SAMPLE.paths[date(2026, 3, 3)]
    assert SAMPLE.bars[NO_LAST_BAR][-1].day == THURSDAY
    assert NO_LAST_BAR in SAMPLE.paths[FRIDAY]
    assert len(SAMPLE.bars[TOO_SHORT]) == 42
    (half,) = (bar for bar in SAMPLE.bars[HALF_DAY] if bar.day == date(2026, 2, 16))
    assert (half.open, half.high, half.low, half.volume) == (half.close, half.close, half.close, 0)


def test_events_are_dated_sourced_and_in_both_languages() -> None:
    by_id = {event.id: event for event in SAMPLE.events}
    assert len(by_id) == len(SAMPLE.events) == 8
    for event in SAMPLE.events:
        assert event.start < event.end
        assert event.precision == "day"
        assert event.source
        assert event.title
        assert event.title_zh
        assert event.url == "", "no link that is not certain"
        assert set(event.symbols) <= set(SAMPLE.bars)
        assert event.scope is Scope.MARKET or event.symbols
    letter = by_id["alibaba-task-force"]
    assert (letter.start, letter.end) == (from_hkt(THURSDAY), from_hkt(FRIDAY))
    assert [event.id for event in SAMPLE.events if event.recap] == ["finanzen-round-up"]
    assert {event.symbols for event in SAMPLE.events if event.kind == "results"} == {("9618.HK",), ("9626.HK",)}
    assert SAMPLE.asked == ()


def test_an_event_belongs_to_the_session_in_which_it_ends_and_a_recap_to_the_one_it_describes() -> None:
    sessions = {event.id: event.session for event in SAMPLE.events}
    for event in SAMPLE.events:
        if not event.recap:
            assert event.session == session_of_event(event, SAMPLE.trading_days), event.id
    assert sessions["qwen-departure"] == date(2026, 3, 4)
    assert sessions["jd-results"] == sessions["bilibili-results"] == sessions["finanzen-round-up"] == FRIDAY
    assert window_of(FRIDAY, SAMPLE.trading_days).meets(SAMPLE.events[-1].start, SAMPLE.events[-1].end)


def test_stocks_that_nobody_issued_say_so() -> None:
    for symbol, instrument in SAMPLE.instruments.items():
        invented = is_hk_stock(symbol) and int(symbol[:-3]) > 90000
        assert instrument.name_en.endswith(" (sample)") == invented
        assert instrument.name_zh.endswith("（示例）") == invented
    assert set(SAMPLE.instruments) == set(SAMPLE.bars)
    assert SAMPLE.instruments[HSTECH].name_zh == "恒生科技指數"
