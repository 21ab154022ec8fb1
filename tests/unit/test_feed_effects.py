"""What the feed tells of an event's effect, beside a history and when asked; and New York's night on its rows."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.feed_in_loop import CLOSED, FRIDAY, World, world
from tests.feeds import ALIBABA, HSBC, JD
from tui import wire
from tui.domain.adr import USDHKD, DualListing
from tui.domain.clock import Clock
from tui.domain.market import Bar
from tui.domain.symbol import HSI, Symbol
from tui.feed.parties import Parties
from tui.sources.ports import PriceSource

THURSDAY = date(2026, 3, 5)


async def ask(feed: World, question: wire.AskEffect) -> wire.Effects:
    feed.send(question)
    while not isinstance(frame := await feed.read(), wire.Effects):
        pass
    return frame


async def test_a_history_tells_the_effect_of_each_day_with_an_event(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at="2026-03-09T08:00") as feed:
        history = await feed.history(JD, 20)
        assert history.error == ""
        (results,) = [day for day in history.effects if day == FRIDAY]
        spans = {(effect.first, effect.last): effect for effect in history.effects[results]}
        assert spans.keys() == {(0, 1), (0, 5)}
        assert spans[0, 1].missing == "too_early"
        assert (spans[0, 1].to_come, spans[0, 5].to_come) == (1, 5)
        assert len(history.effects) < 20, "days without an event have none"


async def test_an_effect_of_a_chosen_span(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at=CLOSED) as feed:
        answer = await ask(feed, wire.AskEffect(JD, FRIDAY, ((0, 0), (0, 2))))
        day, later = answer.effects
        assert day.own_pp == pytest.approx(6.85, abs=0.02)
        assert day.t == pytest.approx(feed.day(JD).t, abs=1e-6)
        assert (later.missing, later.to_come) == ("too_early", 2)
        past = await ask(feed, wire.AskEffect(JD, THURSDAY, ((0, 1),)))
        assert past.effects[0].own_pp is not None


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (wire.AskEffect(HSI, FRIDAY), "nothing to split"),
        (wire.AskEffect(Symbol("1234.HK"), FRIDAY), "has no 1234.HK"),
        (wire.AskEffect(JD, date(2026, 3, 1)), "2026-03-01 is no session"),
        (wire.AskEffect(JD, FRIDAY, ((3, 1),)), "no span of sessions"),
    ],
)
async def test_what_cannot_be_told_has_a_reason(tmp_path: Path, question: wire.AskEffect, reason: str) -> None:
    async with world(tmp_path, JD, at=CLOSED) as feed:
        answer = await ask(feed, question)
        assert answer.effects == ()
        assert reason in answer.error


class WithNewYork:
    """The sample with made-up closes of one depositary share, in New York's days."""

    def __init__(self, inner: PriceSource) -> None:
        self.name = inner.name
        self.quotes, self.paths, self.close, self._bars = inner.quotes, inner.paths, inner.close, inner.bars

    async def bars(self, symbol: Symbol, since: date) -> "list[Bar] | object":
        if symbol == "BABA":
            return [Bar(symbol, THURSDAY, 126.3 * 8 / 7.8 * 1.006)]
        if symbol == USDHKD:
            return [Bar(symbol, THURSDAY, 7.8)]
        return await self._bars(symbol, since)


@pytest.mark.parametrize(("at", "by"), [("2026-03-06T09:10", ""), ("2026-03-06T10:30", "index"), (CLOSED, "index")])
async def test_new_yorks_night_stands_on_the_row_and_in_the_history(tmp_path: Path, at: str, by: str) -> None:
    def change(parties: Parties, clock: Clock) -> Parties:
        listings = {ALIBABA: DualListing(ALIBABA, Symbol("BABA"), 8)}
        return replace(parties, prices=WithNewYork(parties.prices), listings=listings)  # type: ignore[arg-type]

    async with world(tmp_path, ALIBABA, HSBC, at=at, change=change) as feed:
        await feed.until(lambda w: w.rows[ALIBABA].gap)
        gap = feed.rows[ALIBABA].gap
        assert gap is not None
        assert (gap.day, gap.session, gap.by) == (FRIDAY, THURSDAY, by)
        assert gap.gap_pct == pytest.approx(0.6)
        assert feed.rows[HSBC].gap is None
        history = await feed.history(ALIBABA, 5)
        assert (FRIDAY in history.gaps) is (at != "2026-03-06T09:10"), "a day that has not begun is none of the days"
        assert all(told.session < day for day, told in history.gaps.items())
