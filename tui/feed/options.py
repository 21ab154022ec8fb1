"""What a feed is started with."""

from pathlib import Path
from typing import Final, Literal

import msgspec

from tui.domain.symbol import HSI, Symbol

# The demo opens where the sample week's last afternoon is in full swing: every row has a split, the big own moves
# stand out, and at half a minute a second the close, with the published numbers, comes after three minutes.
DEMO_START: Final = "2026-03-06T14:31+08:00"
DEMO_SPEED: Final = 30.0
"""Seconds of the sample's world per real second."""


class Patience(msgspec.Struct, frozen=True):
    """How long the feed bears what a terminal does, in real seconds."""

    silent_s: float = 10.0
    """A connection that does not greet."""
    blocked_s: float = 30.0
    """A terminal that takes nothing of what it is sent."""
    farewell_s: float = 1.0
    """A terminal that has ended its half, or is told goodbye."""


class FeedOptions(msgspec.Struct, frozen=True):
    """One feed's settings."""

    source: str
    socket: Path
    lock: Path | None = None
    """The file that keeps this source's feed alone; None for a private feed."""
    cache: Path | None = None
    """The database it writes; None stores nothing."""
    ledger: Path | None = None
    """Where each close's unexplained moves are written; None writes nothing."""
    log: Path | None = None
    at: int | None = None
    """Where the sample's replay starts, epoch milliseconds; DEMO_START if None."""
    speed: float = DEMO_SPEED
    """Of the sample's replay; 0 lets time stand."""
    private: bool = False
    """Ends with the terminal that started it."""
    market: Symbol = HSI
    refresh_s: float = 15.0
    leave_after_s: float = 30.0
    """Real seconds after the last terminal; the first has as long to come."""
    publish_gap_s: float = 0.25
    """The least time between two publications."""
    publish_by: Literal["real", "clock"] = "real"
    """Whether that gap is of real time or of the feed's clock."""
    requests_per_minute: int = 30
    requests_in_flight: int = 4
    patience: Patience = Patience()
