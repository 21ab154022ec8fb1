"""Stocks that trade in Hong Kong and in New York, and what the one's night says of the other's morning."""

from datetime import date
from typing import Literal

import msgspec

from tui.domain.symbol import Symbol

USDHKD = Symbol("HKD=X")

GapSplit = Literal["", "listings", "index"]


class DualListing(msgspec.Struct, frozen=True):
    """`ratio` is how many Hong Kong shares one share or depositary share in New York stands for."""

    symbol: Symbol
    adr: Symbol
    ratio: float


class ParityGap(msgspec.Struct, frozen=True):
    """The gap to the previous Hong Kong close that a New York close implies, percent: gap_pct = common_pct + own_pct.

    `session` is New York's. `rate` is HKD a dollar; where `rate_known` is False it is the middle of the peg's band and
    the gap may be 0.6 off. `by` says what the common part was told by: the other dual listings before the open, the
    index' own night after it; "" where neither is known.
    """

    symbol: Symbol
    day: date
    adr: Symbol
    session: date
    rate: float
    gap_pct: float
    rate_known: bool = True
    common_pct: float | None = None
    own_pct: float | None = None
    by: GapSplit = ""
