"""New York's night in the feed: only bars of nights that are over, asked for once, and the gap of the right morning."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

import pytest

from tests.unit.attribution_data import bars_of, drawn_returns
from tui.domain.adr import USDHKD, DualListing, ParityGap
from tui.domain.clock import FixedClock
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import DayKind, TradingDay, from_hkt, weekday_default
from tui.feed.asking import Asker
from tui.feed.fits import Fits
from tui.feed.health import Health
from tui.feed.keeper import Keeper
from tui.feed.market_days import MarketDays
from tui.feed.new_york import NewYork, last_final
from tui.sources.ports import SourceError

LISTINGS = {
    Symbol(f"{code}.HK"): DualListing(Symbol(f"{code}.HK"), Symbol(adr), ratio)
    for code, adr, ratio in (("9988", "BABA", 8.0), ("9618", "JD", 2.0), ("9888", "BIDU", 8.0), ("9626", "BILI", 1.0))
}
ALIBABA = Symbol("9988.HK")
MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(1)


class Prices:
    """A source that knows some bars and counts what it is asked."""

    name = "prices"

    def __init__(self, closes: Mapping[Symbol, Mapping[date, float]]) -> None:
        self.closes = dict(closes)
        self.asked: list[Symbol] = []

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        self.asked.append(symbol)
        if symbol not in self.closes:
            raise SourceError(SourceState.NO_SUCH_SYMBOL, f"no {symbol}")
        return [Bar(symbol, day, close) for day, close in sorted(self.closes[symbol].items()) if day >= since]

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        return {}

    async def paths(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[PathPoint]]:
        return {}

    async def close(self) -> None:
        return


class Night:
    """New York as a feed sees it at a moment."""

    def __init__(self, at: int, prices: Prices, night_pct: float | None = None) -> None:
        self.clock = FixedClock(at)
        self.prices = prices
        self.fits = Fits(SectorTable({}, {}), HSI)
        self.days = MarketDays(lambda first, last: [weekday_default(date(2026, 2, 17))], [_CLOSED_WEDNESDAY])
        self.days.load(MONDAY)
        health = Health("prices", self.clock, None)
        self.asker = Asker(self.clock, 4)
        self.told: list[Symbol] = []
        self.new_york = NewYork(
            self.clock,
            self.days,
            LISTINGS,
            self.fits,
            lambda day: night_pct,
            prices,
            self.asker,
            health,
            Keeper(None, self.clock),
        )
        self.new_york.on_bars = self.told.extend

    def close_at(self, prices: Mapping[Symbol, Mapping[date, float]]) -> None:
        """Hong Kong's closes."""
        for symbol, closes in prices.items():
            self.fits.take_bars(symbol, [Bar(symbol, day, close) for day, close in closes.items()])

    async def pass_by(self, *symbols: Symbol) -> None:
        """Watch these and let everything that can be asked be asked."""
        self.new_york.watch(symbols)
        tasks = [asyncio.create_task(part()) for part in (self.new_york.run, self.asker.run)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def gap(self, symbol: Symbol = ALIBABA) -> ParityGap:
        gap = self.new_york.gap(symbol)
        assert gap is not None
        return gap


_CLOSED_WEDNESDAY = TradingDay(MONDAY + timedelta(2), DayKind.CLOSED, "a holiday")
CLOSES = {symbol: {MONDAY: 100.0} for symbol in LISTINGS}
NEW_YORK = {
    Symbol("BABA"): {MONDAY: 105.0, TUESDAY: 90.0},
    Symbol("JD"): {MONDAY: 25.9},
    Symbol("BIDU"): {MONDAY: 103.5},
    Symbol("BILI"): {MONDAY: 12.9},
    USDHKD: {MONDAY: 7.81},
}


@pytest.mark.parametrize(
    ("day", "at", "final"),
    [
        (TUESDAY, time(5, 9), MONDAY - timedelta(3)),
        (TUESDAY, time(5, 10), MONDAY),
        (TUESDAY, time(23, 59), MONDAY),
        (MONDAY, time(12), MONDAY - timedelta(3)),
        (MONDAY - timedelta(1), time(12), MONDAY - timedelta(3)),
        (MONDAY - timedelta(2), time(4), MONDAY - timedelta(4)),
        (MONDAY - timedelta(2), time(6), MONDAY - timedelta(3)),
    ],
)
def test_a_night_is_final_after_new_yorks_close_in_winter(day: date, at: time, final: date) -> None:
    assert last_final(from_hkt(day, at)) == final


async def test_before_the_open_the_gap_is_split_by_the_others() -> None:
    night = Night(from_hkt(TUESDAY, time(8)), Prices(NEW_YORK))
    night.close_at(CLOSES)
    await night.pass_by(*LISTINGS)
    gap = night.gap()
    assert (gap.day, gap.session, gap.rate) == (TUESDAY, MONDAY, 7.81)
    assert gap.gap_pct == pytest.approx(105 * 7.81 / 8 - 100)
    others = sorted(night.gap(symbol).gap_pct for symbol in LISTINGS if symbol != ALIBABA)
    assert gap.by == "listings"
    assert gap.common_pct == pytest.approx(others[1])
    assert set(night.told) == set(LISTINGS)


async def test_after_the_open_the_gap_is_split_by_the_index() -> None:
    returns = drawn_returns(300)
    history = bars_of({HSI: returns[HSI], ALIBABA: returns[Symbol("9988.HK")]})
    last = history[HSI][-1].day
    following = next(day for day in (last + timedelta(step) for step in range(1, 5)) if day.weekday() < 5)
    new_york = {Symbol("BABA"): {last: history[ALIBABA][-1].close}, USDHKD: {last: 7.8}}
    night = Night(from_hkt(following, time(10)), Prices(new_york), night_pct=0.4)
    for symbol, bars in history.items():
        night.fits.take_bars(symbol, bars)
    await night.pass_by(ALIBABA)
    assert night.gap().by == "", "there is no fit yet"
    await night.fits.refit({ALIBABA: following}, ())
    fit = night.fits.fit(ALIBABA, following)
    assert fit is not None
    assert fit.regression is not None
    assert night.gap().by == "index"
    assert night.gap().common_pct == pytest.approx(fit.regression.market.value * 0.4)


async def test_a_session_that_still_runs_in_new_york_is_not_taken() -> None:
    night = Night(from_hkt(TUESDAY, time(23)), Prices(NEW_YORK))
    night.close_at({symbol: {MONDAY: 100.0, TUESDAY: 101.0} for symbol in LISTINGS})
    await night.pass_by(ALIBABA)
    assert night.gap().session == MONDAY, "the gap of Tuesday's own morning stays"
    night.clock.advance(3 * 3600)
    assert night.new_york.gap(ALIBABA) is None, (
        "past midnight: Wednesday's holiday goes by, Thursday's night is to come"
    )


async def test_each_night_is_asked_for_once_and_again_later_where_it_is_missing() -> None:
    prices = Prices(NEW_YORK)
    night = Night(from_hkt(TUESDAY, time(8)), prices)
    night.close_at(CLOSES)
    await night.pass_by(ALIBABA)
    await night.pass_by(ALIBABA)
    assert sorted(prices.asked) == ["BABA", "HKD=X"]
    night.clock.advance(24 * 3600)
    prices.asked.clear()
    await night.pass_by(ALIBABA)
    assert sorted(prices.asked) == ["BABA", "HKD=X"], "Tuesday's night is over and not there for the rate"
    prices.asked.clear()
    night.clock.advance(2 * 3600)
    await night.pass_by(ALIBABA)
    assert prices.asked == [], "what is missing is not asked for again at once"
    night.clock.advance(2 * 3600)
    await night.pass_by(ALIBABA)
    assert prices.asked == ["HKD=X"]


async def test_stocks_without_another_listing_cost_nothing_and_a_refusal_is_no_gap() -> None:
    prices = Prices({})
    night = Night(from_hkt(TUESDAY, time(8)), prices)
    night.close_at(CLOSES)
    await night.pass_by(Symbol("0005.HK"))
    assert prices.asked == []
    assert night.new_york.gap(Symbol("0005.HK")) is None
    await night.pass_by(ALIBABA)
    assert night.new_york.gap(ALIBABA) is None


async def test_closed_days_have_their_gaps_too() -> None:
    returns = drawn_returns(300)
    history = bars_of({HSI: returns[HSI], ALIBABA: returns[Symbol("9988.HK")], HSTECH: returns[HSTECH]})
    days = [bar.day for bar in history[HSI]]
    new_york = {Symbol("BABA"): dict.fromkeys(days, 100.0), USDHKD: dict.fromkeys(days, 7.8)}
    for bar in history[ALIBABA]:
        new_york[Symbol("BABA")][bar.day] = bar.close * 8 / 7.8 * 1.01
    night = Night(from_hkt(days[-1], time(17)), Prices(new_york))
    for symbol, bars in history.items():
        night.fits.take_bars(symbol, bars)
    await night.pass_by(ALIBABA)
    await night.fits.refit({ALIBABA: days[-1]}, ())
    assert night.fits.book is not None
    found = night.new_york.past(ALIBABA, days[-5:], night.fits.book)
    assert list(found) == days[-5:]
    for at, day in enumerate(days[-5:], len(days) - 5):
        assert found[day].session == days[at - 1]
        assert found[day].gap_pct == pytest.approx(1.0)
        assert found[day].by == "index"
