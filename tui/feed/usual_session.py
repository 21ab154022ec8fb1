"""When in the session a day's variance comes: assumed at first, measured from the paths of finished days later."""

from datetime import date
from typing import Final

from tui.attribution.session import ASSUMED, Profile, day_steps, learned
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind
from tui.feed.day_path import DayPath

# Days that are remembered.
DAYS: Final = 60


class UsualSession:
    """The variance profile of full days, over all stocks."""

    def __init__(self) -> None:
        self.profile: Profile = ASSUMED
        self._days: dict[date, dict[Symbol, tuple[float, ...]]] = {}

    def learn(self, symbol: Symbol, path: DayPath) -> None:
        """Remember a finished full day; half-days are no measure of others, and an index has its stocks' variance."""
        if path.kind is not DayKind.FULL or symbol.startswith("^"):
            return
        steps = day_steps(path.prices, path.spark[0])
        if steps is None:
            return
        self._days.setdefault(path.day, {})[symbol] = steps
        if len(self._days) > DAYS:
            del self._days[min(self._days)]
        self.profile = learned({day: list(steps.values()) for day, steps in self._days.items()})

    def elapsed(self, night_share: float, path: DayPath, slot: int) -> float:
        """The share of a stock's variance of a day that is behind it after a minute; 1 with the closing auction."""
        if slot >= path.slots - 1:
            return 1.0
        return night_share + (1 - night_share) * self.profile.elapsed(slot + 1, path.kind)
