"""Horizontal bars in cells: the stacked bar of one day around a zero line, and of the parts of a day.

Lengths are whole steps of half a cell (a cell where the glyph set has no halves), got by rounding the running total,
so that the parts of a stack always add up to the stack. The three parts differ in weight as well as in tone: own is
the heaviest, the index the lightest.
"""

from collections.abc import Iterable, Sequence
from math import isfinite

import msgspec

from tui.domain.attribution import Attribution, Leg, Verdict
from tui.render.glyphs import BRAILLE, GlyphName, Glyphs
from tui.render.language import Language
from tui.render.numbers import signed, signed_cell
from tui.render.tone import Run, Runs, Tone
from tui.render.width import cells, pad
from tui.render.words import leg_words, part_words

PartName = str
PARTS: tuple[PartName, ...] = ("index", "sector", "own")
_TONES: dict[PartName, Tone] = {"index": "market", "sector": "sector", "own": "own"}


class Fill(msgspec.Struct, frozen=True):
    """What fills a whole cell, its left half and its right half; halves are "" where the set has none."""

    full: str
    left: str = ""
    right: str = ""


_FILLS: dict[GlyphName, dict[PartName, Fill]] = {
    "braille": {"index": Fill("⠒", "⠂", "⠐"), "sector": Fill("⠶", "⠆", "⠰"), "own": Fill("⣿", "⡇", "⢸")},
    "block": {"index": Fill("░"), "sector": Fill("▒"), "own": Fill("█")},
    "ascii": {"index": Fill("-"), "sector": Fill("="), "own": Fill("#")},
}
_BEYOND: dict[GlyphName, tuple[str, str]] = {"braille": ("◂", "▸"), "block": ("◀", "▶"), "ascii": ("<", ">")}
_LEAST_BAR = 9


def zero_line(glyphs: Glyphs = BRAILLE) -> str:
    """The sign of the zero line: lighter than any bar, so that it is never read as half a cell of one."""
    return "⠅" if glyphs.name == "braille" else glyphs.axis


def steps_per_cell(set_name: GlyphName) -> int:
    """How finely stacked bars are measured: two steps a cell in braille, one elsewhere."""
    return 2 if set_name == "braille" else 1


class Part(msgspec.Struct, frozen=True):
    """One part of a move and how it is painted."""

    name: PartName
    value: float
    tone: Tone


def own_tone(day: Attribution) -> Tone:
    """The own part speaks in its colour only where it is rare; otherwise it is noise and stays quiet."""
    if day.verdict is Verdict.OWN:
        return "own"
    return "own_possible" if day.verdict is Verdict.OWN_POSSIBLE else "quiet"


def parts_of(market: float | None, sector: float | None, own: float | None, tone: Tone = "own") -> tuple[Part, ...]:
    """The known parts in the order they are stacked."""
    named = zip(PARTS, (market, sector, own), (_TONES["index"], _TONES["sector"], tone), strict=True)
    return tuple(Part(name, value, part_tone) for name, value, part_tone in named if value and isfinite(value))


def parts_of_day(day: Attribution) -> tuple[Part, ...]:
    """The parts of a day's move."""
    return parts_of(day.market_pp, day.sector_pp, day.own_pp, own_tone(day))


class Scale(msgspec.Struct, frozen=True):
    """Percentage points at the two ends of a bar: `down` left of the zero line, `up` right of it; both above zero."""

    down: float
    up: float


def scale_of(stacks: Iterable[Sequence[Part]], covered: float = 0.97) -> Scale:
    """One scale for many stacks: it holds the share `covered` of them on each side, so that one wild day does not
    flatten the others; what is beyond ends in an arrow."""
    downs: list[float] = []
    ups: list[float] = []
    for parts in stacks:
        downs.append(-sum(part.value for part in parts if part.value < 0))
        ups.append(sum(part.value for part in parts if part.value > 0))
    down, up = _reach(downs, covered), _reach(ups, covered)
    most = max(down, up)
    if most < 0.01:
        return Scale(1.0, 1.0)
    # Neither side disappears: the zero line stays away from the edges.
    return Scale(max(down, most / 4), max(up, most / 4))


def _reach(sizes: list[float], covered: float) -> float:
    ordered = sorted(sizes)
    return ordered[min(len(ordered) - 1, int(covered * len(ordered)))] if ordered else 0.0


class Axis(msgspec.Struct, frozen=True):
    """Where the zero line stands in a bar of `width` cells and how long one percentage point is, in steps."""

    width: int
    zero: int
    steps_per_pp: float
    set_name: GlyphName


def axis_of(scale: Scale, width: int, set_name: GlyphName) -> Axis:
    """The axis of a bar: one cell is the zero line, the rest is shared as the scale says."""
    room = width - 1
    zero = min(max(round(room * scale.down / (scale.down + scale.up)), 1), max(room - 1, 0))
    per_pp = min(zero / scale.down, (room - zero) / scale.up) if room > 1 else 0.0
    return Axis(width, zero, per_pp * steps_per_cell(set_name), set_name)


def spans(parts: Sequence[Part], axis: Axis) -> list[tuple[Part, int, int]]:
    """Each part with its first and last-plus-one step, counted outwards from the zero line on the side of its sign.

    Not cut to the axis: a span may lie beyond its end.
    """
    totals = {True: 0.0, False: 0.0}
    found = []
    for part in parts:
        side = part.value > 0
        start = totals[side]
        totals[side] = end = start + abs(part.value)
        found.append((part, round(start * axis.steps_per_pp), round(end * axis.steps_per_pp)))
    return found


def stacked_bar(parts: Sequence[Part], axis: Axis, glyphs: Glyphs = BRAILLE) -> Runs:
    """One stack in exactly `axis.width` cells: what lifts the price to the right of the zero line, what presses it to
    the left."""
    if axis.width < 3:
        return ((" " * max(axis.width, 0), "text"),)
    per_cell = steps_per_cell(axis.set_name)
    cells_left, cells_right = axis.zero, axis.width - 1 - axis.zero
    grid: list[Run] = [(" ", "text")] * axis.width
    grid[axis.zero] = (zero_line(glyphs), "muted")
    for part, first, last in spans(parts, axis):
        fill = _FILLS[axis.set_name][part.name]
        right = part.value > 0
        room = (cells_right if right else cells_left) * per_cell
        for step in range(min(first, room), min(last, room)):
            cell, inner = divmod(step, per_cell)
            at = axis.zero + 1 + cell if right else axis.zero - 1 - cell
            leading = (inner == 0) == right
            grid[at] = (_half(grid[at], fill, per_cell, leading), part.tone)
        if last > room:
            left_mark, right_mark = _BEYOND[axis.set_name]
            grid[axis.width - 1 if right else 0] = (right_mark if right else left_mark, part.tone)
    return tuple(grid)


def _half(held: Run, fill: Fill, per_cell: int, leading: bool) -> str:
    """The cell with one more step in it: `leading` is its left half."""
    if per_cell == 1:
        return fill.full
    half = fill.left if leading else fill.right
    if held[0] == " ":
        return half
    return chr(ord(held[0]) | ord(half))


def legend(language: Language = "en", glyphs: Glyphs = BRAILLE, *, doubled: bool = True) -> Runs:
    """What the fills stand for: "⠒⠒ index  ⠶⠶ sector  ⣿⣿ own", or shorter "⠒ index ⠶ sector ⣿ own"."""
    times, gap = (2, "  ") if doubled else (1, " ")
    runs: list[Run] = []
    for name in PARTS:
        runs.append((_FILLS[glyphs.name][name].full * times, _TONES[name]))
        runs.append((f" {part_words(name, language)}{gap}", "muted"))
    runs[-1] = (runs[-1][0].rstrip(), "muted")
    return tuple(runs)


def leg_lines(
    legs: Sequence[Leg], width: int, language: Language = "en", glyphs: Glyphs = BRAILLE, tone: Tone = "own"
) -> tuple[Runs, ...]:
    """The parts of a day, one a line: name, move, own part, and the stacked bar where there is room."""
    if not legs:
        return ()
    label = max(cells(leg_words(leg.name, language)) for leg in legs)
    own = part_words("own", language)
    stacks = [parts_of(leg.market_pp, leg.sector_pp, leg.own_pp, _leg_tone(leg, tone)) for leg in legs]
    number = max(7, *(len(signed(leg.return_pct)) for leg in legs), *(len(signed(leg.own_pp)) for leg in legs))
    with_own = label + 1 + number + 2 + cells(own) + number
    bar = width - with_own - 2
    axis = axis_of(scale_of(stacks, 1.0), bar, glyphs.name) if bar >= _LEAST_BAR else None
    lines: list[Runs] = []
    for leg, stack in zip(legs, stacks, strict=True):
        runs: list[Run] = [
            (pad(leg_words(leg.name, language), label) + " ", "muted"),
            (signed_cell(leg.return_pct, number, glyphs.minus), "text"),
        ]
        if width >= with_own and leg.own_pp is not None:
            runs += [(f"  {own}", "muted"), (signed_cell(leg.own_pp, number, glyphs.minus), _leg_tone(leg, tone))]
            if axis is not None:
                runs += [("  ", "text"), *stacked_bar(stack, axis, glyphs)]
        lines.append(tuple(runs) if width >= label + 1 + number else ())
    return tuple(lines)


def _leg_tone(leg: Leg, tone: Tone) -> Tone:
    """A part of the day whose own move is under twice its forecast error is noise, whatever the day was."""
    if leg.own_pp is None or (leg.forecast_se_pp is not None and abs(leg.own_pp) < 2 * leg.forecast_se_pp):
        return "quiet"
    return tone
