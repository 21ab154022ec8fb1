"""Whom the feed asks: the sources, with the manners and limits of each."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from tui.domain.adr import DualListing
from tui.domain.market import Instrument, PathPoint
from tui.domain.reason import Reason
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import TradingDay
from tui.feed.market_days import Table
from tui.feed.pacing import PoliteDoor
from tui.sources.ports import NewsSource, PriceSource

PastPaths = Mapping[date, Sequence[PathPoint]]


class PathArchive(Protocol):
    """Intraday paths of past days: what a stock's usual volume by minute is learned from."""

    async def past_paths(self, symbol: Symbol, before: date) -> PastPaths:
        """The paths of the last sessions before a day, by day. Raises SourceError."""


@dataclass(frozen=True)
class NewsParty:
    """A news source and its door."""

    source: NewsSource
    door: PoliteDoor | None = None


@dataclass(frozen=True)
class Parties:
    """The outside world of one feed."""

    prices: PriceSource
    sectors: SectorTable
    calendar: Table
    door: PoliteDoor | None = None
    history: str = ""
    """The party that bars and past paths come from, where it is another one than that of the quotes."""
    history_door: PoliteDoor | None = None
    news: Sequence[NewsParty] = ()
    archive: PathArchive | None = None
    listings: Mapping[Symbol, DualListing] = field(default_factory=dict)
    """The stocks whose price source knows their other listing in New York as well."""
    instruments: Mapping[Symbol, Instrument] = field(default_factory=dict)
    overrides: Sequence[TradingDay] = ()
    quotes_per_call: int = 50
    paths_per_call: int = 20
    pushed: asyncio.Event | None = None
    """Set by a source that has new quotes without being asked."""
    problems: Callable[[Symbol], Reason | None] = lambda symbol: None
    """Why the newest answer has no value for a symbol."""
    notice: Callable[[], Reason | None] = lambda: None
    """What is odd about the quotes while they come."""

    def instrument(self, symbol: Symbol) -> Instrument:
        """What a symbol is; only the symbol where no table has it."""
        return self.instruments.get(symbol) or self.sectors.instruments.get(symbol) or Instrument(symbol)
