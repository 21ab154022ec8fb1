"""Every use of Textual's private names, in one file: read it again whenever the pinned Textual is bumped (8.2.8 now).

- `EdgeCompositor`: Textual's compositor sends a dirty line from its widget's left edge, whatever the dirty region's
  left edge is. This one sends the region alone, so a changed price costs its own cells and nothing else.
- `key_name`: Textual keeps the names of keys to itself.
- `set_frame_title`: Textual repaints a whole widget when the title in its border changes. This repaints that line.
"""

from typing import Any

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor
from textual.content import Content
from textual.geometry import Region
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widget import Widget


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
                sequences.append(strip.render(console))
        return "".join(sequences)


class EdgeCompositor(Compositor):
    """A compositor whose partial updates honour the left edge."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update if update is None else EdgeUpdate(update.chops, update.spans, update.chop_ends)


def use_edge_compositor(screen: Screen[Any]) -> None:
    """Give a screen that is not yet mounted the compositor above."""
    screen._compositor = EdgeCompositor()


def set_frame_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """Put texts into a widget's border, repainting only the border lines whose text changed."""
    size = widget.size
    if widget._border_title != title:
        widget._border_title = title
        widget.refresh(Region(-1, -1, size.width + 2, 1))
    if subtitle is not None and widget._border_subtitle != subtitle:
        widget._border_subtitle = subtitle
        widget.refresh(Region(-1, size.height, size.width + 2, 1))


def key_name(key: str) -> str:
    """A key as Textual names it: "/" is "slash"."""
    return _character_to_key(key) if len(key) == 1 else key
