"""Own moves for which no news was found: the days to look at first, and those nobody was asked about."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType

from tui.domain.attribution import Attribution
from tui.domain.symbol import short_code
from tui.domain.text import clean
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.reasons import reason_words
from tui.render.tone import Runs, Tone
from tui.render.unexplained import looked_words, move_runs, tally_words
from tui.render.width import wrap
from tui.render.words import is_own
from tui.ui.bindings import bindings
from tui.ui.messages import LineChosen, StockOpened
from tui.ui.model import ViewState
from tui.ui.questions import AnswerArrived
from tui.ui.screens.panel import AskingScreen
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.split_pane import stock_name
from tui.wire import AskUnexplained, Unexplained

SESSIONS: Final = 20
_MANY: Final = 8

_TITLE: Final = Words("own moves without news", "未見消息的個別發展")
_NONE: Final = Words("None: every own move that was asked about has news.", "沒有：已查詢的個別發展均有消息。")
_UNASKED: Final = Words("news not fetched, so nothing can be said", "未查詢消息，故無從判斷")
_WAITING: Final = Words("without a history yet: {}", "尚未有歷史數據：{}")
_ASKING: Final = Words("Asking the feed for the last sessions.", "正在向數據程序查詢近日的交易日。")


@dataclass(frozen=True)
class _Line:
    """A sentence of the head, a heading, or a move."""

    text: str = ""
    tone: Tone = "muted"
    day: Attribution | None = None
    name: str = ""


class MoveLines(LineView):
    """What was looked at, the ledger's tally, the moves; the cursor rests on moves."""

    def __init__(self) -> None:
        super().__init__(id="unexplained")
        self.answer: Unexplained | None = None
        self._state: ViewState | None = None
        self._lines: tuple[_Line, ...] = ()

    @property
    def day(self) -> Attribution | None:
        """The move under the cursor."""
        return self._lines[self.cursor].day if self.cursor < len(self._lines) else None

    def show(self, answer: Unexplained | None, state: ViewState) -> None:
        held = self.day
        self.answer, self._state = answer, state
        self._make_lines()
        found = next((at for at, line in enumerate(self._lines) if line.day and _same(line.day, held)), None)
        self.cursor = self._resting_place(0, 1) if found is None else found
        count = f"  {len(answer.days)}" if answer else ""
        self.frame(f"{_TITLE.say(state.look.language)}{count}", "Esc")

    def on_resize(self) -> None:
        self._make_lines()

    def _make_lines(self) -> None:
        state, answer, width = self._state, self.answer, self.size.width
        self._lines = _lines_of(answer, state, max(width - 2, 8)) if state and answer and not answer.error else ()
        self.has_cursor = any(line.day for line in self._lines)
        self.lines_changed()

    def line_count(self) -> int:
        return len(self._lines)

    def line_key(self, index: int) -> Hashable:
        return self.line_runs(index, self.size.width)

    def line_runs(self, index: int, width: int) -> Runs:
        line, state = self._lines[index], self._state
        if line.day is None or state is None:
            return ((f" {line.text}", line.tone),)
        look = state.look
        runs = move_runs(line.day, line.name, width - 2, look.language, glyphs(look.glyphs).minus)
        return ((" ", "text"), *runs)

    def can_rest(self, index: int) -> bool:
        return self._lines[index].day is not None

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        if self._state is None:
            return ()
        error = self.answer.error if self.answer else ""
        words = clean(error) or _ASKING.say(self._state.look.language)
        return ((), *(((f"  {line}", "muted"),) for line in wrap(words, max(width - 4, 8))))


def _same(day: Attribution, other: Attribution | None) -> bool:
    return other is not None and (day.symbol, day.date) == (other.symbol, other.date)


def _lines_of(answer: Unexplained, state: ViewState, width: int) -> tuple[_Line, ...]:
    language = state.look.language
    none, unasked = len(answer.days), len(answer.unasked)
    head = [looked_words(answer.stocks, answer.sessions, answer.own, none, unasked, language)]
    if answer.tally is not None:
        head.append(tally_words(answer.tally, language))
    elif answer.why_no_tally is not None:
        head.append(reason_words(answer.why_no_tally, language))
    elif answer.no_tally:
        head.append(clean(answer.no_tally))
    if answer.waiting:
        codes = " ".join(map(short_code, answer.waiting[:_MANY])) + " .." * (len(answer.waiting) > _MANY)
        head.append(_WAITING.say(language).format(codes))
    lines = [_Line(text) for words in head for text in wrap(words, width)]
    if answer.own > unasked:
        lines.append(_Line())
    lines += [_move(day, state) for day in answer.days]
    if not answer.days and answer.own > unasked:
        lines += [_Line(text, "text") for text in wrap(_NONE.say(language), width)]
    if answer.unasked:
        lines += [_Line(), *(_Line(text, "header") for text in wrap(_UNASKED.say(language), width))]
        lines += [_move(day, state) for day in answer.unasked]
    return tuple(lines)


def _move(day: Attribution, state: ViewState) -> _Line:
    row = state.rows.get(day.symbol)
    return _Line(day=day, name=stock_name(row, state.look) if row else "")


class UnexplainedScreen(AskingScreen, inherit_bindings=False):
    """Enter opens the stock on the day of the move."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("unexplained")
    CONTEXTS = ("unexplained", "lines", "app")

    def make_view(self) -> LineView:
        return MoveLines()

    def question(self, state: ViewState) -> AskUnexplained:
        return AskUnexplained(state.symbols, SESSIONS)

    def depends_on(self, state: ViewState) -> object:
        days = ((symbol, row.day) for symbol in state.symbols if (row := state.rows.get(symbol)))
        known = tuple((symbol, day.date, is_own(day.verdict), day.news_coverage) for symbol, day in days if day)
        return state.events_version, known

    def show_lines(self, state: ViewState) -> None:
        super().show_lines(state)
        self._lines.show(self._lines.answer, state)

    @property
    def _lines(self) -> MoveLines:
        return self.query_one(MoveLines)

    @on(AnswerArrived)
    def _answered(self, message: AnswerArrived) -> None:
        message.stop()
        if isinstance(message.answer, Unexplained):
            self._lines.show(message.answer, self._state)
            self.answered()

    @on(LineChosen)
    def _open(self, message: LineChosen) -> None:
        message.stop()
        if day := self._lines.day:
            self.post_message(StockOpened(day.symbol, day.date))
