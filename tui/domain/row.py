"""What a terminal is told: rows, the state of the feed and of its sources. One frozen value each."""

from datetime import date
from enum import StrEnum
from typing import Final, Literal, get_args

import msgspec

from tui.domain.adr import ParityGap
from tui.domain.attribution import Attribution
from tui.domain.event import Event
from tui.domain.market import Quote
from tui.domain.reason import Reason
from tui.domain.symbol import Symbol

# The list's columns by the names that config.toml uses, as they stand from left to right.
ColumnName = Literal[
    "code", "price", "change", "verdict", "own", "rarity", "volume", "turnover", "age", "spark", "name", "events"
]
COLUMN_NAMES: Final[tuple[ColumnName, ...]] = get_args(ColumnName)

SPARK_STEP_MIN = 5
SPARK_POINTS = 330 // SPARK_STEP_MIN + 2  # the previous-close side's open, every five minutes, the auction print


class Row(msgspec.Struct, frozen=True):
    """One stock as the list shows it.

    `spark` and `own_spark` hold one value every five minutes of the session (index 0 the open, last the closing
    auction; None where nothing was traded or is yet to come): prices, and own percentage points since the
    previous close. `compared_at` is the exchange minute (epoch milliseconds) at which stock and index were compared,
    where that is not the quote's own; `why` says what is odd about the row, `note` the same in plain words. `gap` is
    what New York's last night implies for the open of a dual listing: of `day`, or of the session to come. `results`
    are those that an own move of `day` can have answered to.
    """

    symbol: Symbol
    name_en: str = ""
    name_zh: str = ""
    sector: str = ""
    quote: Quote | None = None
    day: Attribution | None = None
    spark: tuple[float | None, ...] = ()
    own_spark: tuple[float | None, ...] = ()
    relative_volume: float | None = None
    note: str = ""
    compared_at: int | None = None
    gap: ParityGap | None = None
    results: Event | None = None
    why: Reason | None = None


class SourceState(StrEnum):
    """What a source is doing. Every failure has a name; an empty answer is never one of them."""

    OK = "ok"
    STARTING = "starting"
    RESTING = "resting"
    LIMITED = "limited"
    OFFLINE = "offline"
    HUNG = "hung"
    BAD_DATA = "bad_data"
    REFUSED = "refused"
    NO_SUCH_SYMBOL = "no_such_symbol"
    EMPTY = "empty"
    STOPPED = "stopped"


class HostUse(msgspec.Struct, frozen=True):
    """One host of a source: the requests of the last minute, and whether it was asked for too much and rests."""

    host: str
    used: int
    rests: bool = False


class NewsReach(msgspec.Struct, frozen=True):
    """For how many of the watched stocks a news source has answered, and until when: the moment (epoch milliseconds)
    up to which it was asked for all of these. `left_out` are the items that could not be used since the feed started,
    by reason."""

    asked: int
    watched: int
    until: int | None = None
    left_out: tuple[tuple[str, int], ...] = ()


class SourceHealth(msgspec.Struct, frozen=True):
    """One source's state, why, since when, when it is tried again, and what of its request budget is used.

    `reason` is `why` in plain words. Sources behind one `door` share its hosts and their budget; "" is no door.
    `budget` is for each of its `hosts` and a minute, `used` that of the busiest; `news` is None where it is no source
    of news.
    """

    name: str
    state: SourceState
    reason: str = ""
    since: int | None = None
    last_success: int | None = None
    next_try: int | None = None
    used: int = 0
    budget: int = 0
    hosts: tuple[HostUse, ...] = ()
    news: NewsReach | None = None
    why: Reason | None = None
    door: str = ""


class FeedStatus(msgspec.Struct, frozen=True):
    """The feed's own line: the market's day, the indices, freshness and the sources. `refresh_s` lies between two
    questions for quotes, seconds of the feed's clock."""

    day: date | None = None
    day_kind: str = "full"
    day_name: str = ""
    as_of: int | None = None
    next_refresh: int | None = None
    indices: tuple[Quote, ...] = ()
    sources: tuple[SourceHealth, ...] = ()
    warnings: tuple[str, ...] = ()
    refresh_s: float = 15.0
