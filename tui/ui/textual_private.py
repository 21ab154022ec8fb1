"""Every use of Textual's private names, in one file: read it again whenever the pinned Textual is bumped (8.2.8 now).

- `EdgeCompositor`: Textual's compositor sends a dirty line from its widget's left edge, whatever the dirty region's
  left edge is, and every piece of it with its whole style. This one sends the region alone, and of a style only what
  changes: a changed price costs its own cells and nothing else.
- `without_colour`: Textual decides when it is made whether NO_COLOR means greys or nothing, before our theme is known.
- `set_frame_title`: Textual repaints a whole widget when the title in its border changes. This repaints that line.
- `driver_for`: Textual's driver paints on stderr, and a SIGCONT that follows no suspension makes it start twice.
- `key_name`: Textual keeps the names of keys to itself.
"""

from io import TextIOWrapper
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.content import Content
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import Monochrome, NoColor
from textual.geometry import Region
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.sgr import encode


class EdgeUpdate(ChopsUpdate):
    """A partial update that honours both edges of each dirty span."""

    def render_segments(self, console: Console) -> str:
        sequences: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                left, right = max(x, x1), min(end, x2)
                if (left, right) != (x, end):
                    strip = strip.crop(left - x, right - x)
                sequences.append(Control.move_to(left, y).segment.text)
                sequences.append(_encoded(strip, console))
        return "".join(sequences)


class ShortUpdate(LayoutUpdate):
    """A full update whose styles are said once."""

    def render_segments(self, console: Console) -> str:
        sequences: list[str] = []
        for y, line in enumerate(self.strips, self.region.y):
            sequences.append(Control.move_to(self.region.x, y).segment.text)
            sequences += [_encoded(strip, console) for strip in line]
        return "".join(sequences)


class EdgeCompositor(Compositor):
    """A compositor of short updates."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update if update is None else EdgeUpdate(update.chops, update.spans, update.chop_ends)

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        update = super().render_full_update(simplify)
        return ShortUpdate(update.strips, update.region)


def _encoded(strip: Strip, console: Console) -> str:
    """The strip's sequences, kept with the strip as Textual keeps its own."""
    if strip._render_cache is None:
        if any(segment.control or (segment.style and segment.style.link) for segment in strip):
            return strip.render(console)
        strip._render_cache = encode(strip, console._color_system or ColorSystem.TRUECOLOR)
    return strip._render_cache


def use_edge_compositor(screen: Screen[Any]) -> None:
    """Give a screen that is not yet mounted the compositor above."""
    screen._compositor = EdgeCompositor()


def without_colour(app: App[Any]) -> None:
    """Let NO_COLOR mean what it says: weights and the cursor line, and no colour, grey or otherwise."""
    app._filters = [NoColor() if isinstance(each, Monochrome) else each for each in app._filters]


# A title stands one cell from the corner between two blanks, and some of the line goes with it where it shrinks.
_TITLE_MARGIN = 6


def set_frame_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """Put texts into a widget's border, repainting only the cells of the border that they cover or uncover."""
    width, height = widget.size
    if widget._border_title != title:
        reach = _reach(widget._border_title, title, width)
        widget._border_title = title
        widget.refresh(Region(-1, -1, reach, 1))
    if subtitle is not None and widget._border_subtitle != subtitle:
        reach = _reach(widget._border_subtitle, subtitle, width)
        widget._border_subtitle = subtitle
        widget.refresh(Region(width + 1 - reach, height, reach, 1))


def _reach(before: Content | None, after: Content, width: int) -> int:
    """Cells of a border line, counted from its corner, that a change of its text can touch."""
    longest = max(after.cell_length, before.cell_length if before is not None else 0)
    return min(longest + _TITLE_MARGIN, width + 2)


def key_name(key: str) -> str:
    """A key as Textual names it: "/" is "slash"."""
    return _character_to_key(key) if len(key) == 1 else key


def driver_for(terminal: TextIOWrapper) -> type[LinuxDriver]:
    """A driver that paints on this file instead of on stderr, which is the log while the app runs."""

    class TerminalDriver(LinuxDriver):
        def __init__(
            self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
        ) -> None:
            super().__init__(app, debug=debug, mouse=mouse, size=size)
            self._file = terminal

        def _sigcont_application(self, *_: object) -> None:
            if self._must_signal_resume:
                super()._sigcont_application()

    return TerminalDriver
