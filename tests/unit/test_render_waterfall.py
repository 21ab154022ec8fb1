"""The waterfall: bars that start where the last one ended, numbers that are never cut."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, INSUFFICIENT, JD, NO_SECTOR, any_day
from tui.domain.attribution import Attribution
from tui.render.glyphs import GlyphName, glyphs
from tui.render.numbers import signed
from tui.render.tone import Runs, plain
from tui.render.waterfall import Plot, bar_runs, plot_of, steps_of, waterfall
from tui.render.width import cells

SETS: list[GlyphName] = ["braille", "block", "ascii"]


def text(lines: tuple[Runs, ...]) -> list[str]:
    return [plain(line).rstrip() for line in lines]


def test_an_index_led_day() -> None:
    assert text(waterfall(ALIBABA, 64)) == [
        "index    +3.00  ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇               1.74 × HSI +1.72",
        "sector   +0.62  ⠅          ⢸⣿⣿             0.65 × HSTECH +0.95",
        "own      −0.13  ⠅  ⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠰⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒  noise up to 2.83",
        "move     +3.48  ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇             126.30 to 130.70",
    ]


def test_an_own_move_is_solid_beyond_the_noise() -> None:
    assert text(waterfall(JD, 64, glyphs=glyphs("ascii"))) == [
        "index    +2.15  #####                      1.74 x HSI +1.72",
        "sector   +0.95  |    ###                   0.65 x HSTECH +0.95",
        "own      +6.85  |.......=======##########  noise up to 3.02",
        "move     +9.95  #########################  96.95 to 106.60",
    ]


def test_found_peers_are_counted_and_leave_the_details_their_room() -> None:
    found = msgspec.structs.replace(ALIBABA.factors[1], name="found:0386.HK,0857.HK,0883.HK,0941.HK")
    day = msgspec.structs.replace(ALIBABA, factors=(ALIBABA.factors[0], found))
    assert text(waterfall(day, 64))[1].endswith("0.65 × found peers (4) +0.95")
    assert text(waterfall(day, 64, "zh"))[1].endswith("0.65 × 相關股（4） +0.95")


def test_in_chinese() -> None:
    lines = text(waterfall(ALIBABA, 70, "zh"))
    assert [line.split()[0] for line in lines] == ["大市", "板塊", "個別", "升跌"]
    assert lines[2].endswith("2.83 以下屬雜訊")
    assert lines[3].endswith("126.30 至 130.70")


def test_without_a_sector_factor() -> None:
    lines = text(waterfall(NO_SECTOR, 70))
    assert lines[1].startswith("sector       -")
    assert lines[1].endswith("no sector factor")


def test_too_little_history_leaves_the_move_alone() -> None:
    assert text(waterfall(INSUFFICIENT, 30)) == ["move  +22.98  ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿"]


def test_what_does_not_fit_goes_whole() -> None:
    assert text(waterfall(JD, 20)) == ["index    +2.15", "sector   +0.95", "own      +6.85", "move     +9.95"]
    assert text(waterfall(JD, 8)) == ["+2.15", "+0.95", "+6.85", "+9.95"]


@pytest.mark.parametrize("name", SETS)
@given(day=any_day(), width=st.integers(14, 160), zh=st.booleans())
def test_lines_keep_to_their_width_and_numbers_stay_whole(
    name: GlyphName, day: Attribution, width: int, zh: bool
) -> None:
    look = glyphs(name)
    lines = waterfall(day, width, "zh" if zh else "en", look)
    for line, step in zip(lines, steps_of(day, glyphs=look), strict=True):
        assert cells(plain(line)) <= width
        assert signed(step.value, 2, look.minus) in plain(line)


def plot_for(day: Attribution, width: int, name: GlyphName) -> Plot:
    return plot_of(steps_of(day), day.threshold_pp, width, name)


@pytest.mark.parametrize("name", SETS)
@given(day=any_day(), width=st.integers(10, 120))
def test_the_parts_add_up_to_the_move(name: GlyphName, day: Attribution, width: int) -> None:
    plot = plot_for(day, width, name)
    *parts, move = steps_of(day)
    ends = [plot.at(part.end) - plot.at(part.start) for part in parts]
    assert sum(ends) == pytest.approx(plot.at(move.end) - plot.at(0.0), abs=1)
    for step in (*parts, move):
        assert 0 <= plot.at(step.start) <= width * plot.per_cell
        assert 0 <= plot.at(step.end) <= width * plot.per_cell


@pytest.mark.parametrize("name", SETS)
@given(day=any_day(), width=st.integers(10, 120))
def test_a_bar_is_as_long_as_its_value(name: GlyphName, day: Attribution, width: int) -> None:
    plot = plot_for(day, width, name)
    look = glyphs(name)
    for step in steps_of(day):
        if step.part == "own" or not step.value:
            continue
        runs = bar_runs(step, plot, None, look)
        assert cells(plain(runs)) == width
        painted = sum(_steps_in(sign, plot) for sign, tone in runs if tone == step.tone)
        length = abs(plot.at(step.end) - plot.at(step.start))
        # A part too small for a step still leaves a tick.
        assert painted == length or (length == 0 and painted <= 1)


def _steps_in(sign: str, plot: Plot) -> int:
    if sign in "⣿█#":
        return plot.per_cell
    return 1 if sign in "⡇⢸▌▐⠆╎!" else 0
