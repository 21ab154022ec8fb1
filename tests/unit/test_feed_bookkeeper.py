"""The ledger as the feed keeps it: written once between a close and the next opening, scored five sessions later."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from tests.unit.attribution_data import OTHER, STOCK, bars_of, drawn_returns, sessions
from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.clock import FixedClock
from tui.domain.event import Event, NewsCoverage, Scope
from tui.domain.row import Row
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import TradingDay, from_hkt, weekday_default
from tui.domain.unexplained import LedgerDay, Listed
from tui.feed.bookkeeper import Bookkeeper
from tui.feed.coverage import Coverage
from tui.feed.fits import Fits
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.state import State
from tui.store.ledger import Ledger, LedgerError

COUNT = 262
DATES = sessions(COUNT)
DAY = DATES[-7]
LAST = DATES[-1]
HSBC = Symbol("0005.HK")


def weekdays(first: date, last: date) -> Sequence[TradingDay]:
    return [weekday_default(first + timedelta(step)) for step in range((last - first).days + 1)]


class Books:
    """A bookkeeper in a world of its own."""

    def __init__(self, tmp_path: Path, day: date, at: time) -> None:
        self.path = tmp_path / "ledger-yahoo.sqlite"
        self.clock = FixedClock(from_hkt(day, at))
        self.days = MarketDays(weekdays)
        self.days.load(day)
        self.state = State()
        self.fits = Fits(SectorTable({}, {}), HSI)
        self.coverage = Coverage(["press"])
        self.news = NewsDesk(self.fits.table, self.coverage)
        self.ensured: list[Symbol] = []
        self.keeper = self.restarted()

    def restarted(self) -> Bookkeeper:
        async def ensure(symbol: Symbol) -> str:
            self.ensured.append(symbol)
            return ""

        return Bookkeeper(self.path, self.clock, self.days, self.state, self.fits, self.news, ensure)

    def row(
        self, symbol: Symbol, verdict: Verdict, coverage: NewsCoverage, day: date = DAY, elapsed: float = 1
    ) -> None:
        told = Attribution(
            symbol,
            day,
            verdict,
            Window(250, None, None, 250),
            return_pct=5.0,
            own_pp=4.0,
            rarity=0.008,
            news_coverage=coverage,
            elapsed=elapsed,
        )
        self.state.put_row(Row(symbol, day=told))

    async def look(self) -> tuple[tuple[LedgerDay, ...], tuple[Listed, ...]]:
        await self.keeper.look(self.path)
        if not self.path.exists():
            return (), ()
        ledger = Ledger(self.path, readonly=True)
        told = ledger.days(), ledger.listed()
        ledger.close()
        return told

    async def know_prices(self) -> None:
        for symbol, bars in bars_of(drawn_returns(COUNT - 1)).items():
            if symbol != HSTECH:
                self.fits.take_bars(symbol, bars)
        await self.fits.refit({STOCK: LAST}, self.days.days)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    made = Books(tmp_path, DAY, time(16, 45))
    made.row(STOCK, Verdict.OWN, NewsCoverage.NONE)
    made.row(OTHER, Verdict.OWN_POSSIBLE, NewsCoverage.FOUND)
    made.row(HSBC, Verdict.QUIET, NewsCoverage.NONE)
    return made


async def test_a_close_is_written_with_its_unexplained_moves(books: Books) -> None:
    days, listed = await books.look()
    assert days == (LedgerDay(DAY, books.clock.now_ms(), watched=3, asked=3, own=2),)
    assert listed == (Listed(DAY, STOCK, Verdict.OWN, 5.0, 4.0, 0.008),)


async def test_what_comes_to_light_later_changes_nothing(books: Books) -> None:
    first = await books.look()
    books.row(HSBC, Verdict.OWN, NewsCoverage.NONE)
    books.keeper = books.restarted()
    assert await books.look() == first


@pytest.mark.parametrize("at", [time(15, 0), time(16, 5), time(16, 30)])
async def test_nothing_is_written_before_the_day_is_settled(tmp_path: Path, at: time) -> None:
    books = Books(tmp_path, DAY, at)
    books.row(STOCK, Verdict.OWN, NewsCoverage.NONE)
    assert await books.look() == ((), ())


async def test_nothing_is_written_once_the_next_session_has_begun(tmp_path: Path) -> None:
    following = DATES[-6]
    books = Books(tmp_path, following, time(8, 59))
    books.row(STOCK, Verdict.OWN, NewsCoverage.NONE)
    assert len((await books.look())[1]) == 1
    late = Books(tmp_path / "late", following, time(9, 0))
    late.row(STOCK, Verdict.OWN, NewsCoverage.NONE)
    assert await late.look() == ((), ())


async def test_news_not_yet_fetched_is_waited_for_and_then_counted_as_not_asked(books: Books) -> None:
    books.row(OTHER, Verdict.OWN, NewsCoverage.NOT_FETCHED)
    assert await books.look() == ((), ())
    books.clock.advance(2 * 3600)
    days, listed = await books.look()
    assert (days[0].watched, days[0].asked, days[0].own) == (3, 2, 1)
    assert [move.symbol for move in listed] == [STOCK]


async def test_where_nobody_was_asked_the_close_stays_unwritten(tmp_path: Path) -> None:
    books = Books(tmp_path, DAY, time(20, 0))
    books.row(STOCK, Verdict.OWN, NewsCoverage.NOT_FETCHED)
    assert await books.look() == ((), ())
    assert not books.path.exists()


async def test_a_row_of_another_day_or_half_a_day_is_not_listed(books: Books) -> None:
    books.row(HSBC, Verdict.OWN, NewsCoverage.NONE, elapsed=0.9)
    books.row(OTHER, Verdict.OWN, NewsCoverage.NONE, day=DATES[-8])
    days, listed = await books.look()
    assert (days[0].watched, [move.symbol for move in listed]) == (1, [STOCK])


async def test_a_row_that_is_still_worked_out_is_waited_for(books: Books) -> None:
    books.state.put_row(Row(Symbol("0001.HK")))
    assert await books.look() == ((), ())
    books.state.put_row(Row(Symbol("0001.HK"), note="no trade since 2026-02-20"))
    assert len((await books.look())[0]) == 1


async def test_a_move_is_scored_after_five_sessions_with_the_news_that_came(books: Books) -> None:
    await books.look()
    await books.know_prices()
    books.clock.advance((from_hkt(LAST, time(17)) - books.clock.now_ms()) / 1000)
    start, end = from_hkt(DAY, time(16, 10)), from_hkt(LAST, time(16, 10))
    books.coverage.add("press", [STOCK], start - 10**9, end)
    told = [("recap", 1, True), ("announcement", 2, False), ("results", 3, False)]
    books.news.take(
        [
            Event(
                id=title,
                start=start + 86_400_000 * number,
                end=start + 86_400_000 * number,
                precision="second",
                title=title,
                source="press",
                symbols=(STOCK,),
                scope=Scope.COMPANY,
                recap=recap,
            )
            for title, number, recap in told
        ],
        books.days.days,
    )
    await books.look()
    ledger = Ledger(books.path, readonly=True)
    (outcome,) = ledger.outcomes()
    ledger.close()
    assert (outcome.day, outcome.symbol, outcome.until, outcome.lost) == (DAY, STOCK, DATES[-2], "")
    assert outcome.own_pp is not None
    assert (outcome.filings, outcome.first) == (2, "announcement")
    assert books.ensured == [STOCK]


async def test_without_its_prices_a_move_stays_to_be_scored(books: Books) -> None:
    await books.look()
    books.clock.advance((from_hkt(LAST, time(17)) - books.clock.now_ms()) / 1000)
    await books.look()
    ledger = Ledger(books.path, readonly=True)
    assert ledger.outcomes() == ()
    ledger.close()
    await books.know_prices()
    await books.look()
    ledger = Ledger(books.path, readonly=True)
    (outcome,) = ledger.outcomes()
    ledger.close()
    assert outcome.filings is None, "nobody was asked about the news of these sessions"


async def test_a_ledger_that_cannot_be_written_is_an_error_with_its_place(books: Books) -> None:
    books.path.mkdir()
    with pytest.raises(LedgerError, match=r"ledger-yahoo\.sqlite"):
        await books.look()
