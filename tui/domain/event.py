"""What may explain a move, and what the trader wrote about it."""

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec

from tui.domain.symbol import Symbol

Precision = Literal["second", "minute", "day"]


class Scope(StrEnum):
    COMPANY = "company"
    SECTOR = "sector"
    MARKET = "market"
    OTHER = "other"


class EventKind(StrEnum):
    RESULTS = "results"
    GUIDANCE = "guidance"
    BUYBACK = "buyback"
    DEAL = "deal"
    MANAGEMENT = "management"
    REGULATION = "regulation"
    PRODUCT = "product"
    RATING = "rating"
    CAPITAL = "capital"
    EX_DATE = "ex_date"
    FILING = "filing"
    MACRO = "macro"
    OTHER = "other"


class Event(msgspec.Struct, frozen=True):
    """A dated item. It happened somewhere in [start, end], epoch milliseconds; `precision` says how well that is known.

    `session` is the trading day it belongs to (that of `end`); a recap describes the price and is never a cause.
    `sign` is 1 for good news of the company, -1 for bad, 0 where the title does not say.
    """

    id: str
    start: int = msgspec.field(name="from")
    end: int = msgspec.field(name="to")
    precision: Precision
    title: str
    source: str
    title_zh: str = ""
    url: str = ""
    symbols: tuple[Symbol, ...] = ()
    scope: Scope = Scope.OTHER
    kind: EventKind = EventKind.OTHER
    recap: bool = False
    cluster: str = ""
    session: date | None = None
    sign: int = 0


class Note(msgspec.Struct, frozen=True):
    """A trader's note. It repeats its event's title, time and link, because the cache they came from may go."""

    id: str
    symbol: Symbol
    day: date
    text: str
    created: int
    updated: int
    event_id: str = ""
    event_title: str = ""
    event_time: int | None = None
    event_url: str = ""


class NewsCoverage(StrEnum):
    """What is known of a stock's news in a window. NONE is only said where every configured source was asked."""

    FOUND = "found"
    NONE = "none"
    NOT_FETCHED = "not_fetched"
