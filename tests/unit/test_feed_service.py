"""The whole feed in this process, on the sample, at moments of 6 March 2026 that stand still or run fast."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests.feeds import ALIBABA, BILIBILI, HSBC, JD, TENCENT, XIAOMI
from tui import wire
from tui.config import Config
from tui.config.paths import Paths
from tui.domain.attribution import Attribution, Flag, Verdict
from tui.domain.clock import Clock
from tui.domain.event import NewsCoverage
from tui.domain.market import Bar, PathPoint, Quality, Quote
from tui.domain.row import FeedStatus, Row, SourceState
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.feed.factory import moment_of, open_world
from tui.feed.keeper import Keeper
from tui.feed.listening import Listener
from tui.feed.options import FeedOptions
from tui.feed.parties import Parties
from tui.feed.service import Feed
from tui.sources.ports import PriceSource, SourceError
from tui.store.cache import Cache

FRIDAY = date(2026, 3, 6)
CLOSED = "2026-03-06T16:40"
AFTERNOON = "2026-03-06T14:31"


class World:
    """A feed that runs in this loop, and one terminal at it."""

    def __init__(self, feed: Feed, clock: Clock, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.feed = feed
        self.clock = clock
        self.rows: dict[Symbol, Row] = {}
        self.snapshot = wire.Snapshot(0, (), (), FeedStatus())
        self.status = self.snapshot.status
        self._reader = reader
        self._writer = writer

    def send(self, *frames: wire.TerminalFrame) -> None:
        for frame in frames:
            self._writer.write(wire.encode(frame))

    async def read(self, patience_s: float = 10.0) -> wire.FeedFrame:
        async with asyncio.timeout(patience_s):
            frame = wire.decode_feed(await self._reader.readline())
        if isinstance(frame, wire.Snapshot):
            self.snapshot, self.rows, self.status = frame, {row.symbol: row for row in frame.rows}, frame.status
        elif isinstance(frame, wire.Change):
            self.rows.update({row.symbol: row for row in frame.rows})
            self.status = frame.status or self.status
        return frame

    async def until(self, seen: "object") -> None:
        assert callable(seen)
        async with asyncio.timeout(15):
            while not seen(self):
                await self.read()

    async def history(self, symbol: Symbol, days: int = 10) -> wire.History:
        self.send(wire.AskHistory(symbol, days))
        while not isinstance(frame := await self.read(), wire.History):
            pass
        return frame

    def day(self, symbol: Symbol) -> Attribution:
        day = self.rows[symbol].day
        assert day is not None, self.rows[symbol].note
        return day


@asynccontextmanager
async def world(
    tmp_path: Path,
    *symbols: Symbol,
    at: str = CLOSED,
    speed: float = 0.0,
    change: "object" = None,
    cache: Path | None = None,
) -> AsyncIterator[World]:
    options = FeedOptions("sample", tmp_path / "run" / "f.sock", at=moment_of(at), speed=speed, cache=cache)
    clock, parties = open_world(options, Config(), Paths())
    if change is not None:
        assert callable(change)
        parties = change(parties, clock)
    feed = Feed(clock, options, parties, Keeper(options.cache, clock))
    listener = Listener(options.socket)
    running = asyncio.create_task(feed.run(listener))
    reader, writer = await asyncio.open_unix_connection(str(options.socket), limit=wire.READ_LIMIT)
    opened = World(feed, clock, reader, writer)
    try:
        assert isinstance(await opened.read(), wire.Hello)
        opened.send(wire.Greeting(wire.PROTOCOL, "test"), wire.Watch(symbols, symbols))
        await opened.until(lambda w: w.snapshot.seq)
        yield opened
    finally:
        feed.stop("the test is over")
        assert await running == "the test is over"
        writer.close()
        listener.close()


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
        assert row.note == "no trade since 2026-02-20"
        assert feed.day(JD).date == date(2026, 3, 3)


# --- the market's minute ---


class Late:
    """The sample with one symbol that is `minutes` late, as Yahoo's indices sometimes are."""

    def __init__(self, inner: PriceSource, symbol: Symbol, minutes: int, *, paths: bool = True) -> None:
        self.name = inner.name
        self._inner = inner
        self._symbol = symbol
        self._minutes = minutes
        self._paths = paths

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        quotes = dict(await self._inner.quotes(symbols))
        if late := quotes.get(self._symbol):
            moment = late.exchange_time - self._minutes * 60_000
            path = (await self._inner.paths([self._symbol]))[self._symbol]
            price = [point.price for point in path if point.time <= moment][-1]
            quotes[self._symbol] = msgspec.structs.replace(late, exchange_time=moment, price=price)
        return quotes

    async def paths(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[PathPoint]]:
        if not self._paths:
            return {}
        return await self._inner.paths(symbols)

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        return await self._inner.bars(symbol, since)

    async def close(self) -> None:
        await self._inner.close()


@pytest.mark.parametrize("late", [HSI, HSTECH])
async def test_a_late_index_moves_the_split_back_to_its_own_minute(tmp_path: Path, late: Symbol) -> None:
    def change(parties: Parties, clock: Clock) -> Parties:
        return replace(parties, prices=Late(parties.prices, late, 10))

    async with world(tmp_path, ALIBABA, at=AFTERNOON, change=change) as feed:
        row, day = feed.rows[ALIBABA], feed.day(ALIBABA)
        assert row.compared_at == moment_of("2026-03-06T14:21")
        assert row.quote is not None
        assert day.close != row.quote.price, "the stock's own price of that minute is taken"
        assert "10 min" in row.note
        assert (Flag.STALE_INDEX in day.flags) is (late == HSI)
    async with world(tmp_path, ALIBABA, at="2026-03-06T14:21") as then:
        assert then.day(ALIBABA).own_pp == pytest.approx(day.own_pp), "as it was told at that minute"


async def test_without_a_common_minute_there_is_no_split(tmp_path: Path) -> None:
    def change(parties: Parties, clock: Clock) -> Parties:
        return replace(parties, prices=Late(parties.prices, HSI, 10, paths=False))

    async with world(tmp_path, ALIBABA, at=AFTERNOON, change=change) as feed:
        assert feed.rows[ALIBABA].day is None
        assert feed.rows[ALIBABA].quote is not None
        assert "no minute in which both HSI and the stock have a price" in feed.rows[ALIBABA].note


# --- sources that fail ---


class Moody(Late):
    """The sample until `failure` is set; then every question raises it. Questions are counted."""

    def __init__(self, inner: PriceSource) -> None:
        super().__init__(inner, Symbol(""), 0)
        self.failure: Exception | None = None
        self.asked = 0

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return await super().quotes(symbols)


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (SourceError(SourceState.LIMITED, "too many requests"), SourceState.LIMITED),
        (SourceError(SourceState.OFFLINE, "no route"), SourceState.OFFLINE),
        (SourceError(SourceState.HUNG, "no answer"), SourceState.HUNG),
        (SourceError(SourceState.BAD_DATA, "half an answer"), SourceState.BAD_DATA),
        (SourceError(SourceState.REFUSED, "no cookie"), SourceState.REFUSED),
        (KeyError("a field that is gone"), SourceState.BAD_DATA),
        (RecursionError(), SourceState.BAD_DATA),
    ],
    ids=lambda value: getattr(value, "value", type(value).__name__),
)
async def test_a_failing_source_keeps_its_rows_names_its_state_and_is_let_be(
    tmp_path: Path, failure: Exception, state: SourceState
) -> None:
    moods: list[Moody] = []

    def change(parties: Parties, clock: Clock) -> Parties:
        moods.append(Moody(parties.prices))
        return replace(parties, prices=moods[0])

    async with world(tmp_path, ALIBABA, JD, at=AFTERNOON, speed=120, change=change) as feed:
        moody = moods[0]
        await feed.until(lambda w: w.rows[JD].day)
        moody.failure = failure
        await feed.until(lambda w: w.status.sources[0].state is state)
        asked, before = moody.asked, feed.clock.now_ms()
        health = feed.status.sources[0]
        assert health.reason
        assert health.last_success is not None
        assert health.next_try is not None
        assert feed.rows[JD].quote is not None, "the rows stay"
        assert feed.rows[JD].day is not None
        feed.send(wire.AskRefresh())
        refused = await feed.read()
        while not isinstance(refused, wire.Refused):
            refused = await feed.read()
        assert "next try in" in refused.reason
        while feed.clock.now_ms() < before + 60_000:
            await asyncio.sleep(0.02)
        assert moody.asked - asked <= (0 if state is SourceState.LIMITED else 3)


async def test_a_source_that_comes_back_is_well_again(tmp_path: Path) -> None:
    moods: list[Moody] = []

    def change(parties: Parties, clock: Clock) -> Parties:
        moods.append(Moody(parties.prices))
        moods[0].failure = SourceError(SourceState.OFFLINE, "no route")
        return replace(parties, prices=moods[0])

    async with world(tmp_path, JD, at="2026-03-06T10:00", speed=120, change=change) as feed:
        assert feed.rows[JD].quote is None, "nothing is made up"
        assert feed.status.sources[0].state is SourceState.OFFLINE
        moods[0].failure = None
        await feed.until(lambda w: w.status.sources[0].state is SourceState.OK and w.rows[JD].day)


class Unreachable(Moody):
    """A source whose bars nobody can reach either."""

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        raise SourceError(SourceState.OFFLINE, "no route")


async def test_a_history_from_a_source_that_is_down_is_refused_at_once(tmp_path: Path) -> None:
    def change(parties: Parties, clock: Clock) -> Parties:
        return replace(parties, prices=Unreachable(parties.prices))

    # Real time: the pauses of a source that is down would be over in no time in a faster one.
    async with world(tmp_path, JD, at=AFTERNOON, speed=1, change=change) as feed:
        async with asyncio.timeout(10):
            refused = await feed.history(ALIBABA)
        assert refused.error.startswith("no route")


# --- what is stored ---


async def test_a_later_feed_shows_what_an_earlier_one_stored(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    async with world(tmp_path, JD, ALIBABA, cache=cache) as feed:
        stored = feed.rows[JD]

    def silent(parties: Parties, clock: Clock) -> Parties:
        moody = Moody(parties.prices)
        moody.failure = SourceError(SourceState.OFFLINE, "no route")
        return replace(parties, prices=moody)

    async with world(tmp_path, JD, cache=cache, change=silent) as later:
        row = later.rows[JD]
        assert row.quote is not None
        assert row.quote.quality is Quality.STORED
        assert row.day == stored.day
        assert later.snapshot.events, "events are stored too"
        assert len((await later.history(JD, 100)).days) == 100, "and so are bars"
    with closing(Cache.open_reader(cache)) as stored_cache:
        assert stored_cache.meta(f"volume:{JD}"), "and what the stock usually trades"


async def test_a_disk_that_refuses_costs_the_store_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    place.write_text("no folder")
    async with world(tmp_path, JD, cache=place / "cache.sqlite") as feed:
        assert feed.day(JD).verdict is Verdict.OWN
        await feed.until(lambda w: w.status.warnings)
        assert "not stored" in feed.status.warnings[0]


# --- watching ---


async def test_a_stock_added_later_comes_whole(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at=AFTERNOON) as feed:
        feed.send(wire.Watch((JD, TENCENT), (TENCENT,)))
        await feed.until(lambda w: TENCENT in w.rows and w.rows[TENCENT].day)
        assert feed.day(TENCENT).own_pp is not None


async def test_a_replay_crosses_lunch_and_the_close(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at="2026-03-06T15:50", speed=900) as feed:
        await feed.until(lambda w: w.rows[JD].quote and w.rows[JD].quote.price == 106.6 and w.rows[JD].spark[-1])
        await feed.until(lambda w: w.status.sources[0].state is SourceState.RESTING)
        assert feed.day(JD).own_pp == pytest.approx(6.85, abs=0.02)
