"""A source's failures as named states, with the time of the next try."""

from collections.abc import Sequence

import pytest

from tui.domain.clock import FixedClock
from tui.domain.row import HostUse, NewsReach, SourceState
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable
from tui.feed.asking import Asker
from tui.feed.coverage import Coverage
from tui.feed.health import Health, unexpected
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.news_rounds import NewsRounds
from tui.feed.pacing import NotNow, PoliteDoor
from tui.feed.parties import NewsParty
from tui.sources.ports import NewsAnswer, SourceError

NOON = 1_772_769_600_000


class SilentNews:
    """A news source that knows nothing."""

    name = "rthk"

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        return NewsAnswer((), tuple(symbols), start, end)

    async def close(self) -> None:
        return


@pytest.mark.parametrize(
    "state",
    [SourceState.LIMITED, SourceState.OFFLINE, SourceState.HUNG, SourceState.BAD_DATA, SourceState.REFUSED],
)
def test_a_failure_is_named_dated_and_tried_again(state: SourceState) -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    health.succeeded()
    clock.advance(60)
    health.failed(SourceError(state, "it said no"))
    view = health.view()
    assert (view.state, view.reason, view.since) == (state, "it said no", NOON + 60_000)
    assert view.last_success == NOON, "the last success stays known"
    assert view.next_try is not None
    assert view.next_try > NOON + 60_000
    assert health.wait_s() > 0


def test_a_failure_without_a_reason_gets_plain_words() -> None:
    health = Health("yahoo", FixedClock(NOON))
    health.failed(SourceError(SourceState.HUNG, ""))
    assert health.view().reason == "yahoo did not answer in time"


def test_other_failures_are_tried_again_sooner_than_limits_and_later_each_time() -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    waits = []
    for _ in range(8):
        health.asked()
        health.failed(SourceError(SourceState.OFFLINE, "no route"))
        waits.append(health.wait_s())
        clock.advance(health.wait_s())
    assert 15 <= waits[0] <= 17
    assert waits == sorted(waits) or waits[-1] <= 330
    assert waits[-1] >= 300
    health.succeeded()
    assert health.wait_s() == 0
    assert health.view().state is SourceState.OK


def test_since_moves_only_with_the_state() -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    health.failed(SourceError(SourceState.OFFLINE, "no route"))
    clock.advance(600)
    health.asked()
    health.failed(SourceError(SourceState.OFFLINE, "no route"))
    assert health.view().since == NOON


def test_a_symbols_trouble_is_not_the_sources() -> None:
    health = Health("yahoo", FixedClock(NOON))
    health.failed(SourceError(SourceState.NO_SUCH_SYMBOL, "0000.HK is unknown"))
    assert health.view().state is SourceState.OK
    assert health.wait_s() == 0


def test_a_spent_minute_is_no_state_but_a_resting_host_is() -> None:
    clock = FixedClock(NOON)
    door = PoliteDoor(clock, 1)
    health = Health("yahoo", clock, door)
    health.succeeded()
    door.admit("host.example")
    with pytest.raises(NotNow) as spent:
        door.admit("host.example")
    health.failed(spent.value)
    assert health.view().state is SourceState.OK
    assert (health.view().used, health.view().budget) == (1, 1)
    door.observe("host.example", 429, {})
    with pytest.raises(NotNow) as resting:
        door.admit("host.example")
    health.failed(resting.value)
    assert health.view().state is SourceState.LIMITED
    assert health.wait_s() >= 300


def test_rest_is_shown_only_while_nothing_is_wrong() -> None:
    clock = FixedClock(NOON)
    health = Health("yahoo", clock)
    health.succeeded()
    health.rests(NOON + 3_600_000)
    assert (health.view().state, health.view().next_try) == (SourceState.RESTING, NOON + 3_600_000)
    health.asks_next(NOON + 15_000)
    assert (health.view().state, health.view().next_try) == (SourceState.OK, NOON + 15_000)
    health.failed(SourceError(SourceState.OFFLINE, "no route"))
    health.rests(None)
    assert health.view().state is SourceState.OFFLINE


def test_what_nobody_foresaw_is_a_state_without_hostile_text() -> None:
    error = unexpected("yahoo", KeyError("\x1b[31mred\u202e"))
    assert error.state is SourceState.BAD_DATA
    assert "\x1b" not in str(error)
    assert "KeyError" in str(error)


def test_each_host_of_a_source_is_told_with_its_minute() -> None:
    clock = FixedClock(NOON)
    door = PoliteDoor(clock, 30)
    health = Health("hkex news", clock, door)
    for host in ("www.hkexnews.hk", "www1.hkexnews.hk", "www1.hkexnews.hk"):
        door.admit(host)
    door.observe("www.hkexnews.hk", 429, {})
    view = health.view()
    assert view.hosts == (HostUse("www.hkexnews.hk", 1, rests=True), HostUse("www1.hkexnews.hk", 2))
    assert (view.used, view.budget) == (2, 30)
    clock.advance(61)
    assert [host.used for host in health.view().hosts] == [0, 0]


def test_a_news_source_tells_whose_news_it_was_asked_for_and_until_when() -> None:
    clock = FixedClock(NOON)
    jd, hsbc, tencent = (Symbol(f"{code}.HK") for code in ("9618", "0005", "0700"))
    coverage = Coverage(["rthk"])
    health = Health("rthk news", clock)
    rounds = NewsRounds(
        clock,
        MarketDays(lambda first, last: (), ()),
        NewsParty(SilentNews()),
        Asker(clock, 1),
        health,
        NewsDesk(SectorTable({}, {}), coverage),
    )
    assert health.view().news == NewsReach(0, 0, None)
    rounds.watched = (jd, hsbc, tencent)
    coverage.add("rthk", [jd], NOON - 7_200_000, NOON)
    coverage.add("rthk", [hsbc], NOON - 7_200_000, NOON - 3_600_000)
    assert health.view().news == NewsReach(2, 3, NOON - 3_600_000), "until then all that were asked about were"
    rounds._took(NewsAnswer((), (), NOON, NOON, (("broken off", 2),)))
    assert health.view().news == NewsReach(2, 3, NOON - 3_600_000, (("broken off", 2),))
