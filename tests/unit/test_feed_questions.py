"""What a terminal asks the feed beside prices: own moves without news, the coming days, results behind a move."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec

from tests.feed_in_loop import CLOSED, FRIDAY, World, world
from tests.feeds import ALIBABA, BILIBILI, HSBC, JD
from tui import wire
from tui.domain.ahead import When
from tui.domain.attribution import Verdict
from tui.domain.clock import Clock
from tui.domain.event import Event, EventKind, NewsCoverage, Scope
from tui.domain.reason import Reason, Why
from tui.domain.row import NewsReach
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt
from tui.domain.unexplained import LedgerDay, Listed
from tui.feed.factory import moment_of
from tui.feed.parties import NewsParty, Parties
from tui.feed.unexplained import unexplained
from tui.sources.ports import NewsAnswer
from tui.store.ledger import Ledger

LOGISTICS = Symbol("2618.HK")
NOW = from_hkt(FRIDAY)
NOW_CLOSED = moment_of(CLOSED)


class Diary:
    """A news source that was asked about everybody, and knows one board meeting."""

    name = "diary"

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        monday = date(2026, 3, 9)
        meeting = Event(
            id="hsbc-results",
            start=from_hkt(monday),
            end=from_hkt(date(2026, 3, 10)),
            precision="day",
            title="Board meeting on results",
            source="diary",
            symbols=(HSBC,),
            scope=Scope.COMPANY,
            kind=EventKind.RESULTS,
        )
        return NewsAnswer((meeting,), tuple(symbols), start, end, diary_at=end)

    async def close(self) -> None:
        return


def with_diary(parties: Parties, clock: Clock) -> Parties:
    return replace(parties, news=(NewsParty(Diary()),))


async def answer(feed: World, ask: wire.TerminalFrame, kind: type[wire.FeedFrame]) -> wire.FeedFrame:
    feed.send(ask)
    while not isinstance(frame := await feed.read(), kind):
        pass
    return frame


async def ask_unexplained(feed: World, *symbols: Symbol) -> wire.Unexplained:
    told = await answer(feed, wire.AskUnexplained(symbols, 5), wire.Unexplained)
    assert isinstance(told, wire.Unexplained)
    return told


async def test_own_moves_nobody_was_asked_about_are_told_apart(tmp_path: Path) -> None:
    async with world(tmp_path, JD, LOGISTICS, HSBC) as feed:
        told = await ask_unexplained(feed, JD, LOGISTICS, HSBC, Symbol("1234.HK"))
        assert told.days == (), "JD's own move has its results; of the others no news was fetched"
        assert told.unasked[0].symbol == LOGISTICS
        assert {day.news_coverage for day in told.unasked} == {NewsCoverage.NOT_FETCHED}
        assert [day.date for day in told.unasked] == sorted((day.date for day in told.unasked), reverse=True)
        assert told.own > len(told.unasked)
        assert (told.stocks, told.sessions, told.waiting) == (3, 5, (Symbol("1234.HK"),))
        assert (told.tally, told.why_no_tally) == (None, Reason(Why.NO_LEDGER))
        assert told.no_tally == "this feed keeps no ledger"


async def test_own_moves_that_every_source_was_asked_about_are_unexplained(tmp_path: Path) -> None:
    async with world(tmp_path, JD, HSBC, change=with_diary) as feed:
        await feed.until(lambda w: w.day(JD).news_coverage is NewsCoverage.NONE)
        told = await ask_unexplained(feed, JD, HSBC)
        assert (told.days[0].symbol, told.days[0].date, told.days[0].verdict) == (JD, FRIDAY, Verdict.OWN)
        assert told.days[0] == feed.day(JD), "the list and this answer agree"
        assert JD not in {day.symbol for day in told.unasked if day.date == FRIDAY}


async def test_the_ledger_is_counted(tmp_path: Path) -> None:
    async def nothing(symbol: Symbol, count: int) -> tuple[()]:
        return ()

    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path)
    day = LedgerDay(FRIDAY, NOW, watched=19, asked=19, own=2)
    ledger.freeze(day, [Listed(FRIDAY, JD, Verdict.OWN, 9.95, 6.85, 1 / 251)])
    ledger.close()
    told = await unexplained(wire.AskUnexplained((JD,)), nothing, path)
    assert told.tally is not None
    assert (told.tally.days, told.tally.listed, told.tally.pending) == (1, 1, 1)
    missing = await unexplained(wire.AskUnexplained((JD,)), nothing, tmp_path / "none.sqlite")
    assert missing.tally is None
    assert missing.why_no_tally == Reason(Why.LEDGER_TO_COME)
    assert "no ledger yet" in missing.no_tally


async def test_the_coming_days_of_the_stocks_asked_about(tmp_path: Path) -> None:
    async with world(tmp_path, JD, HSBC, change=with_diary) as feed:
        await feed.until(lambda w: w.status.sources and w.status.sources[-1].news == NewsReach(2, 2, NOW_CLOSED))
        told = await answer(feed, wire.AskAhead((HSBC,)), wire.Ahead)
        assert isinstance(told, wire.Ahead)
        assert told.fetched
        meetings = [coming for coming in told.coming if coming.event]
        assert [(coming.day, coming.when) for coming in meetings] == [(date(2026, 3, 9), When.LATER)]
        others = await answer(feed, wire.AskAhead((JD,)), wire.Ahead)
        assert isinstance(others, wire.Ahead)
        assert not [coming for coming in others.coming if coming.event]


async def test_coming_days_without_a_diary_are_not_fetched(tmp_path: Path) -> None:
    async with world(tmp_path, JD) as feed:
        told = await answer(feed, wire.AskAhead((JD,)), wire.Ahead)
        assert isinstance(told, wire.Ahead)
        assert not told.fetched


async def test_an_own_move_on_a_results_day_says_which_results(tmp_path: Path) -> None:
    async with world(tmp_path, JD, BILIBILI, ALIBABA, at=CLOSED) as feed:
        jd = feed.rows[JD].results
        assert jd is not None
        assert jd.id == "jd-results"
        assert feed.rows[BILIBILI].results is not None
        assert feed.rows[ALIBABA].results is None, "no own move, so nothing is said"
        history = await feed.history(JD, 5)
        assert history.results == {FRIDAY: jd}
        assert msgspec.json.decode(msgspec.json.encode(feed.rows[JD]), type=type(feed.rows[JD])) == feed.rows[JD]
