"""The answer for one stock and one day. Field names are the JSON contract of `whymove explain --json`."""

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec

from tui.domain.event import NewsCoverage, Precision
from tui.domain.symbol import Symbol


class Verdict(StrEnum):
    INSUFFICIENT = "insufficient"
    OWN = "own"
    OWN_POSSIBLE = "own_possible"
    QUIET = "quiet"
    MARKET = "market"
    SECTOR = "sector"
    MIXED = "mixed"


class Flag(StrEnum):
    """What is to be said of a day beside its verdict.

    HALT: not traded that day, or the first day back. MISSING_BAR: no price came for the day, or for the half-day
    before it. In both cases the move of the first day back spans `sessions` sessions. SECTOR_PROXY: a tracker fund
    stands in for the sector's index. SUSPECT_PRICE: evidence of a wrong price; without parts, of an unrecorded split.
    """

    AGAINST_THE_TAPE = "against_the_tape"
    EX_DIVIDEND = "ex_dividend"
    SPLIT = "split"
    HALT = "halt"
    HALF_DAY = "half_day"
    STALE_INDEX = "stale_index"
    INDEX_CONTAINS_STOCK = "index_contains_stock"
    SHORT_WINDOW = "short_window"
    SECTOR_PROXY = "sector_proxy"
    SUSPECT_PRICE = "suspect_price"
    MISSING_BAR = "missing_bar"


class FactorPart(msgspec.Struct, frozen=True):
    """One factor's share of the day: pp = beta x residual_pct. The market's residual is its return."""

    name: str
    return_pct: float
    residual_pct: float
    beta: float
    beta_se: float
    pp: float


class Window(msgspec.Struct, frozen=True):
    """The estimation window. `length` sessions were looked at, `used` of them had every return."""

    length: int
    first: date | None
    last: date | None
    used: int


Role = Literal["cause", "evidence", "recap"]
Part = Literal["own", "sector", "market"]


class Candidate(msgspec.Struct, frozen=True):
    """An event beside the day. `cause` is offered only where the own move is rare; evidence alone explains nothing.

    `part` is the only part of the move that the event can speak of: a market item never explains an own move.
    `of_peer` marks the news of another stock of the sector.
    """

    event_id: str
    start: str = msgspec.field(name="from")
    end: str = msgspec.field(name="to")
    precision: Precision
    title: str
    source: str
    role: Role
    why: tuple[str, ...] = ()
    title_zh: str = ""
    url: str = ""
    part: Part = "own"
    of_peer: bool = False


LegName = Literal["overnight", "morning", "lunch", "afternoon", "auction", "session"]


class Leg(msgspec.Struct, frozen=True):
    """A part of a day, split like the day. `session` stands for open to close where no intraday path is known."""

    name: LegName
    return_pct: float
    market_pp: float | None = None
    sector_pp: float | None = None
    own_pp: float | None = None
    forecast_se_pp: float | None = None


class Attribution(msgspec.Struct, frozen=True):
    """One stock-day split into index, sector and own. Percent and percentage points; what is unknown is None.

    return_pct = market_pp + sector_pp + own_pp, exactly. `rarity` is the share of days on which an own move at
    least this large, each in units of the volatility of its time, is to be expected (1/62 reads "1 day in 62").
    `sessions` is how many sessions the move spans (more than one after a halt), `elapsed` the share of the day's own
    variance that is behind it: below 1 while the day runs, and errors, rarity and threshold are those of that share.
    Prices are per share of today: the
    cash move is close against previous close, and `dividend` is what `return_pct` has on top of it. `split` is new
    shares per share of the previous close, which is restated for it. `contained_in` names the factors of which the
    stock is a heavy part itself.
    """

    symbol: Symbol
    date: date
    verdict: Verdict
    window: Window
    schema: int = 1
    close: float | None = None
    previous_close: float | None = None
    return_pct: float | None = None
    market_pp: float | None = None
    sector_pp: float | None = None
    own_pp: float | None = None
    factors: tuple[FactorPart, ...] = ()
    alpha_pct: float | None = None
    r2: float | None = None
    sigma_pp: float | None = None
    sigma_move_pp: float | None = None
    forecast_se_pp: float | None = None
    t: float | None = None
    rarity: float | None = None
    threshold_pp: float | None = None
    beta_by_window: dict[str, float | None] = {}
    sessions: int = 1
    elapsed: float = 1.0
    dividend: float = 0.0
    split: float = 1.0
    relative_volume: float | None = None
    news_coverage: NewsCoverage = NewsCoverage.NOT_FETCHED
    candidates: tuple[Candidate, ...] = ()
    flags: tuple[Flag, ...] = ()
    contained_in: tuple[str, ...] = ()

    @property
    def headlines(self) -> tuple[Candidate, ...]:
        """The candidates that may stand for the day, the best first: a peer's news never does."""
        return tuple(candidate for candidate in self.candidates if not candidate.of_peer)
