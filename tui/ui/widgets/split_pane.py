"""The selected stock's day in a few lines, under the list; and the day chosen on the detail screen."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import BindingType

from tui.domain.attribution import Attribution, Leg
from tui.domain.row import Row
from tui.domain.symbol import short_code
from tui.render.day_panel import ROOMY, day_lines
from tui.render.explain import own_sentence
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.reasons import row_words
from tui.render.tone import Runs
from tui.render.width import cut
from tui.render.words import day_words
from tui.ui.beside import Beside, beside
from tui.ui.bindings import bindings
from tui.ui.model import LinkPhase, Look, ViewState
from tui.ui.widgets.painting import Painting

_CANDIDATES: Final = 3
# Lines in which everything that can be said of a day has room.
_WHOLE: Final = 200
_MORE: Final = Words("{} more lines", "另有 {} 行")
_NOTHING_BESIDE: Final = Beside()
_NO_STOCK: Final = Words("No stock is selected. a adds stocks to the list.", "未選取股票。按 a 加入股票。")
_STARTING: Final = Words("The split comes with the feed, which is starting.", "數據程序啟動後顯示拆分。")
_NO_PRICE: Final = Words("{} has no price yet, so there is nothing to split.", "{} 尚未有股價，未能拆分。")
_NO_DAY: Final = Words("{}: the history for its split is still on its way.", "{}：正在取得拆分所需的歷史數據。")


def indented(lines: Sequence[Runs]) -> tuple[Runs, ...]:
    """The lines one cell from the border."""
    return tuple(((" ", "text"), *line) if line else () for line in lines)


class SplitPane(Painting, inherit_bindings=False):
    """Verdict, waterfall, headlines and fit of the selected stock's newest day."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state: ViewState | None = None
        self._shown: object = None

    def show(self, state: ViewState) -> None:
        """Take the newest state; nothing is made anew unless the selected stock or the look changed."""
        row = state.rows.get(state.selected) if state.selected else None
        shown = (state.selected, row, state.look, state.link.phase)
        self._state = state
        if shown != self._shown:
            self._shown = shown
            self.repaint()
            self._title(state, row)

    def paint(self, width: int, height: int) -> Sequence[Runs]:
        state = self._state
        if state is None:
            return ()
        row = state.rows.get(state.selected) if state.selected else None
        if row is None or row.day is None:
            return ((), ((cut(" " + _missing_words(state, row), width), "muted"),))
        look = state.look
        known = beside(row.day, row, None, state)
        return indented(
            day_lines(
                row.day,
                width - 2,
                height,
                look.language,
                glyphs(look.glyphs),
                relative_volume=row.relative_volume,
                candidates=_CANDIDATES,
                notes=known.notes,
                results_day=known.results_day,
            )
        )

    def _title(self, state: ViewState, row: Row | None) -> None:
        if row is None:
            self.frame("")
            return
        words = [short_code(row.symbol), stock_name(row, state.look)]
        if row.day is not None:
            words.append(day_words(row.day.date, state.look.language))
        self.frame("  ".join(filter(None, words)))


def _missing_words(state: ViewState, row: Row | None) -> str:
    """Why there is no split to show."""
    language = state.look.language
    if state.selected is None:
        return _NO_STOCK.say(language)
    if row is None and state.link.phase is LinkPhase.STARTING:
        return _STARTING.say(language)
    if row is not None and (odd := row_words(row, language)):
        return odd
    words = _NO_DAY if row is not None and row.quote is not None else _NO_PRICE
    return words.say(language).format(short_code(state.selected))


def stock_name(row: Row, look: Look) -> str:
    """The name in the language of the screen, or in the other where that is not known."""
    names = (row.name_zh, row.name_en) if look.language == "zh" else (row.name_en, row.name_zh)
    return cut(names[0] or names[1], 32)


class DayPane(Painting, inherit_bindings=False):
    """One day in full: verdict, waterfall, its parts by the clock, flags as sentences, the fit.

    Where the pane is too low the least telling is left out, and the frame says how much. With the focus on it, all of
    it is there and scrolls.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("lines")
    can_focus = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._day: Attribution | None = None
        self._legs: Sequence[Leg] = ()
        self._look = Look()
        self._relative_volume: float | None = None
        self._known = _NOTHING_BESIDE
        self._left_out = 0

    @property
    def has_more(self) -> bool:
        """Whether the pane is too low for the day."""
        return self._left_out > 0

    def show_day(
        self,
        day: Attribution | None,
        legs: Sequence[Leg],
        look: Look,
        relative_volume: float | None = None,
        known: Beside = _NOTHING_BESIDE,
    ) -> None:
        """Take the chosen day and what is known beside it."""
        self._day, self._legs, self._look = day, legs, look
        self._relative_volume, self._known = relative_volume, known
        self.repaint()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.repaint()

    def repaint(self) -> None:
        super().repaint()
        if (day := self._day) is not None:
            language = self._look.language
            more = _MORE.say(language).format(self._left_out) if self._left_out and not self.has_focus else ""
            self.frame(day_words(day.date, language, year=True), more)

    def paint(self, width: int, height: int) -> Sequence[Runs]:
        if self._day is None:
            return ()
        whole, fitting = (self._told(self._day, width, lines) for lines in (_WHOLE, height))
        self._left_out = sum(map(bool, whole)) - sum(map(bool, fitting))
        return whole if self.has_focus else fitting

    def _told(self, day: Attribution, width: int, height: int) -> tuple[Runs, ...]:
        look = self._look
        signs = glyphs(look.glyphs)
        roomy = height >= ROOMY
        sentence = own_sentence(day, look.language, signs.minus) if roomy and day.factors else ""
        return indented(
            day_lines(
                day,
                width - 2,
                height,
                look.language,
                signs,
                legs=self._legs,
                relative_volume=self._relative_volume,
                fit=3 if roomy else 2,
                notes=(sentence, *self._known.notes) if sentence else self._known.notes,
                with_rarity=not sentence,
                results_day=self._known.results_day,
            )
        )
