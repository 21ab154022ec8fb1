"""Relative volume: the shares traded so far today against what this stock usually has traded by this minute."""

from array import array
from collections import deque
from collections.abc import Sequence
from datetime import date
from itertools import islice
from math import isnan
from statistics import median
from typing import Final

from tui.domain.market import Bar
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind
from tui.feed.day_path import DayPath

# Sessions that make a habit, and the fewest that do.
DAYS: Final = 20
FEWEST: Final = 3


class UsualVolume:
    """The cumulative volume of past full days by minute, of each stock."""

    def __init__(self) -> None:
        self._days: dict[Symbol, deque[tuple[date, array[float]]]] = {}

    def learn(self, symbol: Symbol, path: DayPath) -> None:
        """Remember a finished full day that had volume; half-days are no measure of others."""
        if path.kind is not DayKind.FULL or not path.shares_by(path.slots - 1):
            return
        known = self._days.setdefault(symbol, deque(maxlen=DAYS))
        if any(day == path.day for day, _ in known):
            return
        known.append((path.day, _filled(path.shares)))

    def known(self, symbol: Symbol) -> int:
        """How many past days are remembered."""
        return len(self._days.get(symbol, ()))

    def relative(self, symbol: Symbol, path: DayPath, slot: int, bars: Sequence[Bar]) -> float | None:
        """Today's shares by a minute over the usual ones by that minute.

        Where too few days are known by the minute, the closed day against the usual full day; None before its close.
        """
        so_far = path.shares_by(slot)
        if so_far is None:
            return None
        before = [curve[slot] for day, curve in self._days.get(symbol, ()) if day < path.day and slot < len(curve)]
        if path.kind is DayKind.FULL and len(before) >= FEWEST:
            return _ratio(so_far, before)
        return relative_day(bars, path.day, so_far) if slot >= path.slots - 1 else None


def relative_day(bars: Sequence[Bar], day: date, shares: float | None) -> float | None:
    """A whole day's shares over the median of the sessions before it that had volume; None where too few had."""
    before = (bar.volume for bar in reversed(bars) if bar.day < day and bar.volume)
    return None if shares is None else _ratio(shares, list(islice(before, DAYS)))


def _filled(shares: "array[float]") -> "array[float]":
    """Cumulative shares with what lies between two known minutes on the straight line between them."""
    curve = array("d", [0.0]) * len(shares)
    before, at = 0.0, -1
    for slot, value in enumerate(shares):
        if isnan(value):
            curve[slot] = before
            continue
        for between in range(at + 1, slot):
            curve[between] = before + (value - before) * (between - at) / (slot - at)
        curve[slot] = before = value
        at = slot
    return curve


def _ratio(shares: float, usual: Sequence[float]) -> float | None:
    if len(usual) < FEWEST or not (middle := median(usual)):
        return None
    return shares / middle
