"""The sample as a source: what its clock's time allows, and not a moment more."""

from datetime import date, time

import pytest

from benchmarks.sample_traps import NO_LAST_BAR, SUSPENDED
from tui.domain.clock import FixedClock
from tui.domain.market import Quality, Quote
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import from_hkt, to_hkt
from tui.sources.ports import SourceError
from tui.sources.sample import SampleSource, load_sample

SAMPLE = load_sample()
ALIBABA, XIAOMI, JD = Symbol("9988.HK"), Symbol("1810.HK"), Symbol("9618.HK")
FRIDAY = date(2026, 3, 6)
START = date(2026, 3, 1)


def source_at(day: date, at: str) -> SampleSource:
    return SampleSource(FixedClock(from_hkt(day, time.fromisoformat(at))), SAMPLE)


async def quote_at(day: date, at: str, symbol: Symbol = ALIBABA) -> Quote:
    return (await source_at(day, at).quotes([symbol]))[symbol]


async def test_before_the_open_the_last_session_stands() -> None:
    quote = await quote_at(FRIDAY, "09:29:59")
    assert (quote.price, quote.previous_close) == (126.3, 129.9)
    assert to_hkt(quote.exchange_time).isoformat() == "2026-03-05T16:08:00+08:00"
    paths = await source_at(FRIDAY, "09:29:59").paths([ALIBABA])
    assert to_hkt(paths[ALIBABA][-1].time).date() == date(2026, 3, 5)


async def test_a_running_session_shows_its_path_so_far() -> None:
    source = source_at(FRIDAY, "14:31:30")
    path = (await source.paths([ALIBABA]))[ALIBABA]
    quote = (await source.quotes([ALIBABA]))[ALIBABA]
    assert f"{to_hkt(path[-1].time):%H:%M}" == "14:31"
    assert quote.price == path[-1].price
    assert quote.exchange_time == path[-1].time
    assert quote.received == from_hkt(FRIDAY, time(14, 31, 30))
    assert quote.previous_close == 126.3
    assert quote.open == path[0].price
    assert (quote.high, quote.low) == (max(p.price for p in path), min(p.price for p in path))
    assert quote.volume == sum(point.volume for point in path)
    assert quote.turnover == pytest.approx(sum(point.volume * point.price for point in path))
    assert (quote.quality, quote.source) == (Quality.SAMPLE, "sample")
    assert max(bar.day for bar in await source.bars(ALIBABA, START)) == date(2026, 3, 5)


async def test_over_lunch_the_morning_s_last_price_stands() -> None:
    noon, later = await quote_at(FRIDAY, "12:00"), await quote_at(FRIDAY, "13:00:30")
    assert (noon.price, noon.exchange_time) == (later.price, later.exchange_time)


async def test_the_auction_s_print_is_the_close_and_the_bar_comes_at_ten_past_four() -> None:
    assert (await quote_at(FRIDAY, "16:08")).price == 130.7
    assert (await quote_at(FRIDAY, "16:07:59")).exchange_time == from_hkt(FRIDAY, time(16, 0))
    assert (await source_at(FRIDAY, "16:09:59").bars(ALIBABA, FRIDAY)) == ()
    (bar,) = await source_at(FRIDAY, "16:10").bars(ALIBABA, FRIDAY)
    assert (bar.close, bar.origin) == (130.7, "published")


async def test_the_weekend_after_shows_friday() -> None:
    quote = await quote_at(date(2026, 3, 8), "12:00")
    assert (quote.price, quote.previous_close) == (130.7, 126.3)
    assert quote.change_pct == pytest.approx(3.484, abs=5e-4)


async def test_before_the_week_the_last_closed_bar_is_the_quote() -> None:
    quote = await quote_at(date(2026, 2, 16), "12:09")
    assert to_hkt(quote.exchange_time).date() == date(2026, 2, 13)
    after = await quote_at(date(2026, 2, 16), "12:10")
    assert to_hkt(after.exchange_time).isoformat() == "2026-02-16T12:08:00+08:00"
    assert await source_at(date(2026, 2, 16), "12:10").paths([ALIBABA]) == {}


async def test_a_stock_that_does_not_trade_keeps_its_last_day() -> None:
    quote = await quote_at(date(2026, 3, 3), "15:00", SUSPENDED)
    assert to_hkt(quote.exchange_time).date() == date(2026, 2, 20)
    back = await quote_at(date(2026, 3, 4), "10:00", SUSPENDED)
    assert back.previous_close == quote.price
    assert to_hkt(back.exchange_time).date() == date(2026, 3, 4)


async def test_a_missing_last_bar_leaves_the_quote_alone() -> None:
    source = source_at(date(2026, 3, 7), "10:00")
    assert (await source.bars(NO_LAST_BAR, FRIDAY)) == ()
    quote = (await source.quotes([NO_LAST_BAR]))[NO_LAST_BAR]
    assert to_hkt(quote.exchange_time).date() == FRIDAY


async def test_an_index_has_no_volume() -> None:
    quote = await quote_at(FRIDAY, "16:08", HSI)
    assert (quote.price, quote.volume, quote.turnover) == (25757.289, None, None)


async def test_what_the_sample_lacks() -> None:
    source = source_at(FRIDAY, "15:00")
    unknown = Symbol("0001.HK")
    assert await source.quotes([unknown]) == {}
    assert await source.paths([unknown]) == {}
    with pytest.raises(SourceError) as caught:
        await source.bars(unknown, START)
    assert caught.value.state is SourceState.NO_SUCH_SYMBOL
    with pytest.raises(SourceError, match="the sample begins on 2024-11-29"):
        await source_at(date(2024, 11, 1), "12:00").quotes([ALIBABA])
    await source.close()


async def told(day: date, at: str, *symbols: Symbol) -> list[str]:
    answer = await source_at(day, at).news(symbols, from_hkt(START), from_hkt(date(2026, 3, 8)))
    assert answer.asked == ()
    return [event.id for event in answer.events]


async def test_news_is_told_from_the_moment_it_may_have_happened() -> None:
    assert await told(date(2026, 3, 3), "23:59", ALIBABA) == ["iran-conflict"]
    assert await told(date(2026, 3, 4), "00:00", ALIBABA) == ["iran-conflict", "qwen-departure"]
    assert "alibaba-task-force" in await told(date(2026, 3, 5), "09:00", ALIBABA)


async def test_the_round_up_of_the_close_is_not_told_before_the_close() -> None:
    assert "finanzen-round-up" not in await told(FRIDAY, "16:07", ALIBABA)
    assert "finanzen-round-up" in await told(FRIDAY, "16:08", ALIBABA)


async def test_news_of_other_stocks_is_not_told() -> None:
    assert await told(FRIDAY, "15:00", JD) == ["iran-conflict", "jd-results", "oil-eases"]
    assert await told(FRIDAY, "15:00", Symbol("0700.HK")) == ["iran-conflict", "oil-eases"]


async def test_news_outside_the_asked_span_is_left_out() -> None:
    source = source_at(FRIDAY, "15:00")
    answer = await source.news([XIAOMI], from_hkt(date(2026, 3, 5)), from_hkt(FRIDAY))
    assert [event.id for event in answer.events] == ["iran-conflict"]
    assert (answer.start, answer.end) == (from_hkt(date(2026, 3, 5)), from_hkt(FRIDAY))


async def test_time_moves_the_quote_on() -> None:
    clock = FixedClock(from_hkt(FRIDAY, time(10, 0)))
    source = SampleSource(clock, SAMPLE)
    first = (await source.quotes([ALIBABA]))[ALIBABA]
    clock.advance(60)
    second = (await source.quotes([ALIBABA]))[ALIBABA]
    assert second.exchange_time - first.exchange_time == 60_000
    assert first.volume is not None
    assert second.volume is not None
    assert second.volume > first.volume
