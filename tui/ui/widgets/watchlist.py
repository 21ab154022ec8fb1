"""The list: one line a stock, painted by the line; sorted and filtered by the rule of tui.ui.ordering."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from tui.config.schema import SortName
from tui.domain.clock import Clock
from tui.domain.market import Instrument, Quality
from tui.domain.row import COLUMN_NAMES, Row
from tui.domain.symbol import Symbol, short_code
from tui.domain.text import clean, is_web_link
from tui.domain.trading_day import phase_at
from tui.render.columns import Column, layout
from tui.render.freshness import freshness, stale_after_s
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.row import View, row_runs
from tui.render.table import own_count
from tui.render.tone import Runs
from tui.render.width import cells, cut, wrap
from tui.ui.bindings import bindings
from tui.ui.messages import (
    FilterWanted,
    LinkOpened,
    NoteWanted,
    SortChanged,
    SparkTurned,
    StockOpened,
    StockRemoved,
    SymbolSelected,
    Told,
    VisibleChanged,
)
from tui.ui.model import ViewState
from tui.ui.ordering import QUIET_S, SORTS, Sort, matches, ordered, sort_words
from tui.ui.textual_private import set_frame_title
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.list_head import ListHead

# Cells of the border line that a title leaves: a corner, a dash and a blank on either side.
_FRAME_MARGIN: Final = 4

_EMPTY: Final = Words(
    "This list is empty. a adds stocks: codes such as 700 9988, or a name.",
    "清單是空的。按 a 加入股票：代號如 700 9988，或名稱。",
)
_NO_LISTS: Final = Words("There is no list. m makes one.", "未有清單。按 m 建立。")
_NO_MATCH: Final = Words(
    "Nothing in this list contains “{}”. Esc in the filter shows all again.", "清單中沒有包含「{}」的股票。"
)
_NO_LINK: Final = Words("no headline with a link stands beside {}", "{} 沒有附連結的消息")
_OUTDATED: Final = Words("z sorts again", "按 z 重新排序")


class Watchlist(LineView):
    """The stocks of the current list."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(
        self,
        head: ListHead,
        sort: Sort,
        instruments: Mapping[Symbol, Instrument],
        columns: Sequence[str] = COLUMN_NAMES,
        *,
        steady: Clock,
        id: str,
    ) -> None:
        super().__init__(id=id)
        self._head = head
        self._sort = sort
        self._instruments = instruments
        self._wanted = columns
        self._steady = steady
        self._state: ViewState | None = None
        self._filter = ""
        self._order: tuple[Symbol, ...] = ()
        self._columns: tuple[Column, ...] = ()
        self._aged = False
        self._columns_of = 0
        self._view = View(0, trading=False)
        self._notes: Counter[Symbol] = Counter()
        self._last_move = -QUIET_S
        self._moved = False
        self._outdated = False
        self._settled = False
        self._remembered: Symbol | None = None

    # --- what it shows

    @property
    def selected(self) -> Symbol | None:
        """The stock under the cursor."""
        return self._order[self.cursor] if self._order else None

    @property
    def order(self) -> tuple[Symbol, ...]:
        """The stocks from top to bottom as they stand."""
        return self._order

    @property
    def visible_symbols(self) -> tuple[Symbol, ...]:
        """The stocks on the screen now."""
        top = self.scroll_offset.y
        return self._order[top : top + self.size.height]

    @property
    def filter_text(self) -> str:
        """The words every stock must contain."""
        return self._filter

    def show(self, state: ViewState) -> None:
        """Take the newest state; the order is made anew only where the rule allows."""
        before, self._state = self._state, state
        trading = phase_at(state.now, state.today).trading
        look, patience_s = state.look, stale_after_s(state.status.refresh_s)
        self._view = View(state.now, trading, look.language, glyphs(look.glyphs), look.spark, patience_s)
        if before is None or state.notes is not before.notes or state.session_day != before.session_day:
            self._notes = Counter(note.symbol for note in state.notes if note.day == state.session_day)
        self._head.show(state)
        if self._aged != (aged := any(self._is_old(state.rows[s]) for s in state.symbols if s in state.rows)):
            self._aged = aged
            self._columns_of = 0
            self._head.show_columns(self._columns_for(self.size.width), self._sort)
        if before is None or (state.list_name, state.symbols) != (before.list_name, before.symbols):
            if before is not None and state.list_name != before.list_name:
                self._filter = ""
            self._remembered = state.selected
            self._settled = self._is_complete(state)
            self._arrange(state.selected)
        elif (before.stored and not state.stored) or not before.rows:
            # The feed's first rows: what stood here until now was only a memory. Where nobody has moved yet, the first
            # line is where the eye should fall, unless a stock was selected the last time.
            self._settled = self._is_complete(state)
            self._arrange(self.selected if self._moved else self._remembered)
        elif not self._settled and self._is_complete(state):
            self._settled = True
            if not self._moved:
                self._arrange(self._remembered)
        elif state.now != before.now:
            if self.cursor == 0 and self._steady.monotonic() - self._last_move >= QUIET_S:
                self._arrange(None)
            else:
                self._outdated = self._sorted() != self._order
        self.lines_changed()
        self._title()

    def _is_complete(self, state: ViewState) -> bool:
        """Whether the feed has told each stock's day, or why it cannot; what it only remembers does not count."""
        return not state.stored and all(map(_is_told, map(state.rows.get, state.symbols)))

    def _sorted(self) -> tuple[Symbol, ...]:
        """The stocks that pass the filter in the order of the sort."""
        state = self._state
        if state is None:
            return ()
        rows = state.rows
        kept = [symbol for symbol in state.symbols if not self._filter or self._passes(symbol)]
        return ordered(kept, rows, self._sort, state.look.language)

    def _passes(self, symbol: Symbol) -> bool:
        return matches(self._row(symbol), symbol, self._filter)

    def _arrange(self, keep: Symbol | None) -> None:
        """Sort now; the cursor goes with `keep`, or stays on its line where there is no such stock."""
        self._order = self._sorted()
        self._outdated = False
        self.lines_changed()
        if keep in self._order:
            self.cursor = self._order.index(keep)
        self._say_selected()

    def _say_selected(self) -> None:
        if self._state is not None and self.selected != self._state.selected:
            self.post_message(SymbolSelected(self.selected))

    def _title(self) -> None:
        state = self._state
        box = self.parent
        if state is None or not isinstance(box, Widget):
            return
        language = state.look.language
        title = sort_words(self._sort, language)
        if self._filter:
            title = f"{title}  /{self._filter}  {len(self._order)}"
        subtitle = self._subtitle(state)
        room = box.size.width - _FRAME_MARGIN
        set_frame_title(box, Content(cut(title, max(room, 1))), Content(subtitle if cells(subtitle) <= room else ""))

    def _subtitle(self, state: ViewState) -> str:
        language = state.look.language
        days = [row.day for symbol in state.symbols if (row := state.rows.get(symbol)) and row.day]
        judged = any(day.rarity is not None for day in days)
        said = (_OUTDATED.say(language) if self._outdated else "", own_count(days, language) if judged else "")
        return "  ".join(filter(None, said))

    # --- lines

    def _row(self, symbol: Symbol) -> Row:
        """The stock's row; before the feed knows it, its name alone."""
        row = self._state.rows.get(symbol) if self._state else None
        if row is not None:
            return row
        known = self._instruments.get(symbol)
        return Row(symbol, known.name_en, known.name_zh, known.sector) if known else Row(symbol)

    def line_count(self) -> int:
        return len(self._order)

    def line_key(self, index: int) -> Hashable:
        symbol = self._order[index]
        view = self._view
        version = self._state.versions.get(symbol, 0) if self._state else 0
        return (
            *(symbol, version, self._notes[symbol], view.now, view.trading),
            *(view.language, view.glyphs.name, view.spark, view.stale_after_s, self._aged),
        )

    def line_runs(self, index: int, width: int) -> Runs:
        symbol = self._order[index]
        columns = self._columns_for(width)
        return ((" ", "text"), *row_runs(self._row(symbol), columns, self._view, self._notes[symbol]))

    def _is_old(self, row: Row) -> bool:
        """Whether the row's price has an age worth a column."""
        view = self._view
        if row.quote is None:
            return False
        state = freshness(row.quote, view.now, trading=view.trading, stale_after_s=view.stale_after_s)
        return state.age_min >= 0

    def _columns_for(self, width: int) -> tuple[Column, ...]:
        """The columns at a width; one cell is the pointer's, one keeps the border clear."""
        if self._columns_of != width:
            self._columns_of = width
            wanted = [name for name in self._wanted if self._aged or name != "age"]
            self._columns = layout(max(width - 2, 1), wanted)
        return self._columns

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        if self._state is None:
            return ()
        lines: list[Runs] = [()]
        words = _NO_MATCH if self._filter else _EMPTY if self._state.list_name else _NO_LISTS
        text = words.say(self._state.look.language).format(self._filter)
        lines += [((f"  {line}", "muted"),) for line in wrap(text, max(width - 4, 8))]
        return lines[:height]

    def on_resize(self) -> None:
        self._head.show_columns(self._columns_for(self.size.width), self._sort)
        self._title()
        self.post_message(VisibleChanged())

    # --- the cursor

    def move_to(self, index: int, towards: int = 1) -> None:
        self._moved = True
        self._last_move = self._steady.monotonic()
        super().move_to(index, towards)

    def watch_cursor(self, before: int, after: int) -> None:
        super().watch_cursor(before, after)
        self._say_selected()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.post_message(VisibleChanged())

    # --- keys

    def sort_by(self, sort: Sort) -> None:
        """Order the list anew; the cursor goes with its stock."""
        self._sort = sort
        self._arrange(self.selected)
        self._head.show_columns(self._columns, sort)
        self._title()
        self.post_message(SortChanged(sort))

    def sort_by_title(self, name: SortName) -> None:
        """Sort by a column; the one that orders already turns round."""
        self.sort_by(Sort(name, self._sort.name == name and not self._sort.reverse))

    def action_sort(self) -> None:
        self.sort_by(Sort(SORTS[(SORTS.index(self._sort.name) + 1) % len(SORTS)]))

    def action_reverse(self) -> None:
        self.sort_by(Sort(self._sort.name, not self._sort.reverse))

    def action_settle(self) -> None:
        self.sort_by(self._sort)

    def set_filter(self, text: str) -> None:
        """Show only the stocks that contain every word; "" shows all."""
        self._filter = clean(text, 100)
        self._arrange(self.selected)
        self._title()

    def action_filter(self) -> None:
        self.post_message(FilterWanted(self))

    def action_spark(self) -> None:
        self.post_message(SparkTurned())

    def action_open(self) -> None:
        if symbol := self.selected:
            self.post_message(StockOpened(symbol))

    def action_remove(self) -> None:
        if symbol := self.selected:
            self.post_message(StockRemoved(symbol))

    def action_note(self) -> None:
        """A note on the selected stock's day."""
        if self._state is not None and (symbol := self.selected):
            self.post_message(NoteWanted(symbol, self._state.session_day))

    def action_open_link(self) -> None:
        """Open the best headline of the selected stock's day that has a link."""
        symbol = self.selected
        row = self._state.rows.get(symbol) if self._state and symbol else None
        links = [candidate.url for candidate in (row.day.headlines if row and row.day else ())]
        if url := next(filter(is_web_link, links), ""):
            self.post_message(LinkOpened(url))
        elif symbol:
            self.post_message(Told(_NO_LINK.say(self._view.language).format(short_code(symbol)), bad=True))


def _is_told(row: Row | None) -> bool:
    if row is None or (row.quote is not None and row.quote.quality is Quality.STORED):
        return False
    return row.day is not None or bool(row.note)
