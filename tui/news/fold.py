"""One form for headlines of four languages: full-width to half, lower case, Traditional to Simplified Chinese."""

import unicodedata
from functools import cache

import msgspec
from opencc import OpenCC

# Every Han character that has one code point in the basic plane: the extension A, unified and compatibility blocks.
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


class Folded(msgspec.Struct, frozen=True):
    """A headline for comparison, and the same headline with its capitals: position by position the same characters."""

    text: str
    cased: str


@cache
def simplified() -> dict[int, str]:
    """The table of `str.translate` that turns Traditional characters into Simplified ones, one for one."""
    han = [chr(code) for first, end in _HAN for code in range(first, end)]
    # Each character on a line of its own: opencc's phrases must not join neighbours.
    turned = OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(char): to for char, to in zip(han, turned, strict=True) if char != to and len(to) == 1}


def fold(text: str) -> Folded:
    """The headline in its form for comparison (NFKC, casefold, Simplified)."""
    if text.isascii():
        return Folded(text.lower(), text)
    cased = unicodedata.normalize("NFKC", text).replace("ß", "ss")
    lower = cased.casefold().translate(simplified())
    # A few characters grow in lower case; then capitals cannot be told, and a short Latin name needs its code.
    return Folded(lower, cased if len(cased) == len(lower) else lower)
