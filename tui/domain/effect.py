"""What a stock did by itself after an event."""

from datetime import date
from typing import Final, Literal

import msgspec

from tui.domain.symbol import Symbol

# First and last session, counted from the event's own, which is day 0.
Span = tuple[int, int]

SPANS: Final[tuple[Span, ...]] = ((0, 1), (0, 5))

Missing = Literal["", "too_early", "no_fit", "no_price"]


class Effect(msgspec.Struct, frozen=True):
    """The own part accumulated over the sessions [first, last] of an event whose session is `day`, percentage points.

    `t` is own_pp / error_pp; `chance` how often a |t| at least that large comes without any event, after Student. All
    four are None where `missing` says why: sessions are yet to come (`to_come` of them), there was no fit, or a price
    or a factor of the span is unknown.
    """

    symbol: Symbol
    day: date
    first: int
    last: int
    own_pp: float | None = None
    error_pp: float | None = None
    t: float | None = None
    chance: float | None = None
    missing: Missing = ""
    to_come: int = 0
