"""The ledger's writer: each close's unexplained moves once, and what became of the older ones.

It writes between a close and the next opening only: what was known then is what was listed. A close at which no feed
ran, or at which nobody's news had been asked for, stays unwritten.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Final

import msgspec

from tui.attribution.tally import NEXT, score
from tui.domain.attribution import Attribution
from tui.domain.clock import Clock
from tui.domain.event import NewsCoverage, Scope
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import close_time, from_hkt
from tui.domain.unexplained import OWN, LedgerDay, Listed, Outcome, is_unexplained
from tui.feed.fits import Fits
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.pause import pause
from tui.feed.state import State
from tui.feed.timetable import last_closed_session
from tui.news.window import window_of
from tui.store.ledger import Ledger, LedgerError

LOOK_S: Final = 60.0
# After the close: when the closing prices and the day's news may be there, and how long missing news is waited for.
SETTLED_MS: Final = 30 * 60_000
PATIENCE_MS: Final = 2 * 3600_000
_PRE_OPEN: Final = time(9, 0)
_LONGEST_CLOSURE: Final = 15

log = logging.getLogger(__name__)


class Bookkeeper:
    """Writes the ledger of one source. Without a path nothing is written."""

    def __init__(
        self,
        path: Path | None,
        clock: Clock,
        days: MarketDays,
        state: State,
        fits: Fits,
        news: NewsDesk,
        ensure: Callable[[Symbol], Awaitable[str]],
    ) -> None:
        self.trouble = ""
        """What keeps it from writing, as a sentence; empty while all is well."""
        self._path = path
        self._clock = clock
        self._days = days
        self._state = state
        self._fits = fits
        self._news = news
        self._ensure = ensure
        self._written: date | None = None
        self._scored: date | None = None

    async def run(self) -> None:
        """Look now and then whether there is something to write."""
        while self._path is not None:
            await pause(self._clock, LOOK_S)
            try:
                await self.look(self._path)
            except (LedgerError, OSError) as error:
                self.trouble = f"the ledger of unexplained moves is not written: {clean(str(error), 160)}"
                log.warning("%s", self.trouble)

    async def look(self, path: Path) -> None:
        """Write the last close if it is time to, and score what is due, once a session. Raises LedgerError."""
        now = self._clock.now_ms()
        session = last_closed_session(now - SETTLED_MS, self._days.day)
        if session is None:
            return
        patient = now < from_hkt(session, close_time(self._days.day(session).kind)) + PATIENCE_MS
        if session != self._written and now < self._next_opening(session):
            days = self._closed_rows(session)
            if day := _ledger_day(session, days, now, patient):
                listed = [_listed(answer) for answer in days if is_unexplained(answer)]
                await asyncio.to_thread(_freeze, path, day, listed)
                self._written, self.trouble = session, ""
        if session != self._scored:
            due = [move for move in await asyncio.to_thread(_unscored, path) if self._is_due(move, session)]
            for symbol in dict.fromkeys(move.symbol for move in due):
                await self._ensure(symbol)
            outcomes = [outcome for move in due if (outcome := self._outcome(move, now))]
            await asyncio.to_thread(_score, path, outcomes)
            if len(outcomes) == len(due) or not patient:
                self._scored, self.trouble = session, ""

    # --- what is listed ---

    def _closed_rows(self, session: date) -> list[Attribution]:
        """The watched stocks' answers for a session that is over; none while one of them is still being worked out."""
        rows = self._state.rows
        if any(row.day is None and not row.note for row in rows):
            return []
        days = (row.day for row in rows)
        return [day for day in days if day is not None and day.date == session and day.elapsed >= 1]

    def _next_opening(self, session: date) -> int:
        """When the next session's prices begin to move: what is listed after that is listed with hindsight."""
        ahead = (session + timedelta(days=step) for step in range(1, _LONGEST_CLOSURE))
        following = next((day for day in ahead if self._days.day(day).is_open), session + timedelta(days=1))
        return from_hkt(following, _PRE_OPEN)

    # --- what became of it ---

    def _is_due(self, move: Listed, session: date) -> bool:
        """True where at least five sessions have closed since."""
        ahead = (move.day + timedelta(days=step) for step in range(1, (session - move.day).days + 1))
        return sum(self._days.day(day).is_open for day in ahead) >= NEXT[1]

    def _outcome(self, move: Listed, now: int) -> Outcome | None:
        book = self._fits.book
        outcome = None if book is None else score(book, move, now)
        if outcome is None or outcome.until is None:
            return outcome
        table = self._days.days
        start, end = window_of(move.day, table).end, window_of(outcome.until, table).end
        if not self._news.coverage.asked(move.symbol, start, end):
            return outcome
        after = [move.day + timedelta(days=step) for step in range(1, (outcome.until - move.day).days + 1)]
        events = {event.id: event for day in after for event in self._news.near(move.symbol, day)}
        told = sorted(
            (
                event
                for event in events.values()
                if move.symbol in event.symbols
                and event.scope is not Scope.MARKET
                and not event.recap
                and start <= event.end <= end
            ),
            key=lambda event: (event.end, event.id),
        )
        return msgspec.structs.replace(outcome, filings=len(told), first=told[0].title if told else "")


def _ledger_day(session: date, days: Sequence[Attribution], now: int, patient: bool) -> LedgerDay | None:
    """The day as it is to be written; None while it is not known well enough, or nobody's news was asked for."""
    own = [day for day in days if day.verdict in OWN]
    asked = [day for day in days if day.news_coverage is not NewsCoverage.NOT_FETCHED]
    if not asked or (patient and any(day.news_coverage is NewsCoverage.NOT_FETCHED for day in own)):
        return None
    return LedgerDay(session, now, len(days), len(asked), sum(day.verdict in OWN for day in asked))


def _listed(day: Attribution) -> Listed:
    """An own move has these figures, or it would be none."""
    assert day.return_pct is not None
    assert day.own_pp is not None
    assert day.rarity is not None
    return Listed(day.date, day.symbol, day.verdict, day.return_pct, day.own_pp, day.rarity)


def _freeze(path: Path, day: LedgerDay, moves: Sequence[Listed]) -> None:
    ledger = Ledger(path)
    try:
        ledger.freeze(day, moves)
    finally:
        ledger.close()


def _unscored(path: Path) -> tuple[Listed, ...]:
    if not path.exists():
        return ()
    ledger = Ledger(path, readonly=True)
    try:
        return ledger.unscored()
    finally:
        ledger.close()


def _score(path: Path, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    ledger = Ledger(path)
    try:
        for outcome in outcomes:
            ledger.score(outcome)
    finally:
        ledger.close()
