"""Every use of Textual's private names, in one file: read it again whenever the pinned Textual is bumped (8.2.8 now).

- `GlassCompositor`: Textual's compositor sends a dirty line from its widget's left edge, all of every widget whose
  border changes, all of the screen when its layout changes, and every piece with its whole style. This one compares
  with what stands on the terminal and sends the cells that differ, and of a style only what changes.
- `without_colour`: Textual decides when it is made whether NO_COLOR means greys or nothing, before our theme is known.
- `set_frame_title`: Textual repaints a whole widget when the title in its border changes. This repaints that line.
- `PasteParser`: Textual's parser reads keys and commands in what is pasted. This one takes all of it for text.
- `driver_for`: Textual's driver paints on stderr, a SIGCONT that follows no suspension makes it start twice, and a
  byte that is no UTF-8 ends the app.
- `key_name`: Textual keeps the names of keys to itself.
"""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from itertools import chain
from typing import Any, Final, Protocol, cast

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.content import Content
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import Monochrome, NoColor
from textual.geometry import Region, Size
from textual.keys import _character_to_key
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.domain.text import clean_paste
from tui.ui.glass import Glass
from tui.ui.sgr import encode

# A paste whose end never comes is over after this long without a byte; what is longer than the limit is not kept, and
# is far beyond what any field takes.
PASTE_SILENCE_S: Final = 3.0
PASTE_LIMIT: Final = 16_000_000
_READ: Final = 4096


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


class PasteParser(XTermParser):
    """Everything between the marks of a bracketed paste is text, and reaches Textual's parser clean of what it would
    take for keys."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._paste: list[str] | None = None
        self._kept = 0
        self._over_at = 0.0
        self._tail = ""

    def feed(self, data: str) -> Iterator[Message]:
        """What `data` says. A mark may come in two pieces: `_tail` is the end of what came before."""
        while data:
            mark = BRACKETED_PASTE_START if self._paste is None else BRACKETED_PASTE_END
            at = (self._tail + data).find(mark)
            end = at + len(mark) - len(self._tail) if at >= 0 else len(data)
            taken, data = data[:end], data[end:]
            self._tail = "" if at >= 0 else (self._tail + taken)[1 - len(mark) :]
            if self._paste is None:
                yield from super().feed(taken)
                if at >= 0:
                    self._paste, self._kept = [], 0
            else:
                self._keep(taken)
                if at >= 0:
                    yield from self._hand_over()
            self._over_at = get_time() + PASTE_SILENCE_S

    def tick(self) -> Iterator[Message]:
        """Called every tenth of a second: an Escape that stayed alone is a key, a paste that fell silent is over."""
        if self._paste is not None:
            if get_time() >= self._over_at:
                yield from self._hand_over()
            return
        if self._timeout_time is not None and get_time() >= self._timeout_time:
            self._tail = ""
        yield from super().tick()

    def _keep(self, text: str) -> None:
        if self._paste is not None and self._kept < PASTE_LIMIT:
            self._paste.append(text)
            self._kept += len(text)

    def _hand_over(self) -> Iterator[Message]:
        text = "".join(self._paste or ()).removesuffix(BRACKETED_PASTE_END)
        self._paste, self._tail = None, ""
        yield from super().feed(clean_paste(text) + BRACKETED_PASTE_END)


def driver_for(terminal: TextIOWrapper) -> type[LinuxDriver]:
    """A driver that paints on this file instead of on stderr, which is the log while the app runs."""

    class TerminalDriver(LinuxDriver):
        def __init__(
            self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
        ) -> None:
            super().__init__(app, debug=debug, mouse=mouse, size=size)
            self._file = terminal

        def run_input_thread(self) -> None:
            parser = PasteParser(self._debug)
            decode = getincrementaldecoder("utf-8")("replace").decode
            with selectors.DefaultSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    data = decode(os.read(self.fileno, _READ)) if selector.select(0.1) else ""
                    for message in chain(parser.feed(data), parser.tick()):
                        self.process_message(message)

        def _sigcont_application(self, *_: object) -> None:
            if self._must_signal_resume:
                super()._sigcont_application()

    return TerminalDriver
