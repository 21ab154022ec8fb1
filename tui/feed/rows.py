"""The rows and the status: every piece that the feed holds, put together as a terminal shows it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

import msgspec

from tui.domain.adr import ParityGap
from tui.domain.attribution import Attribution, Leg
from tui.domain.clock import Clock
from tui.domain.market import Quality
from tui.domain.reason import Reason
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import HSTECH, Symbol
from tui.domain.trading_day import to_hkt
from tui.feed.attributor import Attributor
from tui.feed.day_path import DayPath
from tui.feed.fits import Fits
from tui.feed.health import Health, told
from tui.feed.market_days import MarketDays
from tui.feed.news_desk import NewsDesk
from tui.feed.parties import Parties
from tui.feed.state import State
from tui.feed.tape import Tape
from tui.feed.timetable import current_session
from tui.feed.volume import UsualVolume, VolumeDay
from tui.news.ranking import is_rare
from tui.render.reasons import reason_words


class Rows:
    """Makes rows of what is known and puts them into the state."""

    def __init__(self, clock: Clock, parties: Parties, days: MarketDays, fits: Fits, news: NewsDesk) -> None:
        self.state = State()
        self.usual = UsualVolume()
        self.tape = Tape(days.day, self._finished)
        self.attributor = Attributor(fits, self.tape)
        self.watched: tuple[Symbol, ...] = ()
        self.health: tuple[Health, ...] = ()
        self.next_refresh: int | None = None
        self.refresh_s = 15.0
        """Clock seconds between two questions for quotes."""
        self.gap_of: Callable[[Symbol], ParityGap | None] = lambda symbol: None
        """What New York's night implies for a stock."""
        self.reasons: dict[Symbol, Reason] = {}
        """Why a symbol has no history."""
        self.on_volume: Callable[[Symbol, Sequence[VolumeDay]], None] = lambda symbol, days: None
        """Told what is usual for a stock after each of its days."""
        self.warnings: tuple[Callable[[], str], ...] = ()
        """Each says what is wrong beside the sources, or nothing."""
        self._clock = clock
        self._parties = parties
        self._days = days
        self._fits = fits
        self._news = news
        self._stored: dict[Symbol, Row] = {}

    def know(self, rows: Iterable[Row]) -> None:
        """Take the rows of an earlier feed: shown, as stored, until something newer is known."""
        for row in rows:
            quote = row.quote and msgspec.structs.replace(row.quote, quality=Quality.STORED)
            self._stored[row.symbol] = msgspec.structs.replace(row, quote=quote)

    def watch(self, symbols: tuple[Symbol, ...]) -> bool:
        """Have a row for each of these symbols, the most wanted first, and for no other; False where all had one."""
        wanted, before = frozenset(symbols), frozenset(self.watched)
        self.watched = symbols
        if wanted == before:
            return False
        self.state.keep_rows(wanted)
        needed = frozenset(self._fits.needed(symbols))
        self.tape.forget(needed)
        self.attributor.forget(needed)
        self.update(wanted - before)
        return True

    def affected(self, changed: Collection[Symbol]) -> list[Symbol]:
        """The watched symbols whose row a new price of these symbols can change."""
        if self._fits.market in changed:
            return list(self.watched)
        return [
            symbol
            for symbol in self.watched
            if symbol in changed or any(factor in changed for factor in self._fits.factors(symbol))
        ]

    def update(self, symbols: Iterable[Symbol]) -> None:
        """Make the rows of these symbols anew."""
        for symbol in symbols:
            self.state.put_row(self.make(symbol))

    def make(self, symbol: Symbol) -> Row:
        """One row of what is known now."""
        known = self._parties.instrument(symbol)
        quote = self.attributor.quote(symbol)
        stored = self._stored.get(symbol)
        if quote is None and stored is not None:
            why = self._trouble(symbol)
            return msgspec.structs.replace(stored, note="" if why is None else reason_words(why), why=why)
        split = self.attributor.tell(symbol)
        day, path = split.day, self.tape.paths.get(symbol)
        why = self._trouble(symbol) or split.why
        if day is not None:
            legs: tuple[Leg, ...] = self.attributor.legs(symbol) if is_rare(day) else ()
            moved = self.moved(self._news.peers_speaking(symbol, day.date), day.date)
            day = self._news.beside(day, self._days.days, self._clock.now_ms(), legs, moved)
        relative = None
        if path is not None and (slot := self.tape.slot(symbol)) is not None:
            relative = self.usual.relative(symbol, path, slot, self._fits.bars(symbol))
            day = day and msgspec.structs.replace(day, relative_volume=relative)
        return Row(
            symbol=symbol,
            name_en=known.name_en,
            name_zh=known.name_zh,
            sector=known.sector or self._parties.sectors.sector(symbol),
            quote=quote,
            day=day,
            spark=path.spark if path else (),
            own_spark=split.own_spark,
            relative_volume=relative,
            note="" if why is None else reason_words(why),
            why=why,
            compared_at=split.minute,
            gap=self.gap_of(symbol),
            results=None if day is None else self._news.results(day, self._days.days),
        )

    def moved(self, symbols: Iterable[Symbol], day: date) -> dict[Symbol, Attribution]:
        """What these stocks did on the running day, as far as it is split."""
        told = {symbol: self.attributor.tell(symbol).day for symbol in symbols}
        return {symbol: other for symbol, other in told.items() if other is not None and other.date == day}

    def _trouble(self, symbol: Symbol) -> Reason | None:
        """What keeps a symbol's price or history from being shown."""
        return self.tape.doubts.get(symbol) or self._parties.problems(symbol) or self.reasons.get(symbol)

    def _finished(self, symbol: Symbol, path: DayPath) -> None:
        """A day is over: it is one more of those that tell what is usual."""
        self.usual.learn(symbol, path)
        self.attributor.session.learn(symbol, path)
        self.on_volume(symbol, self.usual.known(symbol))

    def report(self) -> None:
        """Put the feed's status into the state."""
        now = self._clock.now_ms()
        index = self.tape.quotes.get(self._fits.market)
        day = to_hkt(index.exchange_time).date() if index else current_session(now, self._days.day)
        known = None if day is None else self._days.day(day)
        times = [quote.exchange_time for quote in self.tape.quotes.values()]
        quotes = (self.attributor.quote(symbol) for symbol in dict.fromkeys((self._fits.market, HSTECH)))
        self.state.put_status(
            FeedStatus(
                day=day,
                day_kind=known.kind if known else "",
                day_name=known.name if known else "",
                as_of=max(times, default=None),
                next_refresh=told(self.next_refresh, self._clock),
                indices=tuple(quote for quote in quotes if quote is not None),
                sources=tuple(health.view() for health in self.health),
                warnings=tuple(text for warning in self.warnings if (text := warning())),
                refresh_s=self.refresh_s,
            )
        )
