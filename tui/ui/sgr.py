"""Styled text as terminal sequences that say only what changes from one piece to the next.

Rich gives each piece its whole style and takes it back after it: some forty bytes a piece in true colour. Along a line
mostly the text colour alone changes, which is less than half of that; from one piece of the screen to the next often
nothing does. Every text starts and ends in the plain style.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

# Attribute, code that sets it, code that takes it away. 22 takes bold and dim together.
_ATTRIBUTES: Final = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("blink", "5", "25"),
    ("reverse", "7", "27"),
    ("conceal", "8", "28"),
    ("strike", "9", "29"),
)
_OFF: Final = {on: off for _, on, off in _ATTRIBUTES}


class _State(NamedTuple):
    """What the terminal paints with: codes of attributes, of the text colour and of the ground."""

    attributes: frozenset[str] = frozenset()
    colour: str = ""
    ground: str = ""


_PLAIN: Final = _State()


def encode(segments: Iterable[Segment], depth: ColorSystem) -> str:
    """The segments as one text for the terminal. Controls, such as a move of the cursor, leave the style as it is."""
    parts: list[str] = []
    state = _PLAIN
    for text, style, control in segments:
        if control:
            parts.append(text)
            continue
        if not text:
            continue
        wanted = _PLAIN if style is None else _state_of(style, depth)
        if wanted is not state:
            if codes := _codes(state, wanted):
                parts.append(f"\x1b[{codes}m")
            state = wanted
        parts.append(text)
    if state != _PLAIN:
        parts.append("\x1b[m")
    return "".join(parts)


@lru_cache(4096)
def _state_of(style: Style, depth: ColorSystem) -> _State:
    colour = style.color.downgrade(depth).get_ansi_codes() if style.color else ()
    ground = style.bgcolor.downgrade(depth).get_ansi_codes(foreground=False) if style.bgcolor else ()
    attributes = frozenset(on for name, on, _ in _ATTRIBUTES if getattr(style, name))
    return _State(attributes, ";".join(colour), ";".join(ground))


@lru_cache(4096)
def _codes(before: _State, after: _State) -> str:
    """The codes that lead from one state to another."""
    if after == _PLAIN:
        return "0" if before != _PLAIN else ""
    codes = sorted({_OFF[on] for on in before.attributes - after.attributes})
    kept = after.attributes - before.attributes if "22" not in codes else after.attributes
    codes += sorted(kept)
    if after.colour != before.colour:
        codes.append(after.colour or "39")
    if after.ground != before.ground:
        codes.append(after.ground or "49")
    return ";".join(codes)
