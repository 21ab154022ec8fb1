"""The terminal that whymove would paint on."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from tui.cli.checkup.finding import Finding
from tui.domain.text import clean
from tui.ui.environment import can_paint, colour_depth, wants_mouse

# Below these the list has no room for a code, a price and a change.
LEAST_COLUMNS: Final = 40
LEAST_LINES: Final = 8
_LAYOUTS: Final = ((120, "list and panes side by side"), (80, "list over timeline"), (LEAST_COLUMNS, "list alone"))
_COLOURS: Final = {
    "truecolor": "all colours",
    "256": "256 colours",
    "standard": "16 colours, so the theme ansi is used; set COLORTERM=truecolor if your terminal shows more",
}


class Terminal(msgspec.Struct, frozen=True):
    """What is known of the terminal. `size` is columns and lines, None where none of our streams is one."""

    environ: Mapping[str, str]
    encoding: str
    size: tuple[int, int] | None
    stdin: bool
    stdout: bool


def this_terminal() -> Terminal:
    """The terminal of this process."""
    size = None
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        if stream is not None:
            with suppress(OSError, ValueError):
                columns, lines = os.get_terminal_size(stream.fileno())
                size = (columns, lines)
                break
    return Terminal(os.environ, sys.stdout.encoding or "", size, sys.stdin.isatty(), sys.stdout.isatty())


def check_terminal(terminal: Terminal) -> Iterator[Finding]:
    """Whether it can be painted on, its size, colours, encoding, and what changes how whymove looks."""
    environ = terminal.environ
    term = clean(environ.get("TERM", ""), 40)
    depth = colour_depth(environ)
    if not (terminal.stdin and terminal.stdout):
        yield Finding("note", "terminal", "input or output is no terminal here: whymove prints a plain table")
    elif not can_paint(environ, stdin_is_terminal=True, stdout_is_terminal=True):
        yield Finding(
            "wrong",
            "terminal",
            f"TERM is {term or 'not set'}: whymove prints a plain table; set it to what your terminal is, "
            "such as xterm-256color",
        )
    else:
        yield Finding("ok", "terminal", f"TERM={term}, {_COLOURS[depth]}")
    if terminal.size is not None:
        yield _size(*terminal.size)
    yield _encoding(terminal.encoding)
    if environ.get("NO_COLOR"):
        yield Finding("note", "terminal", "NO_COLOR is set: sign, triangle and weight carry the direction")
    if not wants_mouse("auto", environ):
        yield Finding("note", "terminal", 'over SSH the mouse is off; [screen] mouse = "on" asks for it')


def _size(columns: int, lines: int) -> Finding:
    if columns < LEAST_COLUMNS or lines < LEAST_LINES:
        return Finding(
            "wrong",
            "terminal",
            f"{columns} columns by {lines} lines: make the window at least {LEAST_COLUMNS} by {LEAST_LINES}",
        )
    layout = next(words for least, words in _LAYOUTS if columns >= least)
    return Finding("ok", "terminal", f"{columns} columns by {lines} lines: {layout}")


def _encoding(encoding: str) -> Finding:
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        return Finding("ok", "terminal", "text is UTF-8")
    return Finding(
        "wrong",
        "terminal",
        f"text is {clean(encoding, 40) or 'of no known encoding'}, so Chinese names and charts cannot be shown: "
        'set LANG to a UTF-8 locale such as C.UTF-8, or [screen] glyphs = "ascii"',
    )
