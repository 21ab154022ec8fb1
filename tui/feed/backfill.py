"""What has to be there before a move can be told: daily bars, today's paths, past volumes, and the fits on them."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from tui.domain.clock import Clock
from tui.domain.market import Bar, PathPoint
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol, is_hk_stock
from tui.domain.trading_day import to_hkt
from tui.feed.asking import Asker, Errand, Urgency
from tui.feed.day_path import DayPath
from tui.feed.fits import Fits
from tui.feed.health import OF_THE_SYMBOL, Health
from tui.feed.keeper import Keeper
from tui.feed.market_days import MarketDays
from tui.feed.parties import Parties, PastPaths
from tui.feed.pause import pause
from tui.feed.rows import Rows
from tui.feed.timetable import bars_due, current_session
from tui.feed.volume import FEWEST
from tui.render.reasons import reason_words
from tui.sources.ports import SourceError

HISTORY: Final = timedelta(days=760)
# Bars asked for again although they are held: a source corrects its newest ones.
OVERLAP: Final = timedelta(days=10)
LOOK_S: Final = 60.0
# Seconds until a question is put again whose answer was not there yet, or that has no answer.
LATER_S: Final = 1800.0
NEVER_S: Final = 12 * 3600.0
# Bars come one stock at a time; fits are made for several at once.
GATHER_S: Final = 0.05
BETWEEN_FITS_S: Final = 0.5
# How long a history that has to be fetched is waited for, real seconds.
PATIENCE_S: Final = 40.0
# Stocks that nobody watches whose history stays at hand after it was asked for.
VISITED: Final = 20


class Backfill:
    """Fetches what is missing, the most wanted first, and keeps the fits up to it."""

    def __init__(
        self,
        clock: Clock,
        days: MarketDays,
        rows: Rows,
        fits: Fits,
        parties: Parties,
        asker: Asker,
        health: Health,
        keeper: Keeper,
    ) -> None:
        self.look = asyncio.Event()
        """Set to look at once for what is missing."""
        self.refit = asyncio.Event()
        """Set when a fit may be missing."""
        self.first_fits = asyncio.Event()
        """Set when fits were made for the first time."""
        self.needed: tuple[Symbol, ...] = ()
        self.visible: frozenset[Symbol] = frozenset()
        self.delay_s: Callable[[], float] = lambda: 0.0
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        self._days = days
        self._rows = rows
        self._fits = fits
        self._parties = parties
        self._asker = asker
        self._health = health
        self._keeper = keeper
        self._loaded: set[Symbol] = set()
        self._visited: deque[Symbol] = deque(maxlen=VISITED)
        self._not_before: dict[tuple[str, Symbol], float] = {}
        self._filled: dict[Symbol, date] = {}
        self._path_asked: set[Symbol] = set()

    async def run(self) -> None:
        """Look for what is missing, now and then and whenever told to."""
        while True:
            self.look.clear()
            await self._load_stored(self.needed)
            on_screen, watched = self._on_screen(), frozenset(self._rows.watched)
            for symbol in self.needed:
                off_screen = Urgency.HISTORY if symbol in watched else Urgency.MEASURES
                self._want_bars(symbol, Urgency.HISTORY_ON_SCREEN if symbol in on_screen else off_screen)
            self._want_paths()
            for symbol in self._rows.watched:
                self._want_archive(symbol)
            await pause(self._clock, LOOK_S, self.look)

    async def fitting(self) -> None:
        """Make fits whenever bars or the prices' day have changed, and the rows with them."""
        while True:
            await self.refit.wait()
            await asyncio.sleep(GATHER_S)
            self.refit.clear()
            if await self._fits.refit(self._wanted_fits(), self._days.days):
                self._rows.update(self._rows.watched)
                self.first_fits.set()
                self.on_change()
            await asyncio.sleep(BETWEEN_FITS_S)

    def path_has_hole(self, symbols: set[Symbol]) -> None:
        """These paths miss minutes."""
        for symbol in symbols:
            self._filled.pop(symbol, None)
        self.look.set()

    def keep(self, needed: Iterable[Symbol]) -> None:
        """Let go of the bars that are neither needed nor were asked for of late; they can be loaded again."""
        kept = {*needed, *self._fits.needed(self._visited)}
        self._fits.keep(kept)
        self._loaded &= kept
        self._filled = {symbol: day for symbol, day in self._filled.items() if symbol in kept}

    async def ensure(self, symbol: Symbol) -> str:
        """Have the bars for a stock's history, watched or not; the reason why not, or an empty text."""
        needed = self._fits.needed([symbol])
        self._visited.append(symbol)
        await self._load_stored(needed)
        failures: list[str] = []
        errands = [errand for each in needed if (errand := self._want_bars(each, Urgency.HISTORY_ON_SCREEN, failures))]
        if errands and (wait_s := self._health.wait_s()) > PATIENCE_S:
            failures.append(f"{self._health.words}; next try in {wait_s / 60:.0f} min")
        elif errands:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._asker.answered(errands)
            except TimeoutError:
                failures.append(f"{self._health.name} has not answered for {PATIENCE_S:.0f} s")
            if self._health.is_down:
                failures.append(f"{self._health.words}; next try in {self._health.wait_s():.0f} s")
        if self._fits.stale or self._fits.book is None:
            await self._fits.refit(self._wanted_fits(), self._days.days)
        if self._fits.bars(symbol):
            return ""
        known = self._rows.reasons.get(symbol) or self._parties.problems(symbol)
        return failures[0] if failures else reason_words(known) if known else f"there is no history of {symbol}"

    def _on_screen(self) -> frozenset[Symbol]:
        """What a screen shows, and the indices that this is measured against."""
        indices = frozenset((self._fits.market, *self._fits.table.index_of.values()))
        measures = (factor for symbol in self.visible for factor in self._fits.factors(symbol))
        return self.visible.union((self._fits.market,), indices.intersection(measures))

    # --- daily bars ---

    async def _load_stored(self, symbols: Sequence[Symbol]) -> None:
        """Take what an earlier feed stored."""
        new = [symbol for symbol in symbols if symbol not in self._loaded]
        self._loaded.update(new)
        for symbol, bars in (await self._keeper.stored_bars(new)).items():
            if self._fits.take_bars(symbol, bars):
                self.refit.set()
        for symbol, days in (await self._keeper.stored_volumes(new)).items():
            self._rows.usual.take(symbol, days)

    def _want_bars(self, symbol: Symbol, urgency: Urgency, failures: list[str] | None = None) -> Errand | None:
        now = self._clock.now_ms()
        last = self._fits.last_day(symbol)
        if not bars_due(last, now, self._days.day, self.delay_s()) or self._is_early("bars", symbol):
            return None
        since = to_hkt(now).date() - HISTORY if last is None else last - OVERLAP

        def fail(error: SourceError) -> None:
            self._postpone("bars", symbol, error)
            if failures is not None:
                failures.append(str(error))

        return self._asker.ask(
            ("bars", symbol),
            urgency,
            self._health,
            partial(self._parties.prices.bars, symbol, since),
            partial(self._took_bars, symbol),
            fail,
        )

    def _took_bars(self, symbol: Symbol, bars: Sequence[Bar]) -> None:
        self._rows.reasons.pop(symbol, None)
        if self._fits.take_bars(symbol, bars):
            self._keeper.put_bars(bars)
            self.refit.set()
        if symbol in self._rows.watched:
            self._want_archive(symbol)
        if bars_due(self._fits.last_day(symbol), self._clock.now_ms(), self._days.day, self.delay_s()):
            self._not_before["bars", symbol] = self._clock.monotonic() + LATER_S

    # --- today's paths ---

    def _want_paths(self) -> None:
        session = current_session(self._clock.now_ms(), self._days.day)
        if session is None:
            return
        missing = [
            symbol
            for symbol in self.needed
            if self._filled.get(symbol) != session
            and symbol not in self._path_asked
            and not self._is_early("paths", symbol)
        ]
        size = self._parties.paths_per_call
        for at in range(0, len(missing), size):
            batch = tuple(missing[at : at + size])
            self._path_asked.update(batch)
            self._asker.ask(
                ("paths", batch),
                Urgency.PATHS,
                self._health,
                partial(self._parties.prices.paths, batch),
                partial(self._took_paths, batch, session),
                partial(self._failed_paths, batch),
            )

    def _failed_paths(self, batch: Sequence[Symbol], error: SourceError) -> None:
        self._path_asked.difference_update(batch)
        for symbol in batch:
            self._postpone("paths", symbol, error)

    def _took_paths(self, batch: Sequence[Symbol], session: date, paths: Mapping[Symbol, Sequence[PathPoint]]) -> None:
        self._path_asked.difference_update(batch)
        changed = self._rows.tape.take_paths(paths)
        for symbol in batch:
            path = self._rows.tape.paths.get(symbol)
            if path is not None and path.day == session:
                self._filled[symbol] = session
            else:
                # Before the day's first trade there is nothing to fill in.
                self._not_before["paths", symbol] = self._clock.monotonic() + LATER_S
        self._rows.update(self._rows.affected(changed))
        self.on_change()

    # --- past volumes ---

    def _want_archive(self, symbol: Symbol) -> None:
        archive, today = self._parties.archive, to_hkt(self._clock.now_ms()).date()
        known = self._rows.usual.known(symbol)
        recent = len(known) >= FEWEST and known[-1].day >= today - OVERLAP
        if archive is None or recent or not is_hk_stock(symbol) or self._is_early("archive", symbol):
            return
        if self._fits.last_day(symbol) is None:
            return  # its days are asked for first: a code that is unknown costs one request
        self._asker.ask(
            ("archive", symbol),
            Urgency.PROFILE,
            self._health,
            partial(archive.past_paths, symbol, today),
            partial(self._took_archive, symbol),
            partial(self._postpone, "archive", symbol),
        )

    def _took_archive(self, symbol: Symbol, paths: PastPaths) -> None:
        self._not_before["archive", symbol] = self._clock.monotonic() + NEVER_S
        for day, points in sorted(paths.items()):
            path = DayPath(day, self._days.day(day).kind)
            path.fill(points)
            self._rows.usual.learn(symbol, path)
            self._rows.attributor.session.learn(symbol, path)
        self._keeper.put_volume(symbol, self._rows.usual.known(symbol))
        self._rows.update({symbol}.intersection(self._rows.watched))
        self.on_change()

    # --- common ---

    def _wanted_fits(self) -> dict[Symbol, date]:
        """The running day of every watched stock: that of its quote, else that of the calendar."""
        session = current_session(self._clock.now_ms(), self._days.day)
        days = {symbol: self._rows.tape.day(symbol) or session for symbol in self._rows.watched}
        return {symbol: day for symbol, day in days.items() if day is not None}

    def _is_early(self, what: str, symbol: Symbol) -> bool:
        return self._clock.monotonic() < self._not_before.get((what, symbol), 0.0)

    def _postpone(self, what: str, symbol: Symbol, error: SourceError) -> None:
        """A symbol's own trouble lasts; a source's own is waited out by its health."""
        if error.state in OF_THE_SYMBOL:
            later_s = NEVER_S if error.state is SourceState.NO_SUCH_SYMBOL else LATER_S
            self._not_before[what, symbol] = self._clock.monotonic() + later_s
            if what == "bars":
                self._rows.reasons[symbol] = error.reason
                self._rows.update({symbol}.intersection(self._rows.watched))
