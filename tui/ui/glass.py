"""What stands on the terminal, cell by cell, so that only what differs is sent.

Textual paints a whole widget when its border changes, and the whole screen when a pane comes or goes. Most cells of
such a paint stand there already.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style

from tui.render.width import cells

# As many equal cells between two that differ are sent again: moving the terminal's cursor over them costs more.
_BRIDGE: Final = 4


class Stretch(NamedTuple):
    """Neighbouring cells to be sent, from column `x` on."""

    x: int
    segments: list[Segment]


class _Line(NamedTuple):
    """The cells of a line. A wide character has its text in its first cell and "" in its second; None is unknown."""

    texts: list[str | None]
    styles: list[Style | None]


class Glass:
    """The terminal's cells as they were painted last; of a cell that was not, nothing is known."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._lines: list[_Line] = []

    def forget(self) -> None:
        """Somebody else may have painted: nothing is known any more."""
        width, height = self._size
        self._lines = [_Line([None] * width, [None] * width) for _ in range(height)]

    def fit(self, width: int, height: int) -> None:
        """Take the terminal's size; what stood in another size is unknown."""
        if (width, height) != self._size:
            self._size = (width, height)
            self.forget()

    def put(self, x: int, y: int, segments: Iterable[Segment]) -> list[Stretch]:
        """Paint a piece of a line; the stretches of it that did not stand there yet. What is outside is left out."""
        if not 0 <= y < len(self._lines):
            return []
        line = self._lines[y]
        texts, styles = _cells(segments)
        end = max(x, min(x + len(texts), len(line.texts)))
        del texts[end - x :], styles[end - x :]
        if line.texts[x:end] == texts and line.styles[x:end] == styles:
            return []
        stretches = [
            Stretch(x + first, _segments(texts[first:last], styles[first:last]))
            for first, last in _differing(line, x, texts, styles)
        ]
        line.texts[x:end], line.styles[x:end] = texts, styles
        return stretches


def _cells(segments: Iterable[Segment]) -> tuple[list[str | None], list[Style | None]]:
    """Text and style of each cell. What has no width of its own goes with the character before it."""
    texts: list[str | None] = []
    styles: list[Style | None] = []
    for text, style, _ in segments:
        if text.isascii():
            texts += text
            styles += [style] * len(text)
            continue
        for character in text:
            width = cells(character)
            if width:
                texts += [character, *[""] * (width - 1)]
                styles += [style] * width
            elif texts:
                # A wide character's own text is in the first of its cells.
                at = -1 if texts[-1] else -2
                texts[at] = f"{texts[at]}{character}"
    return texts, styles


def _differing(
    line: _Line, x: int, texts: Sequence[str | None], styles: Sequence[Style | None]
) -> Iterator[tuple[int, int]]:
    """First and last-plus-one cell, counted from `x`, of what differs; never half of a wide character."""
    first = last = -1
    for at, (text, style) in enumerate(zip(texts, styles, strict=True)):
        if text == line.texts[x + at] and style == line.styles[x + at] and not (text == "" and last == at):
            continue
        if first >= 0 and at - last > _BRIDGE:
            yield first, last
            first = at
        first = at if first < 0 else first
        last = at + 1
    if first >= 0:
        yield first, last


def _segments(texts: Sequence[str | None], styles: Sequence[Style | None]) -> list[Segment]:
    """The cells as runs of one style."""
    runs: list[Segment] = []
    begun = 0
    for at in range(1, len(texts) + 1):
        if at == len(texts) or styles[at] != styles[begun]:
            runs.append(Segment("".join(text or "" for text in texts[begun:at]), styles[begun]))
            begun = at
    return runs
