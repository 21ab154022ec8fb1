"""Stacked bars per day as columns around a zero line: index, sector and own part of the last days, oldest at the left.

A column is one cell wide; parts differ in width of stroke as well as in tone. Heights are dots (four a cell in braille,
two in blocks, one in ascii) of the running total, so the parts of a column add up to it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from tui.render.bars import Part, PartName, Scale, scale_of
from tui.render.chart import Frame, date_axis, joined, tick_text, ticks
from tui.render.glyphs import BRAILLE, GlyphName, Glyphs
from tui.render.language import Language
from tui.render.tone import Run, Runs
from tui.render.width import cells

_DOTS: Final[dict[GlyphName, int]] = {"braille": 4, "block": 2, "ascii": 1}
# Dots of a braille cell from top to bottom: the left stroke and the right one.
_LEFT: Final = (0x01, 0x02, 0x04, 0x40)
_RIGHT: Final = (0x08, 0x10, 0x20, 0x80)
_STROKES: Final[dict[PartName, tuple[bool, bool]]] = {"index": (True, False), "sector": (False, True)}
_BLOCKS: Final = {(True, False): "▀", (False, True): "▄", (True, True): "█"}
_ASCII: Final[dict[PartName, str]] = {"index": "-", "sector": "=", "own": "#"}
_LEAST_PLOT = 8


class Rows(msgspec.Struct, frozen=True):
    """The rows of a column chart: how many lie above and below the zero line, dots per row and per percentage point."""

    above: int
    below: int
    dots: int
    dots_per_pp: float


def rows_for(scale: Scale, height: int, set_name: GlyphName) -> Rows:
    """`height` rows shared between up and down as the scale says, one row at least on each side."""
    above = min(max(round(height * scale.up / (scale.up + scale.down)), 1), height - 1)
    per_pp = min(above / scale.up, (height - above) / scale.down)
    return Rows(above, height - above, _DOTS[set_name], per_pp * _DOTS[set_name])


def bar_chart(
    stacks: Sequence[Sequence[Part]],
    days: Sequence[date],
    width: int,
    height: int,
    *,
    selected: int | None = None,
    glyphs: Glyphs = BRAILLE,
    language: Language = "en",
) -> tuple[Runs, ...]:
    """The newest stacks that fit, in exactly `height` lines of at most `width` cells; labels where there is room."""
    if width < 1 or height < 2 or not stacks:
        return ((),) * max(height, 0)
    with_dates = height >= 5
    scale = scale_of(stacks)
    rows = rows_for(scale, height - with_dates, glyphs.name)
    marks = ticks(-rows.below * rows.dots / rows.dots_per_pp, rows.above * rows.dots / rows.dots_per_pp, height // 2)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    labels = {_row_of(value, rows): tick_text(value, step, glyphs.minus) for value in marks}
    margin = max(map(cells, labels.values()), default=0) + 1
    if width - margin < _LEAST_PLOT:
        labels, margin = {}, 0
    room = width - margin
    gap = 1 if len(stacks) * 2 - 1 <= room else 0
    count = min(len(stacks), (room + gap) // (1 + gap))
    first = len(stacks) - count
    columns = [_column(parts, rows, glyphs, selected == first + at) for at, parts in enumerate(stacks[first:])]
    lines: list[Runs] = []
    for row in range(rows.above + rows.below):
        runs: list[Run] = [(labels.get(row, "").rjust(margin - 1) + " ", "muted")] if margin else []
        for at, column in enumerate(columns):
            if at and gap:
                runs.append((" ", "text"))
            runs.append(column[row])
        lines.append(joined(runs))
    if with_dates:
        # One value a column: the frame places dates as the columns stand.
        frame = Frame(count * (1 + gap) - gap, 1, 0.0, 1.0, count, "ascii")
        lines.append(((" " * margin + date_axis(days[first:], frame, language), "muted"),))
    return tuple(lines)


def _row_of(value: float, rows: Rows) -> int:
    """The row that a value's level touches."""
    dots = round(value * rows.dots_per_pp)
    row = rows.above - 1 - (dots - 1) // rows.dots if dots > 0 else rows.above + max(-dots - 1, 0) // rows.dots
    return min(max(row, 0), rows.above + rows.below - 1)


def _column(parts: Sequence[Part], rows: Rows, glyphs: Glyphs, selected: bool) -> list[Run]:
    """One stack from top to bottom, one cell a row."""
    filled: list[list[Part]] = [[] for _ in range((rows.above + rows.below) * rows.dots)]
    zero = rows.above * rows.dots
    up = down = 0.0
    for part in parts:
        if part.value > 0:
            start, up = up, up + part.value
            span = range(zero - round(up * rows.dots_per_pp), zero - round(start * rows.dots_per_pp))
        else:
            start, down = down, down - part.value
            span = range(zero + round(start * rows.dots_per_pp), zero + round(down * rows.dots_per_pp))
        for dot in span:
            if 0 <= dot < len(filled):
                filled[dot].append(part)
    cells_of_column: list[Run] = []
    for row in range(rows.above + rows.below):
        inside = filled[row * rows.dots : (row + 1) * rows.dots]
        sign = _sign(inside, glyphs.name)
        if sign == " " and selected:
            cells_of_column.append(("⠅" if glyphs.name == "braille" else glyphs.axis, "accent"))
        elif sign == " " and row == rows.above:
            cells_of_column.append((_ZERO[glyphs.name], "muted"))
        else:
            cells_of_column.append((sign, _heaviest(inside).tone if sign != " " else "text"))
    return cells_of_column


_ZERO: Final[dict[GlyphName, str]] = {"braille": "⠁", "block": "─", "ascii": "."}


def _heaviest(inside: Sequence[Sequence[Part]]) -> Part:
    """The part that fills most of a cell."""
    found = [part for dot in inside for part in dot]
    return max(found, key=found.count)


def _sign(inside: Sequence[Sequence[Part]], set_name: GlyphName) -> str:
    if not any(inside):
        return " "
    if set_name == "ascii":
        return _ASCII[_heaviest(inside).name]
    if set_name == "block":
        return _BLOCKS[bool(inside[0]), bool(inside[1])]
    bits = 0
    for level, dot in enumerate(inside):
        for part in dot:
            left, right = _STROKES.get(part.name, (True, True))
            bits |= _LEFT[level] * left | _RIGHT[level] * right
    return chr(0x2800 + bits)
