"""The ports: what the feed may ask of an outside world, and how a source says that it cannot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from tui.domain.event import Event
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.render.reasons import reason_words


class SourceError(Exception):
    """A source could not answer. `state` is what the screen calls it, `retry_after_s` what the source asked for.

    A reason in plain text is shown as it is, in any language.
    """

    def __init__(self, state: SourceState, reason: Reason | str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = Reason(Why.SAID, detail=reason) if isinstance(reason, str) else reason
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return reason_words(self.reason)


class PriceSource(Protocol):
    """Prices. Every method raises SourceError rather than answer with something empty or made up."""

    name: str

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        """The newest quote of each symbol that the source knows."""

    async def paths(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[PathPoint]]:
        """Today's intraday path of each symbol, oldest first."""

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        """Daily bars, oldest first, raw prices with dividends and splits."""

    async def close(self) -> None:
        """Give back what the source holds."""


class NewsAnswer(msgspec.Struct, frozen=True):
    """Events of a window, and which symbols were asked about, so that "none" is only said where it is true.

    `left_out` counts the items that could not be used since the source was opened, by reason. `diary_at` is when a
    source that announces results and ex-dates last told all of them, in epoch milliseconds.
    """

    events: tuple[Event, ...]
    asked: tuple[Symbol, ...]
    start: int
    end: int
    left_out: tuple[tuple[str, int], ...] = ()
    diary_at: int | None = None


class NewsSource(Protocol):
    """Dated events."""

    name: str

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        """What is known of these symbols between two epoch milliseconds."""

    async def close(self) -> None:
        """Give back what the source holds."""


class Door(Protocol):
    """The one polite door to the network: every request of every source passes it, and every reply is shown to it.

    Safe to call from any thread. `host` is the budget's name, such as "query1.finance.yahoo.com".
    """

    def admit(self, host: str) -> None:
        """Count one request. SourceError(LIMITED) while the host rests or its minute is used up."""

    def observe(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Learn from a reply: 429 and 503 make the host rest (Retry-After obeyed), Date tells the clock's skew."""
