"""The signs beside the words, in three sets. The default is never ambiguous in width, so columns stay aligned
in terminals that are set up for Chinese; `block` looks denser where that does not matter; `ascii` works everywhere.
"""

from typing import Literal

import msgspec

GlyphName = Literal["braille", "block", "ascii"]


class Glyphs(msgspec.Struct, frozen=True):
    """One set. `spark` are the heights of a one-line spark from low to high, "" where braille dots draw it."""

    name: GlyphName
    rise: str
    fall: str
    flat: str
    event: str
    recap: str
    note: str
    pointer: str
    mark: str
    minus: str
    spark: str
    axis: str


BRAILLE = Glyphs(
    name="braille",
    rise="▴",
    fall="▾",
    flat=" ",
    event="▪",
    recap="◦",
    note="▸",
    pointer="▸",
    mark="▹",
    minus="−",
    spark="",
    axis="⡇",
)
BLOCK = Glyphs(
    name="block",
    rise="▲",
    fall="▼",
    flat=" ",
    event="■",
    recap="□",
    note="▶",
    pointer="▶",
    mark="▷",
    minus="−",
    spark="▁▂▃▄▅▆▇█",
    axis="│",
)
ASCII = Glyphs(
    name="ascii",
    rise="^",
    fall="v",
    flat=" ",
    event="*",
    recap="o",
    note=">",
    pointer=">",
    mark="=",
    minus="-",
    spark="_.-^",
    axis="|",
)

_SETS = {"braille": BRAILLE, "block": BLOCK, "ascii": ASCII}


def glyphs(name: GlyphName) -> Glyphs:
    """The set of that name."""
    return _SETS[name]
