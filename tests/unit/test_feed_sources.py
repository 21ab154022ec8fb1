"""The feed in this process when a source is late, fails, comes back or was never there."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests.feed_in_loop import AFTERNOON, World, world
from tests.feeds import ALIBABA, JD
from tui import wire
from tui.domain.attribution import Flag
from tui.domain.clock import Clock
from tui.domain.market import Bar, PathPoint, Quality, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.feed.factory import moment_of
from tui.feed.parties import Parties
from tui.sources.ports import PriceSource, SourceError
from tui.store.cache import Cache


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


class Ended(Late):
    """The sample whose history ends early; its quotes have a previous close only where asked for."""

    def __init__(self, inner: PriceSource, last: date, *, previous_close: bool) -> None:
        super().__init__(inner, Symbol(""), 0)
        self._last = last
        self._previous_close = previous_close

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        quotes = await super().quotes(symbols)
        if self._previous_close:
            return quotes
        return {s: msgspec.structs.replace(quote, previous_close=None) for s, quote in quotes.items()}

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        return [bar for bar in await super().bars(symbol, since) if bar.day <= self._last]


async def test_no_move_is_told_since_a_close_older_than_the_session_before(tmp_path: Path) -> None:
    def ended(last: date, *, previous_close: bool) -> Callable[[Parties, Clock], Parties]:
        return lambda parties, clock: replace(
            parties, prices=Ended(parties.prices, last, previous_close=previous_close)
        )

    thursday, friday_before, january = date(2026, 3, 5), date(2026, 2, 27), date(2026, 1, 30)
    async with world(tmp_path, ALIBABA, at=AFTERNOON, change=ended(thursday, previous_close=False)) as feed:
        told = feed.day(ALIBABA)
        assert feed.rows[ALIBABA].why is None
    async with world(tmp_path, ALIBABA, at=AFTERNOON, change=ended(friday_before, previous_close=False)) as feed:
        row = feed.rows[ALIBABA]
        assert row.quote is not None
        assert (row.day, row.quote.change_pct) == (None, None)
        assert row.why == Reason(Why.HISTORY_ENDS, "9988", day=friday_before)
        assert row.note == "the history of 9988 ends Fri 27 Feb 2026"
    async with world(tmp_path, ALIBABA, at=AFTERNOON, change=ended(friday_before, previous_close=True)) as feed:
        assert feed.day(ALIBABA).return_pct == pytest.approx(told.return_pct)
        assert feed.rows[ALIBABA].why is None, "a few days change a fit little"
    async with world(tmp_path, ALIBABA, at=AFTERNOON, change=ended(january, previous_close=True)) as feed:
        assert feed.day(ALIBABA).return_pct == pytest.approx(told.return_pct)
        assert feed.rows[ALIBABA].why == Reason(Why.HISTORY_ENDS, "9988", day=january)
        assert feed.rows[ALIBABA].compared_at is None


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


async def refusal(feed: World) -> wire.Refused:
    """What a refresh is refused with; a pause that was just over takes one, so it is asked until the next."""
    while True:
        feed.send(wire.AskRefresh())
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                while not isinstance(said := await feed.read(), wire.Refused):
                    pass
                return said


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
        health = feed.status.sources[0]
        assert health.reason
        assert health.last_success is not None
        assert health.next_try is not None
        assert feed.rows[JD].quote is not None, "the rows stay"
        assert feed.rows[JD].day is not None
        assert "next try in" in (await refusal(feed)).reason
        asked, before = moody.asked, feed.clock.now_ms()
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
