"""Relative volume: the shares traded so far today against what this stock usually has traded by this minute."""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice, pairwise
from math import isnan
from statistics import median
from typing import Final

import msgspec

from tui.domain.market import Bar
from tui.domain.row import SPARK_POINTS, SPARK_STEP_MIN
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind
from tui.feed.day_path import DayPath, spark_of

# Sessions that make a habit, and the fewest that do.
DAYS: Final = 20
FEWEST: Final = 3


class VolumeDay(msgspec.Struct, frozen=True):
    """A full day's cumulative shares by the end of each point of a sparkline."""

    day: date
    shares: tuple[int, ...]


class UsualVolume:
    """The cumulative volume of past full days by five minutes, of each stock."""

    def __init__(self) -> None:
        self._days: dict[Symbol, deque[VolumeDay]] = {}

    def learn(self, symbol: Symbol, path: DayPath) -> None:
        """Remember a finished full day that had volume; half-days are no measure of others."""
        if path.kind is DayKind.FULL and path.shares_by(path.slots - 1):
            self.take(symbol, [VolumeDay(path.day, _by_point(path))])

    def take(self, symbol: Symbol, days: Iterable[VolumeDay]) -> None:
        """Remember days; the oldest go beyond DAYS, and a day that is known stays as it is."""
        known = {day.day: day for day in self._days.get(symbol, ())}
        for day in days:
            if len(day.shares) == SPARK_POINTS:
                known.setdefault(day.day, day)
        self._days[symbol] = deque((known[day] for day in sorted(known)), maxlen=DAYS)

    def known(self, symbol: Symbol) -> tuple[VolumeDay, ...]:
        """What is remembered of a stock, oldest first."""
        return tuple(self._days.get(symbol, ()))

    def relative(self, symbol: Symbol, path: DayPath, slot: int, bars: Sequence[Bar]) -> float | None:
        """Today's shares by a minute over the usual ones by that minute.

        The usual day's size comes from the daily bars, as in `relative_day`, so that both agree at the close; which
        part of it is usual by a minute, from the days whose minutes are known. Without bars those days tell both.
        Where too few days are known by the minute, there is no answer before the close.
        """
        so_far = path.shares_by(slot)
        if so_far is None:
            return None
        closed = slot >= path.slots - 1
        whole_day = relative_day(bars, path.day, so_far)
        if closed and whole_day is not None:
            return whole_day
        before = [day.shares for day in self._days.get(symbol, ()) if day.day < path.day and day.shares[-1]]
        if path.kind is not DayKind.FULL or len(before) < FEWEST:
            return None
        if whole_day is None:
            return _ratio(so_far, [_by_slot(shares, slot) for shares in before])
        usual_part = median(_by_slot(shares, slot) / shares[-1] for shares in before)
        return whole_day / usual_part if usual_part > 0 else None


def relative_day(bars: Sequence[Bar], day: date, shares: float | None) -> float | None:
    """A whole day's shares over the median of the sessions before it that had volume; None where too few had."""
    before = (bar.volume for bar in reversed(bars) if bar.day < day and bar.volume)
    return None if shares is None else _ratio(shares, list(islice(before, DAYS)))


def _by_point(path: DayPath) -> tuple[int, ...]:
    """Cumulative shares by the end of each point of the sparkline: 0 is the open, the last the closing auction."""
    curve = _filled(path.shares)
    ends = [0.0] * SPARK_POINTS
    for slot, shares in enumerate(curve):
        ends[spark_of(slot, path.kind)] = shares
    return tuple(round(shares) for shares in ends)


def _by_slot(shares: Sequence[int], slot: int) -> float:
    """Shares by the end of a minute, on the straight line between the points around it."""
    point = spark_of(slot, DayKind.FULL)
    part = 1.0 if point >= SPARK_POINTS - 2 else (slot % SPARK_STEP_MIN + 1) / SPARK_STEP_MIN
    return shares[point - 1] + (shares[point] - shares[point - 1]) * part


def _filled(shares: "array[float]") -> "array[float]":
    """Cumulative shares with what lies between two known minutes on the straight line between them."""
    known = [(-1, 0.0), *((slot, value) for slot, value in enumerate(shares) if not isnan(value))]
    curve = array("d", [known[-1][1]]) * len(shares)
    for (start, before), (end, value) in pairwise(known):
        for slot in range(start + 1, end + 1):
            curve[slot] = before + (value - before) * (slot - start) / (end - start)
    return curve


def _ratio(shares: float, usual: Sequence[float]) -> float | None:
    if len(usual) < FEWEST or not (middle := median(usual)):
        return None
    return shares / middle
