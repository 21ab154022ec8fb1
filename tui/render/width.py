"""Text by terminal cells: measured, cut and padded, never by characters.

Text from outside may reach these functions. What a terminal would not print as it stands is cleaned away first.
A cut is marked with ".." where there is room: the one-character ellipsis is two cells wide in some CJK terminals.
"""

from typing import Literal

from rich.cells import cached_cell_len, cell_len, get_character_cell_size

from tui.domain.text import clean

Align = Literal["left", "right"]

CUT_MARK = ".."
_MARK_FROM = 6  # a narrower field keeps its letters: the mark would take a third of it
_EMOJI_SELECTOR = "\ufe0f"  # terminals disagree about the width of what it changes


def cells(text: str) -> int:
    """How many cells a printable text takes."""
    return len(text) if text.isascii() else cell_len(text)


def forget_widths() -> None:
    """Drop what rich keeps of every text it ever measured: prices and sparks hardly come again."""
    cached_cell_len.cache_clear()


def printable(text: str) -> str:
    """The text without anything that is not a printable character; most texts come back as they are."""
    if text.isascii() and text.isprintable():
        return text
    kept = text.replace(_EMOJI_SELECTOR, "")
    return kept if kept.isprintable() else clean(kept)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells; a wide character that fits by half is left out."""
    text = printable(text)
    # No character takes more than two cells, and what is beyond is never shown.
    if len(text) <= width and cells(text) <= width:
        return text
    mark = CUT_MARK if width >= _MARK_FROM else ""
    room = width - len(mark)
    if text.isascii():
        return text[:room].rstrip() + mark
    used = 0
    end = 0
    for end, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > room:
            return text[:end].rstrip() + mark
    # Only reached where zero-width characters make a long text narrow.
    return text


def pad(text: str, width: int, align: Align = "left") -> str:
    """The text in exactly `width` cells, cut if it must be."""
    text = cut(text, width)
    blank = " " * (width - cells(text))
    return blank + text if align == "right" else text + blank


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` cells, each starting with `indent` from the second on.

    Breaks at blanks, and inside a run of wide characters (Chinese has no blanks); a longer word is broken hard.
    """
    lines: list[str] = []
    line, used, empty = "", 0, True
    for piece in _pieces(printable(text)):
        size = cells(piece.rstrip())
        if not empty and used + size > width:
            lines.append(line.rstrip())
            line, used, empty = indent, cells(indent), True
        piece = piece.lstrip() if empty else piece
        while empty and used + cells(piece.rstrip()) > width and width > used:
            head = _take(piece, width - used)
            lines.append(line + head)
            piece = piece[len(head) :]
            line, used = indent, cells(indent)
        line += piece
        used += cells(piece)
        empty = empty and not piece.strip()
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


# Punctuation that Chinese typesetting never puts at the start of a line.
_CLOSING = frozenset("，。；：、！？）」』】》％")


def _pieces(text: str) -> list[str]:
    """The text in unbreakable pieces, each with the blanks that follow it."""
    pieces: list[str] = []
    start = 0
    for index in range(1, len(text)):
        before, here = text[index - 1], text[index]
        after_blank = before == " " and here != " "
        beside_wide = here != " " and here not in _CLOSING and (_is_wide(before) or _is_wide(here))
        if after_blank or beside_wide:
            pieces.append(text[start:index])
            start = index
    pieces.append(text[start:])
    return pieces


def _is_wide(character: str) -> bool:
    return not character.isascii() and get_character_cell_size(character) == 2


def _take(text: str, width: int) -> str:
    """As many characters as fit in `width` cells, and at least one, so that cutting always comes to an end."""
    used = 0
    for end, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width:
            return text[: max(end, 1)]
    return text
