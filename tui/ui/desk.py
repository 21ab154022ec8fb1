"""What the terminal knows and what a key changes: the view state, the lists, what is remembered, what can be undone.

No Textual here. Every method leaves `state` as the newest truth; the app shows it. Sentences for the status line come
back as the result of what was asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.config.schema import GlyphSet, Palette, SparkKind
from tui.domain.clock import Clock, FixedClock, ReplayClock, SystemClock
from tui.domain.row import Row, SourceState
from tui.domain.symbol import Symbol, SymbolError, nearest_symbols, parse_symbol, short_code
from tui.domain.tables import SectorTable
from tui.render.language import Language
from tui.ui.link import Connected, Incompatible, LinkEvent, Lost
from tui.ui.model import (
    LinkPhase,
    LinkView,
    ViewState,
    replace,
    with_change,
    with_rows,
    with_snapshot,
)
from tui.wire import Change, ClockInfo, Refused, Snapshot

Lists = dict[str, tuple[Symbol, ...]]
MINUTE_MS: Final = 60_000
UNDO_LIMIT: Final = 20
LIST_LIMIT: Final = 1000


@dataclass(frozen=True)
class Undo:
    """What was done, in words, and how it is taken back."""

    what: str
    back: Callable[[], None]


@dataclass
class Desk:
    """One terminal's state. `save_lists` is told the lists whenever the trader changes them."""

    state: ViewState
    lists: Lists
    clock: Clock
    instruments: SectorTable
    save_lists: Callable[[Lists], None]
    undos: list[Undo] = field(default_factory=list)

    # --- the feed

    def take_stored(self, rows: Sequence[Row]) -> None:
        """Rows of the cache, for the first paint; the feed's own replace them."""
        self.state = replace(with_rows(self.state, rows), stored=True)

    def take(self, event: LinkEvent) -> str:
        """What the link says. The result is a sentence where a request was refused."""
        if isinstance(event, Connected):
            self.clock = clock_of(event.hello.clock)
            self.state = replace(self.state, link=LinkView(LinkPhase.LIVE))
        elif isinstance(event, Snapshot):
            self.state = with_snapshot(self.state, event)
        elif isinstance(event, Change):
            self.state = with_change(self.state, event)
        elif isinstance(event, Lost | Incompatible):
            phase = LinkPhase.LOST if isinstance(event, Lost) else LinkPhase.REFUSED
            self.state = replace(self.state, link=LinkView(phase, event.reason, event.retry_s))
        elif isinstance(event, Refused):
            return f"the feed refused: {event.reason}"
        self.tick()
        return ""

    def tick(self) -> None:
        """Let time pass: the minute, and the second while a limited source counts down."""
        now = self.clock.now_ms()
        limited = any(s.state is SourceState.LIMITED and s.next_try is not None for s in self.state.status.sources)
        self.state = replace(self.state, now=now - now % MINUTE_MS, seconds_now=now - now % 1000 if limited else None)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol of every list, the current list first."""
        everywhere = (symbol for symbols in self.lists.values() for symbol in symbols)
        return tuple(dict.fromkeys((*self.state.symbols, *everywhere)))

    # --- the lists

    def show_list(self, name: str) -> None:
        """Make a list the current one."""
        symbols = self.lists.get(name, ())
        self.state = replace(self.state, list_name=name if name in self.lists else "", symbols=symbols)

    def next_list(self, step: int = 1) -> None:
        """The list after (or before) the current one, round and round."""
        names = list(self.lists)
        if names:
            at = names.index(self.state.list_name) if self.state.list_name in names else 0
            self.show_list(names[(at + step) % len(names)])

    def add(self, text: str) -> str:
        """Add the symbols of a text (separated by blanks or commas) to the current list; says what became of it."""
        added: list[Symbol] = []
        problems: list[str] = []
        name = self.state.list_name or next(iter(self.lists), "Watchlist")
        held = self.lists.get(name, ())
        for word in text.replace(",", " ").split():
            try:
                symbol = parse_symbol(word)
            except SymbolError as error:
                near = nearest_symbols(word, self.instruments.instruments)
                hint = f"; nearest: {', '.join(map(short_code, near))}" if near else ""
                problems.append(f"{error}{hint}")
                continue
            if symbol in held or symbol in added:
                problems.append(f"{short_code(symbol)} is in {name} already")
            elif len(held) + len(added) >= LIST_LIMIT:
                problems.append(f"{name} holds {LIST_LIMIT} stocks, which is the most")
                break
            else:
                added.append(symbol)
        if added:
            self._set_list(name, (*held, *added), f"added {_codes(added)}")
            self.state = replace(self.state, selected=added[0])
        said = [f"added {_codes(added)} to {name}"] if added else []
        return "; ".join(said + problems) or "nothing was added"

    def remove(self, symbol: Symbol) -> str:
        """Take a symbol off the current list."""
        name = self.state.list_name
        held = self.lists.get(name, ())
        if symbol not in held:
            return ""
        self._set_list(name, tuple(other for other in held if other != symbol), f"removed {short_code(symbol)}")
        return f"removed {short_code(symbol)} from {name}; u undoes"

    def new_list(self, name: str) -> str:
        """Make an empty list and show it."""
        if name in self.lists:
            self.show_list(name)
            return f"{name} is there already"
        before = self.state.list_name
        self._set_list(name, (), f"new list {name}")
        self.show_list(name)
        self.undos[-1] = Undo(f"new list {name}", lambda: self._drop_list(name, before))
        return f"new list {name}: a adds stocks"

    def delete_list(self, name: str) -> str:
        """Delete a list; the last one stays."""
        if len(self.lists) < 2:
            return "the last list stays"
        before = dict(self.lists)

        def back() -> None:
            self.lists.clear()
            self.lists.update(before)
            self.save_lists(self.lists)
            self.show_list(name)

        self._push(Undo(f"deleted list {name}", back))
        self._drop_list(name, "")
        return f"deleted list {name}; u undoes"

    def undo(self) -> str:
        """Take back the newest thing that can be."""
        if not self.undos:
            return "nothing to undo"
        undo = self.undos.pop()
        undo.back()
        return f"undone: {undo.what}"

    def push_undo(self, what: str, back: Callable[[], None]) -> None:
        """Make something undoable that was done elsewhere."""
        self._push(Undo(what, back))

    def _push(self, undo: Undo) -> None:
        self.undos = [*self.undos[1 - UNDO_LIMIT :], undo]

    def _set_list(self, name: str, symbols: tuple[Symbol, ...], what: str) -> None:
        before = self.lists.get(name)

        def back() -> None:
            self.lists[name] = before or ()
            self.save_lists(self.lists)
            self.show_list(name)

        self.lists[name] = symbols
        self.save_lists(self.lists)
        self._push(Undo(what, back))
        self.show_list(name)

    def _drop_list(self, name: str, then: str) -> None:
        self.lists.pop(name, None)
        self.save_lists(self.lists)
        self.show_list(then if then in self.lists else next(iter(self.lists), ""))

    def take_lists(self, lists: Lists) -> None:
        """Take the lists as they stand on disk, other terminals' changes with them."""
        self.lists = lists
        self.show_list(self.state.list_name if self.state.list_name in lists else next(iter(lists), ""))

    # --- the look

    def select(self, symbol: Symbol | None) -> None:
        """The stock under the list's cursor."""
        self.state = replace(self.state, selected=symbol)

    def look(
        self,
        *,
        language: Language | None = None,
        palette: Palette | None = None,
        glyphs: GlyphSet | None = None,
        spark: SparkKind | None = None,
    ) -> None:
        """Change what is given."""
        held = self.state.look
        self.state = replace(
            self.state,
            look=type(held)(
                language=language or held.language,
                palette=palette or held.palette,
                glyphs=glyphs or held.glyphs,
                spark=spark or held.spark,
            ),
        )


def clock_of(info: ClockInfo) -> Clock:
    """The feed's world as a clock of our own."""
    if info.mode == "replay":
        return ReplayClock(info.now, info.speed, info.end)
    return FixedClock(info.now) if info.mode == "fixed" else SystemClock()


def _codes(symbols: Sequence[Symbol]) -> str:
    shown = ", ".join(short_code(symbol) for symbol in symbols[:5])
    return f"{shown} and {len(symbols) - 5} more" if len(symbols) > 5 else shown
