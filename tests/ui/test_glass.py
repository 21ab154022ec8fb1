"""Only what differs is sent, and the terminal shows the same cells as if everything were."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.screen import Screen

from tests.ui.pty_terminal import PtyTerminal
from tests.ui.rows import code, row
from tui import wire
from tui.ui import screens
from tui.ui.glass import Glass
from tui.ui.sgr import encode

WIDTH, HEIGHT = 12, 3
STYLES = st.sampled_from([Style(color="red"), Style(color="red", bold=True), Style(bgcolor="blue")])
# Narrow, wide, and a mark that takes no cell of its own.
TEXTS = st.text("ab ⣿京東e\u0301", max_size=6)
PIECES = st.lists(
    st.tuples(
        st.integers(0, HEIGHT - 1), st.lists(st.builds(Segment, TEXTS, STYLES, st.none()), min_size=1, max_size=4)
    ),
    max_size=8,
)


def whole(segments: list[Segment]) -> list[Segment]:
    """A line of exactly WIDTH cells, as a widget's strip is; a mark never comes first."""
    edge = Segment("|", Style(color="red"))
    return Segment.adjust_line_length([edge, *segments], WIDTH, Style(bgcolor="blue"))


def sent(glass: Glass, y: int, segments: list[Segment]) -> str:
    pieces: list[Segment] = []
    for at, runs in glass.put(0, y, segments):
        pieces += [Control.move_to(at, y).segment, *runs]
    return encode(pieces, ColorSystem.TRUECOLOR)


def painted(text: str) -> list[list[pyte.screens.Char]]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    # Textual takes line wrap off, too.
    pyte.Stream(screen).feed("\x1b[?7l" + text)
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def new_glass() -> Glass:
    glass = Glass()
    glass.fit(WIDTH, HEIGHT)
    return glass


@given(PIECES)
def test_the_same_cells_as_if_everything_were_sent(pieces: list[tuple[int, list[Segment]]]) -> None:
    glass = new_glass()
    short = long = ""
    for y, segments in pieces:
        line = whole(segments)
        short += sent(glass, y, line)
        long += f"{Control.move_to(0, y)}{encode(line, ColorSystem.TRUECOLOR)}"
    assert painted(short) == painted(long)


@given(PIECES)
def test_what_stands_there_is_not_sent_again(pieces: list[tuple[int, list[Segment]]]) -> None:
    glass = new_glass()
    for y, segments in pieces:
        sent(glass, y, whole(segments))
        assert sent(glass, y, whole(segments)) == ""


def test_a_stretch_for_each_place_that_differs() -> None:
    glass = new_glass()
    red = Style(color="red")
    glass.put(0, 1, [Segment("abcdefghijkl", red)])
    assert glass.put(0, 1, [Segment("Xbcdefghijky", red)]) == [(0, [Segment("X", red)]), (11, [Segment("y", red)])]
    assert glass.put(4, 1, [Segment("e", red), Segment("f", Style(color="blue"))]) == [
        (5, [Segment("f", Style(color="blue"))])
    ]
    assert glass.put(0, 1, [Segment("京bc", red)]) == [(0, [Segment("京bc", red)])], "few equal cells are sent again"


def test_what_was_forgotten_is_sent_whole() -> None:
    glass = new_glass()
    line = [Segment("abcdefghijkl", Style(color="red"))]
    glass.put(0, 0, line)
    glass.fit(WIDTH, HEIGHT)
    assert glass.put(0, 0, line) == []
    glass.forget()
    assert glass.put(0, 0, line) == [(0, line)]
    glass.fit(WIDTH + 1, HEIGHT)
    assert glass.put(0, 0, line) == [(0, line)], "another size"


def test_what_is_outside_is_left_out() -> None:
    glass = new_glass()
    red = Style(color="red")
    assert glass.put(0, HEIGHT, [Segment("below", red)]) == []
    assert glass.put(WIDTH + 3, 0, [Segment("beside", red)]) == []
    assert glass.put(WIDTH - 2, 0, [Segment("beyond", red)]) == [(WIDTH - 2, [Segment("be", red)])]


def test_every_screen_paints_through_the_glass() -> None:
    names = [module.name for module in iter_modules(screens.__path__)]
    found = [
        kind
        for name in names
        for kind in vars(import_module(f"{screens.__name__}.{name}")).values()
        if isinstance(kind, type) and issubclass(kind, Screen) and kind.__module__.startswith(screens.__name__)
    ]
    painting = [kind for kind in found if not any(kind in other.__mro__[1:] for other in found)]
    assert len(painting) >= 8
    for kind in painting:
        inits = [vars(base).get("__init__") for base in kind.__mro__ if base.__module__.startswith(screens.__name__)]
        assert any(init and "use_glass" in init.__code__.co_names for init in inits), kind.__name__


async def test_the_terminal_shows_what_a_whole_paint_would(tmp_path: Path) -> None:
    """Screens, dialogs, panes, a filter, palettes and prices come and go; then everything is sent again."""
    typed = ("jj?", "\x7fH", "\x7f/00", "\r", "ljje", "lSp", "cc", "a7", "\x1b", "\r", "\tv", "]", "\x7fL", "t")
    async with PtyTerminal(tmp_path, 120, 40, rows=60) as terminal:
        await terminal.settle()
        assert terminal.talk is not None
        for number, keys in enumerate(typed):
            terminal.talk.say(wire.Change(number + 2, number + 1, rows=(row(code(number), 30.0 + number, 20.0),)))
            await terminal.press(keys)
        await terminal.settle(1.0)
        short = terminal.cells()
        terminal.resize(120, 39)
        await terminal.settle(1.0)
        terminal.resize(120, 40)
        whole_from = len(terminal.output)
        await terminal.settle(1.0)
        assert terminal.cells(whole_from) == short
