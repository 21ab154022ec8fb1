"""The feed as one thing: its parts tied together, run as structured tasks, and asked by terminals."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from tui import __version__, wire
from tui.domain.clock import Clock, ReplayClock
from tui.domain.event import Event
from tui.domain.symbol import Symbol
from tui.domain.trading_day import to_hkt
from tui.feed.asking import Asker
from tui.feed.backfill import Backfill
from tui.feed.bookkeeper import Bookkeeper
from tui.feed.client import Client
from tui.feed.coverage import Coverage
from tui.feed.fits import Fits
from tui.feed.health import Health
from tui.feed.history import Historian
from tui.feed.hub import Hub
from tui.feed.keeper import Keeper
from tui.feed.listening import Listener
from tui.feed.market_days import MarketDays
from tui.feed.mending import Mender, give_back
from tui.feed.new_york import NewYork
from tui.feed.news_desk import NewsDesk
from tui.feed.news_rounds import NewsRounds
from tui.feed.options import FeedOptions
from tui.feed.parties import Parties
from tui.feed.pause import pause
from tui.feed.rounds import QuoteRounds
from tui.feed.rows import Rows
from tui.feed.unexplained import unexplained

# How long the first snapshot is held back so that it comes with prices and splits, real seconds.
FIRST_SNAPSHOT_S: Final = 1.0
# Real seconds between two writings of the rows, and how much news is kept at hand.
HOUSEKEEPING_S: Final = 60.0
NEWS_KEPT: Final = timedelta(days=400)

log = logging.getLogger(__name__)

T = TypeVar("T")


class Feed:
    """One feed. `run` returns the reason why it left."""

    def __init__(self, clock: Clock, options: FeedOptions, parties: Parties, keeper: Keeper) -> None:
        self._clock = clock
        self._options = options
        self._parties = parties
        self._keeper = keeper
        self._leaving: asyncio.Future[str] | None = None
        self._changed = asyncio.Event()
        self._idle = asyncio.Event()
        self._ready = asyncio.Event()
        self._mender = Mender(clock)

        self._days = MarketDays(parties.calendar, parties.overrides)
        self._fits = Fits(parties.sectors, options.market)
        self._news = NewsDesk(parties.sectors, Coverage([party.source.name for party in parties.news]))
        self._rows = Rows(clock, parties, self._days, self._fits, self._news)
        self._hub = Hub(self._rows.state, self, self._hello, options.patience)

        prices = past = Health(parties.prices.name, clock, parties.door)
        prices.notice = parties.notice
        past_door = parties.door
        if parties.history:
            past, past_door = Health(parties.history, clock, parties.history_door), parties.history_door
        # Sources behind one door share its budget, so they share the places in its queue.
        self._askers: dict[int, Asker] = {}
        asker, past_asker = self._asker_of(parties.door), self._asker_of(past_door)
        self._rounds = QuoteRounds(clock, self._days, self._rows, parties, asker, prices, options)
        self._backfill = Backfill(clock, self._days, self._rows, self._fits, parties, past_asker, past, keeper)
        self._news_rounds = [
            NewsRounds(
                clock,
                self._days,
                party,
                self._asker_of(party.door),
                Health(f"{party.source.name} news", clock, party.door),
                self._news,
            )
            for party in parties.news
        ]
        self._new_york = NewYork(
            clock,
            self._days,
            parties.listings,
            self._fits,
            self._rows.attributor.market_night,
            parties.prices,
            asker,
            prices,
            keeper,
        )
        self._historian = Historian(
            clock, self._days, self._fits, self._news, self._rows, self._backfill, self._new_york
        )
        self._bookkeeper = Bookkeeper(
            options.ledger, clock, self._days, self._rows.state, self._fits, self._news, self._backfill.ensure
        )
        self._rows.health = tuple(dict.fromkeys((prices, past, *(rounds.health for rounds in self._news_rounds))))
        self._rows.warnings = (lambda: keeper.trouble, lambda: keeper.notice, self._skew, self._mender.recent_fault)
        self._rows.warnings += (lambda: self._bookkeeper.trouble,)
        self._rows.gap_of = self._new_york.gap
        self._new_york.on_bars = self._took_night
        keeper.on_trouble = self._touch
        self._rows.on_volume = keeper.put_volume
        self._rows.tape.on_day = self._backfill.refit.set
        self._rounds.on_answer = self._touch
        self._rounds.on_holes = self._backfill.path_has_hole
        self._rounds.on_calendar = self._calendar_changed
        self._backfill.on_change = self._touch
        self._backfill.delay_s = lambda: self._rounds.delay_s
        for rounds in self._news_rounds:
            rounds.on_events = self._took_events

    # --- life ---

    async def run(self, listener: Listener) -> str:
        """Serve until there is a reason to leave, and say it to everybody."""
        self._leaving = asyncio.get_running_loop().create_future()
        await self._hub.serve(listener.socket)
        work = asyncio.create_task(self._work())
        try:
            await asyncio.wait((work, self._leaving), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
            return self._leaving.result()
        finally:
            reason = self._leaving.result() if self._leaving.done() else "it failed; its log has more"
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await self._hub.close(reason)
            self._store()
            await self._keeper.close()
            for close in (self._parties.prices.close, *(party.source.close for party in self._parties.news)):
                await give_back(close)

    def stop(self, reason: str) -> None:
        """Leave soon."""
        if self._leaving is not None and not self._leaving.done():
            self._leaving.set_result(reason)

    async def _work(self) -> None:
        await self._remember()
        self._ready.set()
        parts: list[Callable[[], Awaitable[None]]] = [
            self._rounds.run,
            self._backfill.run,
            self._backfill.fitting,
            self._publish,
            self._keep_house,
            self._leave_when_alone,
            self._new_york.run,
            self._bookkeeper.run,
            *(rounds.run for rounds in self._news_rounds),
            *(asker.run for asker in self._askers.values()),
        ]
        if (pushed := self._parties.pushed) is not None:
            parts.append(lambda: self._rounds.pushes(pushed))
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(self._mender.keep_going(part))

    async def _remember(self) -> None:
        """What an earlier feed stored, and the calendar."""
        today = to_hkt(self._clock.now_ms()).date()
        await asyncio.to_thread(self._days.load, today)
        self._rows.state.trading_days = self._days.days
        self._rows.know(await self._keeper.stored_rows())
        for source, symbol, start, end in await self._keeper.stored_coverage():
            self._news.coverage.add(source, [symbol], start, end)
        self._rows.state.put_events(self._news.take(await self._keeper.stored_events(), self._days.days))
        self._rows.attributor.session.take(await self._keeper.stored_session())
        self._keeper.put_trading_days(self._days.days)
        self._rows.update(self._rows.watched)

    # --- tasks ---

    async def _publish(self) -> None:
        """Tell the terminals what has changed, at most four times a second."""
        try:
            async with asyncio.timeout(FIRST_SNAPSHOT_S):
                await self._rounds.first_over.wait()
                await self._backfill.first_fits.wait()
        except TimeoutError:
            log.info("the first snapshot goes out without waiting longer for prices")
        while True:
            self._changed.clear()
            self._rows.report()
            if self._hub.publish():
                if self._options.publish_by == "real":
                    await asyncio.sleep(self._options.publish_gap_s)
                else:
                    await pause(self._clock, self._options.publish_gap_s)
            else:
                await self._changed.wait()

    async def _keep_house(self) -> None:
        """Now and then: store, let old news go, and draw up the calendar anew before it ends."""
        while True:
            await asyncio.sleep(HOUSEKEEPING_S)
            self._store()
            today = to_hkt(self._clock.now_ms()).date()
            self._news.forget_before(today - NEWS_KEPT)
            if not self._days.covers(today):
                await asyncio.to_thread(self._days.load, today)
                self._calendar_changed()

    def _store(self) -> None:
        self._keeper.put_rows(self._rows.state.rows)
        self._keeper.put_coverage(self._news.coverage.spans())
        self._keeper.put_session(self._rows.attributor.session.known)

    async def _leave_when_alone(self) -> None:
        """Stop once there was no terminal for a while; the first has as long to come."""
        while self._options.leave_after_s > 0:
            self._idle.clear()
            try:
                async with asyncio.timeout(None if self._hub.terminals else self._options.leave_after_s):
                    await self._idle.wait()
            except TimeoutError:
                self.stop("no terminal needs it")

    # --- what terminals ask (client.Desk) ---

    async def history(self, ask: wire.AskHistory) -> wire.History:
        return await self._fenced(lambda: self._historian.answer(ask), lambda why: wire.History(ask.symbol, error=why))

    async def effects(self, ask: wire.AskEffect) -> wire.Effects:
        return await self._fenced(
            lambda: self._historian.effects(ask), lambda why: wire.Effects(ask.symbol, ask.day, error=why)
        )

    def ahead(self, ask: wire.AskAhead) -> wire.Ahead:
        now = self._clock.now_ms()
        return wire.Ahead(self._news.ahead(ask.symbols, self._days.days, now), fetched=self._news.knows_ahead(now))

    async def unexplained(self, ask: wire.AskUnexplained) -> wire.Unexplained:
        return await self._fenced(
            lambda: unexplained(ask, self._historian.known_days, self._options.ledger),
            lambda why: wire.Unexplained(error=why),
        )

    async def _fenced(self, answer: Callable[[], Awaitable[T]], otherwise: Callable[[str], T]) -> T:
        await self._ready.wait()
        try:
            return await answer()
        except Exception as error:  # a question must never end a connection or the feed
            log.exception("a question could not be answered")
            return otherwise(f"the answer could not be computed ({type(error).__name__})")

    def refresh(self) -> str:
        health = self._rows.health[0]
        if (wait_s := health.wait_s()) > 0:
            return f"{health.words or health.name}: next try in {max(round(wait_s), 1)} s"
        self._rounds.poke.set()
        self._backfill.look.set()
        return ""

    def leave(self, client: Client) -> str:
        if not self._hub.alone(client):
            return f"it serves {self._hub.terminals} other terminal{'s' if self._hub.terminals > 1 else ''}"
        self.stop("a newer terminal asked it to make room")
        return ""

    def watch_changed(self) -> None:
        self._idle.set()
        if not self._hub.terminals:
            # Nobody is there for the moment: nothing is asked, and what is known stays for whoever comes back.
            self._rounds.needed = self._backfill.needed = ()
            return
        watched = self._hub.watched()
        changed = self._rows.watch(watched)
        needed = self._fits.needed(watched)
        if set(needed) - set(self._rounds.needed):
            self._rounds.poke.set()
        self._rounds.needed = self._backfill.needed = needed
        self._backfill.visible = self._hub.visible()
        if changed:
            self._backfill.keep(needed)
            self._backfill.refit.set()
            self._backfill.look.set()
        self._new_york.watch(watched)
        for rounds in self._news_rounds:
            if set(watched) - set(rounds.watched):
                rounds.wake.set()
            rounds.watched = watched
        self._touch()

    # --- what the parts say ---

    def _asker_of(self, door: object) -> Asker:
        return self._askers.setdefault(id(door), Asker(self._clock, self._options.requests_in_flight, self._touch))

    def _touch(self) -> None:
        self._changed.set()

    def _took_events(self, events: tuple[Event, ...]) -> None:
        if not events:
            return
        self._rows.state.put_events(events)
        self._keeper.put_events(events)
        self._rows.update(self._rows.watched)
        self._touch()

    def _took_night(self, symbols: Sequence[Symbol]) -> None:
        self._rows.update(symbols)
        self._touch()

    def _calendar_changed(self) -> None:
        self._rows.state.trading_days = self._days.days
        self._keeper.put_trading_days(self._days.days)
        self._hub.resend()

    def _skew(self) -> str:
        door = self._parties.door or self._parties.history_door
        if door is None or not door.skew_s:
            return ""
        way = "behind" if door.skew_s > 0 else "ahead"
        return f"this machine's clock is {abs(door.skew_s):.0f} s {way}: ages and phases are wrong by as much"

    def _hello(self) -> wire.Hello:
        end = self._clock.end_ms if isinstance(self._clock, ReplayClock) else None
        clock = wire.ClockInfo(self._clock.mode, self._clock.now_ms(), self._clock.speed, end)
        return wire.Hello(wire.PROTOCOL, __version__, self._options.source, os.getpid(), clock)
