"""Events by trading day, who was asked for whose news, and the news beside a stock's day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from tui.domain.ahead import Coming
from tui.domain.attribution import Attribution, Candidate, Leg
from tui.domain.event import Event, NewsCoverage, Scope
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import TradingDay
from tui.domain.unexplained import OWN
from tui.feed.coverage import Coverage
from tui.news.ahead import ahead, moved, results_day
from tui.news.ranking import attach, is_rare, peers_speaking
from tui.news.window import day_in, sessions_met, window_of

# An item whose interval is longer than this says nothing about any single day.
LONGEST_MS: Final = 10 * 24 * 3600 * 1000
# A source that was asked this recently has been asked for the running day.
FRESH_MS: Final = 20 * 60 * 1000
# What a diary told longer ago than this may have been moved or added to.
DIARY_MS: Final = 24 * 3600 * 1000

_Beside = tuple[NewsCoverage, tuple[Candidate, ...]]


class NewsDesk:
    """The feed's events. `version` grows with every event that is new or changed."""

    def __init__(self, sectors: SectorTable, coverage: Coverage) -> None:
        self.coverage = coverage
        self.version = 0
        self.diary_at: int | None = None
        """When a source last told all coming results and ex-dates, epoch milliseconds."""
        self._sectors = sectors
        self._events: dict[str, Event] = {}
        self._by_day: dict[date, list[str]] = {}
        self._by_cluster: dict[str, list[str]] = {}
        self._beside: dict[tuple[object, ...], _Beside] = {}
        self._speaking: dict[date, frozenset[Symbol]] = {}

    def take(self, events: Iterable[Event], days: Sequence[TradingDay]) -> tuple[Event, ...]:
        """Take events by id; those that are new or changed, each with its session."""
        changed = []
        for event in events:
            if event.end - event.start > LONGEST_MS:
                continue
            met = sessions_met(event.start, event.end, days)
            event = event if event.session or not met else msgspec.structs.replace(event, session=met[-1])
            known = self._events.get(event.id)
            if known is not None:
                event = moved(known, event)
                if known == event:
                    continue
                # Its day or its story may be another one now.
                for index in (self._by_day, self._by_cluster):
                    _drop(index, {event.id})
            self._events[event.id] = event
            for day in met:
                self._by_day.setdefault(day, []).append(event.id)
            if event.cluster:
                self._by_cluster.setdefault(event.cluster, []).append(event.id)
            changed.append(event)
        if changed:
            self.version += 1
            self._beside.clear()
            self._speaking.clear()
        return tuple(changed)

    def near(self, symbol: Symbol, day: date) -> tuple[Event, ...]:
        """The events of a day that could concern a stock, and the other copies of their stories."""
        peers = self._sectors.peers(symbol)
        ids = [key for key in self._by_day.get(day, ()) if _concerns(self._events[key], symbol, peers)]
        clusters = {self._events[key].cluster for key in ids} - {""}
        copies = (key for cluster in clusters for key in self._by_cluster.get(cluster, ()))
        return tuple(self._events[key] for key in dict.fromkeys((*ids, *copies)))

    def peers_speaking(self, symbol: Symbol, day: date) -> tuple[Symbol, ...]:
        """The stock's peers whose news of a day can say something of the sector: `beside` wants to know their day."""
        if day not in self._speaking:
            self._speaking[day] = peers_speaking(self._events[key] for key in self._by_day.get(day, ()))
        speaking = self._speaking[day]
        return tuple(peer for peer in self._sectors.peers(symbol) if peer in speaking) if speaking else ()

    def has_event(self, symbol: Symbol, day: date) -> bool:
        """True where a day is the session of an event that names the stock."""
        events = (self._events[key] for key in self._by_day.get(day, ()))
        return any(symbol in event.symbols and event.session == day for event in events)

    def results(self, day: Attribution, days: Sequence[TradingDay]) -> Event | None:
        """The results that an own move can have answered to; None for any other move."""
        if day.verdict not in OWN:
            return None
        return results_day(day.symbol, day.date, self.near(day.symbol, day.date), days)

    def ahead(self, symbols: Collection[Symbol], days: Sequence[TradingDay], now: int) -> tuple[Coming, ...]:
        """What the coming days hold for these stocks, soonest first."""
        return ahead(self._events.values(), days, symbols, now)

    def beside(
        self,
        day: Attribution,
        days: Sequence[TradingDay],
        now: int,
        legs: Sequence[Leg] = (),
        moved: Mapping[Symbol, Attribution] | None = None,
    ) -> Attribution:
        """The day with its news coverage and candidates; `moved` are the same days of the peers whose news speaks.

        They depend on little of the day, so they are remembered.
        """
        if not day_in(days, day.date).is_open:
            # Prices prove a session that no table knows; such a day has no news window.
            return day
        leg = max(legs, key=lambda leg: abs(leg.own_pp or 0.0)).name if legs else ""
        signs = _sign(day.own_pp), _sign(day.sector_pp)
        asked = self._asked(day.symbol, day.date, days, now)
        led = tuple((peer, _sign(other.own_pp), is_rare(other)) for peer, other in (moved or {}).items())
        key = (day.symbol, day.date, is_rare(day), leg, signs, asked, led)
        if key not in self._beside:
            peers = self._sectors.peers(day.symbol)
            near = self.near(day.symbol, day.date)
            told = attach(day, near, asked=asked, days=days, peers=peers, moved=moved, legs=legs)
            self._beside[key] = (told.news_coverage, told.candidates)
        coverage, candidates = self._beside[key]
        return msgspec.structs.replace(day, news_coverage=coverage, candidates=candidates)

    def knows_ahead(self, now: int) -> bool:
        """True where results and ex-dates of the coming days were told within the last day."""
        return self.diary_at is not None and now - self.diary_at <= DIARY_MS

    def forget_before(self, day: date) -> None:
        """Drop the events whose last session lies before a day."""
        old = {key for key, event in self._events.items() if event.session is None or event.session < day}
        if not old:
            return
        self._events = {key: event for key, event in self._events.items() if key not in old}
        for index in (self._by_day, self._by_cluster):
            _drop(index, old)
        self._beside.clear()
        self._speaking.clear()

    def _asked(self, symbol: Symbol, day: date, days: Sequence[TradingDay], now: int) -> bool:
        """True where every source was asked for this stock and the whole of this day's window so far."""
        window = window_of(day, days)
        return self.coverage.asked(symbol, window.start, min(window.end, now - FRESH_MS))


def _drop(index: "dict[date, list[str]] | dict[str, list[str]]", old: set[str]) -> None:
    for ids in index.values():
        ids[:] = [key for key in ids if key not in old]


def _sign(part: float | None) -> int:
    return 0 if not part else 1 if part > 0 else -1


def _concerns(event: Event, symbol: Symbol, peers: Sequence[Symbol]) -> bool:
    """Whether the ranking could have a use for it; the ranking decides."""
    return symbol in event.symbols or event.scope is Scope.MARKET or any(peer in event.symbols for peer in peers)
