"""When in the session a day's variance comes: assumed at first, measured from the paths of finished days later."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from tui.attribution.session import ASSUMED, STEPS, Profile, day_steps, learned
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind
from tui.feed.day_path import DayPath

# Days that are remembered.
DAYS: Final = 60


class SessionDay(msgspec.Struct, frozen=True):
    """The mean over some stocks of the shares of a full day's variance that came in each step of its session."""

    day: date
    stocks: frozenset[Symbol]
    steps: tuple[float, ...]


class UsualSession:
    """The variance profile of full days, over all stocks."""

    def __init__(self) -> None:
        self.profile: Profile = ASSUMED
        self.known: tuple[SessionDay, ...] = ()
        """What is remembered, oldest first."""

    def learn(self, symbol: Symbol, path: DayPath) -> None:
        """Remember a finished full day; half-days are no measure of others, and an index has its stocks' variance."""
        if path.kind is not DayKind.FULL or symbol.startswith("^"):
            return
        before = next((day for day in self.known if day.day == path.day), SessionDay(path.day, frozenset(), ()))
        steps = None if symbol in before.stocks else day_steps(path.prices, path.spark[0])
        if steps is None:
            return
        count = len(before.stocks)
        mean = tuple((old * count + new) / (count + 1) for old, new in zip(before.steps or steps, steps, strict=True))
        self.take([SessionDay(path.day, before.stocks | {symbol}, mean)])

    def take(self, days: Iterable[SessionDay]) -> None:
        """Take days in the place of the same ones; the oldest go beyond DAYS."""
        known = {day.day: day for day in self.known} | {day.day: day for day in days if len(day.steps) == STEPS}
        self.known = tuple(known[day] for day in sorted(known)[-DAYS:])
        self.profile = learned([day.steps for day in self.known])

    def elapsed(self, night_share: float, path: DayPath, slot: int) -> float:
        """The share of a stock's variance of a day that is behind it after a minute; 1 with the closing auction."""
        if slot >= path.slots - 1:
            return 1.0
        return night_share + (1 - night_share) * self.profile.elapsed(slot + 1, path.kind)
