"""The real yfinance against the loopback Yahoo: what each fault is called, and how many requests it costs."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date, time
from pathlib import Path

import pytest

from tests.world.client import forget_yfinance
from tests.world.faults import Fault
from tests.world.server import World
from tui.domain.clock import FixedClock
from tui.domain.market import Quality
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.trading_day import from_hkt
from tui.feed.pacing import PoliteDoor
from tui.sources.ports import SourceError
from tui.sources.sample import load_sample
from tui.sources.yahoo import YahooSource

ALIBABA, TENCENT = Symbol("9988.HK"), Symbol("0700.HK")
NOW = from_hkt(date(2026, 3, 6), time(14, 31))
SINCE = date(2024, 12, 1)
TRIES = 10


class Scene:
    """A world and a client in it."""

    def __init__(self, world: World, yahoo: YahooSource, clock: FixedClock, door: PoliteDoor) -> None:
        self.world, self.yahoo, self.clock, self.door = world, yahoo, clock, door

    async def warm(self) -> None:
        """Have a cookie and a crumb, and forget what that cost. A busy machine may need more than one try."""
        for _ in range(TRIES):
            with suppress(SourceError):
                await self.yahoo.quotes([HSI])
                break
            self.clock.advance(3600)
        self.world.asked.clear()


@pytest.fixture
async def scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Scene]:
    forget_yfinance()
    # Only what never answers is given up soon.
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    hangs = given.get("mode") in ("hang", "drip") or given.get("endpoint") in ("cookie", "crumb")
    clock = FixedClock(NOW)
    world = World(tmp_path, load_sample(), clock)
    await world.start()
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    door = PoliteDoor(clock, per_minute=30)
    yahoo = YahooSource(clock, door, tmp_path / "yahoo", timeout_s=1.5 if hangs else 20.0)
    yield Scene(world, yahoo, clock, door)
    await yahoo.close()
    await world.stop()
    assert world.proxy is not None
    assert world.proxy.refused == [], "the client left the world"


async def test_a_cold_start_costs_cookie_crumb_and_one_request(scene: Scene) -> None:
    symbols = [Symbol(s) for s in scene.world.book.sample.bars][:20]
    quotes = await scene.yahoo.quotes(symbols)
    assert set(quotes) == set(symbols)
    assert scene.world.counts() == {"cookie": 1, "crumb": 1, "quote": 1}
    await scene.yahoo.quotes(symbols)
    assert scene.world.count("quote") == 2
    assert scene.world.count() == 4


async def test_a_quote_carries_its_times_and_its_delay(scene: Scene) -> None:
    quote = (await scene.yahoo.quotes([ALIBABA]))[ALIBABA]
    assert quote.exchange_time <= NOW - 900_000
    assert (quote.received, quote.delay_s, quote.quality) == (NOW, 900, Quality.DELAYED)
    assert quote.previous_close == 126.3


async def test_fifty_symbols_a_request_and_twenty_a_spark(scene: Scene) -> None:
    await scene.warm()
    unknown = [Symbol(f"{number:04d}.HK") for number in range(8000, 8055)]
    await scene.yahoo.quotes([ALIBABA, *unknown])
    assert scene.world.count("quote") == 2
    assert scene.yahoo.problems[unknown[0]] == Reason(Why.UNKNOWN_SYMBOL, "Yahoo")
    paths = await scene.yahoo.paths([ALIBABA, HSI, *unknown])
    assert scene.world.count("spark") == 3
    assert set(paths) == {ALIBABA, HSI}
    assert paths[ALIBABA][-1].time <= NOW - 900_000


async def test_history_is_raw_and_costs_one_request(scene: Scene) -> None:
    await scene.warm()
    split, dividend = Symbol("99907.HK"), Symbol("99904.HK")
    for symbol in (ALIBABA, split, dividend):
        told = await scene.yahoo.bars(symbol, SINCE)
        known = [bar for bar in scene.world.book.sample.bars[symbol] if SINCE <= bar.day < date(2026, 3, 6)]
        assert [(bar.day, bar.split) for bar in told] == [(bar.day, bar.split) for bar in known]
        assert [bar.close for bar in told] == pytest.approx([bar.close for bar in known])
        assert [bar.dividend for bar in told] == pytest.approx([bar.dividend for bar in known])
    assert scene.world.counts() == {"chart": 3}
    assert any(bar.split != 1 for bar in await scene.yahoo.bars(split, SINCE))


async def test_the_technology_index_falls_back_and_says_so(scene: Scene) -> None:
    await scene.warm()
    scene.world.book.hidden.add(HSTECH)
    with pytest.raises(SourceError, match="no history of the technology index or its tracker") as raised:
        await scene.yahoo.bars(HSTECH, SINCE)
    assert raised.value.state is SourceState.EMPTY
    assert scene.world.count("chart") == 3
    tracker = Symbol("3033.HK")
    scene.world.book.sample.bars[tracker] = scene.world.book.sample.bars[HSTECH]
    try:
        bars = await scene.yahoo.bars(HSTECH, SINCE)
    finally:
        del scene.world.book.sample.bars[tracker]
    assert {(bar.symbol, bar.origin) for bar in bars} == {(HSTECH, "yahoo 3033.HK")}
    assert scene.yahoo.spelling == {HSTECH: tracker}


@pytest.mark.parametrize(
    ("mode", "endpoint", "state", "requests"),
    [
        ("limited", "quote", SourceState.LIMITED, 1),
        ("limited", "chart", SourceState.LIMITED, 1),
        ("unauthorized", "chart", SourceState.REFUSED, 3),
        ("server_error", "quote", SourceState.BAD_DATA, 1),
        ("server_error", "chart", SourceState.BAD_DATA, 1),
        ("malformed", "quote", SourceState.BAD_DATA, 1),
        ("malformed", "chart", SourceState.BAD_DATA, 1),
        ("html", "quote", SourceState.BAD_DATA, 1),
        ("html", "chart", SourceState.BAD_DATA, 1),
        ("empty", "quote", SourceState.BAD_DATA, 1),
        ("truncated", "quote", SourceState.OFFLINE, 1),
        ("truncated", "chart", SourceState.OFFLINE, 1),
        ("reset", "quote", SourceState.OFFLINE, 1),
        ("hang", "quote", SourceState.HUNG, 1),
        ("hang", "chart", SourceState.HUNG, 1),
        ("drip", "quote", SourceState.HUNG, 1),
    ],
)
async def test_a_fault_has_a_name_and_costs_little(
    scene: Scene, mode: str, endpoint: str, state: SourceState, requests: int
) -> None:
    await scene.warm()
    scene.world.faults.set(endpoint, Fault(mode))
    with pytest.raises(SourceError) as raised:
        await (scene.yahoo.quotes([HSI]) if endpoint == "quote" else scene.yahoo.bars(HSI, SINCE))
    assert raised.value.state is state
    assert str(raised.value)
    assert scene.world.count() <= requests
    scene.world.faults.clear()
    scene.clock.advance(3600)
    assert HSI in await scene.yahoo.quotes([HSI])


async def test_after_a_429_nothing_more_is_sent_until_the_host_has_rested(scene: Scene) -> None:
    await scene.warm()
    scene.world.faults.set("quote", Fault("limited", retry_after=120))
    for _ in range(10):
        with pytest.raises(SourceError) as raised:
            await scene.yahoo.quotes([HSI])
        assert raised.value.state is SourceState.LIMITED
        scene.clock.advance(5)
    assert scene.world.count() == 1
    scene.world.faults.clear()
    scene.clock.advance(3600)
    assert HSI in await scene.yahoo.quotes([HSI])


async def test_refused_quotes_come_by_spark(scene: Scene) -> None:
    await scene.warm()
    scene.world.faults.set("quote", Fault("unauthorized"))
    quotes = await scene.yahoo.quotes([ALIBABA, HSI])
    assert quotes[ALIBABA].price > 0
    assert quotes[ALIBABA].previous_close == 126.3
    assert scene.world.count("spark") == 1


async def test_a_refusal_that_a_new_cookie_does_not_end_costs_ever_fewer_cookies(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.warm()
    scene.world.faults.set("any", Fault("unauthorized"))
    steps = []
    for _ in range(4):
        before = scene.world.count("cookie", "crumb", "consent")
        for _ in range(12):
            with pytest.raises(SourceError) as raised:
                await scene.yahoo.quotes([HSI])
            assert raised.value.state is SourceState.REFUSED
            scene.clock.advance(300)
        steps.append(scene.world.count("cookie", "crumb", "consent") - before)
    assert steps[0] > steps[1] >= steps[3] > 0, "an hour's cookies: fewer each time, but never given up"
    assert steps[3] <= 2
    assert scene.world.count("quote", "spark") <= 48 + 16, "else one request a try"
    told = [record.message for record in caplog.records]
    assert not [line for line in told if "crumb fetch" in line], "the library's own words stay out of the log"
    rests = [line for line in told if "no cookie by" in line]
    assert len(rests) == sum(steps), "one line of ours for each step that failed"


async def test_while_quotes_are_refused_it_says_when_they_are_asked_again(scene: Scene) -> None:
    await scene.warm()
    assert scene.yahoo.notice() is None
    scene.world.faults.set("quote", Fault("unauthorized"))
    for pause_s in (600, 1200, 2400, 3600, 3600):
        await scene.yahoo.quotes([HSI])
        assert scene.yahoo.notice() == Reason(Why.BY_SPARK, until=scene.clock.now_ms() + pause_s * 1000)
        scene.clock.advance(pause_s)
        assert scene.yahoo.notice() is None
    scene.world.faults.clear()
    await scene.yahoo.quotes([HSI])
    scene.world.faults.set("quote", Fault("unauthorized"))
    await scene.yahoo.quotes([HSI])
    assert scene.yahoo.notice() == Reason(Why.BY_SPARK, until=scene.clock.now_ms() + 600_000), "short again"


async def test_new_yorks_bars_cost_one_request_too(scene: Scene) -> None:
    await scene.warm()
    for symbol in ("BABA", "HKD=X"):
        with pytest.raises(SourceError):
            await scene.yahoo.bars(Symbol(symbol), SINCE)
    assert scene.world.counts() == {"chart": 2}


async def test_an_unknown_symbol_costs_one_request(scene: Scene) -> None:
    await scene.warm()
    with pytest.raises(SourceError) as raised:
        await scene.yahoo.bars(Symbol("4444.HK"), SINCE)
    assert raised.value.state is SourceState.NO_SUCH_SYMBOL
    assert scene.world.counts() == {"chart": 1}


@pytest.mark.parametrize("endpoint", ["cookie", "crumb"])
@pytest.mark.parametrize("mode", ["hang", "reset", "limited"])
async def test_a_failing_cookie_step_does_not_hold_up_history(scene: Scene, endpoint: str, mode: str) -> None:
    scene.world.faults.set(endpoint, Fault(mode))
    scene.world.faults.set("consent", Fault("hang"))
    bars = await scene.yahoo.bars(ALIBABA, SINCE)
    assert len(bars) > 250
    sent = scene.world.count("cookie", "crumb", "consent")
    await scene.yahoo.bars(TENCENT, SINCE)
    assert scene.world.count("cookie", "crumb", "consent") == sent, "a failed cookie step rests"


@pytest.mark.parametrize(
    "mode", ["field_missing", "field_null", "field_string", "field_nan", "field_negative", "field_list"]
)
@pytest.mark.parametrize("field", ["regularMarketPrice", "regularMarketTime"])
async def test_a_drifted_field_costs_its_symbol_only(scene: Scene, mode: str, field: str) -> None:
    await scene.warm()
    scene.world.faults.set("quote", Fault(mode, symbol=TENCENT, field=field))
    quotes = await scene.yahoo.quotes([ALIBABA, TENCENT])
    assert set(quotes) == {ALIBABA}
    assert field in scene.yahoo.problems[TENCENT].detail
    scene.world.faults.clear()
    assert set(await scene.yahoo.quotes([ALIBABA, TENCENT])) == {ALIBABA, TENCENT}
    assert TENCENT not in scene.yahoo.problems


async def test_an_untrusted_certificate_is_offline(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name)
    with pytest.raises(SourceError) as raised:
        await scene.yahoo.quotes([HSI])
    assert raised.value.state is SourceState.OFFLINE
    assert scene.world.count() == 0


async def test_an_unresolvable_proxy_is_offline(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.invalid:3128")
    with pytest.raises(SourceError) as raised:
        await scene.yahoo.quotes([HSI])
    assert raised.value.state is SourceState.OFFLINE


async def test_the_door_sees_every_request_and_the_clocks_of_both_sides(scene: Scene) -> None:
    scene.world.date_skew_s = 600
    await scene.yahoo.quotes([HSI])
    assert scene.door.skew_s == pytest.approx(600, abs=1)
    assert scene.door.used <= 3
    assert oct(scene.yahoo._cache_dir.stat().st_mode & 0o777) == "0o700"
