"""The frames that feed and terminal exchange: newline-delimited JSON, one tagged struct a line."""

from datetime import date
from typing import Final

import msgspec

from tui.domain.adr import ParityGap
from tui.domain.ahead import Coming
from tui.domain.attribution import Attribution, Leg
from tui.domain.clock import ClockMode
from tui.domain.effect import SPANS, Effect, Span
from tui.domain.event import Event
from tui.domain.reason import Reason
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol
from tui.domain.trading_day import TradingDay
from tui.domain.unexplained import Tally

PROTOCOL: Final = 1
READ_LIMIT: Final = 16 * 1024 * 1024
# How a feed ends that finds another one serving its source: connect to that one.
EXIT_ALREADY_RUNNING: Final = 75


class _Frame(msgspec.Struct, frozen=True, tag_field="frame", omit_defaults=True):
    """What all frames share. Unknown fields are ignored, so that a newer side can add some."""


class ClockInfo(msgspec.Struct, frozen=True):
    """The feed's world: the terminal makes the same clock from it. A replay stands still at `end`."""

    mode: ClockMode
    now: int
    speed: float
    end: int | None = None


# --- feed to terminal ---


class Hello(_Frame, frozen=True, tag="hello"):
    """The feed's first frame."""

    protocol: int
    version: str
    source: str
    pid: int
    clock: ClockInfo


class Snapshot(_Frame, frozen=True, tag="snapshot"):
    """Everything, newest state. `seq` counts publications; the next change has it as `base`."""

    seq: int
    rows: tuple[Row, ...]
    events: tuple[Event, ...]
    status: FeedStatus
    trading_days: tuple[TradingDay, ...] = ()


class Change(_Frame, frozen=True, tag="change"):
    """Only what differs from publication `base`. A terminal that last saw another `seq` asks for a snapshot."""

    seq: int
    base: int
    rows: tuple[Row, ...] = ()
    events: tuple[Event, ...] = ()
    status: FeedStatus | None = None


class History(_Frame, frozen=True, tag="history"):
    """One stock's attributed days, newest first; or the reason why not.

    Beside them, by day: the `legs` where they are known, the `gaps` that New York's nights implied for a dual listing,
    the `effects` of events over the usual spans, for the days that are an event's session, and the `results` that an
    own move can have answered to.
    """

    symbol: Symbol
    days: tuple[Attribution, ...] = ()
    legs: dict[date, tuple[Leg, ...]] = {}
    error: str = ""
    gaps: dict[date, ParityGap] = {}
    effects: dict[date, tuple[Effect, ...]] = {}
    results: dict[date, Event] = {}


class Effects(_Frame, frozen=True, tag="effects"):
    """What a stock did by itself after an event of session `day`, one answer a span asked for; or why there is none."""

    symbol: Symbol
    day: date
    effects: tuple[Effect, ...] = ()
    error: str = ""


class Ahead(_Frame, frozen=True, tag="ahead"):
    """What is known of the coming days for the stocks asked about, soonest first.

    `fetched` says that a diary of results and ex-dates has answered; half-days and holidays are always known.
    """

    coming: tuple[Coming, ...] = ()
    error: str = ""
    fetched: bool = False


class Unexplained(_Frame, frozen=True, tag="unexplained"):
    """Own moves of the stocks asked about for which no news was found (`days`), and those whose news nobody was asked
    for (`unasked`), newest first; of `own` in all, among `sessions` of `stocks`. `waiting` are those without a history.

    `tally` is what the ledger says of those listed before; where there is none, `why_no_tally` says why, and
    `no_tally` the same in plain words.
    """

    days: tuple[Attribution, ...] = ()
    unasked: tuple[Attribution, ...] = ()
    own: int = 0
    stocks: int = 0
    sessions: int = 0
    waiting: tuple[Symbol, ...] = ()
    tally: Tally | None = None
    no_tally: str = ""
    error: str = ""
    why_no_tally: Reason | None = None


class Refused(_Frame, frozen=True, tag="refused"):
    """A request that could not be done, and why."""

    request: str
    reason: str


class Bye(_Frame, frozen=True, tag="bye"):
    """The feed leaves."""

    reason: str


# --- terminal to feed ---


class Greeting(_Frame, frozen=True, tag="greeting"):
    """The terminal's first frame."""

    protocol: int
    version: str


class Watch(_Frame, frozen=True, tag="watch"):
    """Every symbol this terminal needs, and which of them are on its screen now."""

    symbols: tuple[Symbol, ...]
    visible: tuple[Symbol, ...] = ()


class AskHistory(_Frame, frozen=True, tag="ask_history"):
    """One stock's last `days` sessions, ending with `until` (default: the newest)."""

    symbol: Symbol
    days: int = 250
    until: date | None = None


class AskEffect(_Frame, frozen=True, tag="ask_effect"):
    """What a stock did by itself over spans of sessions after an event of session `day`."""

    symbol: Symbol
    day: date
    spans: tuple[Span, ...] = SPANS


class AskAhead(_Frame, frozen=True, tag="ask_ahead"):
    """What the coming days hold for these stocks."""

    symbols: tuple[Symbol, ...]


class AskUnexplained(_Frame, frozen=True, tag="ask_unexplained"):
    """The own moves without news of these stocks in the last `days` sessions."""

    symbols: tuple[Symbol, ...]
    days: int = 20


class AskRefresh(_Frame, frozen=True, tag="ask_refresh"):
    """Ask the sources now, as far as the budget allows."""


class AskSnapshot(_Frame, frozen=True, tag="ask_snapshot"):
    """Send everything again."""


class AskLeave(_Frame, frozen=True, tag="ask_leave"):
    """A newer terminal asks an old feed that serves nobody else to make room."""

    version: str


FeedFrame = Hello | Snapshot | Change | History | Effects | Ahead | Unexplained | Refused | Bye
TerminalFrame = (
    Greeting | Watch | AskHistory | AskEffect | AskAhead | AskUnexplained | AskRefresh | AskSnapshot | AskLeave
)

_encoder = msgspec.json.Encoder()
_feed_decoder: msgspec.json.Decoder[FeedFrame] = msgspec.json.Decoder(FeedFrame)
_terminal_decoder: msgspec.json.Decoder[TerminalFrame] = msgspec.json.Decoder(TerminalFrame)


class FrameError(ValueError):
    """A line that is no frame of this protocol."""


def encode(frame: FeedFrame | TerminalFrame) -> bytes:
    """One line, newline included."""
    return _encoder.encode(frame) + b"\n"


def decode_feed(line: bytes) -> FeedFrame:
    """Read a line that came from a feed; FrameError says what is wrong with it."""
    try:
        return _feed_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameError(f"not a frame: {error}") from error


def decode_terminal(line: bytes) -> TerminalFrame:
    """Read a line that came from a terminal; FrameError says what is wrong with it."""
    try:
        return _terminal_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameError(f"not a frame: {error}") from error
