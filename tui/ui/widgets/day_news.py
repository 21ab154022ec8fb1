"""What stands beside the selected day: the headlines with their role and the reasons for their rank, and the notes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from tui.domain.attribution import Attribution, Candidate
from tui.domain.effect import Effect
from tui.domain.event import Note
from tui.render.candidates import candidate_lines, coverage_words
from tui.render.effect import effects_line
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.tone import Runs, Tone
from tui.render.width import cut, wrap
from tui.render.words import is_own
from tui.ui.model import Look
from tui.ui.widgets.line_view import LineView

_TITLE: Final = Words("what could explain it", "可能的解釋")
_NO_NOTE: Final = Words("n writes a note on this day.", "按 n 為此日加筆記。")
_NOTHING: Final = Words("Nothing known beside this day.", "此日沒有其他資料。")


@dataclass(frozen=True)
class _Line:
    """A painted line and what the keys act on while the cursor is on it."""

    runs: Runs
    candidate: Candidate | None = None
    note: Note | None = None
    first: bool = False


class DayNews(LineView):
    """Candidates first, in the order of their rank, then the notes of the day."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._day: Attribution | None = None
        self._notes: tuple[Note, ...] = ()
        self._look = Look()
        self._effects: tuple[Effect, ...] = ()
        self._lines: tuple[_Line, ...] = ()

    @property
    def candidate(self) -> Candidate | None:
        """The headline under the cursor, else the first one."""
        held = self._lines[self.cursor].candidate if self.cursor < len(self._lines) else None
        return held or (self._day.headlines[0] if self._day and self._day.headlines else None)

    @property
    def note(self) -> Note | None:
        """The note under the cursor, else the day's newest."""
        held = self._lines[self.cursor].note if self.cursor < len(self._lines) else None
        return held or (self._notes[0] if self._notes else None)

    def show_day(
        self, day: Attribution | None, notes: Sequence[Note], look: Look, effects: Sequence[Effect] = ()
    ) -> None:
        """Take the selected day, its notes, newest first, and what the stock did after the day's events."""
        moved = day is None or self._day is None or day.date != self._day.date
        self._day, self._notes, self._look, self._effects = day, tuple(notes), look, tuple(effects)
        self._make_lines()
        if moved:
            self.cursor = self._resting_place(0, 1)
        self.frame(_TITLE.say(look.language))

    def on_resize(self) -> None:
        self._make_lines()

    def _make_lines(self) -> None:
        width = self.size.width - 2
        self._lines = tuple(self._lines_of(self._day, width)) if self._day and width > 0 else ()
        self.lines_changed()

    def _lines_of(self, day: Attribution, width: int) -> list[_Line]:
        look = self._look
        signs = glyphs(look.glyphs)
        lines: list[_Line] = []
        # What the stock did by itself afterwards stands under the last of its own news.
        after = effects_line(self._effects, width - 2, look.language, signs.minus)
        own = (each for each in reversed(day.candidates) if each.part == "own" and each.role != "recap")
        last_own = next(own, None)
        for candidate in day.candidates:
            told = candidate_lines(candidate, day, width, look.language, signs)
            lines += [_Line(runs, candidate, first=at == 0) for at, runs in enumerate(told)]
            if after and candidate is last_own:
                lines.append(_Line((("  " + after, "text"),)))
        if after and last_own is None:
            lines.append(_Line(((after, "text"),)))
        if words := coverage_words(day, look.language):
            tone: Tone = "own" if is_own(day.verdict) else "muted"
            lines += [_Line(((line, tone),)) for line in wrap(words, width)]
        for note in self._notes:
            text = wrap(f"{signs.note} {' '.join(note.text.split())}", width, "  ")
            lines += [_Line(((line, "note"),), note=note, first=at == 0) for at, line in enumerate(text)]
        if not self._notes:
            lines.append(_Line(((cut(_NO_NOTE.say(look.language), width), "muted"),)))
        return lines

    def line_count(self) -> int:
        return len(self._lines)

    def line_key(self, index: int) -> Hashable:
        return self._lines[index].runs

    def line_runs(self, index: int, width: int) -> Runs:
        return ((" ", "text"), *self._lines[index].runs)

    def can_rest(self, index: int) -> bool:
        return self._lines[index].first

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        return (((" " + cut(_NOTHING.say(self._look.language), max(width - 2, 0)), "muted"),),)
