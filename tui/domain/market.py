"""Prices as they arrive: instruments, bars, quotes and the path of a day."""

from datetime import date
from enum import StrEnum

import msgspec

from tui.domain.symbol import Symbol


class Instrument(msgspec.Struct, frozen=True):
    """What a symbol is. `sector` is the sector table's word ("tech", "banks", "" where unknown)."""

    symbol: Symbol
    name_en: str = ""
    name_zh: str = ""
    sector: str = ""


class Bar(msgspec.Struct, frozen=True):
    """One session, raw (unadjusted) prices. `split` is new shares per old share effective this morning."""

    symbol: Symbol
    day: date
    close: float
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    dividend: float = 0.0
    split: float = 1.0
    origin: str = ""


class Quality(StrEnum):
    """How far a value may be trusted."""

    LIVE = "live"
    DELAYED = "delayed"
    STALE = "stale"
    STORED = "stored"
    SAMPLE = "sample"


class Quote(msgspec.Struct, frozen=True):
    """The last price of one symbol. Times are epoch milliseconds; `delay_s` is what the source states."""

    symbol: Symbol
    price: float
    exchange_time: int
    received: int
    source: str
    previous_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    turnover: float | None = None
    delay_s: int = 0
    quality: Quality = Quality.LIVE

    @property
    def change(self) -> float | None:
        return None if self.previous_close is None else self.price - self.previous_close

    @property
    def change_pct(self) -> float | None:
        if not self.previous_close:
            return None
        return (self.price / self.previous_close - 1) * 100


class PathPoint(msgspec.Struct, frozen=True, array_like=True):
    """One point of a day's path: epoch milliseconds, price, shares traded since the point before."""

    time: int
    price: float
    volume: float = 0.0
