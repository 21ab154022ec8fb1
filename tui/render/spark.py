"""The day of a stock in one line of cells, drawn around its reference: the previous close, or zero for the own part.

Braille: every column reaches from the reference to the value, so a day above it stands and a day below it hangs, and
direction is read without colour. Steps (block, ascii): the first cell is the reference's own height, quiet; the others
are compared with it. A column without a value stays empty, and so does the lunch break.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Final

from tui.domain.row import SPARK_POINTS
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.tone import Run, Runs, Tone

Values = Sequence[float | None]

LUNCH_AFTER: Final = 31  # points of the morning: the open and every five minutes to 12:00
_ROWS: Final = 4  # braille dots in a cell, from the bottom
# The bits of the dots of a braille cell by column and height, lowest dot first.
_DOTS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
# The dots from one height to another, both included: _REACH[column][from][to].
_REACH: Final = tuple(
    tuple(tuple(sum(dots[min(a, b) : max(a, b) + 1]) for b in range(_ROWS)) for a in range(_ROWS)) for dots in _DOTS
)
_BLANK: Final = 0x2800
_LEAST_STEPS_FOR_LUNCH: Final = 10
_UNREAL: Final = 1e15  # no price and no own part is this large; NaN and infinity are not below it either


def price_spark(values: Values, previous_close: float | None, width: int, glyphs: Glyphs = BRAILLE) -> Runs:
    """Prices of a day in exactly `width` cells, around the previous close (around the first price without one).

    The whole height stands for at least one percent, so that a quiet day looks quiet.
    """
    reference = _known(previous_close) or next((value for value in values if _known(value)), None)
    if reference is None:
        return _empty(width)
    return _spark(values, reference, abs(reference) / 100, width, glyphs)


def own_spark(values: Values, width: int, glyphs: Glyphs = BRAILLE) -> Runs:
    """The own part of a day in exactly `width` cells, percentage points around zero; full height at least one."""
    if all(value is None for value in values):
        return _empty(width)
    return _spark(values, 0.0, 1.0, width, glyphs)


def _empty(width: int) -> Runs:
    return ((" " * width, "flat"),)


def _spark(values: Values, reference: float, least_span: float, width: int, glyphs: Glyphs) -> Runs:
    if width <= 0:
        return ()
    if glyphs.spark:
        columns = _columns(values, width - 1, width >= _LEAST_STEPS_FOR_LUNCH)
        return _steps(columns, reference, least_span, glyphs.spark)
    return _braille(_columns(values, 2 * width, width > 1), reference, least_span)


def _columns(values: Values, count: int, lunch: bool) -> list[float | None]:
    """The last known value of each of `count` equal stretches of the day, None where nothing was traded.

    One column between morning and afternoon is left out for lunch.
    """
    if lunch and len(values) == SPARK_POINTS and count > 3:
        morning = max(1, round((count - 1) * LUNCH_AFTER / SPARK_POINTS))
        return [
            *_stretches(values[:LUNCH_AFTER], morning),
            None,
            *_stretches(values[LUNCH_AFTER:], count - 1 - morning),
        ]
    return _stretches(values, count)


def _stretches(values: Values, count: int) -> list[float | None]:
    size = len(values)
    if not size or count < 1:
        return [None] * count
    if size <= count:
        # Fewer points than columns: each point is as wide as its stretch of the day.
        return [_known(values[column * size // count]) for column in range(count)]
    found: list[float | None] = []
    for first, end in pairwise([column * size // count for column in range(count + 1)]):
        last = values[end - 1]
        if last is None:
            last = next((value for value in reversed(values[first:end]) if value is not None), None)
        found.append(_known(last))
    return found


def _known(value: float | None) -> float | None:
    return value if value is not None and abs(value) < _UNREAL else None


def _scale(columns: Sequence[float | None], reference: float, least_span: float, steps: int) -> tuple[float, float]:
    """The value at the lowest step and how many steps one unit is; the reference always lies within."""
    known = [value for value in columns if value is not None]
    low, high = min((reference, *known)), max((reference, *known))
    missing = least_span - (high - low)
    if missing > 0:
        low, high = low - missing / 2, high + missing / 2
    span = high - low
    per_unit = (steps - 1) / span if span > 0 else 0.0
    return (low, per_unit) if isfinite(per_unit) else (low, 0.0)


def _braille(columns: Sequence[float | None], reference: float, least_span: float) -> Runs:
    low, per_unit = _scale(columns, reference, least_span, _ROWS)
    middle = round((reference - low) * per_unit)
    runs: list[Run] = []
    for left in range(0, len(columns), 2):
        bits = 0
        tone: Tone = "flat"
        for side, value in enumerate(columns[left : left + 2]):
            if value is not None:
                bits |= _REACH[side][middle][round((value - low) * per_unit)]
                tone = _tone(value, reference)
        runs.append((chr(_BLANK + bits) if bits else " ", tone))
    return _joined(runs)


def _steps(columns: Sequence[float | None], reference: float, least_span: float, steps: str) -> Runs:
    low, per_unit = _scale(columns, reference, least_span, len(steps))
    runs: list[Run] = [(steps[round((reference - low) * per_unit)], "muted")]
    for value in columns:
        if value is None:
            runs.append((" ", "flat"))
        else:
            runs.append((steps[round((value - low) * per_unit)], _tone(value, reference)))
    return _joined(runs)


def _tone(value: float, reference: float) -> Tone:
    return "rise" if value > reference else "fall" if value < reference else "flat"


def _joined(runs: Sequence[Run]) -> Runs:
    """Neighbours of one tone as one run; blanks join what stands before them."""
    joined: list[Run] = []
    for text, tone in runs:
        if joined and (joined[-1][1] == tone or text == " "):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, tone))
    return tuple(joined)
