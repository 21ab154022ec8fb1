"""How a command prints: the language, the signs, the width and the colours that stdout can take."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Final, TextIO

from tui.render.glyphs import ASCII, Glyphs, glyphs
from tui.render.language import Language
from tui.render.tone import Runs, Tone

if TYPE_CHECKING:
    from tui.config import Config

# Longer lines are not read faster.
_WIDEST: Final = 100
_NARROWEST: Final = 20
_UNPIPED: Final = (80, 24)

# The terminal's own sixteen colours, modestly: direction, and what stands out or back.
_INK: Final[dict[Tone, str]] = {
    "own": "1",
    "own_possible": "1",
    "strong": "1",
    "accent": "1",
    "event": "1",
    "muted": "2",
    "header": "2",
    "recap": "2",
    "quiet": "2",
    "market": "2",
    "warn": "33",
    "error": "31",
}
_DIRECTIONS: Final[dict[str, tuple[str, str]]] = {
    "green_up": ("32", "31"),
    "red_up": ("31", "32"),
    "colour_blind": ("34", "33"),
    "mono": ("1", ""),
}


@dataclass(frozen=True)
class Page:
    """`ink` has the colour of each tone; empty where there are to be none."""

    language: Language
    glyphs: Glyphs
    width: int
    ink: Mapping[Tone, str]

    def text(self, lines: Iterable[Runs]) -> str:
        """The lines as they are printed."""
        return "\n".join(self._line(line).rstrip() for line in lines)

    def _line(self, runs: Runs) -> str:
        """Neighbours of one colour share one escape."""
        told = []
        for code, same in groupby(runs, key=lambda run: self.ink.get(run[1], "")):
            text = "".join(text for text, _ in same)
            told.append(f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text)
        return "".join(told)


def page_for(stream: TextIO, environ: Mapping[str, str], config: "Config", language: Language | None) -> Page:
    """The page of a stream: colours only on a terminal that wants them, other signs where it cannot write ours."""
    signs = glyphs(config.screen.glyphs)
    try:
        "▴⣿−個".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        signs = ASCII
    paints = stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM", "") not in ("", "dumb")
    rise, fall = _DIRECTIONS[config.screen.palette]
    return Page(
        language=language or config.language,
        glyphs=signs,
        width=max(min(get_terminal_size(_UNPIPED).columns, _WIDEST), _NARROWEST),
        ink={**_INK, "rise": rise, "fall": fall} if paints else {},
    )


def write(text: str) -> None:
    """Print to stdout; what its encoding lacks is replaced rather than refused."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))
