"""A line over days in cells: dots of 2 by 4 a cell in braille, 1 by 2 in blocks, 1 by 3 in ascii.

A missing value breaks the line; nothing is drawn across it. Marks are pinned on the line itself, so that a headline
stands where the line stood that day.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import ceil, floor, isfinite, log10

import msgspec

from tui.render.glyphs import BRAILLE, GlyphName, Glyphs
from tui.render.language import Language
from tui.render.numbers import MINUS
from tui.render.tone import Run, Runs, Tone
from tui.render.width import cells
from tui.render.words import day_words

_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLOCK = " ▀▄█"
_ASCII = " '-|.::|"
# Dots of one cell, across and down.
DOTS: dict[GlyphName, tuple[int, int]] = {"braille": (2, 4), "block": (1, 2), "ascii": (1, 3)}
_LEAST_PLOT = 8  # with fewer cells across, the plot needs them more than the labels do
_GUIDE: dict[GlyphName, str] = {"braille": "⠅", "block": "┊", "ascii": ":"}
_GAP = 2  # blank cells between two labels of the date axis


class Pin(msgspec.Struct, frozen=True):
    """A mark on the line at one of its values; a later pin on the same cell covers an earlier one."""

    index: int
    mark: str
    tone: Tone


class Frame(msgspec.Struct, frozen=True):
    """The plot: its size in cells, the values at its edges and how many values run across it."""

    width: int
    height: int
    low: float
    high: float
    count: int
    set_name: GlyphName

    def dot_x(self, index: int) -> int:
        """The column of dots of a value: the first at the left edge, the last at the right."""
        across = self.width * DOTS[self.set_name][0]
        return 0 if self.count < 2 else round(index * (across - 1) / (self.count - 1))

    def dot_y(self, value: float) -> int:
        """The row of dots of a value, from the top."""
        down = self.height * DOTS[self.set_name][1]
        place = (self.high - value) / (self.high - self.low)
        return min(max(round(place * (down - 1)), 0), down - 1)

    def cell(self, index: int, value: float) -> tuple[int, int]:
        """Column and row of the cell a value lies in."""
        across, down = DOTS[self.set_name]
        return self.dot_x(index) // across, self.dot_y(value) // down


def finite(values: Sequence[float | None]) -> list[float]:
    """The known values."""
    return [value for value in values if value is not None and isfinite(value)]


def frame_of(values: Sequence[float | None], width: int, height: int, set_name: GlyphName, *, zero: bool) -> Frame:
    """A frame that holds every value, and zero where it matters; a flat line lies in the middle."""
    known = finite(values) + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    if high - low < 1e-9 * max(abs(high), abs(low), 1.0):
        room = abs(high) * 0.01 or 1.0
        low, high = low - room, high + room
    return Frame(width, height, low, high, len(values), set_name)


def line_rows(values: Sequence[float | None], frame: Frame) -> list[str]:
    """The line alone: `height` texts of `width` cells, blank where nothing is drawn."""
    across, down = DOTS[frame.set_name]
    dots = [bytearray(frame.width * across) for _ in range(frame.height * down)]
    before: tuple[int, int] | None = None
    for index, value in enumerate(values):
        if value is None or not isfinite(value):
            before = None
            continue
        here = frame.dot_x(index), frame.dot_y(value)
        for x, y in _between(before or here, here):
            dots[y][x] = 1
        before = here
    return [
        "".join(_cell(dots, column, row, frame.set_name) for column in range(frame.width))
        for row in range(frame.height)
    ]


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots of a straight line, both ends included."""
    (x, y), (to_x, to_y) = start, end
    steps = max(abs(to_x - x), abs(to_y - y))
    if steps == 0:
        return [end]
    return [(round(x + (to_x - x) * i / steps), round(y + (to_y - y) * i / steps)) for i in range(steps + 1)]


def _cell(dots: list[bytearray], column: int, row: int, set_name: GlyphName) -> str:
    across, down = DOTS[set_name]
    lines = dots[row * down : (row + 1) * down]
    if set_name == "braille":
        bits = sum(
            bit
            for line, pair in zip(lines, _BRAILLE_BITS, strict=True)
            for bit, dot in zip(pair, line[column * across : column * across + 2], strict=True)
            if dot
        )
        return chr(0x2800 + bits) if bits else " "
    level = sum(1 << at for at, line in enumerate(lines) if line[column])
    return (_BLOCK if set_name == "block" else _ASCII)[level]


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round values inside [low, high], at most `most` of them, in steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if most < 1 or not span > 0 or not isfinite(span):
        return ()
    power = 10.0 ** (floor(log10(span / most)) - 1)
    for step in (factor * power for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first < most:
            return tuple(round(number * step, 10) for number in range(first, last + 1))
    return ()


def tick_text(value: float, step: float, minus: str = MINUS) -> str:
    """A tick with the decimals its step needs: "+5", "−0.5"; zero has no sign."""
    decimals = max(0, -floor(log10(step) + 1e-9)) if step > 0 else 0
    text = f"{abs(value):.{decimals}f}"
    return text if not value else f"{'+' if value > 0 else minus}{text}"


def level_text(value: float, step: float, minus: str = MINUS) -> str:
    """As `tick_text` for a price: no plus sign."""
    return tick_text(value, step, minus).removeprefix("+")


def line_chart(
    values: Sequence[float | None],
    days: Sequence[date],
    width: int,
    height: int,
    *,
    tone: Tone,
    pins: Sequence[Pin] = (),
    selected: int | None = None,
    zero: bool = True,
    label: Callable[[float, float, str], str] = tick_text,
    glyphs: Glyphs = BRAILLE,
    language: Language = "en",
) -> tuple[Runs, ...]:
    """`values` over `days` (oldest first, one value a day) in exactly `height` lines of at most `width` cells.

    Values are labelled on the left and dates below, where there is room for them. `zero` draws the zero line,
    `selected` a guide through that day.
    """
    if width < 1 or height < 1 or not values:
        return ((),) * max(height, 0)
    with_dates = height >= 4
    rows = height - with_dates
    frame = frame_of(values, width, rows, glyphs.name, zero=zero)
    marks = ticks(frame.low, frame.high, max(2, (rows + 1) // 2))
    step = marks[1] - marks[0] if len(marks) > 1 else abs(marks[0]) if marks and marks[0] else frame.high - frame.low
    labels = {frame.dot_y(value) // DOTS[glyphs.name][1]: label(value, step, glyphs.minus) for value in marks}
    margin = max(map(cells, labels.values()), default=0) + 1
    if width - margin < _LEAST_PLOT:
        labels, margin = {}, 0
    frame = Frame(width - margin, rows, frame.low, frame.high, frame.count, glyphs.name)

    plot = _plot(values, frame, pins, selected, zero, tone)
    lines: list[Runs] = []
    for row in range(rows):
        text = labels.get(row, "").rjust(margin - 1) + " " if margin else ""
        lines.append(joined([(text, "muted"), *plot[row]]))
    if with_dates:
        lines.append(joined([(" " * margin + date_axis(days, frame, language), "muted")]))
    return tuple(lines)


def _plot(
    values: Sequence[float | None], frame: Frame, pins: Sequence[Pin], selected: int | None, zero: bool, tone: Tone
) -> list[list[Run]]:
    """The cells of the plot: the line over the zero line and the guide, the pins over the line."""
    grid: list[list[Run]] = [
        [(character, tone) if character != " " else (" ", "text") for character in row]
        for row in line_rows(values, frame)
    ]
    across, down = DOTS[frame.set_name]
    if zero and frame.low <= 0 <= frame.high:
        dot = frame.dot_y(0.0)
        level = _level(dot % down, frame.set_name)
        _underlay(((dot // down, column) for column in range(frame.width)), grid, (level, "muted"))
    if selected is not None and 0 <= selected < frame.count:
        column = frame.dot_x(selected) // across
        _underlay(((row, column) for row in range(frame.height)), grid, (_GUIDE[frame.set_name], "accent"), "muted")
    for pin in pins:
        value = values[pin.index] if 0 <= pin.index < len(values) else None
        if value is not None and isfinite(value):
            column, row = frame.cell(pin.index, value)
            grid[row][column] = (pin.mark, pin.tone)
    return grid


def _underlay(places: Iterable[tuple[int, int]], grid: list[list[Run]], run: Run, over: Tone = "text") -> None:
    """Put a run where nothing is drawn yet (or only what has the tone `over`)."""
    for row, column in places:
        if grid[row][column][1] in ("text", over):
            grid[row][column] = run


def _level(dot: int, set_name: GlyphName) -> str:
    """A level line through one cell at a height of dots."""
    if set_name == "braille":
        return chr(0x2800 + _BRAILLE_BITS[dot][0])
    return "─" if set_name == "block" else (_ASCII[1 << dot])


def date_axis(days: Sequence[date], frame: Frame, language: Language) -> str:
    """Months under the days they begin on; single days where the span is too short for three months."""
    across = DOTS[frame.set_name][0]
    starts = [i for i in range(1, len(days)) if days[i].month != days[i - 1].month]
    if len(starts) >= 3:
        wanted = [(i, _month(days[i], language)) for i in starts]
    else:
        step = max(1, len(days) // 6)
        wanted = [(i, short_day(days[i], language)) for i in range(0, len(days), step)]
    text, used = "", -_GAP
    for index, words in wanted:
        column = frame.dot_x(index) // across
        if column < used + _GAP or column + cells(words) > frame.width:
            continue
        text += " " * (column - max(used, 0)) + words
        used = column + cells(words)
    return text


def short_day(day: date, language: Language) -> str:
    """ "6 Mar", "3月6日"."""
    words = day_words(day, language)
    return words.partition(" ")[0 if language == "zh" else 2]


def _month(day: date, language: Language) -> str:
    """ "Mar", "3月"; January stands for its year."""
    if day.month == 1:
        return f"{day.year}年" if language == "zh" else str(day.year)
    return f"{day.month}月" if language == "zh" else short_day(day, language).partition(" ")[2]


def joined(runs: Sequence[Run]) -> Runs:
    """Neighbours of one tone in one run; blanks join whatever stands before them."""
    joined: list[Run] = []
    for text, tone in runs:
        if joined and (joined[-1][1] == tone or text.isspace()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        elif text:
            joined.append((text, tone))
    return tuple(joined)
