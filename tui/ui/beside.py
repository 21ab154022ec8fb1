"""What the feed knows beside a stock's day, gathered from its row and its history."""

from dataclasses import dataclass

import msgspec

from tui.domain.attribution import Attribution
from tui.domain.effect import Effect
from tui.domain.row import Row
from tui.render.day_notes import day_notes
from tui.render.glyphs import glyphs
from tui.render.history import with_newest
from tui.render.reasons import row_words
from tui.ui.model import ViewState
from tui.wire import History


@dataclass(frozen=True)
class Beside:
    """Whether the stock's results were due, sentences about the split, what the stock did after the day's events."""

    results_day: bool = False
    notes: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


def beside(day: Attribution, row: Row | None, history: History | None, state: ViewState) -> Beside:
    """`row` is given for the newest day only: it knows more of that day than the history."""
    results = history.results.get(day.date) if history else None
    gap = history.gaps.get(day.date) if history else None
    look, note = state.look, ""
    if row is not None:
        results, gap, note = row.results or results, row.gap or gap, row_words(row, look.language)
    today = day.date == state.today.day
    said = day_notes(day, results, gap, look.language, glyphs(look.glyphs).minus, today=today)
    effects = history.effects.get(day.date, ()) if history else ()
    return Beside(results is not None, (*said, note) if note else said, effects)


def with_new_legs(known: History | None, told: History) -> History:
    """What was told; the newest day alone goes into the days already known."""
    if known is None or len(told.days) != 1 or len(known.days) < 2:
        return told
    return msgspec.structs.replace(known, days=with_newest(known.days, told.days[0]), legs=known.legs | told.legs)
