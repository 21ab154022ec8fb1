"""The waterfall of one day: from the previous close over index, sector and own part to the move.

Every bar starts where the one above it ended. Positions are the running totals rounded to half cells, so the lengths
of the parts add up to the length of the move. Behind the own bar lies the span in which an own move is noise that day.
"""

from collections.abc import Sequence
from math import isfinite

import msgspec

from tui.domain.attribution import Attribution, FactorPart
from tui.render.bars import own_tone, zero_line
from tui.render.fitline import factor_short
from tui.render.glyphs import BRAILLE, GlyphName, Glyphs
from tui.render.language import Language
from tui.render.numbers import price_text, signed
from tui.render.tone import Run, Runs, Tone, direction
from tui.render.width import cells, pad
from tui.render.words import part_words

LEAST_BAR = 10
_GAP = 2
_LEAST_SPAN = 0.1  # percentage points across the field: a day on which nothing moved must not look like a move
_DETAIL = 21  # the words at the right keep their place from day to day


class Signs(msgspec.Struct, frozen=True):
    """The bar's pieces: whole cell, left half, right half. `within` are those of an own move inside the noise."""

    solid: tuple[str, str, str]
    within: tuple[str, str, str]
    tick: str  # a part too small for half a cell
    noise: str


_SIGNS: dict[GlyphName, Signs] = {
    "braille": Signs(("⣿", "⡇", "⢸"), ("⠶", "⠆", "⠰"), "⠆", "⠒"),
    "block": Signs(("█", "▌", "▐"), ("▒", "▌", "▐"), "╎", "╌"),
    "ascii": Signs(("#", "#", "#"), ("=", "=", "="), "!", "."),
}


class Step(msgspec.Struct, frozen=True):
    """One bar: from `start` to `end` percentage points, and what is said beside it."""

    part: str
    value: float | None
    start: float
    tone: Tone
    detail: str = ""

    @property
    def end(self) -> float:
        return self.start + (self.value or 0.0)


def steps_of(day: Attribution, language: Language = "en", glyphs: Glyphs = BRAILLE) -> tuple[Step, ...]:
    """The bars of a day. Parts that were not fitted (no sector, too little history) have no value."""
    market, sector, own, move = map(_known, (day.market_pp, day.sector_pp, day.own_pp, day.return_pct))
    steps: list[Step] = []
    if market is not None and day.factors:
        steps.append(Step("index", market, 0.0, "market", _slope_words(day.factors[0], language, glyphs)))
        if sector is not None and len(day.factors) > 1:
            steps.append(Step("sector", sector, market, "sector", _slope_words(day.factors[1], language, glyphs)))
        else:
            words = "沒有板塊因子" if language == "zh" else "no sector factor"
            steps.append(Step("sector", None, market, "muted", words))
        steps.append(Step("own", own, steps[-1].end, own_tone(day), _noise_words(day, language)))
    steps.append(Step("move", move, 0.0, direction(move), _closes(day, language)))
    return tuple(steps)


def _slope_words(factor: FactorPart, language: Language, glyphs: Glyphs) -> str:
    """ "1.74 × HSI +1.72": what multiplied gives the part."""
    times = "x" if glyphs.name == "ascii" else "×"
    beta = f"{factor.beta:.2f}".replace("-", glyphs.minus)
    return f"{beta} {times} {factor_short(factor.name, language)} {signed(factor.residual_pct, 2, glyphs.minus)}"


def _noise_words(day: Attribution, language: Language) -> str:
    """Up to which size own moves are noise that day."""
    if day.threshold_pp is None:
        return ""
    return f"{day.threshold_pp:.2f} 以下屬雜訊" if language == "zh" else f"noise up to {day.threshold_pp:.2f}"


def _closes(day: Attribution, language: Language) -> str:
    if day.previous_close is None or day.close is None:
        return ""
    return f"{price_text(day.previous_close)} {'至' if language == 'zh' else 'to'} {price_text(day.close)}"


def _known(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


class Plot(msgspec.Struct, frozen=True):
    """The bars' field: its width, the cell whose left edge is zero, and steps (half cells) per percentage point."""

    width: int
    zero: int
    per_cell: int
    steps_per_pp: float

    def at(self, value: float) -> int:
        """The step a value lies at, counted from the left edge of the field."""
        return self.zero * self.per_cell + round(value * self.steps_per_pp)


def plot_of(steps: Sequence[Step], noise: float | None, width: int, set_name: GlyphName) -> Plot:
    """A field that holds every bar and the span of noise around the own bar's start."""
    edges = [0.0]
    for step in steps:
        edges += [step.start, step.end]
        if step.part == "own" and noise is not None:
            edges += [step.start - noise, step.start + noise]
    down, up = -min(edges), max(*edges, _LEAST_SPAN + min(edges))
    per_cell = 1 if set_name == "ascii" else 2
    span = down + up
    # The zero line needs the cell to its right.
    zero = min(max(round(width * down / span), 1 if down else 0), width - 1)
    reaches = [cells_there / extent for cells_there, extent in ((zero, down), (width - zero, up)) if extent > 0]
    return Plot(width, zero, per_cell, min(reaches) * per_cell)


def bar_runs(step: Step, plot: Plot, noise: float | None, glyphs: Glyphs = BRAILLE) -> Runs:
    """One bar in exactly `plot.width` cells; an own bar is solid only beyond the span of noise."""
    signs = _SIGNS[glyphs.name]
    grid: list[Run] = [(" ", "text")] * plot.width
    quiet = range(0)
    if step.part == "own" and noise is not None:
        quiet = range(plot.at(step.start - noise), plot.at(step.start + noise))
        for cell in range(max(quiet.start // plot.per_cell, 0), min(-(-quiet.stop // plot.per_cell), plot.width)):
            grid[cell] = (signs.noise, "muted")
    grid[plot.zero] = (zero_line(glyphs), "muted")
    if step.value is None:
        return tuple(grid)
    first, last = sorted((plot.at(step.start), plot.at(step.end)))
    if first == last:
        grid[min(first // plot.per_cell, plot.width - 1)] = (signs.tick, step.tone)
    for cell in range(first // plot.per_cell, -(-last // plot.per_cell)):
        start, end = cell * plot.per_cell, (cell + 1) * plot.per_cell
        whole, left, right = signs.within if start in quiet and end - 1 in quiet else signs.solid
        filled = whole if first <= start and end <= last else left if start >= first else right
        grid[cell] = (filled, step.tone)
    return tuple(grid)


def waterfall(day: Attribution, width: int, language: Language = "en", glyphs: Glyphs = BRAILLE) -> tuple[Runs, ...]:
    """The day in one line a part, each at most `width` cells: name, value, bar, and what the value is made of.

    What does not fit is dropped whole: the words at the right, then the bars, then the names, at last the values.
    """
    steps = steps_of(day, language, glyphs)
    noise = _known(day.threshold_pp)
    values = [signed(step.value, 2, glyphs.minus) for step in steps]
    names = [part_words(step.part, language) for step in steps]
    name_width, value_width = max(map(cells, names)), max(7, *map(len, values))
    detail_width = max(_DETAIL, *(cells(step.detail) for step in steps))
    left = name_width + 1 + value_width
    bar = width - left - _GAP
    with_detail = bar - detail_width - _GAP >= LEAST_BAR + 4
    if with_detail:
        bar -= detail_width + _GAP
    if max(map(len, values)) > width:
        return ()
    plot = plot_of(steps, noise, bar, glyphs.name) if bar >= LEAST_BAR else None

    lines: list[Runs] = []
    for step, name, value in zip(steps, names, values, strict=True):
        runs: list[Run] = []
        if width >= left:
            runs.append((pad(name, name_width) + " ", "strong" if step.part == "move" else "muted"))
        runs.append((value.rjust(value_width if width >= left else 0), step.tone if step.value else "muted"))
        if plot is not None:
            runs += [(" " * _GAP, "text"), *bar_runs(step, plot, noise, glyphs)]
        if with_detail:
            runs.append((" " * _GAP + step.detail, "muted"))
        lines.append(tuple(runs))
    return tuple(lines)
