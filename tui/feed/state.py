"""The newest state and how it differs from what a terminal last saw.

Each row, event and the status carry the number of the publication that changed them last. So a change for a
terminal of any age is a filter over the newest state: a slow terminal costs no memory and gets no backlog.
"""

from collections.abc import Collection, Iterable

from tui.domain.event import Event
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol
from tui.domain.trading_day import TradingDay
from tui.wire import Change, Snapshot

EVENTS_KEPT = 5000


class State:
    """Current rows, events and status. `seq` counts publications; 0 means that nothing was published yet."""

    def __init__(self) -> None:
        self.seq = 0
        self.status = FeedStatus()
        self.trading_days: tuple[TradingDay, ...] = ()
        self._rows: dict[Symbol, Row] = {}
        self._events: dict[str, Event] = {}
        self._row_seq: dict[Symbol, int] = {}
        self._event_seq: dict[str, int] = {}
        self._status_seq = 0
        self._dirty = False

    @property
    def dirty(self) -> bool:
        """True where something differs from the last publication."""
        return self._dirty

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row."""
        return tuple(self._rows.values())

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event, newest first by the end of its interval."""
        return tuple(sorted(self._events.values(), key=lambda event: (-event.end, event.id)))

    def row(self, symbol: Symbol) -> Row | None:
        """The newest row of a symbol."""
        return self._rows.get(symbol)

    def put_row(self, row: Row) -> bool:
        """Take a row; False where it equals the one held."""
        if self._rows.get(row.symbol) == row:
            return False
        self._rows[row.symbol] = row
        self._row_seq[row.symbol] = self.seq + 1
        self._dirty = True
        return True

    def keep_rows(self, symbols: Collection[Symbol]) -> None:
        """Forget the rows of all other symbols. No terminal watches them, so none is told."""
        for symbol in [symbol for symbol in self._rows if symbol not in symbols]:
            del self._rows[symbol], self._row_seq[symbol]

    def put_events(self, events: Iterable[Event]) -> bool:
        """Take events by id; False where all are known. The oldest go beyond EVENTS_KEPT."""
        changed = [event for event in events if self._events.get(event.id) != event]
        for event in changed:
            self._events[event.id] = event
            self._event_seq[event.id] = self.seq + 1
        if len(self._events) > EVENTS_KEPT:
            for event in self.events[EVENTS_KEPT:]:
                del self._events[event.id], self._event_seq[event.id]
        self._dirty = self._dirty or bool(changed)
        return bool(changed)

    def put_status(self, status: FeedStatus) -> bool:
        """Take the feed's status; False where it equals the one held."""
        if status == self.status:
            return False
        self.status = status
        self._status_seq = self.seq + 1
        self._dirty = True
        return True

    def publish(self) -> bool:
        """Number what has changed since the last publication; False where nothing has."""
        if not self._dirty:
            return False
        self.seq += 1
        self._dirty = False
        return True

    def snapshot(self, symbols: Collection[Symbol] | None = None) -> Snapshot:
        """Everything as it is now, of some symbols or of all."""
        rows = tuple(row for row in self._rows.values() if symbols is None or row.symbol in symbols)
        return Snapshot(self.seq, rows, self.events, self.status, self.trading_days)

    def change(self, base: int, symbols: Collection[Symbol] | None = None) -> Change:
        """What was published after publication `base`, of some symbols or of all."""
        rows = tuple(
            self._rows[symbol]
            for symbol, seq in self._row_seq.items()
            if base < seq <= self.seq and (symbols is None or symbol in symbols)
        )
        events = tuple(self._events[key] for key, seq in self._event_seq.items() if base < seq <= self.seq)
        status = self.status if base < self._status_seq <= self.seq else None
        return Change(self.seq, base, rows, events, status)
