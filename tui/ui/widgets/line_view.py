"""The base of every list on the screen: a ScrollView that paints lines of (text, tone) runs.

A subclass says how many lines there are (`line_count`), what a line shows (`line_runs`) and what that depends on
(`line_key`); it calls `lines_changed()` after its data changed. The base keeps a finished strip for each line, keyed by
everything visible (key, width, style table, cursor), repaints two lines when the cursor moves, and after a change only
the lines that differ; of those the terminal is sent the cells that differ. An equal line and a line outside the view
cost nothing.

    class Headlines(LineView):
        def line_count(self) -> int:
            return len(self._titles)

        def line_key(self, index: int) -> Hashable:
            return self._titles[index]

        def line_runs(self, index: int, width: int) -> Runs:
            return ((cut(self._titles[index], width), "text"),)

What `line_runs` leaves of `width` is blank, what goes beyond is cut. A line that starts with a blank shows the pointer
there while the cursor is on it, so that the cursor is seen without colour too. The app must be a
`tui.ui.theming.ThemedApp`, which turns tones into styles; a change of theme or palette repaints by itself.
"""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.render.tone import Run, Runs
from tui.render.width import cells, cut
from tui.ui.bindings import bindings
from tui.ui.messages import LineChosen, LinesMoved
from tui.ui.textual_private import set_frame_title
from tui.ui.theming import Ground, ToneStyles, themed

# Finished lines that are kept beside as many as the view is high: a line that changed is not seen again, and each
# holds some kilobytes.
_SPARE_LINES = 2


class LineView(ScrollView, inherit_bindings=False):
    """Lines with an optional cursor. `has_cursor = False` makes a view that scrolls instead."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("lines")
    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden; overflow-y: hidden;
        scrollbar-size: 0 0;
    }
    """
    can_focus = True
    has_cursor = True

    cursor: var[int] = var(0, init=False)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: dict[Hashable, tuple[Runs, Strip]] = {}
        self._painted: dict[int, tuple[Ground, Runs]] = {}
        self._shown_count = -1

    # --- what a subclass says

    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def line_key(self, index: int) -> Hashable:
        """Everything a line shows, besides width, theme and cursor."""
        raise NotImplementedError

    def line_runs(self, index: int, width: int) -> Runs:
        """The line."""
        raise NotImplementedError

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        """What stands in a view without lines."""
        return ()

    def can_rest(self, index: int) -> bool:
        """Whether the cursor may stop on a line; headings say no."""
        return True

    # --- what a subclass calls

    def lines_changed(self) -> None:
        """The data changed: repaint the lines that differ, keep the cursor inside."""
        count = self.line_count()
        if count != self._shown_count:
            self._shown_count = count
            # Set past Textual, which would lay out and repaint the whole widget: there are no scrollbars to move.
            self.set_reactive(LineView.virtual_size, Size(1, count))
            self.cursor = self._resting_place(min(self.cursor, count - 1), 1)
            if self.scroll_offset.y > max(count - self.size.height, 0):
                self._scroll_to_line(count - self.size.height)
        if self.is_mounted:
            self._repaint_differences()

    def _repaint_differences(self) -> None:
        for y, painted in list(self._painted.items()):
            current = self._line_at(y)
            if current is not None and current[:2] != painted:
                self.refresh(Region(0, y, self.size.width, 1))

    def frame(self, title: Content | str, subtitle: Content | str | None = None) -> None:
        """Title and subtitle in the border; text is taken as it is, never as markup."""
        as_content = [Content(text) if isinstance(text, str) else text for text in (title, subtitle or "")]
        set_frame_title(self, as_content[0], None if subtitle is None else as_content[1])

    # --- painting

    def render_line(self, y: int) -> Strip:
        line = self._line_at(y)
        if line is None:
            return Strip.blank(self.size.width, themed(self).tones.style("text"))
        self._painted[y] = line[:2]
        return line[2]

    def _line_at(self, y: int) -> tuple[Ground, Runs, Strip] | None:
        """Ground, runs and strip at height `y` of the view, lines or not; None outside the view."""
        width, height = self.size
        if not 0 <= y < height:
            return None
        index = y + self.scroll_offset.y
        there = index < self._shown_count
        ground: Ground = self._ground(index) if there else "plain"
        styles, pointer = themed(self).tones, themed(self).pointer
        content = self.line_key(index) if there else self._beside_lines(y, width, height)
        key = (there, content, width, styles.version, ground, pointer)
        held = self._strips.pop(key, None)
        if held is None:
            runs = self.line_runs(index, width) if there else self._beside_lines(y, width, height)
            runs = _fill(runs, width)
            if ground != "plain" and runs[0][0].startswith(" "):
                runs = ((pointer + runs[0][0][1:], runs[0][1]), *runs[1:])
            held = (runs, _strip(runs, styles, ground, width))
        # The last one asked for is the last to go.
        self._strips[key] = held
        while len(self._strips) > height + _SPARE_LINES:
            del self._strips[next(iter(self._strips))]
        return ground, *held

    def _beside_lines(self, y: int, width: int, height: int) -> Runs:
        """What stands where there is no line."""
        lines = self.empty_lines(width, height) if self._shown_count <= 0 else ()
        return tuple(lines[y]) if y < len(lines) else ()

    def _ground(self, index: int) -> Ground:
        if not self.has_cursor or index != self.cursor:
            return "plain"
        return "cursor" if self.has_focus else "cursor_idle"

    # --- the cursor

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self._shown_count - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        self._repaint_line(before)
        self._repaint_line(after)
        self._show_line(after)
        self._point()

    def _point(self) -> None:
        """Put the terminal's own cursor, which is not shown, on the line: screen readers and magnifiers follow it."""
        if self.has_focus and self.has_cursor:
            self.app.cursor_position = self.content_region.offset + Offset(0, self.cursor - self.scroll_offset.y)

    def move_to(self, index: int, towards: int = 1) -> None:
        """Put the cursor on the nearest line where it may rest, and say so if that moved it."""
        target = self._resting_place(index, towards)
        if target != self.cursor:
            self.cursor = target
            self.post_message(LinesMoved(target))

    def _resting_place(self, index: int, towards: int) -> int:
        count = self._shown_count
        index = max(0, min(index, count - 1))
        for step in (towards, -towards):
            at = index
            while 0 <= at < count:
                if self.can_rest(at):
                    return at
                at += step
        return index

    def _repaint_line(self, index: int) -> None:
        y = index - self.scroll_offset.y
        if self.is_mounted and 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _show_line(self, index: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if height and not top <= index < top + height:
            self._scroll_to_line(index if index < top else index - height + 1)

    def _scroll_to_line(self, line: int) -> None:
        self.scroll_to(y=max(line, 0), animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        self._show_line(self.cursor)
        self._point()

    def on_focus(self) -> None:
        self._repaint_line(self.cursor)
        self._point()

    def on_blur(self) -> None:
        self._repaint_line(self.cursor)

    # --- keys and mouse

    def _step(self, lines: int) -> None:
        if self.has_cursor:
            self.move_to(self.cursor + lines, 1 if lines > 0 else -1)
        else:
            self._scroll_to_line(self.scroll_offset.y + lines)

    def action_down(self) -> None:
        self._step(1)

    def action_up(self) -> None:
        self._step(-1)

    def action_page_down(self) -> None:
        self._step(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self._step(-max(1, self.size.height - 1))

    def action_top(self) -> None:
        self._step(-self._shown_count)

    def action_bottom(self) -> None:
        self._step(self._shown_count)

    def action_open(self) -> None:
        if self.has_cursor and self._shown_count:
            self.post_message(LineChosen(self.cursor))

    def on_click(self, event: events.Click) -> None:
        index = event.y - self.gutter.top + self.scroll_offset.y
        if self.has_cursor and 0 <= index < self._shown_count and self.can_rest(index):
            self.move_to(index)
            if event.chain == 2:
                self.action_open()


def _fill(runs: Runs, width: int) -> Runs:
    """The runs in exactly `width` cells; blanks join the run before them, so that they cost no escape of their own."""
    joined: list[Run] = []
    used = 0
    for text, tone in runs:
        size = cells(text)
        if used + size > width:
            text = cut(text, width - used)
            size = cells(text)
        if not text:
            continue
        used += size
        if joined and (joined[-1][1] == tone or text.isspace()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, tone))
    if used < width:
        blank = " " * (width - used)
        joined[-1:] = [(joined[-1][0] + blank, joined[-1][1])] if joined else [(blank, "text")]
    return tuple(joined)


def _strip(runs: Runs, styles: ToneStyles, ground: Ground, width: int) -> Strip:
    return Strip([Segment(text, styles.style(tone, ground)) for text, tone in runs], width)
