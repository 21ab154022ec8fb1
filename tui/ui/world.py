"""Everything the terminal is given: settings, files, the link to its feed. Tests give it their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.config.keymap import Keymap
from tui.config.schema import Palette
from tui.config.state import ScreenState
from tui.domain.clock import Clock
from tui.domain.row import ColumnName, Row
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable
from tui.ui.environment import ColourDepth
from tui.ui.link import FeedLink

if TYPE_CHECKING:
    from tui.store.notes import NoteBook

Lists = dict[str, tuple[Symbol, ...]]


@dataclass
class World:
    """What `tui.cli.watch` and `tui.cli.demo` put together.

    `clock` is the world's until the feed says which one it lives in, `steady` is never another. `start` is the last
    choice or the setting of everything; its palette is "" where none was chosen, and `palette` is the setting.
    `open_notes` and `export_notes` are called on the disk's thread. `save_lists` is given the lists and those they grew
    from, and returns what it wrote. `stored_rows` may raise, then the first paint has no rows. `notices` are said in
    the first status line.
    """

    source: str
    clock: Clock
    steady: Clock
    link: FeedLink
    keymap: Keymap
    columns: tuple[ColumnName, ...]
    theme_folders: tuple[Path, ...]
    depth: ColourDepth
    no_color: bool
    start: ScreenState
    palette: Palette
    lists: Lists
    instruments: SectorTable
    stored_rows: Callable[[], Sequence[Row]]
    open_notes: "Callable[[], NoteBook]"
    export_notes: "Callable[[NoteBook], Path]"
    save_lists: Callable[[Lists, Lists], Lists]
    save_state: Callable[[ScreenState], None]
    notices: tuple[str, ...] = ()
