"""Every use of Textual's private names, in one file: read it again whenever the pinned Textual is bumped (8.2.8 now).

- `GlassCompositor`: Textual's compositor sends a dirty line from its widget's left edge, all of every widget whose
  border changes, all of the screen when its layout changes, and every piece with its whole style. This one compares
  with what stands on the terminal and sends the cells that differ, and of a style only what changes.
- `without_colour`: Textual decides when it is made whether NO_COLOR means greys or nothing, before our theme is known.
- `set_frame_title`: Textual repaints a whole widget when the title in its border changes. This repaints that line.
- `driver_for`: Textual's driver paints on stderr, and a SIGCONT that follows no suspension makes it start twice.
- `key_name`: Textual keeps the names of keys to itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from itertools import chain
from typing import Any, Protocol, cast

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.content import Content
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import Monochrome, NoColor
from textual.geometry import Region, Size
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.glass import Glass
from tui.ui.sgr import encode


class _Glazed(Protocol):
    """An app that knows what stands on its terminal."""

    glass: Glass


class PartialUpdate(ChopsUpdate):
    """Some lines of some widgets, of which only the cells that differ are sent."""

    def __init__(self, update: ChopsUpdate, size: Size, glass: Glass) -> None:
        super().__init__(update.chops, update.spans, update.chop_ends)
        self._size = size
        self._glass = glass

    def render_segments(self, console: Console) -> str:
        self._glass.fit(*self._size)
        pieces = (
            _sent(self._glass, x, y, strip)
            for y, x1, x2 in self.spans
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False)
            if strip is not None and x < x2 and end > x1
        )
        return encode(chain.from_iterable(pieces), _depth(console))


class FullUpdate(LayoutUpdate):
    """The whole screen, of which only the cells that differ are sent."""

    def __init__(self, update: LayoutUpdate, glass: Glass) -> None:
        super().__init__(update.strips, update.region)
        self._glass = glass

    def render_segments(self, console: Console) -> str:
        self._glass.fit(*self.region.size)
        lines = enumerate(self.strips, self.region.y)
        pieces = (_sent(self._glass, self.region.x, y, chain.from_iterable(line)) for y, line in lines)
        return encode(chain.from_iterable(pieces), _depth(console))


class GlassCompositor(Compositor):
    """A compositor of updates that send only what differs."""

    @property
    def _glass(self) -> Glass:
        assert self.root is not None, "nothing is painted before it is laid out"
        return cast(_Glazed, self.root.app).glass

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """The strips of each line by column. A strip that is not divided keeps itself in its cache: a circle of some
        kilobytes that only the collector of garbage would find, for every line that changes."""
        chops = super()._render_chops(crop, is_rendered_line)
        for strip in filter(None, chain.from_iterable(line.values() for line in chops)):
            strip._divide_cache.clear()
        return chops

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update and PartialUpdate(update, self.size, self._glass)

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        return FullUpdate(super().render_full_update(simplify), self._glass)


def _sent(glass: Glass, x: int, y: int, segments: Iterable[Segment]) -> Iterator[Segment]:
    """What the terminal is told of a piece of a line."""
    for at, runs in glass.put(x, y, segments):
        yield Control.move_to(at, y).segment
        yield from runs


def _depth(console: Console) -> ColorSystem:
    return console._color_system or ColorSystem.TRUECOLOR


def use_glass(screen: Screen[Any]) -> None:
    """Give a screen that is not yet mounted the compositor above; every screen of the app must have it."""
    screen._compositor = GlassCompositor()


def without_colour(app: App[Any]) -> None:
    """Let NO_COLOR mean what it says: weights and the cursor line, and no colour, grey or otherwise."""
    app._filters = [NoColor() if isinstance(each, Monochrome) else each for each in app._filters]


def set_frame_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """Put texts into a widget's border, repainting those lines of it alone."""
    width, height = widget.size
    if widget._border_title != title:
        widget._border_title = title
        widget.refresh(Region(-1, -1, width + 2, 1))
    if subtitle is not None and widget._border_subtitle != subtitle:
        widget._border_subtitle = subtitle
        widget.refresh(Region(-1, height, width + 2, 1))


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
