"""Short sequences paint what Rich's long ones paint, cell by cell."""

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style

from tui.ui.sgr import encode

COLOURS = st.sampled_from([None, "#ff0000", "#102030", "red", "bright_blue", "color(200)"])
STYLES = st.builds(
    Style,
    color=COLOURS,
    bgcolor=COLOURS,
    bold=st.booleans(),
    italic=st.booleans(),
    underline=st.booleans(),
    reverse=st.booleans(),
    strike=st.booleans(),
)
SEGMENTS = st.lists(st.builds(Segment, st.text("ab ⣿", max_size=4), st.none() | STYLES, st.none()), max_size=8)


def painted(text: str) -> list[pyte.screens.Char]:
    """The cells that a terminal shows of a text."""
    screen = pyte.Screen(40, 1)
    pyte.Stream(screen).feed(text)
    return [screen.buffer[0][column] for column in range(40)]


@given(SEGMENTS, st.sampled_from([ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD]))
def test_the_same_cells_as_rich(segments: list[Segment], depth: ColorSystem) -> None:
    long = "".join(style.render(text, color_system=depth) if style else text for text, style, _ in segments)
    assert painted(encode(segments, depth)) == painted(long)


@given(SEGMENTS)
def test_it_ends_in_the_plain_style(segments: list[Segment]) -> None:
    text = encode(segments, ColorSystem.TRUECOLOR) + "z"
    used = sum(len(segment.text) for segment in segments)
    if used < 39:
        last = painted(text)[used]
        assert (last.data, last.fg, last.bg, last.bold, last.reverse) == ("z", "default", "default", False, False)


def test_only_the_changed_colour_is_said() -> None:
    ground = Color.parse("#11151c")
    one = Style(color="#58c98b", bgcolor=ground)
    other = Style(color="#ff8080", bgcolor=ground)
    text = encode([Segment("+1", one), Segment("-1", other)], ColorSystem.TRUECOLOR)
    assert text == "\x1b[38;2;88;201;139;48;2;17;21;28m+1\x1b[38;2;255;128;128m-1\x1b[m"
