"""The whole feed in this process, on the sample, at moments of 6 March 2026 that stand still or run fast."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.feed_in_loop import AFTERNOON, FRIDAY, world
from tests.feeds import ALIBABA, BILIBILI, HSBC, JD, TENCENT, XIAOMI
from tui import wire
from tui.domain.attribution import Flag, Verdict
from tui.domain.clock import FixedClock
from tui.domain.event import NewsCoverage
from tui.domain.market import Quality
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.feed.factory import moment_of


async def test_the_closed_day_splits_as_published(tmp_path: Path) -> None:
    async with world(tmp_path, ALIBABA, JD, XIAOMI, HSBC) as feed:
        alibaba, jd = feed.day(ALIBABA), feed.day(JD)
        assert (alibaba.date, alibaba.verdict) == (FRIDAY, Verdict.MARKET)
        assert alibaba.return_pct == pytest.approx(3.484, abs=0.001)
        assert alibaba.own_pp == pytest.approx(-0.130, abs=0.02)
        assert alibaba.rarity == pytest.approx(0.916, abs=0.02)
        assert jd.verdict is Verdict.OWN
        assert jd.own_pp == pytest.approx(6.85, abs=0.02)
        for row in feed.rows.values():
            assert row.day is not None
            assert row.day.return_pct == pytest.approx(
                row.day.market_pp + row.day.sector_pp + row.day.own_pp,  # type: ignore[operator]
                abs=1e-12,
            )
            assert row.quote is not None
            assert row.quote.quality is Quality.SAMPLE
            assert row.own_spark[-1] == pytest.approx(row.day.own_pp, abs=1e-4), "the spark ends at the split"
            assert row.spark[-1] == row.quote.price
            assert row.compared_at is None
        assert feed.rows[HSBC].day.news_coverage is NewsCoverage.NOT_FETCHED  # type: ignore[union-attr]
        assert [c.title for c in jd.candidates if c.role == "cause"], "JD's results are offered as a cause"
        assert [quote.symbol for quote in feed.status.indices] == [HSI, HSTECH]
        assert (feed.status.day, feed.status.day_kind) == (FRIDAY, "full")


async def test_the_running_day_is_split_at_the_newest_minute(tmp_path: Path) -> None:
    async with world(tmp_path, ALIBABA, TENCENT, at=AFTERNOON) as feed:
        row = feed.rows[ALIBABA]
        day = feed.day(ALIBABA)
        assert row.quote is not None
        assert day.return_pct == pytest.approx(row.quote.change_pct)
        assert day.close == row.quote.price
        assert sum(value is not None for value in row.spark) == 50, "the open and forty-nine steps"
        assert row.spark[50:] == (None,) * 18
        assert row.own_spark[49] == pytest.approx(day.own_pp, abs=1e-4)
        assert row.relative_volume is not None, "four days of the week tell what is usual by this minute"
        assert 0.2 < row.relative_volume < 10


async def test_before_the_open_the_day_before_stays(tmp_path: Path) -> None:
    async with world(tmp_path, ALIBABA, at="2026-03-06T09:10") as feed:
        day = feed.day(ALIBABA)
        assert day.date == date(2026, 3, 5)
        assert day.return_pct == pytest.approx((126.3 / 129.9 - 1) * 100)
        assert feed.status.day == date(2026, 3, 5)


async def test_history_is_newest_first_and_agrees_with_the_list(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at=AFTERNOON) as feed:
        history = await feed.history(JD, 30)
        assert history.error == ""
        assert len(history.days) == 30
        dates = [day.date for day in history.days]
        assert dates == sorted(dates, reverse=True)
        assert history.days[0] == feed.day(JD)
        assert [leg.name for leg in history.legs[FRIDAY]] == ["overnight", "morning", "lunch", "afternoon"]
        for day in history.days:
            legs = history.legs.get(day.date, ())
            assert sum(leg.return_pct for leg in legs) == pytest.approx(day.return_pct)
            assert sum(leg.own_pp or 0.0 for leg in legs) == pytest.approx(day.own_pp, abs=1e-9)
        assert any(day.candidates for day in history.days[1:4]), "the week's events stand beside their days"
        assert all(day.relative_volume for day in history.days)


async def test_history_of_a_stock_nobody_watches_and_of_none(tmp_path: Path) -> None:
    async with world(tmp_path, JD) as feed:
        assert (await feed.history(BILIBILI, 5)).days[0].own_pp == pytest.approx(-8.26, abs=0.02)
        unknown = await feed.history(Symbol("1234.HK"))
        assert (unknown.days, unknown.error) == ((), "the sample week has no 1234.HK")
        market = await feed.history(HSI)
        assert "nothing to split" in market.error
        assert len((await feed.history(JD, 10**6)).days) < 400


async def test_traps_are_flagged_not_hidden(tmp_path: Path) -> None:
    half, missing, halted, listed = map(Symbol, ("99901.HK", "99902.HK", "99903.HK", "99906.HK"))
    async with world(tmp_path, half, missing, halted, listed, Symbol("1234.HK")) as feed:
        assert feed.day(listed).verdict is Verdict.INSUFFICIENT
        assert feed.day(missing).verdict is not Verdict.INSUFFICIENT
        await feed.until(lambda w: w.rows[Symbol("1234.HK")].note)
        assert feed.rows[Symbol("1234.HK")].note == "the sample week has no 1234.HK"
        assert feed.rows[Symbol("1234.HK")].quote is None
        async with asyncio.timeout(5):
            flags = {flag for day in (await feed.history(half, 40)).days for flag in day.flags}
        assert Flag.HALF_DAY in flags


async def test_a_halted_stock_has_no_split_and_says_since_when(tmp_path: Path) -> None:
    halted = Symbol("99903.HK")
    async with world(tmp_path, halted, JD, at="2026-03-03T11:00") as feed:
        row = feed.rows[halted]
        assert row.day is None
        assert row.note == "no trade since Fri 20 Feb 2026"
        assert feed.day(JD).date == date(2026, 3, 3)


async def test_a_disk_that_refuses_costs_the_store_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    place.write_text("no folder")
    async with world(tmp_path, JD, cache=place / "cache.sqlite") as feed:
        assert feed.day(JD).verdict is Verdict.OWN
        await feed.until(lambda w: w.status.warnings)
        assert "not stored" in feed.status.warnings[0]


async def test_a_stock_added_later_comes_whole(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at=AFTERNOON) as feed:
        feed.send(wire.Watch((JD, TENCENT), (TENCENT,)))
        await feed.until(lambda w: TENCENT in w.rows and w.rows[TENCENT].day)
        assert feed.day(TENCENT).own_pp is not None


async def test_a_replay_crosses_lunch_and_the_close(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at="2026-03-06T15:50", speed=900) as feed:
        await feed.until(lambda w: (quote := w.rows[JD].quote) and quote.price == 106.6 and w.rows[JD].spark[-1])
        await feed.until(lambda w: w.status.sources[0].state is SourceState.RESTING)
        assert feed.day(JD).own_pp == pytest.approx(6.85, abs=0.02)


@pytest.mark.parametrize("paths_first", [False, True])
async def test_each_morning_has_its_fits_though_no_bars_come_with_it(tmp_path: Path, paths_first: bool) -> None:
    async with world(tmp_path, JD, HSBC, at="2026-03-04T15:55") as feed:
        clock, fits, backfill = feed.clock, feed.feed._fits, feed.feed._backfill
        assert isinstance(clock, FixedClock)

        def go_to(day: date, hour: str) -> None:
            clock.advance((moment_of(f"{day}T{hour}") - clock.now_ms()) / 1000)

        async def so(seen: Callable[[], bool]) -> None:
            async with asyncio.timeout(60):
                while not seen():
                    await asyncio.sleep(0.01)

        async def cross_the_open_of(day: date) -> None:
            before, needed = day - timedelta(days=1), fits.needed((JD, HSBC))
            go_to(before, "18:00")
            feed.send(wire.AskRefresh())
            await so(lambda: not fits.stale and {fits.last_day(symbol) for symbol in needed} == {before})
            go_to(day, "09:32")
            if paths_first:
                backfill.look.set()
                await so(lambda: {feed.feed._rows.tape.paths[symbol].day for symbol in needed} == {day})
                await so(lambda: not backfill.refit.is_set())
            feed.send(wire.AskRefresh())
            await feed.until(lambda w: all((told := w.rows[s].day) and told.date == day for s in (JD, HSBC)))
            assert feed.day(JD).window.last == before
            assert feed.day(JD).own_pp is not None

        await cross_the_open_of(date(2026, 3, 5))
        await cross_the_open_of(FRIDAY)


async def test_a_replay_crosses_the_open(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at="2026-03-06T09:28", speed=60) as feed:
        assert feed.day(JD).date == date(2026, 3, 5)
        await feed.until(lambda w: (row := w.rows[JD].day) and row.date == FRIDAY and row.own_pp is not None)
