"""What Yahoo's faults do to the screen: rows keep their prices, the status line says what is wrong, all of it heals."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.faults.conftest import Table
from tests.faults.scene import JD, SPEED, TENCENT, Scene, terminal_in, yahoo_world
from tests.world.faults import Fault
from tui.domain.row import SourceState

PRICE, TIME = "regularMarketPrice", "regularMarketTime"
# In the minute after the first failed request: what was on its way, and tries after a quarter and three quarters.
FEW = 5
AFTER_A_LIMIT = 3
# A limited host rests for five minutes, or for as long as it says: ten here.
REST_MS = 300_000
LIMITED_SPEED = 60.0


@dataclass(frozen=True)
class Case:
    """A fault put on a running scene. `words` stand in the status line, or in the row where they start with "row:"."""

    name: str
    faults: dict[str, Fault]
    words: tuple[str, ...]
    state: SourceState | None
    at_most: int = FEW
    rest_ms: int = 0
    slow: bool = True

    @property
    def speed(self) -> float:
        """A host that rests for minutes is waited for in seconds."""
        return LIMITED_SPEED if self.rest_ms else SPEED


def limited(name: str, faults: dict[str, Fault], rest_ms: int = REST_MS, *, slow: bool = True) -> Case:
    """A case of too many requests."""
    words = ("yahoo: limited, next try in", "limits us (429)")
    return Case(name, faults, words, SourceState.LIMITED, AFTER_A_LIMIT, rest_ms, slow)


CASES = (
    limited("429, every address", {"any": Fault("limited")}, slow=False),
    limited("429 with Retry-After 600", {"any": Fault("limited", retry_after=600)}, 2 * REST_MS),
    limited("429, quotes only", {"quote": Fault("limited")}),
    Case("500, every address", {"any": Fault("server_error")}, ("error (500)",), SourceState.BAD_DATA),
    Case("malformed JSON", {"quote": Fault("malformed")}, ("could not be read",), SourceState.BAD_DATA),
    Case("empty answer", {"quote": Fault("empty")}, ("could not be read",), SourceState.BAD_DATA),
    Case("answer cut off", {"any": Fault("truncated")}, ("yahoo",), SourceState.OFFLINE),
    Case("“be right back” page", {"any": Fault("html")}, ("sends a page instead of data",), SourceState.BAD_DATA),
    Case("connection reset", {"any": Fault("reset")}, ("could not be reached",), SourceState.OFFLINE),
    Case("401, every address", {"any": Fault("unauthorized")}, ("refuses our cookie",), SourceState.REFUSED, 5),
    Case("price missing in all rows", {"quote": Fault("field_missing")}, ("no usable price",), SourceState.BAD_DATA),
    Case("hung quotes", {"quote": Fault("hang")}, ("did not answer in time",), SourceState.HUNG),
    Case("hung everywhere", {"any": Fault("hang")}, ("did not answer in time",), SourceState.HUNG),
    Case("slow drip", {"quote": Fault("drip")}, ("did not answer in time",), SourceState.HUNG),
)


def marked(cases: tuple[Case, ...]) -> list[object]:
    """The cases as parameters; the long form has all of them."""
    return [pytest.param(case, id=case.name, marks=[pytest.mark.slow] if case.slow else []) for case in cases]


@asynccontextmanager
async def midday(folder: Path, speed: float = SPEED, delay_s: int = 900) -> AsyncIterator[Scene]:
    """A scene whose rows are complete."""
    async with (
        yahoo_world(folder, speed=speed, delay_s=delay_s) as (world, clock),
        terminal_in(folder, world, clock) as scene,
    ):
        await scene.until(lambda s: s.settled)
        yield scene


def first_fault(scene: Scene, since: int) -> int:
    """When the first request met a fault."""
    return next(asked.time for asked in scene.world.asked if asked.fault and asked.time >= since)


@pytest.mark.parametrize("case", marked(CASES))
async def test_a_fault_in_the_middle_of_the_day(tmp_path: Path, table: Table, case: Case) -> None:
    async with midday(tmp_path, case.speed) as scene:
        before = scene.look().holds
        since = scene.clock.now_ms()
        for endpoint, fault in case.faults.items():
            scene.world.faults.set(endpoint, fault)
        await scene.until(lambda s: s.source.state is case.state)
        first = first_fault(scene, since)
        await scene.until(lambda s: s.clock.now_ms() > first + 60_000)
        sent = scene.sent(first)
        seen = scene.look()
        table.add(case.name, sent, before, seen)
        assert sent <= case.at_most, [asked.endpoint for asked in scene.world.asked if asked.time >= first]
        for words in case.words:
            assert words in seen.status
        if case.rest_ms:
            health = scene.source
            assert health.next_try is not None
            assert health.since is not None
            assert health.next_try - health.since >= case.rest_ms - 1000, "by the feed's own clock"
        scene.world.faults.clear()
        await scene.until_fresh()
        assert scene.sent(first, case.rest_ms * 0.9 / 1000) <= case.at_most, "no try before the pause was over"
        assert "ok" in scene.status_line
        assert not scene.blank()


@dataclass(frozen=True)
class Drift:
    """A field of one stock that has drifted; what the row says beside the price it keeps."""

    name: str
    fault: Fault
    note: str


DRIFTS = (
    Drift("price missing", Fault("field_missing", symbol=TENCENT, field=PRICE), "no usable price"),
    Drift("price null", Fault("field_null", symbol=TENCENT, field=PRICE), "no usable price"),
    Drift("price as text", Fault("field_string", symbol=TENCENT, field=PRICE), "no usable price"),
    Drift("price NaN", Fault("field_nan", symbol=TENCENT, field=PRICE), "no usable price"),
    Drift("price negative", Fault("field_negative", symbol=TENCENT, field=PRICE), "no usable price"),
    Drift("price in a list", Fault("field_list", symbol=TENCENT, field=PRICE), "no usable price"),
    Drift(
        "price ×100, once", Fault("field_hundredfold", symbol=TENCENT, field=PRICE, times=1), "shown when it says so"
    ),
    Drift("time missing", Fault("field_missing", symbol=TENCENT, field=TIME), "no usable time"),
)


def noted(note: str, scene: Scene) -> bool:
    """Whether Tencent's row says so."""
    return note in scene.rows[TENCENT].note


async def test_a_drifted_field_costs_its_own_row_nothing_but_news(tmp_path: Path, table: Table) -> None:
    async with midday(tmp_path) as scene:
        for drift in DRIFTS:
            await drift_away(scene, table, drift)


async def drift_away(scene: Scene, table: Table, drift: Drift) -> None:
    held, before = scene.rows[TENCENT].quote, scene.look().holds
    assert held is not None
    since = scene.clock.now_ms()
    scene.world.faults.set("quote", drift.fault)
    await scene.until(partial(noted, drift.note))
    kept = scene.rows[TENCENT].quote
    assert kept is not None
    assert kept.price == held.price
    assert scene.source.state is SourceState.OK, "one row's field is not the source's state"
    sent = scene.sent(since, (scene.clock.now_ms() - since) / 1000)
    table.add(f"{drift.name}, one row", None, before, scene.look(TENCENT))
    assert sent <= FEW
    scene.world.faults.clear()
    await scene.until(lambda s: not s.rows[TENCENT].note)


async def check_skew(scene: Scene) -> None:
    scene.world.date_skew_s = 600
    await scene.until(lambda s: "clock is" in s.status_line)


async def check_late_index(scene: Scene) -> None:
    scene.world.book.stocks.late_s = 900
    await scene.until(lambda s: s.rows[JD].compared_at is not None)
    row = scene.rows[JD]
    assert row.quote is not None
    assert row.compared_at is not None
    assert row.compared_at <= row.quote.exchange_time, "the older minute is used for both"
    assert "HSI is older" in row.note


@pytest.mark.slow
async def test_a_wrong_clock_and_a_late_index_are_said(tmp_path: Path, table: Table) -> None:
    async with midday(tmp_path, delay_s=1500) as scene:
        before = scene.look().holds
        await check_skew(scene)
        table.add("this machine's clock 600 s behind", None, before, scene.look())
        scene.world.date_skew_s = 0
        await scene.until(lambda s: "clock is" not in s.status_line)
        await check_late_index(scene)
        table.add("index 10 minutes later than the stocks", None, before, scene.look(JD))
        scene.world.book.indices.late_s = 900
        await scene.until(lambda s: s.rows[JD].compared_at is None)


@pytest.mark.slow
async def test_refused_quotes_come_by_another_address_as_late_as_before(tmp_path: Path, table: Table) -> None:
    async with midday(tmp_path) as scene:
        before = scene.look().holds
        scene.world.faults.set("quote", Fault("unauthorized"))
        sparks = scene.world.count("spark")
        await scene.until(lambda s: s.world.count("spark") > sparks)
        since = scene.clock.now_ms()
        await scene.pass_s(60)
        sent = scene.sent(since)
        table.add("401, quotes only", sent, before, scene.look())
        assert sent <= 6, "one request a refresh, and no new crumb each time"
        await scene.until_fresh()
        quotes = [scene.rows[symbol].quote for symbol in scene.watched]
        late = {quote.delay_s for quote in quotes if quote}
        assert late == {900}, "a spark is as late as a quote, though it says nothing"
