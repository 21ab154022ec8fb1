"""Stacked bars: a zero line that stands still, parts that add up, and shapes that speak without colour."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, JD, LEGS
from tui.render.bars import (
    Scale,
    axis_of,
    leg_lines,
    legend,
    own_tone,
    parts_of,
    parts_of_day,
    scale_of,
    spans,
    stacked_bar,
    steps_per_cell,
)
from tui.render.glyphs import GlyphName, glyphs
from tui.render.tone import plain
from tui.render.width import cells

SETS: list[GlyphName] = ["braille", "block", "ascii"]
PP = st.floats(-30, 30, allow_nan=False)


def test_a_stack_in_every_set() -> None:
    parts = parts_of(2.0, 1.0, -3.0)
    scale = Scale(4.0, 4.0)
    found = [plain(stacked_bar(parts, axis_of(scale, 17, name), glyphs(name))) for name in SETS]
    assert found == ["  ⣿⣿⣿⣿⣿⣿⠅⠒⠒⠒⠒⠶⠶  ", "  ██████│░░░░▒▒  ", "  ######|----==  "]


def test_two_parts_can_share_a_cell() -> None:
    bar = stacked_bar(parts_of(1.0, 0.0, 2.0), axis_of(Scale(2.0, 4.0), 7, "braille"))
    assert plain(bar) == "  ⠅⠒⣿⣿ "
    half = stacked_bar(parts_of(0.5, 0.0, 1.5), axis_of(Scale(2.0, 4.0), 7, "braille"))
    assert plain(half) == "  ⠅⢺⣿  "
    assert half[3] == ("⢺", "own")


def test_what_leaves_the_scale_ends_in_an_arrow() -> None:
    for name, arrows in (("braille", "◂▸"), ("block", "◀▶"), ("ascii", "<>")):
        axis = axis_of(Scale(1.0, 1.0), 11, name)  # type: ignore[arg-type]  # a literal out of a tuple
        assert plain(stacked_bar(parts_of(5.0, 0.0, 0.0), axis, glyphs(axis.set_name)))[-1] == arrows[1]
        assert plain(stacked_bar(parts_of(-5.0, 0.0, 0.0), axis, glyphs(axis.set_name)))[0] == arrows[0]


@pytest.mark.parametrize("name", SETS)
@given(market=PP, sector=PP, own=PP, width=st.integers(0, 60), down=st.floats(0.1, 40), up=st.floats(0.1, 40))
def test_a_bar_is_exactly_as_wide_as_its_axis(
    name: GlyphName, market: float, sector: float, own: float, width: int, down: float, up: float
) -> None:
    axis = axis_of(Scale(down, up), width, name)
    bar = stacked_bar(parts_of(market, sector, own), axis, glyphs(name))
    assert cells(plain(bar)) == width
    if width >= 3:
        assert plain(bar)[axis.zero] in "⠅│|"


@pytest.mark.parametrize("name", SETS)
@given(market=PP, sector=PP, own=PP)
def test_each_side_adds_up(name: GlyphName, market: float, sector: float, own: float) -> None:
    parts = parts_of(market, sector, own)
    axis = axis_of(Scale(90.0, 90.0), 61, name)
    for up in (True, False):
        side = [(first, last) for part, first, last in spans(parts, axis) if (part.value > 0) == up]
        total = sum(abs(part.value) for part in parts if (part.value > 0) == up)
        assert all(before[1] == after[0] for before, after in pairwise(side))
        assert (side[-1][1] if side else 0) == round(total * axis.steps_per_pp)
    painted = sum(sign not in " ⠅│|" for sign, _ in stacked_bar(parts, axis, glyphs(name)))
    steps = sum(last - first for _, first, last in spans(parts, axis))
    assert painted >= steps // steps_per_cell(name)


def test_one_wild_day_does_not_flatten_the_rest() -> None:
    stacks = [parts_of(1.0, 0.0, 1.0)] * 60 + [parts_of(0.0, 0.0, 23.0)]
    assert scale_of(stacks).up == 2.0
    assert scale_of(stacks, 1.0).up == 23.0
    assert scale_of([]) == Scale(1.0, 1.0)
    assert scale_of([parts_of(4.0, 0.0, 0.0)]).down == 1.0


def test_the_own_part_speaks_only_where_it_is_rare() -> None:
    assert own_tone(JD) == "own"
    assert own_tone(ALIBABA) == "quiet"
    assert [part.tone for part in parts_of_day(ALIBABA)] == ["market", "sector", "quiet"]


def test_the_legend_names_the_shapes() -> None:
    assert plain(legend()) == "⠒⠒ index  ⠶⠶ sector  ⣿⣿ own"
    assert plain(legend("zh", glyphs("ascii"))) == "-- 大市  == 板塊  ## 個別"


def test_the_parts_of_a_day() -> None:
    lines = [plain(line) for line in leg_lines(LEGS, 60, glyphs=glyphs("ascii"))]
    assert [line[:28] for line in lines] == [
        "overnight   +4.10  own  +3.1",
        "morning     -2.20  own  -3.0",
        "lunch        0.00  own   0.0",
        "afternoon   +8.00  own  +7.0",
        "auction     +0.05  own  -0.0",
    ]
    assert lines[3].count("#") > lines[0].count("#") > 0


@given(width=st.integers(0, 120), zh=st.booleans())
def test_legs_keep_to_their_width(width: int, zh: bool) -> None:
    for line in leg_lines(LEGS, width, "zh" if zh else "en"):
        assert cells(plain(line)) <= width
    assert leg_lines((), width) == ()


def test_a_small_own_part_of_a_leg_is_noise() -> None:
    lines = leg_lines(LEGS, 80)
    tones = [{text.strip(): tone for text, tone in line} for line in lines]
    assert tones[0]["+3.10"] == "own"
    assert tones[4]["−0.05"] == "quiet"
