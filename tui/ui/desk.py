"""What the terminal knows and what a key changes: the view state, the lists, what is remembered, what can be undone.

No Textual here. Every method leaves `state` as the newest truth; the app shows it. Sentences for the status line come
back as the result of what was asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.config.checks import name_problem
from tui.config.schema import GlyphSet, Palette, SparkKind
from tui.domain.clock import Clock
from tui.domain.row import Row, SourceState
from tui.domain.symbol import Symbol, SymbolError, nearest_symbols, parse_symbol, short_code
from tui.domain.tables import SectorTable
from tui.render.language import Language, Words
from tui.ui import phrases
from tui.ui.link import Connected, Incompatible, LinkEvent, Lost, clock_of
from tui.ui.model import (
    LinkPhase,
    LinkView,
    ViewState,
    replace,
    with_change,
    with_rows,
    with_snapshot,
)
from tui.wire import Change, Refused, Snapshot

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
    """One terminal's state. `save_lists` is told the lists whenever the trader changes them;
    `keys` has the key of each id as it is printed."""

    state: ViewState
    lists: Lists
    clock: Clock
    instruments: SectorTable
    save_lists: Callable[[Lists], None]
    keys: dict[str, str]
    undos: list[Undo] = field(default_factory=list)

    # --- the feed

    def take_stored(self, rows: Sequence[Row]) -> None:
        """Rows of the cache, for the first paint; the feed's own replace them."""
        self.state = replace(with_rows(self.state, rows), stored=True)

    def take(self, event: LinkEvent) -> str:
        """What the link says. The result is a sentence where a request was refused."""
        if isinstance(event, Connected):
            self.clock = clock_of(event.hello.clock)
            self.state = replace(self.state, link=LinkView(LinkPhase.LIVE), feed=event.hello)
        elif isinstance(event, Snapshot):
            self.state = with_snapshot(self.state, event)
        elif isinstance(event, Change):
            self.state = with_change(self.state, event)
        elif isinstance(event, Lost | Incompatible):
            phase = LinkPhase.LOST if isinstance(event, Lost) else LinkPhase.REFUSED
            self.state = replace(self.state, link=LinkView(phase, event.reason, event.retry_s))
        elif isinstance(event, Refused):
            return self._say(phrases.REFUSED, event.reason)
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
                hint = self._say(phrases.NEAREST, ", ".join(map(short_code, near))) if near else ""
                problems.append(f"{error}{hint}")
                continue
            if symbol in held or symbol in added:
                problems.append(self._say(phrases.ALREADY_THERE, short_code(symbol), name))
            elif len(held) + len(added) >= LIST_LIMIT:
                problems.append(self._say(phrases.FULL, name, LIST_LIMIT))
                break
            else:
                added.append(symbol)
        if added:
            self._set_list(name, (*held, *added), self._say(phrases.ADDED_SHORT, self._codes(added)))
            self.state = replace(self.state, selected=added[0])
        said = [self._say(phrases.ADDED, self._codes(added), name)] if added else []
        return "; ".join(said + problems) or self._say(phrases.NOTHING_ADDED)

    def remove(self, symbol: Symbol) -> str:
        """Take a symbol off the current list."""
        name = self.state.list_name
        held = self.lists.get(name, ())
        if symbol not in held:
            return ""
        self._set_list(
            name,
            tuple(other for other in held if other != symbol),
            self._say(phrases.REMOVED_SHORT, short_code(symbol)),
        )
        return self._say(phrases.REMOVED, short_code(symbol), name, self._undo_key)

    def new_list(self, name: str) -> str:
        """Make an empty list and show it."""
        if problem := name_problem(name):
            return problem
        if name in self.lists:
            self.show_list(name)
            return self._say(phrases.LIST_THERE, name)
        before = self.state.list_name
        what = self._say(phrases.LIST_MADE_SHORT, name)
        self._set_list(name, (), what)
        self.show_list(name)
        self.undos[-1] = Undo(what, lambda: self._drop_list(name, before))
        return self._say(phrases.LIST_MADE, name, self.keys.get("app.add", ""))

    def delete_list(self, name: str) -> str:
        """Delete a list; the last one stays."""
        if len(self.lists) < 2:
            return self._say(phrases.LAST_LIST)
        before = dict(self.lists)

        def back() -> None:
            self.lists.clear()
            self.lists.update(before)
            self.save_lists(self.lists)
            self.show_list(name)

        self._push(Undo(self._say(phrases.LIST_DELETED_SHORT, name), back))
        self._drop_list(name, "")
        return self._say(phrases.LIST_DELETED, name, self._undo_key)

    def undo(self) -> str:
        """Take back the newest thing that can be."""
        if not self.undos:
            return self._say(phrases.NOTHING_TO_UNDO)
        undo = self.undos.pop()
        undo.back()
        return self._say(phrases.UNDONE, undo.what)

    def push_undo(self, what: str, back: Callable[[], None]) -> None:
        """Make something undoable that was done elsewhere."""
        self._push(Undo(what, back))

    def _say(self, words: Words, *values: object) -> str:
        return words.say(self.state.look.language).format(*values)

    @property
    def _undo_key(self) -> str:
        return self.keys.get("app.undo", "")

    def _codes(self, symbols: Sequence[Symbol]) -> str:
        shown = ", ".join(short_code(symbol) for symbol in symbols[:5])
        return self._say(phrases.AND_MORE, shown, len(symbols) - 5) if len(symbols) > 5 else shown

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
