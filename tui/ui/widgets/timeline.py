"""The timeline pane: events and notes of the selected stock or of all stocks, by day and part of the day."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.timer import Timer

from tui.domain.attribution import Attribution
from tui.domain.event import Event, NewsCoverage, Note, Scope
from tui.domain.symbol import Symbol, short_code
from tui.domain.text import clean, is_web_link
from tui.render import timeline as rendered
from tui.render.effect import effects_line
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.timeline import TimelineLine, timeline_of
from tui.render.timeline_filter import Wanted, filter_words, next_kind, next_scope, no_match_words
from tui.render.timeline_line import line_runs
from tui.render.tone import Runs
from tui.render.width import wrap
from tui.ui.bindings import bindings
from tui.ui.effects import EventEffects
from tui.ui.messages import FilterWanted, LinkOpened, NoteWanted, StockOpened, Told
from tui.ui.model import LinkPhase, Look, ViewState
from tui.ui.questions import QuestionAsked
from tui.ui.widgets.line_view import LineView
from tui.wire import Effects

_TITLE: Final = Words("timeline", "時間線")
_ALL: Final = Words("all", "全部")
_SOME: Final = Words("{} of {}", "{} / {}")
_STARTING: Final = Words("Events come with the feed, which is starting.", "數據程序啟動後顯示消息。")
_WORDS: Final[dict[NewsCoverage, Words]] = {
    NewsCoverage.NONE: Words("No news found for {}: every source was asked.", "{} 未見消息：已查詢所有來源。"),
    NewsCoverage.NOT_FETCHED: Words("News of {} has not been fetched yet.", "尚未查詢 {} 的消息。"),
    NewsCoverage.FOUND: Words("The news of {} is on its way.", "正在取得 {} 的消息。"),
}
_NOTHING: Final = Words("No events and no notes.", "沒有消息，也沒有筆記。")
_NO_STOCK: Final = Words("No stock is selected.", "未選取股票。")
_HINT: Final = Words("e: one stock or all   n: write a note", "e：此股或全部   n：加筆記")
_NO_LINK: Final = Words("this item has no link", "此項目沒有連結")
_NO_STOCK_OF: Final = Words("this item names no stock: select one in the list", "此項目沒有指明股票：請先在清單選取")
# The cursor rests on an event for so long before what it did is asked for.
REST_S: Final = 0.3


class Timeline(LineView):
    """What happened and what was written, newest first. Enter opens the stock at the day of the line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("timeline")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state: ViewState | None = None
        self._timeline = rendered.Timeline()
        self._made_from: tuple[object, ...] | None = None
        self._days: Mapping[date, Attribution] = {}
        self._everything = False
        # Kept from stock to stock, but not from one day to the next: what is hidden must have been hidden today.
        self._wanted = Wanted()
        self._effects = EventEffects()
        self._rest: Timer | None = None
        self._resting_on: tuple[Symbol, date] | None = None

    # --- what it shows

    @property
    def filter_text(self) -> str:
        """The words every line must contain."""
        return self._wanted.text

    def show_only(self, wanted: Wanted) -> None:
        """Show what is wanted, of the stock that is selected."""
        self._wanted = wanted
        self._refill()

    def set_filter(self, text: str) -> None:
        """Show only what contains every word; "" shows all."""
        self.show_only(replace(self._wanted, text=clean(text, 100).strip()))

    @property
    def scope(self) -> Symbol | None:
        """The stock it is about; None for all."""
        return None if self._everything or self._state is None else self._state.selected

    @property
    def asked(self) -> Wanted:
        """What is shown of the events and notes."""
        return replace(self._wanted, symbol=self.scope)

    @property
    def items(self) -> Sequence[Event | Note]:
        """All events and notes, shown or not."""
        return (*self._state.events, *self._state.notes) if self._state else ()

    @property
    def line(self) -> TimelineLine | None:
        """The line under the cursor."""
        lines = self._timeline.lines
        return lines[self.cursor] if self.cursor < len(lines) else None

    def show(self, state: ViewState) -> None:
        """Take the newest state."""
        self._state = state
        self._effects.begin(state)
        self._refill()

    def take_effects(self, answer: Effects) -> None:
        """What a stock did after an event."""
        if self._effects.take(answer) and self._state is not None:
            self._title(self._state)

    def select_day(self, day: date) -> None:
        """Put the cursor on a day, or on the first older one that has items."""
        at = self._timeline.first_of(day)
        if at is not None:
            self.move_to(at)

    def _refill(self) -> None:
        """Make the lines anew if anything they depend on changed; the cursor stays on its item."""
        state = self._state
        if state is None:
            return
        row = state.rows.get(self.scope) if self.scope else None
        self._days = {row.day.date: row.day} if row and row.day else {}
        made_from = (
            *(state.events_version, state.notes, state.trading_days, state.session_day),
            *(self.asked, state.look.language),
        )
        if made_from != self._made_from:
            same_view = self._made_from is not None
            self._made_from = made_from
            held = self.line.key if self.line else None
            self._timeline = timeline_of(
                state.events, state.notes, state.trading_days, self.asked, state.look.language, state.session_day
            )
            self.lines_changed()
            self._return_to(held if same_view else None)
        else:
            self.lines_changed()
        self._title(state)

    def _return_to(self, key: tuple[str, str] | None) -> None:
        at = self._timeline.find(key) if key else None
        # Where the item is gone, another stock's timeline starts at its newest item.
        self.cursor = at if at is not None else self._first_item()

    def _first_item(self) -> int:
        return next((at for at, line in enumerate(self._timeline.lines) if line.chosen), 0)

    def _title(self, state: ViewState) -> None:
        language = state.look.language
        scope = short_code(self.scope) if self.scope else _ALL.say(language)
        parts = [_TITLE.say(language), scope, str(self._timeline.items)]
        if self._wanted.filters:
            # The word for the pane makes room for what is hidden.
            shown = _SOME.say(language).format(self._timeline.items, self._timeline.of)
            parts = [scope, filter_words(self._wanted, language, glyphs(state.look.glyphs)), shown]
        self.frame("  ".join(parts), self._effect_words())
        self._ask_at_rest()

    # --- what the event under the cursor did

    def watch_cursor(self, before: int, after: int) -> None:
        super().watch_cursor(before, after)
        if self._state is not None:
            self._title(self._state)

    def on_focus(self) -> None:
        self._ask_at_rest()

    def _event_of_stock(self) -> tuple[Symbol, date] | None:
        """The stock and the session of the event under the cursor; None where it is not an event of one stock."""
        event = self.line.event if self.line else None
        if event is None or event.scope is Scope.MARKET or not event.symbols or self.line is None:
            return None
        symbol = self.scope if self.scope in event.symbols else event.symbols[0]
        return (symbol, event.session or self.line.day) if symbol else None

    def _effect_words(self) -> str:
        """ "9618  own [0,+1] +6.85 pp, t +3.3, more than chance; …" as far as the border has room for it."""
        wanted = self._event_of_stock()
        effects = self._effects.of(*wanted) if wanted else ()
        look = self._look
        code = f"{short_code(wanted[0])}  " if wanted and self.scope is None else ""
        line = effects_line(effects, self.size.width - 4 - len(code), look.language, glyphs(look.glyphs).minus)
        return code + line if line else ""

    def _ask_at_rest(self) -> None:
        """Ask for the effect once the cursor has rested on its event; a key held down asks nothing."""
        wanted = self._event_of_stock() if self.has_focus else None
        if wanted is not None and not self._effects.lacks(*wanted):
            wanted = None
        if wanted != self._resting_on:
            self._resting_on = wanted
            if self._rest is not None:
                self._rest.stop()
            self._rest = self.set_timer(REST_S, self._ask) if wanted else None

    def _ask(self) -> None:
        wanted, self._resting_on = self._resting_on, None
        if wanted and (question := self._effects.question(*wanted)):
            self.post_message(QuestionAsked(question))

    # --- lines

    def line_count(self) -> int:
        return len(self._timeline.lines)

    def line_key(self, index: int) -> Hashable:
        line = self._timeline.lines[index]
        day = self._days.get(line.day) if line.kind == "day" else None
        told = (day.return_pct, day.own_pp, day.verdict) if day else None
        return line, self._timeline.time_width, self._look, self.scope, told

    def line_runs(self, index: int, width: int) -> Runs:
        line = self._timeline.lines[index]
        look = self._look
        named = line.event.symbols if line.event else ()
        runs = line_runs(
            line,
            width - 1,
            self._timeline.time_width,
            look.language,
            glyphs(look.glyphs),
            days=self._days,
            with_codes=self.scope is None or len(named) > 1,
            first=self.scope,
        )
        return ((" ", "text"), *runs)

    def can_rest(self, index: int) -> bool:
        return self._timeline.lines[index].kind != "part"

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        words = [*wrap(self._empty_words(), max(width - 2, 1)), "", _HINT.say(self._look.language)]
        return [((f" {text}", "muted"),) for text in words[:height]]

    def _empty_words(self) -> str:
        state = self._state
        language = self._look.language
        if state is None or state.link.phase is LinkPhase.STARTING:
            return _STARTING.say(language)
        if self._wanted.filters and self._timeline.of:
            return no_match_words(self._wanted, self._timeline.of, "Esc", language, glyphs(self._look.glyphs))
        if self.scope is None:
            return (_NOTHING if self._everything else _NO_STOCK).say(language)
        row = state.rows.get(self.scope)
        coverage = row.day.news_coverage if row and row.day else NewsCoverage.NOT_FETCHED
        words = _WORDS[coverage]
        return words.say(language).format(short_code(self.scope))

    @property
    def _look(self) -> Look:
        return self._state.look if self._state else Look()

    # --- keys

    def action_filter(self) -> None:
        self.post_message(FilterWanted(self))

    def action_level(self) -> None:
        """The next scope that occurs; after the last one all."""
        self.show_only(next_scope(self.asked, self.items))

    def action_kind(self) -> None:
        """The next type that occurs; after the last one all."""
        self.show_only(next_kind(self.asked, self.items))

    def action_show_all(self) -> None:
        self.show_only(Wanted())

    def action_scope(self) -> None:
        """This stock or all; the cursor stays on its item where both show it."""
        self._everything = not self._everything
        self._refill()

    def action_open(self) -> None:
        line = self.line
        if line is None:
            return
        if symbol := self._stock_of(line):
            self.post_message(StockOpened(symbol, line.day))
        else:
            self.post_message(Told(_NO_STOCK_OF.say(self._look.language), bad=True))

    def action_open_link(self) -> None:
        line = self.line
        url = (line.event.url if line.event else line.note.event_url if line.note else "") if line else ""
        if is_web_link(url):
            self.post_message(LinkOpened(url))
        else:
            self.post_message(Told(_NO_LINK.say(self._look.language), bad=True))

    def action_note(self) -> None:
        """Edit the note under the cursor, or write a new one beside the event or day."""
        line = self.line
        symbol = self._stock_of(line) if line else self.scope
        if symbol is None or self._state is None:
            self.post_message(Told(_NO_STOCK_OF.say(self._look.language), bad=True))
        elif line is None:
            self.post_message(NoteWanted(symbol, self._state.session_day))
        else:
            self.post_message(NoteWanted(symbol, line.day, line.event, line.note))

    def _stock_of(self, line: TimelineLine) -> Symbol | None:
        """The stock a line speaks of: the timeline's, a note's own, or among all stocks the one an event names."""
        if line.note is not None:
            return line.note.symbol
        selected = self._state.selected if self._state else None
        named = line.event.symbols if line.event and self._everything else ()
        return named[0] if named and selected not in named else selected
