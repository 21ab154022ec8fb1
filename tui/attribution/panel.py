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
    returns    `moves` of exactly one session that is no jump by a split's factor: what fits are made of; NaN elsewhere
    overnights the share of `moves` that was there at the open, percent of the last traded close; NaN where unknown
    dividends  paid per share of today since the last traded close, HKD
    splits     new shares per old since the last traded close
    suspect    True where the price carries evidence of error, for the flag; of it only such a jump leaves the fits
    untraded   True where the bar itself says that nothing was traded (flat, volume 0)
    half_days  the sessions that ended at noon
    """

    dates: tuple[date, ...]
    symbols: tuple[Symbol, ...]
    closes: Floats
    moves: Floats
    spans: NDArray[np.int32]
    returns: Floats
    overnights: Floats
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
        floats = (self.closes, self.moves, self.returns, self.overnights, self.dividends, self.splits)
        for matrix in (*floats, self.spans, self.suspect):
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
    """One symbol's cells, [day] views of the matrices, and what one share of the last close has become since."""

    closes: Floats
    moves: Floats
    overnights: Floats
    spans: NDArray[np.int32]
    dividends: Floats
    splits: Floats
    last: float | None = None
    last_row: int = 0
    shares: float = 1.0
    cash: float = 0.0

    def act(self, dividend: float, split: float) -> None:
        """A morning's corporate action; the dividend is per share after the split."""
        self.shares *= split
        self.cash += self.shares * dividend

    def trade(self, row: int, close: float, opened: float | None) -> None:
        """A traded session: its total returns since the last close, however many sessions lie between."""
        self.closes[row] = close
        if self.last is not None:
            self.moves[row] = ((self.shares * close + self.cash) / self.last - 1) * PERCENT
            if opened is not None and 0 < opened < np.inf:
                self.overnights[row] = ((self.shares * opened + self.cash) / self.last - 1) * PERCENT
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
    shape = (len(dates), len(bars))
    closes, moves, overnights = (np.full(shape, np.nan, order="F") for _ in range(3))
    dividends, splits = np.zeros(shape, order="F"), np.ones(shape, order="F")
    spans = np.zeros(shape, np.int32, order="F")
    suspect, untraded = np.zeros(shape, np.bool_, order="F"), np.zeros(shape, np.bool_, order="F")
    for number, series in enumerate(bars.values()):
        column = _Column(
            closes[:, number],
            moves[:, number],
            overnights[:, number],
            spans[:, number],
            dividends[:, number],
            splits[:, number],
        )
        for bar in series:
            column.act(bar.dividend, bar.split)
            row = row_of.get(bar.day)
            if row is None:
                continue
            if is_untraded(bar):
                untraded[row, number] = True
            else:
                column.trade(row, bar.close, bar.open)
                suspect[row, number] = outside_range(bar)
    return _panel(
        dates,
        tuple(bars),
        closes=closes,
        moves=moves,
        overnights=overnights,
        spans=spans,
        dividends=dividends,
        splits=splits,
        suspect=suspect,
        untraded=untraded,
        half_days=frozenset(day for day in dates if calendar.get(day) is DayKind.HALF),
    )


def panel_from_closes(dates: Sequence[date], closes: Mapping[Symbol, Sequence[float | None]]) -> Panel:
    """Align columns of closes that share `dates`; every date is a session, None or NaN is a missing close.

    Closes are taken as adjusted: their returns are total returns. Raises ValueError naming symbol and day for dates
    out of order, columns of another length, and prices that are not positive.
    """
    for earlier, later in pairwise(dates):
        if later <= earlier:
            raise ValueError(f"{later:%Y-%m-%d} follows {earlier:%Y-%m-%d}: dates must ascend, each once")
    shape = (len(dates), len(closes))
    prices = np.empty(shape, order="F")
    moves = np.full(shape, np.nan, order="F")
    spans = np.zeros(shape, np.int32, order="F")
    for column, (symbol, series) in enumerate(closes.items()):
        if len(series) != len(dates):
            raise ValueError(f"{symbol} has {len(series)} closes for {len(dates)} dates")
        price = np.array(series, np.float64)  # None becomes NaN
        for row in np.flatnonzero((price <= 0) | np.isinf(price)).tolist():
            _check_price(symbol, dates[row], series[row])
        traded = np.flatnonzero(~np.isnan(price))
        prices[:, column] = price
        moves[traded[1:], column] = (price[traded[1:]] / price[traded[:-1]] - 1) * PERCENT
        spans[traded[1:], column] = np.diff(traded)
    return _panel(
        tuple(dates),
        tuple(closes),
        closes=prices,
        moves=moves,
        overnights=np.broadcast_to(np.nan, shape),
        spans=spans,
        dividends=np.broadcast_to(0.0, shape),
        splits=np.broadcast_to(1.0, shape),
        suspect=np.zeros(shape, np.bool_, order="F"),
        untraded=np.broadcast_to(np.False_, shape),
        half_days=frozenset(),
    )


def is_untraded(bar: Bar) -> bool:
    """True for a flat bar without volume: a halt, or the way Yahoo writes a half-day. Its close is no price."""
    return bar.volume == 0 and bar.open == bar.high == bar.low == bar.close


def _panel(
    dates: tuple[date, ...],
    symbols: tuple[Symbol, ...],
    *,
    closes: Floats,
    moves: Floats,
    overnights: Floats,
    spans: NDArray[np.int32],
    dividends: Floats,
    splits: Floats,
    suspect: NDArray[np.bool_],
    untraded: NDArray[np.bool_],
    half_days: frozenset[date],
) -> Panel:
    """Add what the moves themselves give evidence of, and keep as `returns` what a fit may use."""
    broken = is_suspect_factor(moves)
    suspect |= broken
    for column in range(len(symbols)):
        suspect[:, column] |= reversals(moves[:, column])
    returns = moves.copy(order="F")
    returns[(spans != 1) | broken] = np.nan
    return Panel(
        dates, symbols, closes, moves, spans, returns, overnights, dividends, splits, suspect, untraded, half_days
    )


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


def _check_price(symbol: Symbol, day: date, close: float | None) -> None:
    if close is None or not 0 < close < np.inf:
        raise ValueError(f"{symbol} {day:%Y-%m-%d}: a close of {close} is no price; leave the day out instead")
