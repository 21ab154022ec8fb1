"""The table of a stock's days: its head line and its rows, newest first."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Final

from tui.domain.attribution import Attribution
from tui.domain.symbol import Symbol, short_code
from tui.domain.text import clean
from tui.render.bars import parts_of_day, scale_of
from tui.render.days import Layout, day_runs, head_runs, layout_for
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.tone import Run, Runs
from tui.render.width import wrap
from tui.ui.model import LinkPhase, Look, ViewState
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.painting import Painting

_ASKING: Final = Words("Asking the feed for {0} sessions of {1}.", "正在向數據程序取得 {1} 的 {0} 個交易日。")
_STARTING: Final = Words("The feed is starting; the days of {1} come with it.", "數據程序正在啟動，其後顯示 {1}。")
_GONE: Final = Words("The feed is gone; the days of {1} come when it is back.", "數據程序中斷，恢復後顯示 {1}。")
_FAILED: Final = Words("No history of {1}: {2}", "未能取得 {1} 的歷史：{2}")


class DaysHead(Painting, inherit_bindings=False):
    """The names of the columns."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._layout: Layout | None = None

    def show_layout(self, layout: Layout | None) -> None:
        """Take the columns of the table below."""
        if layout != self._layout:
            self._layout = layout
            self.repaint()

    def paint(self, width: int, height: int) -> Sequence[Runs]:
        return ((("  ", "header"), *head_runs(self._layout)),) if self._layout else ()


class DaysTable(LineView):
    """One line a day; the cursor is the selected day and stays on its date when days arrive."""

    def __init__(self, head: DaysHead, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head = head
        self._days: tuple[Attribution, ...] = ()
        # Grows with every change of a day, so that an equal day is never painted again.
        self._versions: dict[date, int] = {}
        self._look = Look()
        self._layout: Layout | None = None
        self._waiting = ""
        self._mark: date | None = None

    @property
    def day(self) -> Attribution | None:
        """The day under the cursor."""
        return self._days[self.cursor] if self._days else None

    def show_days(self, days: Sequence[Attribution], look: Look, waiting: str) -> None:
        """Take the days, newest first; `waiting` is what stands there while there are none."""
        before = {day.date: day for day in self._days}
        selected = self.day.date if self.day else None
        for day in days:
            if before.get(day.date) is not day and before.get(day.date) != day:
                self._versions[day.date] = self._versions.get(day.date, 0) + 1
        self._days, self._look = tuple(days), look
        if waiting != self._waiting:
            self._waiting = waiting
            self.refresh()
        self._lay_out()
        self.lines_changed()
        if selected is not None:
            self.select(selected)

    def mark(self, day: date | None) -> None:
        """Show from which day on is added up."""
        self._mark = day
        self.lines_changed()

    def select(self, wanted: date) -> None:
        """Put the cursor on a date, or on the next older day there is."""
        if self._days:
            older = (at for at, day in enumerate(self._days) if day.date <= wanted)
            self.cursor = next(older, len(self._days) - 1)

    def _lay_out(self) -> None:
        if not self._days or self.size.width < 3:
            self._layout = None
        else:
            # Today moves with every tick; a scale made from closed days keeps every other bar where it is.
            closed = self._days[1:] or self._days
            scale = scale_of(parts_of_day(day) for day in closed)
            newest = self._days[0].date
            self._layout = layout_for(
                self.size.width - 2, newest, scale, self._look.language, glyphs(self._look.glyphs)
            )
        self._head.show_layout(self._layout)

    def on_resize(self) -> None:
        self._lay_out()
        self.lines_changed()

    def line_count(self) -> int:
        return len(self._days)

    def line_key(self, index: int) -> Hashable:
        day = self._days[index]
        return day.date, day.symbol, self._versions[day.date], self._layout, day.date == self._mark

    def line_runs(self, index: int, width: int) -> Runs:
        if self._layout is None:
            return ()
        day = self._days[index]
        marked = day.date == self._mark
        begin: Run = (f" {glyphs(self._look.glyphs).mark}", "accent") if marked else ("  ", "text")
        return (begin, *day_runs(day, self._layout))

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        return [((f" {line}", "muted"),) for line in wrap(self._waiting, max(width - 2, 1))[:height]]


def waiting_words(state: ViewState, symbol: Symbol, count: int, error: str) -> str:
    """Why a stock's days are not here: the feed said so (`error`), is asked, starts or is gone."""
    if error:
        words = _FAILED
    elif state.link.phase is LinkPhase.LIVE:
        words = _ASKING
    else:
        words = _STARTING if state.link.phase is LinkPhase.STARTING else _GONE
    return words.say(state.look.language).format(count, short_code(symbol), clean(error))
