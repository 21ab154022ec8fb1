"""The calendar ahead of the current list: tonight, tomorrow, this week."""

from collections.abc import Hashable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import BindingType

from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import to_hkt
from tui.render.ahead import AheadLine, ahead_lines, ahead_runs
from tui.render.language import Language, Words
from tui.render.tone import Runs
from tui.render.width import wrap
from tui.ui.bindings import bindings
from tui.ui.messages import LineChosen, StockOpened
from tui.ui.model import ViewState
from tui.ui.questions import AnswerArrived
from tui.ui.screens.panel import AskingScreen
from tui.ui.widgets.line_view import LineView
from tui.wire import Ahead, AskAhead

_TITLE: Final = Words("ahead", "前瞻")
_ASKING: Final = Words("Asking the feed what the coming days hold.", "正在向數據程序查詢未來數日。")
_NOTHING: Final = Words(
    "Nothing is known of the next fortnight for this list: no results, ex-dates, half-days or holidays.",
    "未來兩週此清單沒有已知事項：沒有業績、除淨、半日市或假期。",
)
_NOT_FETCHED: Final = Words(
    "Results and ex-dates were not fetched: no source of them has answered. The next fortnight has no half-days or "
    "holidays.",
    "未查詢業績及除淨日：沒有來源回應。未來兩週沒有半日市或假期。",
)
_PARTLY: Final = Words("results and ex-dates not fetched", "未查詢業績及除淨日")


class AheadLines(LineView):
    """Days and what they hold; the cursor rests on what a stock's detail can be opened for."""

    def __init__(self) -> None:
        super().__init__(id="ahead")
        self.answer: Ahead | None = None
        self._symbols: tuple[Symbol, ...] = ()
        self._language: Language = "en"
        self._lines: tuple[AheadLine, ...] = ()

    @property
    def symbol(self) -> Symbol | None:
        """The stock under the cursor."""
        return self._lines[self.cursor].symbol if self.cursor < len(self._lines) else None

    def show(self, answer: Ahead | None, state: ViewState) -> None:
        self.answer, self._symbols, self._language = answer, state.symbols, state.look.language
        self._lines = ahead_lines(answer.coming, self._symbols, self._language) if answer else ()
        self.lines_changed()
        title = f"{_TITLE.say(self._language)}  {clean(state.list_name, 40)}"
        if self._lines and answer and not answer.fetched:
            title += f"  {_PARTLY.say(self._language)}"
        self.frame(title, "Esc")

    def line_count(self) -> int:
        return len(self._lines)

    def line_key(self, index: int) -> Hashable:
        return self._lines[index], self._language

    def line_runs(self, index: int, width: int) -> Runs:
        return ((" ", "text"), *ahead_runs(self._lines[index], width - 2, self._language))

    def can_rest(self, index: int) -> bool:
        return not self._lines[index].heading

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        if self.answer is None:
            words = _ASKING.say(self._language)
        elif self.answer.error:
            words = clean(self.answer.error)
        else:
            words = (_NOTHING if self.answer.fetched else _NOT_FETCHED).say(self._language)
        return ((), *(((f"  {line}", "muted"),) for line in wrap(words, max(width - 4, 8))))


class AheadScreen(AskingScreen, inherit_bindings=False):
    """Enter opens the stock."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("ahead")
    CONTEXTS = ("ahead", "lines", "app")

    def make_view(self) -> LineView:
        return AheadLines()

    def question(self, state: ViewState) -> AskAhead:
        return AskAhead(state.symbols)

    def depends_on(self, state: ViewState) -> object:
        # An event of today is left out once its hour has passed.
        at = to_hkt(state.now)
        return state.events_version, state.trading_days, at.date(), at.hour

    def show_lines(self, state: ViewState) -> None:
        super().show_lines(state)
        self._lines.show(self._lines.answer, state)

    @property
    def _lines(self) -> AheadLines:
        return self.query_one(AheadLines)

    @on(AnswerArrived)
    def _answered(self, message: AnswerArrived) -> None:
        message.stop()
        if isinstance(message.answer, Ahead):
            self._lines.show(message.answer, self._state)
            self.answered()

    @on(LineChosen)
    def _open(self, message: LineChosen) -> None:
        message.stop()
        if symbol := self._lines.symbol:
            self.post_message(StockOpened(symbol))
