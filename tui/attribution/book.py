"""The attributed days of a panel, each computed once while it is remembered."""

from datetime import date
from functools import lru_cache
from math import isnan
from typing import Final

from tui.attribution.effect import effect
from tui.attribution.factors import SectorChoice
from tui.attribution.legs import session_legs
from tui.attribution.panel import Panel
from tui.attribution.prepare import Fit, prepare
from tui.attribution.split import explain_session
from tui.domain.attribution import Attribution, Leg
from tui.domain.effect import Effect
from tui.domain.symbol import HSI, Symbol
from tui.domain.tables import SectorTable

FITS: Final = 512
DAYS: Final = 8192


class Book:
    """Fits and attributed days of one panel and one sector table; a new panel needs a new book."""

    def __init__(
        self,
        panel: Panel,
        table: SectorTable | None = None,
        market: Symbol = HSI,
        sector: SectorChoice = "auto",
    ) -> None:
        self.panel = panel
        self.table = table
        self.market = market
        self.sector = sector
        self._fit = lru_cache(FITS)(self._prepare)
        self._day = lru_cache(DAYS)(self._attribute)

    def fit(self, symbol: Symbol, day: date) -> Fit:
        """The stock's fit as of a day, which need not be in the panel yet: split today's ticks with it."""
        return self._fit(symbol, day)

    def day(self, symbol: Symbol, day: date) -> Attribution:
        """One session, split. Raises ValueError for a day that is no session and a symbol that is not here."""
        return self._day(symbol, day)

    def days(self, symbol: Symbol, count: int = 250, until: date | None = None) -> tuple[Attribution, ...]:
        """The last `count` sessions up to `until` (the newest), newest first; those before the first close left out."""
        column = self.panel.column(symbol)
        end = len(self.panel.dates) if until is None else self.panel.sessions_before(until)
        if until is not None and end < len(self.panel.dates) and self.panel.dates[end] == until:
            end += 1
        first = self.panel.first_traded(column)
        rows = range(end - 1, max(end - count, first) - 1, -1)
        return tuple(self._day(symbol, self.panel.dates[row]) for row in rows)

    def legs(self, symbol: Symbol, day: date) -> tuple[Leg, ...]:
        """The night and the session of a closed day; none where the stock's open is unknown."""
        return session_legs(self.panel, self._fit(symbol, day), self.panel.row(day))

    def night(self, day: date) -> float | None:
        """The market's return from the last close to a session's open, percent; None where it is not known."""
        if self.market not in self.panel:
            return None
        night = float(self.panel.overnights[self.panel.row(day), self.panel.column(self.market)])
        return None if isnan(night) else night

    def effect(self, symbol: Symbol, day: date, first: int, last: int) -> Effect:
        """What the stock did by itself over the sessions [first, last] of an event of session `day`."""
        return effect(self.panel, self._fit(symbol, day), first, last)

    def _prepare(self, symbol: Symbol, day: date) -> Fit:
        return prepare(self.panel, symbol, day, market=self.market, sector=self.sector, table=self.table)

    def _attribute(self, symbol: Symbol, day: date) -> Attribution:
        row = self.panel.row(day)
        return explain_session(self.panel, self._fit(symbol, day), row)
