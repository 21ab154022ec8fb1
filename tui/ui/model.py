"""The terminal's view state: one frozen value that screens paint, and the pure functions that make the next one.

No Textual here. A row's `version` grows whenever the row differs from the one before; widgets key their caches by it,
so an equal row costs nothing.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from tui.config.schema import GlyphSet, Palette, SparkKind
from tui.domain.event import Event, Note
from tui.domain.market import Quality
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol
from tui.domain.trading_day import TradingDay, to_hkt, weekday_default
from tui.render.language import Language
from tui.wire import Change, Hello, Snapshot


class LinkPhase(StrEnum):
    """Where the terminal stands with its feed."""

    STARTING = "starting"
    LIVE = "live"
    LOST = "lost"
    REFUSED = "refused"


class LinkView(msgspec.Struct, frozen=True):
    """The link's state as the status line says it. The next try comes within `retry_s` seconds."""

    phase: LinkPhase = LinkPhase.STARTING
    reason: str = ""
    retry_s: float = 0.0


class Look(msgspec.Struct, frozen=True):
    """How things are shown."""

    language: Language = "en"
    palette: Palette = "green_up"
    glyphs: GlyphSet = "braille"
    spark: SparkKind = "price"


class ViewState(msgspec.Struct, frozen=True):
    """Everything a screen paints.

    `now` is the world's clock in epoch milliseconds, cut to the minute, so that nothing repaints between minutes.
    `seconds_now` is the clock to the second, and only while a limited source counts down; else None.
    `symbols` are the current list's in its own order, `order` those that the list showed, from top to bottom, when a
    stock was opened. `stored` is true while the rows come from the cache and no feed has spoken yet; `feed` is what
    the last one said of itself.
    """

    source: str
    now: int
    rows: dict[Symbol, Row] = {}
    versions: dict[Symbol, int] = {}
    events: tuple[Event, ...] = ()
    events_version: int = 0
    status: FeedStatus = FeedStatus()
    trading_days: dict[date, TradingDay] = {}
    notes: tuple[Note, ...] = ()
    link: LinkView = LinkView()
    feed: Hello | None = None
    look: Look = Look()
    list_name: str = ""
    symbols: tuple[Symbol, ...] = ()
    order: tuple[Symbol, ...] = ()
    selected: Symbol | None = None
    stored: bool = False
    seconds_now: int | None = None

    @property
    def today(self) -> TradingDay:
        """The calendar day of `now` in Hong Kong."""
        day = to_hkt(self.now).date()
        return self.trading_days.get(day) or weekday_default(day)

    @property
    def session_day(self) -> date:
        """The trading day the rows are about: the feed's, else today."""
        return self.status.day or self.today.day

    @property
    def as_of(self) -> int | None:
        """When the newest price was true (epoch milliseconds); None before there is one."""
        if not self.stored:
            return self.status.as_of
        return max((row.quote.exchange_time for row in self.rows.values() if row.quote), default=None)

    @property
    def earlier_day(self) -> date | None:
        """The day of the newest price where that is not today: until the open, and while the exchange is closed."""
        day = to_hkt(self.as_of).date() if self.as_of is not None else None
        return None if day == self.today.day else day


def replace(state: ViewState, **fields: object) -> ViewState:
    """The state with some fields changed; the same object where nothing differs."""
    if all(getattr(state, name) == value for name, value in fields.items()):
        return state
    return msgspec.structs.replace(state, **fields)


def with_rows(state: ViewState, rows: Iterable[Row]) -> ViewState:
    """Take new rows in; a row equal to the one held keeps its version, and none loses what the feed does not know."""
    told = (_beside(state.rows.get(row.symbol), row) for row in rows)
    changed = [row for row in told if state.rows.get(row.symbol) != row]
    if not changed:
        return state
    held, versions = dict(state.rows), dict(state.versions)
    for row in changed:
        held[row.symbol] = row
        versions[row.symbol] = versions.get(row.symbol, 0) + 1
    return msgspec.structs.replace(state, rows=held, versions=versions)


def _beside(held: Row | None, told: Row) -> Row:
    """A row as the feed tells it. A feed that has just started knows less than the one before it: until it has a price
    as new as the one held, the row stays as it was, and until it has worked out the day, so does the split."""
    if held is None or held.quote is None:
        return told
    quote = told.quote
    if quote is None or (quote.quality is Quality.STORED and quote.exchange_time < held.quote.exchange_time):
        return msgspec.structs.replace(held, note=told.note, why=told.why)
    if told.day is None and not told.note and held.day and held.day.date == to_hkt(quote.exchange_time).date():
        return msgspec.structs.replace(
            told, day=held.day, own_spark=held.own_spark, compared_at=held.compared_at, results=held.results
        )
    return told


def with_events(state: ViewState, events: Iterable[Event]) -> ViewState:
    """Take new events in by id, newest first by the end of their interval."""
    known = {event.id: event for event in state.events}
    changed = [event for event in events if known.get(event.id) != event]
    if not changed:
        return state
    known.update((event.id, event) for event in changed)
    ordered = sorted(known.values(), key=lambda event: (-event.end, event.id))
    return msgspec.structs.replace(state, events=tuple(ordered), events_version=state.events_version + 1)


def with_snapshot(state: ViewState, snapshot: Snapshot) -> ViewState:
    """The feed's whole state; what the feed no longer has goes."""
    kept = {row.symbol for row in snapshot.rows}
    state = with_rows(state, snapshot.rows)
    if len(state.rows) != len(kept):
        state = msgspec.structs.replace(state, rows={s: row for s, row in state.rows.items() if s in kept})
    gone = len({event.id for event in state.events} - {event.id for event in snapshot.events})
    if gone:
        state = msgspec.structs.replace(state, events=())
    state = with_events(state, snapshot.events)
    days = {day.day: day for day in snapshot.trading_days} or state.trading_days
    return replace(state, status=snapshot.status, trading_days=days, stored=False)


def with_change(state: ViewState, change: Change) -> ViewState:
    """What differs from the publication before."""
    state = with_events(with_rows(state, change.rows), change.events)
    return state if change.status is None else replace(state, status=change.status)
