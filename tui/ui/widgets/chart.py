"""The chart over a stock's days."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from tui.domain.attribution import Attribution
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.history import CHARTS, ChartKind, chart_lines, chart_title, pin_words
from tui.render.language import Language, Words
from tui.render.tone import Runs
from tui.render.width import cut
from tui.ui.widgets.painting import Painting

_WAITING: Final = Words("The chart comes with the days.", "取得歷史後顯示圖表。")


class ChartPane(Painting, inherit_bindings=False):
    """The own part accumulated over the days, the price, or the parts of each day, with the selected day marked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.kind: ChartKind = "own"
        self._days: Sequence[Attribution] = ()
        self._selected = 0
        self._noted: frozenset[date] = frozenset()
        self._language: Language = "en"
        self._glyphs = BRAILLE

    def next_kind(self) -> None:
        """Show the next of the pictures."""
        self.kind = CHARTS[(CHARTS.index(self.kind) + 1) % len(CHARTS)]
        self.repaint()

    def show_days(
        self, days: Sequence[Attribution], selected: int, noted: frozenset[date], language: Language, glyphs: Glyphs
    ) -> None:
        """Take the days, newest first, and which of them is selected."""
        self._days, self._selected, self._noted = days, selected, noted
        self._language, self._glyphs = language, glyphs
        self.repaint()

    def paint(self, width: int, height: int) -> Sequence[Runs]:
        if len(self._days) < 2:
            self.frame("", "")
            return ((), ((cut(f" {_WAITING.say(self._language)}", width), "muted"),))
        room = width - 4
        title = chart_title(self.kind, self._days, self._selected, room, self._language, self._glyphs)
        pins = "" if self.kind == "parts" else pin_words(room, self._language, self._glyphs)
        self.frame(title, pins)
        return chart_lines(
            self.kind,
            self._days,
            width,
            height,
            selected=self._selected,
            noted=self._noted,
            language=self._language,
            glyphs=self._glyphs,
        )
