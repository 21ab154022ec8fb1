"""What the terminal is measured against: `python -m benchmarks.terminal_peers ROWS SOCKET`.

The same list as a Textual DataTable, told by the same frames through the same link, changing only the cells that
differ.
"""

import sys
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from tests.ui.rows import many
from tui.domain.row import Row
from tui.domain.symbol import Symbol, short_code
from tui.render.columns import Column, layout
from tui.render.row import View, row_cells
from tui.ui.link import FeedLink
from tui.wire import Change, Snapshot

WIDTH = 118
COLOURS = {"rise": "green", "fall": "red", "muted": "grey50", "strong": "bold", "stale": "grey50"}


class Table(App[None]):
    """The list as a DataTable."""

    BINDINGS: ClassVar = [("q", "quit", "quit")]

    def __init__(self, rows: int, path: Path) -> None:
        super().__init__()
        self._rows = many(rows)
        self._link = FeedLink(path, "bench", start=None)
        self._columns: tuple[Column, ...] = layout(WIDTH)
        self._shown: dict[Symbol, tuple[Text, ...]] = {}

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row", zebra_stripes=False)

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for column in self._columns:
            table.add_column(column.id, key=column.id, width=column.width)
        for row in self._rows:
            self._shown[row.symbol] = self._cells(row)
            table.add_row(*self._shown[row.symbol], key=row.symbol)
        self._link.watch(tuple(row.symbol for row in self._rows))
        self.call_after_refresh(lambda: self.run_worker(self._listen()))

    async def _listen(self) -> None:
        table = self.query_one(DataTable)
        async for event in self._link.events():
            for row in event.rows if isinstance(event, Snapshot | Change) else ():
                before, now = self._shown[row.symbol], self._cells(row)
                self._shown[row.symbol] = now
                for column, old, new in zip(self._columns, before, now, strict=True):
                    if old != new:
                        table.update_cell(row.symbol, column.id, new)

    def _cells(self, row: Row) -> tuple[Text, ...]:
        cells = row_cells(row, self._columns, View(0, trading=False))
        texts = (Text.assemble(*((text, COLOURS.get(tone, "")) for text, tone in cell)) for cell in cells)
        return tuple(texts) or (Text(short_code(row.symbol)),)


if __name__ == "__main__":
    Table(int(sys.argv[1]), Path(sys.argv[2])).run()
