"""One stock's day by exchange minute: a fixed grid of prices and shares traded, and the sparkline drawn from it.

Slots: one a minute of continuous trading (0 the minute from 09:30), then one for prints stamped with the close
itself, then one for the closing auction. Lunch belongs to the last minute of the morning. The memory of a day is the
same at its open and at its close.
"""

from array import array
from collections.abc import Iterable
from datetime import date
from math import isnan, nan
from typing import Final

from tui.domain.market import PathPoint
from tui.domain.row import SPARK_STEP_MIN
from tui.domain.trading_day import DayKind, close_time, from_hkt, session_minutes

_MINUTE_MS: Final = 60_000
_DAY_MIN: Final = 24 * 60
_HKT_MIN: Final = 8 * 60
_OPEN_MIN: Final = 9 * 60 + 30
_MORNING: Final = 150
_LUNCH: Final = 60


def slot_of(moment: int, kind: DayKind) -> int:
    """The slot of a moment of a day of this kind; what comes before the open belongs to the first minute."""
    minutes = session_minutes(kind)
    since_open = (moment // _MINUTE_MS + _HKT_MIN) % _DAY_MIN - _OPEN_MIN
    if since_open < _MORNING:
        return max(since_open, 0)
    if minutes > _MORNING:
        if since_open < _MORNING + _LUNCH:
            return _MORNING - 1
        since_open -= _LUNCH
    return min(since_open, minutes + 1)


def spark_of(slot: int, kind: DayKind) -> int:
    """The sparkline's point that a slot belongs to: the open is 0, then every five minutes, the auction is the last."""
    minutes = session_minutes(kind)
    points = minutes // SPARK_STEP_MIN
    if slot > minutes:
        return points + 1
    return min(slot // SPARK_STEP_MIN + 1, points)


class DayPath:
    """Prices and cumulative shares of one day. Unknown slots are NaN."""

    def __init__(self, day: date, kind: DayKind) -> None:
        self.day = day
        self.kind = kind
        self.closes = from_hkt(day, close_time(kind))
        """The last possible end of the closing auction, epoch milliseconds."""
        self._begins = from_hkt(day)
        self.slots = session_minutes(kind) + 2
        self.prices = array("d", [nan]) * self.slots
        self.shares = array("d", [nan]) * self.slots
        self.last = -1
        """The newest slot with a price."""
        self.rebuilt = 0
        """How often the past was filled in; what was derived from the path is to be derived again."""
        self._spark: list[float | None] = [None] * (session_minutes(kind) // SPARK_STEP_MIN + 2)

    @property
    def spark(self) -> tuple[float | None, ...]:
        """The open, the last price of every five minutes, the auction's; None where nothing was traded."""
        return tuple(self._spark)

    def holds(self, moment: int) -> bool:
        """True for a moment of this day."""
        return 0 <= moment - self._begins < _DAY_MIN * _MINUTE_MS

    def put(self, moment: int, price: float, shares: float | None, opened: float | None = None) -> None:
        """A price at a moment of this day, with the shares traded by then, and the day's open where known."""
        slot = slot_of(moment, self.kind)
        self.prices[slot] = price
        if shares is not None:
            self.shares[slot] = shares
        if opened is not None:
            self._spark[0] = opened
        elif slot == 0 and self._spark[0] is None:
            self._spark[0] = price
        if slot >= self.last:
            self.last = slot
            self._spark[spark_of(slot, self.kind)] = price

    def fill(self, points: Iterable[PathPoint]) -> None:
        """Take a path as the source knows it, oldest first; what is known of other minutes stays."""
        shares = 0.0
        for point in points:
            shares += point.volume
            slot = slot_of(point.time, self.kind)
            if self._spark[0] is None and slot == 0:
                self._spark[0] = point.price
            self.prices[slot] = point.price
            self.shares[slot] = shares
            self.last = max(self.last, slot)
        for slot, price in enumerate(self.prices):
            if not isnan(price):
                self._spark[spark_of(slot, self.kind)] = price
        self.rebuilt += 1

    def price(self, slot: int) -> float | None:
        """The price of exactly that minute."""
        price = self.prices[slot]
        return None if isnan(price) else price

    def price_by(self, slot: int) -> float | None:
        """The last price at or before a minute."""
        return _last_known(self.prices, slot)

    def shares_by(self, slot: int) -> float | None:
        """The shares traded by the end of a minute."""
        return _last_known(self.shares, slot)


def _last_known(values: "array[float]", slot: int) -> float | None:
    for at in range(min(slot, len(values) - 1), -1, -1):
        if not isnan(values[at]):
            return values[at]
    return None
