"""The split of the running day: stock, market and sector at one exchange minute, or no split at all."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import msgspec

from tui.attribution.legs import Mark, legs
from tui.attribution.prepare import Fit
from tui.attribution.split import own_path, sessions_of, split
from tui.domain.attribution import Attribution, Flag, Leg, LegName
from tui.domain.market import Quote
from tui.domain.reason import Reason, Why
from tui.domain.symbol import Symbol, short_code
from tui.domain.trading_day import DayKind, from_hkt
from tui.feed.day_path import DayPath, slot_of, spark_of
from tui.feed.fits import Fits
from tui.feed.tape import Tape
from tui.feed.timetable import session_before
from tui.feed.usual_session import UsualSession

# How far back a minute is looked for in which both stock and index have a price.
LOOK_BACK: Final = 60
# Minutes that one answer's quotes may lie apart without a word; the older minute is used all the same.
TOGETHER: Final = 2
# A sector index later than this is left out rather than hold the split back.
SECTOR_LATE: Final = 15
# A fit on closes that end further back says so; no holiday is as long.
OLD_FIT: Final = timedelta(days=10)
_MORNING: Final = 150
_PERCENT: Final = 100.0


@dataclass(frozen=True)
class Told:
    """A stock's running day as far as it can be told. `minute` is the compared one where it is not the quote's own."""

    day: Attribution | None = None
    own_spark: tuple[float | None, ...] = ()
    minute: int | None = None
    why: Reason | None = None


@dataclass
class _OwnSpark:
    """The own part's sparkline, and what it was drawn from."""

    drawn_from: tuple[object, ...]
    values: list[float | None]


class Attributor:
    """Splits every tick with the day's fit. Nothing here waits, reads or writes."""

    def __init__(self, fits: Fits, tape: Tape) -> None:
        self.session = UsualSession()
        """When in the session variance comes; to be told of finished days."""
        self._fits = fits
        self._tape = tape
        self._own: dict[Symbol, _OwnSpark] = {}

    def tell(self, symbol: Symbol) -> Told:
        """The newest split of a stock."""
        quote, path = self._tape.quotes.get(symbol), self._tape.paths.get(symbol)
        if quote is None or path is None or not path.holds(quote.exchange_time) or symbol == self._fits.market:
            return Told()
        market = self._tape.paths.get(self._fits.market)
        name = short_code(self._fits.market)
        if market is None or market.day < path.day:
            return Told(why=Reason(Why.NO_INDEX_PRICE, name, day=path.day))
        if market.day > path.day:
            return Told(why=Reason(Why.NO_TRADE_SINCE, day=path.day))
        if ended := self._history_ended(symbol, path) or self._history_ended(self._fits.market, market):
            return Told(why=ended)
        fit = self._fits.fit(symbol, path.day)
        if fit is None:
            return Told()
        slot = self._common_slot(quote, path, market, fit)
        if slot is None:
            return Told(why=Reason(Why.NO_COMMON_MINUTE, name))
        return self._split(fit, path, slot)

    def legs(self, symbol: Symbol) -> tuple[Leg, ...]:
        """The parts of the running day so far: the night, the morning, lunch, the afternoon, the auction."""
        path, market = self._tape.paths.get(symbol), self._tape.paths.get(self._fits.market)
        fit = None if path is None else self._fits.fit(symbol, path.day)
        if path is None or market is None or market.day != path.day or fit is None:
            return ()
        marks: list[Mark] = []
        for name, slot in _leg_ends(path):
            price = path.spark[0] if name == "overnight" else path.price_by(slot)
            stock_pct = None if price is None else self._return_pct(symbol, path, price)
            if stock_pct is None:
                continue
            at_open = name == "overnight"
            market_pct = self._pct_by(self._fits.market, path, slot, at_open)
            sector_pct = self._sector_pct(fit, path, slot, at_open)
            elapsed = fit.night_share if at_open else self.session.elapsed(fit.night_share, path, slot)
            marks.append(Mark(name, stock_pct, market_pct, sector_pct, elapsed))
        if marks and marks[-1].sector_pct is None:
            fit = self._fits.without_sector(fit)
        _, today = self._fits.around(symbol, path.day)
        return legs(fit, marks, sessions_of(fit, self._reference(symbol, path), today.split if today else 1.0))

    def quote(self, symbol: Symbol) -> Quote | None:
        """The newest quote; where its source tells no previous close, with that of the history."""
        quote, path = self._tape.quotes.get(symbol), self._tape.paths.get(symbol)
        if quote is None or path is None or quote.previous_close:
            return quote
        return msgspec.structs.replace(quote, previous_close=self._reference(symbol, path))

    def market_night(self, day: date) -> float | None:
        """The index' return from the last close to a day's open, percent; None where it is not known."""
        market = self._tape.paths.get(self._fits.market)
        opened = market.spark[0] if market is not None and market.day == day else None
        return None if market is None or opened is None else self._return_pct(self._fits.market, market, opened)

    def forget(self, kept: frozenset[Symbol]) -> None:
        """Drop what belongs to symbols that nobody watches."""
        self._own = {symbol: own for symbol, own in self._own.items() if symbol in kept}

    # --- one minute for all ---

    def _common_slot(self, quote: Quote, path: DayPath, market: DayPath, fit: Fit) -> int | None:
        """The newest exchange minute in which stock, market and a punctual sector index all have a price."""
        newest = min(self._reached(quote, path), self._reached(self._tape.quotes[self._fits.market], market))
        sector = self._sector_path(fit, path)
        if sector is not None:
            reached = self._reached(self._tape.quotes[sector[0]], sector[1])
            if reached >= newest - SECTOR_LATE:
                newest = min(newest, reached)
            else:
                sector = None
        if newest == path.slots - 1:
            # The closing prices are one moment, whenever their last trades were.
            return newest
        for slot in range(newest, max(newest - LOOK_BACK, -1), -1):
            together = (path, market) if sector is None else (path, market, sector[1])
            if all(known.price(slot) is not None for known in together):
                return slot
        return None

    def _reached(self, quote: Quote, path: DayPath) -> int:
        """The minute a price stands for: the closing one where it arrived when the source could know the close."""
        closed = path.closes + quote.delay_s * 1000
        return path.slots - 1 if quote.received >= closed else slot_of(quote.exchange_time, path.kind)

    def _sector_path(self, fit: Fit, path: DayPath) -> tuple[Symbol, DayPath] | None:
        """The sector's index and its path of the same day, where the sector is an index."""
        if fit.sector is None or len(fit.sector.members) != 1:
            return None
        index = fit.sector.members[0]
        known = self._tape.paths.get(index)
        return (index, known) if known is not None and known.day == path.day and index in self._tape.quotes else None

    # --- returns since the previous close, percent ---

    def _return_pct(self, symbol: Symbol, path: DayPath, price: float) -> float | None:
        """The total return: a dividend that goes off today is added back."""
        reference = self._reference(symbol, path)
        _, today = self._fits.around(symbol, path.day)
        dividend = today.dividend if today else 0.0
        return None if not reference else ((price + dividend) / reference - 1) * _PERCENT

    def _reference(self, symbol: Symbol, path: DayPath) -> float | None:
        """The previous close in today's shares."""
        quote = self._tape.quotes.get(symbol)
        if quote is not None and quote.previous_close and path.holds(quote.exchange_time):
            return quote.previous_close
        before, today = self._fits.around(symbol, path.day)
        yesterday = session_before(path.day, self._tape.day_of)
        if before is None or (yesterday is not None and before.day < yesterday):
            return None  # since an older close more than today has moved
        return before.close / (today.split if today else 1.0)

    def _history_ended(self, symbol: Symbol, path: DayPath) -> Reason | None:
        """Why there is no previous close, where the history has only older ones."""
        before, _ = self._fits.around(symbol, path.day)
        if before is None or self._reference(symbol, path) is not None:
            return None
        return Reason(Why.HISTORY_ENDS, short_code(symbol), day=before.day)

    def _pct_by(self, symbol: Symbol, like: DayPath, slot: int, at_open: bool = False) -> float | None:
        """A factor's return by a minute of the same day."""
        path = self._tape.paths.get(symbol)
        if path is None or path.day != like.day:
            return None
        price = path.spark[0] if at_open else path.price_by(slot)
        return None if price is None else self._return_pct(symbol, path, price)

    def _sector_pct(self, fit: Fit, path: DayPath, slot: int, at_open: bool = False) -> float | None:
        if fit.sector is None:
            return None
        returns = {member: self._pct_by(member, path, slot, at_open) for member in fit.sector.members}
        return fit.sector.return_of(returns)

    # --- the split and its sparkline ---

    def _split(self, fit: Fit, path: DayPath, slot: int) -> Told:
        symbol, market = fit.symbol, self._fits.market
        price = path.price_by(slot)
        sector_pct = self._sector_pct(fit, path, slot)
        if sector_pct is None:
            fit = self._fits.without_sector(fit)
        _, today = self._fits.around(symbol, path.day)
        behind, why = self._gap(symbol, path, slot)
        flags = [Flag.HALF_DAY] if path.kind is DayKind.HALF else []
        if behind:
            flags.append(Flag.STALE_INDEX)
        if fit.sector is not None and any(map(self._fits.stood_in, fit.sector.members)):
            flags.append(Flag.SECTOR_PROXY)
        if today is not None and today.dividend > 0:
            flags.append(Flag.EX_DIVIDEND)
        if today is not None and today.split != 1:
            flags.append(Flag.SPLIT)
        attribution = split(
            fit,
            close=price,
            previous_close=self._reference(symbol, path),
            return_pct=None if price is None else self._return_pct(symbol, path, price),
            market_return_pct=self._pct_by(market, path, slot),
            sector_return_pct=sector_pct,
            flags=flags,
            dividend=today.dividend if today else 0.0,
            split_factor=today.split if today else 1.0,
            elapsed=self.session.elapsed(fit.night_share, path, slot),
        )
        spark = self._own_spark(fit, path, slot, attribution.own_pp)
        minute = _moment(path, slot) if why else None
        last = fit.window.last
        if why is None and last is not None and path.day - last > OLD_FIT:
            why = Reason(Why.HISTORY_ENDS, short_code(symbol), day=last)
        return Told(attribution, spark, minute, why)

    def _gap(self, symbol: Symbol, path: DayPath, slot: int) -> tuple[bool, Reason | None]:
        """Whether the index is the older one, and the reason where the two lie apart."""
        market_path = self._tape.paths[self._fits.market]
        own = self._reached(self._tape.quotes[symbol], path)
        index = self._reached(self._tape.quotes[self._fits.market], market_path)
        behind = max(own, index) - slot
        if behind <= TOGETHER:
            return False, None
        why = Why.INDEX_OLDER if index < own else Why.STOCK_OLDER
        return index < own, Reason(why, short_code(self._fits.market), number=behind)

    def _own_spark(self, fit: Fit, path: DayPath, slot: int, own_pp: float | None) -> tuple[float | None, ...]:
        """Its past is drawn once for each fit and filled path; its tip follows the split."""
        market = self._tape.paths[self._fits.market]
        sector = self._sector_path(fit, path)
        drawn_from = (fit, path.day, path.rebuilt, market.rebuilt, sector[1].rebuilt if sector else 0)
        own = self._own.get(fit.symbol)
        if own is None or own.drawn_from != drawn_from:
            own = self._own[fit.symbol] = _OwnSpark(drawn_from, self._draw(fit, path, market, slot))
        own.values[spark_of(slot, path.kind)] = _drawn(own_pp)
        return tuple(own.values)

    def _draw(self, fit: Fit, path: DayPath, market: DayPath, until: int) -> list[float | None]:
        """The own part at the open and at the last common minute of every five."""
        values: list[float | None] = [None] * len(path.spark)
        ends: dict[int, int] = {}
        for slot in range(until + 1):
            if path.price(slot) is not None and market.price(slot) is not None:
                ends[spark_of(slot, path.kind)] = slot
        marks = [(0, 0, True), *((point, slot, False) for point, slot in ends.items())]
        stock, index, sector, elapsed = [], [], [], []
        for _, slot, at_open in marks:
            stock.append(self._pct_by(fit.symbol, path, slot, at_open))
            index.append(self._pct_by(self._fits.market, path, slot, at_open))
            sector.append(self._sector_pct(fit, path, slot, at_open))
            elapsed.append(fit.night_share if at_open else self.session.elapsed(fit.night_share, path, slot))
        for (point, _, _), own in zip(marks, own_path(fit, stock, index, sector, elapsed), strict=True):
            values[point] = _drawn(own)
        return values


def _drawn(own_pp: float | None) -> float | None:
    """As fine as a sparkline can show; more digits would only be sent."""
    return None if own_pp is None else round(own_pp, 4)


def _leg_ends(path: DayPath) -> list[tuple[LegName, int]]:
    """Each leg that has begun, and the minute its newest price is of."""
    ends: list[tuple[LegName, int]] = [("overnight", 0), ("morning", min(path.last, _MORNING - 1))]
    if path.kind is DayKind.FULL:
        if path.last >= _MORNING:
            ends.append(("lunch", _MORNING))
        if path.last > _MORNING:
            ends.append(("afternoon", min(path.last, path.slots - 2)))
    if path.last == path.slots - 1:
        ends.append(("auction", path.last))
    return ends if path.last >= 0 else []


def _moment(path: DayPath, slot: int) -> int:
    """The start of a slot's minute, epoch milliseconds."""
    lunch = 60 if path.kind is DayKind.FULL and slot >= _MORNING else 0
    return from_hkt(path.day) + (9 * 60 + 30 + slot + lunch) * 60_000
