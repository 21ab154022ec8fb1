"""The line of titles over the list."""

from typing import cast

from tui.config.schema import SortName
from tui.domain.row import ColumnName
from tui.render.columns import Column, column_at, head_runs
from tui.render.tone import Runs
from tui.ui.model import ViewState
from tui.ui.ordering import SORTS, Sort
from tui.ui.widgets.one_line import OneLine


class ListHead(OneLine):
    """The titles of the columns, the one that orders the list accented."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._columns: tuple[Column, ...] = ()
        self._sort = Sort()

    def show_columns(self, columns: tuple[Column, ...], sort: Sort) -> None:
        """Take the columns of the list below."""
        if (columns, sort) != (self._columns, self._sort):
            self._columns, self._sort = columns, sort
            self.lines_changed()

    def runs(self, state: ViewState, width: int) -> Runs:
        shown = {column.id for column in self._columns}
        # Where the own part has no column of its own, it stands beside the verdict.
        name = "verdict" if self._sort.name == "own" and "own" not in shown else self._sort.name
        sorted_by = cast(ColumnName, name) if name in shown else None
        return ((" ", "header"), *head_runs(self._columns, state.look.language, sorted_by, state.earlier_day))

    def sort_at(self, cell: int) -> SortName | None:
        """The sort that a click on this cell asks for."""
        column = column_at(self._columns, cell - 1)
        return next((name for name in SORTS if name == column), None)
