"""What widgets, screens and the link say to each other. Messages bubble up; only handlers change state."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from textual.message import Message

from tui.domain.event import Event, Note
from tui.domain.symbol import Symbol
from tui.ui.link import LinkEvent
from tui.ui.model import ViewState
from tui.ui.ordering import Sort
from tui.wire import History


@dataclass
class LinkSaid(Message):
    """The link to the feed has something; every one counts, so none replaces another."""

    event: LinkEvent


@dataclass
class StateChanged(Message):
    """The newest view state, sent by the app to every open screen. Only the newest of a backlog is painted.

    A screen hands it to each of its panes with `pane.show(state)`.
    """

    state: ViewState

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, StateChanged)


@dataclass
class HistoryArrived(Message):
    """The answer to `HistoryWanted`, sent by the app to every open screen; `history.error` says why it is empty."""

    history: History


@dataclass
class HistoryWanted(Message):
    """A screen needs a stock's attributed days; the app asks the feed, `HistoryArrived` follows."""

    symbol: Symbol
    days: int = 250
    until: date | None = None


@dataclass
class SymbolSelected(Message):
    """The list's cursor rests on a stock (None: the list is empty)."""

    symbol: Symbol | None

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, SymbolSelected)


@dataclass
class StockOpened(Message):
    """Open a stock's detail screen, at a day if one is given."""

    symbol: Symbol
    day: date | None = None


@dataclass
class NoteWanted(Message):
    """Open the editor: on `note` if given, else for a new note about this stock and day, beside `event` if given."""

    symbol: Symbol
    day: date
    event: Event | None = None
    note: Note | None = None


class Editor(Protocol):
    """Who asked for a note to be saved, and waits for the answer."""

    def saved(self) -> None:
        """It is on disk."""

    def failed(self, reason: str) -> None:
        """It is not, and why."""


@dataclass
class SaveWanted(Message):
    """A note's text is to be put on disk; the app answers with `saved` or `failed` on `editor`.

    `seen` is the last change of the note that is edited; None for a new one.
    """

    note: Note
    seen: int | None
    editor: Editor


@dataclass
class NoteDeleted(Message):
    """Delete a note; the app does it, says so and offers undo."""

    note: Note


@dataclass
class LinkOpened(Message):
    """Open a web address in the trader's browser, or show it where there is none."""

    url: str


@dataclass
class Told(Message):
    """One sentence for the status line about what a key just did or could not do."""

    text: str
    bad: bool = False


@dataclass
class LinesMoved(Message):
    """A line view's cursor moved to another line by a key or the mouse."""

    index: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, LinesMoved) and message._sender is self._sender


@dataclass
class LineChosen(Message):
    """Enter or a double click on a line of a line view."""

    index: int


class Filterable(Protocol):
    """A view whose lines can be filtered by a text."""

    @property
    def filter_text(self) -> str:
        """The filter in force, "" where all lines are shown."""

    def set_filter(self, text: str) -> None:
        """Show only what contains every word of the text; "" shows all."""

    def focus(self) -> object:
        """Take the keyboard back."""


@dataclass
class FilterWanted(Message):
    """`/` was pressed: the screen opens its input line and gives what is typed to `view.set_filter`, key by key.

    Enter keeps the filter and goes back to the view, Escape takes it away.
    """

    view: Filterable


@dataclass
class ListTurned(Message):
    """Show the list after (1) or before (-1) the current one."""

    step: int


@dataclass
class StockRemoved(Message):
    """Take a stock off the current list."""

    symbol: Symbol


@dataclass
class SparkTurned(Message):
    """Show the price in the sparks where they show the own part, and the other way round."""


@dataclass
class SortChanged(Message):
    """The list is ordered by something else; the app remembers it."""

    sort: Sort


@dataclass
class VisibleChanged(Message):
    """Other stocks are on the screen than before; the feed asks for those first."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, VisibleChanged)


@dataclass
class LeaveWanted(Message):
    """The app is to end: a signal came, or the terminal is gone."""
