"""Bars of many stocks aligned on the exchange's sessions: closes, total returns and what is odd about each cell."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.attribution.evidence import is_suspect_factor, outside_range, reversals
from tui.domain.attribution import Flag
from tui.domain.market import Bar
from tui.domain.symbol import HSI, Symbol, nearest_symbols
from tui.domain.trading_day import DayKind, TradingDay

Floats = NDArray[np.float64]

PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Prices of `symbols` on the sessions `dates`, ascending; every matrix is [day, symbol] and read-only.

    closes     raw close, HKD; NaN where nothing was traded
    moves      total return since the last traded close, percent; NaN where nothing was traded then or now
    spans      sessions that move spans: 1 as a rule, k after k - 1 sessions without a trade, 0 where there is none
    returns    `moves` of exactly one session whose price is not suspect: what fits are made of; NaN elsewhere
    dividends  paid per share of today since the last traded close, HKD
    splits     new shares per old since the last traded close
    suspect    True where the price carries evidence of error
    untraded   True where the bar itself says that nothing was traded (flat, volume 0)
    half_days  the sessions that ended at noon
    """

    dates: tuple[date, ...]
    symbols: tuple[Symbol, ...]
    closes: Floats
    moves: Floats
    spans: NDArray[np.int32]
    returns: Floats
    dividends: Floats
    splits: Floats
    suspect: NDArray[np.bool_]
    untraded: NDArray[np.bool_]
    half_days: frozenset[date] = frozenset()
    _rows: dict[date, int] = field(init=False, repr=False)
    _columns: dict[Symbol, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {day: row for row, day in enumerate(self.dates)})
        object.__setattr__(self, "_columns", {symbol: column for column, symbol in enumerate(self.symbols)})
        for matrix in (self.closes, self.moves, self.spans, self.returns, self.dividends, self.splits):
            matrix.setflags(write=False)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._columns

    def column(self, symbol: Symbol) -> int:
        """The column of a symbol; ValueError names the nearest ones where it is not here."""
        try:
            return self._columns[symbol]
        except KeyError:
            near = ", ".join(nearest_symbols(symbol, self.symbols))
            raise ValueError(f"{symbol} is not in these prices{f'; nearest: {near}' if near else ''}") from None

    def row(self, day: date) -> int:
        """The row of a session; ValueError names the sessions around a day that is none."""
        try:
            return self._rows[day]
        except KeyError:
            after = self.sessions_before(day)
            around = [f"{near:%Y-%m-%d}" for near in self.dates[max(after - 1, 0) : after + 1]]
            raise ValueError(
                f"{day:%Y-%m-%d} is no session in these prices; nearest: {' and '.join(around) or 'none'}"
            ) from None

    def sessions_before(self, day: date) -> int:
        """How many sessions lie before a day, which need not be a session itself: the row a window ends before."""
        return bisect_left(self.dates, day)

    def first_traded(self, column: int) -> int:
        """The row of a column's first close; the number of days where it has none."""
        traded = np.flatnonzero(~np.isnan(self.closes[:, column]))
        return int(traded[0]) if traded.size else len(self.dates)

    def day_flags(self, row: int, column: int) -> tuple[Flag, ...]:
        """What the prices of one session say about themselves."""
        seen: list[Flag] = []
        if np.isnan(self.closes[row, column]):
            half = self.dates[row] in self.half_days
            seen.append((Flag.HALF_DAY if half else Flag.HALT) if self.untraded[row, column] else Flag.MISSING_BAR)
        if self.dividends[row, column] > 0:
            seen.append(Flag.EX_DIVIDEND)
        if self.splits[row, column] != 1:
            seen.append(Flag.SPLIT)
        if self.dates[row] in self.half_days:
            seen.append(Flag.HALF_DAY)
        if self.suspect[row, column]:
            seen.append(Flag.SUSPECT_PRICE)
        return tuple(dict.fromkeys(seen))


@dataclass(slots=True)
class _Column:
    """One symbol's cells while they are read; `None` of `last` means that it never traded so far."""

    closes: Floats
    moves: Floats
    spans: NDArray[np.int32]
    dividends: Floats
    splits: Floats
    last: float | None = None
    last_row: int = 0
    shares: float = 1.0
    cash: float = 0.0

    @classmethod
    def empty(cls, days: int) -> "_Column":
        unknown = np.full(days, np.nan)
        return cls(unknown, unknown.copy(), np.zeros(days, np.int32), np.zeros(days), np.ones(days))

    def act(self, dividend: float, split: float) -> None:
        """A corporate action: one share of the last close becomes `shares` shares and `cash` HKD."""
        self.shares *= split
        self.cash += self.shares * dividend

    def trade(self, row: int, close: float) -> None:
        """A traded close: the total return since the last one, however many sessions lie between."""
        self.closes[row] = close
        if self.last is not None:
            self.moves[row] = ((self.shares * close + self.cash) / self.last - 1) * PERCENT
            self.spans[row] = row - self.last_row
            self.splits[row] = self.shares
            self.dividends[row] = self.cash / self.shares
        self.last, self.last_row, self.shares, self.cash = close, row, 1.0, 0.0


def panel_from_bars(
    bars: Mapping[Symbol, Sequence[Bar]], trading_days: Iterable[TradingDay] = (), market: Symbol = HSI
) -> Panel:
    """Align daily bars, oldest first, on the sessions they prove.

    A day is a session where the market index has a bar: the index outranks the calendar, so a storm day that a
    calendar calls open is none. A day without an index bar is one only where a stock traded and the calendar does
    not call it closed; no split can be told then. Flat bars without volume are no trades.
    Raises ValueError naming symbol and day for bars out of order, doubled, or without a positive price.
    """
    calendar = {day.day: day.kind for day in trading_days}
    proven: set[date] = set()
    for symbol, series in bars.items():
        _check(symbol, series)
        traded = (bar.day for bar in series if not is_untraded(bar))
        proven.update(day for day in traded if symbol == market or calendar.get(day) is not DayKind.CLOSED)
    dates = tuple(sorted(proven))
    row_of = {day: row for row, day in enumerate(dates)}
    columns: list[_Column] = []
    suspect = np.zeros((len(dates), len(bars)), np.bool_, order="F")
    untraded = np.zeros_like(suspect)
    for number, series in enumerate(bars.values()):
        column = _Column.empty(len(dates))
        for bar in series:
            column.act(bar.dividend, bar.split)
            row = row_of.get(bar.day)
            if row is None:
                continue
            if is_untraded(bar):
                untraded[row, number] = True
            else:
                column.trade(row, bar.close)
                suspect[row, number] = outside_range(bar)
        columns.append(column)
    half_days = frozenset(day for day in dates if calendar.get(day) is DayKind.HALF)
    return _assemble(dates, tuple(bars), columns, suspect, untraded, half_days)


def panel_from_closes(dates: Sequence[date], closes: Mapping[Symbol, Sequence[float | None]]) -> Panel:
    """Align columns of closes that share `dates`; every date is a session, None or NaN is a missing close.

    Closes are taken as adjusted: their returns are total returns. Raises ValueError naming symbol and day for dates
    out of order, columns of another length, and prices that are not positive.
    """
    for earlier, later in pairwise(dates):
        if later <= earlier:
            raise ValueError(f"{later:%Y-%m-%d} follows {earlier:%Y-%m-%d}: dates must ascend, each once")
    columns: list[_Column] = []
    for symbol, series in closes.items():
        if len(series) != len(dates):
            raise ValueError(f"{symbol} has {len(series)} closes for {len(dates)} dates")
        column = _Column.empty(len(dates))
        for row, close in enumerate(series):
            if close is None or np.isnan(close):
                continue
            _check_price(symbol, dates[row], close)
            column.trade(row, float(close))
        columns.append(column)
    nowhere = np.zeros((len(dates), len(closes)), np.bool_, order="F")
    return _assemble(tuple(dates), tuple(closes), columns, nowhere, nowhere.copy(), frozenset())


def is_untraded(bar: Bar) -> bool:
    """True for a flat bar without volume: a halt, or the way Yahoo writes a half-day. Its close is no price."""
    return bar.volume == 0 and bar.open == bar.high == bar.low == bar.close


def _assemble(
    dates: tuple[date, ...],
    symbols: tuple[Symbol, ...],
    columns: Sequence[_Column],
    suspect: NDArray[np.bool_],
    untraded: NDArray[np.bool_],
    half_days: frozenset[date],
) -> Panel:
    """Put the columns side by side and keep what a fit may use: one session, no unrecorded split."""
    shape = (len(dates), len(symbols))

    def matrix(name: str) -> Floats:
        side_by_side = np.empty(shape, order="F")
        for number, column in enumerate(columns):
            side_by_side[:, number] = getattr(column, name)
        return side_by_side

    moves = matrix("moves")
    spans = matrix("spans").astype(np.int32)
    broken = is_suspect_factor(moves)
    suspect |= broken
    for number in range(len(columns)):
        suspect[:, number] |= reversals(moves[:, number])
    returns = np.where((spans == 1) & ~broken, moves, np.nan)
    returns = np.asfortranarray(returns)
    return Panel(
        dates, symbols, matrix("closes"), moves, spans, returns, matrix("dividends"), matrix("splits"),
        suspect, untraded, half_days,
    )  # fmt: skip


def _check(symbol: Symbol, series: Sequence[Bar]) -> None:
    """Bars must ascend by day, each once, with prices, dividends and splits that can be."""
    previous: date | None = None
    for bar in series:
        if previous is not None and bar.day <= previous:
            how = "comes twice" if bar.day == previous else f"follows {previous:%Y-%m-%d}"
            raise ValueError(f"{symbol} {bar.day:%Y-%m-%d} {how}: bars must ascend by day, each once")
        previous = bar.day
        _check_price(symbol, bar.day, bar.close)
        if not 0 <= bar.dividend < np.inf:
            raise ValueError(f"{symbol} {bar.day:%Y-%m-%d}: a dividend of {bar.dividend} cannot be")
        if not 0 < bar.split < np.inf:
            raise ValueError(f"{symbol} {bar.day:%Y-%m-%d}: a split of {bar.split} cannot be")


def _check_price(symbol: Symbol, day: date, close: float) -> None:
    if not 0 < close < np.inf:
        raise ValueError(f"{symbol} {day:%Y-%m-%d}: a close of {close} is no price; leave the day out instead")
