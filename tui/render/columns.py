"""Which columns the list has at a width. Columns are dropped whole, the least useful first, and never narrowed below
what their numbers need. What changes with every tick stands left, so that a changed row costs few bytes.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from tui.domain.row import COLUMN_NAMES, ColumnName
from tui.render.language import Language, Words
from tui.render.tone import Run, Runs
from tui.render.width import Align, pad
from tui.render.words import RARITY_HEAD, weekday_words


class Column(msgspec.Struct, frozen=True):
    """A column in its place: `start` is its first cell in the row, `width` its cells."""

    id: ColumnName
    title: Words
    width: int
    align: Align = "left"
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + self.width


# As they stand from left to right, at their least width.
_COLUMNS: Final[tuple[Column, ...]] = (
    Column("code", Words("code", "代號"), 6),
    Column("price", Words("price", "現價"), 8, "right"),
    Column("change", Words("% day", "升跌%"), 8, "right"),
    Column("verdict", Words("verdict", "判斷"), 11),
    Column("own", Words("own", "個別"), 7, "right"),
    Column("rarity", RARITY_HEAD, 5, "right"),
    Column("volume", Words("vol", "量比"), 5, "right"),
    Column("turnover", Words("turn.", "成交額"), 6, "right"),
    Column("age", Words("age", "時效"), 4, "right"),
    Column("spark", Words("today", "走勢"), 6),
    Column("name", Words("name", "名稱"), 8),
    Column("events", Words("news", "消息"), 8),
)
_OF_DAY: Final[dict[ColumnName, Words]] = {"change": Words("% {}", "{}%"), "spark": Words("{}", "{}")}
_BY_ID: Final[dict[str, Column]] = {column.id: column for column in _COLUMNS}
# As they are given room: what comes last is dropped first. Code and percent stand at any width. The own part has a
# column of its own only where all else has room: otherwise it stands beside the verdict wherever it speaks.
_USEFUL: Final[tuple[ColumnName, ...]] = (
    "code",
    "change",
    "price",
    "verdict",
    "rarity",
    "spark",
    "name",
    "events",
    "volume",
    "turnover",
    "own",
    "age",
)
# These take what room is left, in turns; a longer name or a wider spark than this adds nothing.
_WIDEST: Final[dict[ColumnName, int]] = {"spark": 20, "name": 20}
GAP: Final = 1
# Wide lists set these apart by a second blank.
_APART: Final[frozenset[ColumnName]] = frozenset(("verdict", "spark", "name"))
_SLACK_FOR_GAPS: Final = 6


def layout(width: int, wanted: Sequence[str] = COLUMN_NAMES) -> tuple[Column, ...]:
    """The wanted columns that have room in `width` cells, in the wanted order, wide ones widened.

    At least the code; with percent from 15 cells on and the price from 24. Code and percent are always wanted.
    Raises KeyError for a name that is no column.
    """
    order = [_BY_ID[name] for name in dict.fromkeys(("code", *wanted) if "code" not in wanted else wanted)]
    if "change" not in wanted:
        order.insert(1, _BY_ID["change"])
    asked = {column.id for column in order}
    kept: dict[ColumnName, int] = {}
    room = width
    for name in _USEFUL:
        if name not in asked:
            continue
        need = _BY_ID[name].width + (GAP if kept else 0)
        if need > room and kept:
            break
        kept[name] = _BY_ID[name].width
        room -= need
    apart: frozenset[ColumnName] = frozenset()
    if room >= _SLACK_FOR_GAPS:
        apart = _APART & kept.keys()
        room -= len(apart)
    _widen(kept, room)
    placed: list[Column] = []
    for column in order:
        if column.id in kept:
            start = placed[-1].end + GAP + (column.id in apart) if placed else 0
            placed.append(msgspec.structs.replace(column, width=kept[column.id], start=start))
    return tuple(placed)


def _widen(kept: dict[ColumnName, int], room: int) -> None:
    """Share the cells that are left between spark and name, one each in turns."""
    while room > 0:
        growing = [name for name, most in _WIDEST.items() if name in kept and kept[name] < most]
        if not growing:
            return
        for name in growing[:room]:
            kept[name] += 1
        room -= len(growing[:room])


def gap_before(columns: Sequence[Column], index: int) -> int:
    """Blank cells between a column and the one before it."""
    return columns[index].start - columns[index - 1].end if index else 0


def row_width(columns: Sequence[Column]) -> int:
    """The cells that a row of these columns takes."""
    return columns[-1].end if columns else 0


def head_runs(
    columns: Sequence[Column],
    language: Language = "en",
    sorted_by: ColumnName | None = None,
    earlier_day: date | None = None,
) -> Runs:
    """The line of titles, each in its column's cells; the column that orders the list is accented. Prices of an earlier
    day than today are headed by its weekday."""
    runs: list[Run] = []
    for index, column in enumerate(columns):
        if gap := gap_before(columns, index):
            runs.append((" " * gap, "header"))
        title = _OF_DAY.get(column.id, column.title) if earlier_day else column.title
        words = title.say(language).format(weekday_words(earlier_day, language) if earlier_day else "")
        text = pad(words, column.width, column.align)
        runs.append((text, "accent" if column.id == sorted_by else "header"))
    return tuple(runs)


def column_at(columns: Sequence[Column], cell: int) -> ColumnName | None:
    """The column under a cell of the row, for a click on its title."""
    return next((column.id for column in columns if column.start <= cell < column.end), None)
