"""What can still be read of a damaged notes file: row by row through SQLite, then leaf by leaf from the bytes.

The second way needs no intact header, schema or inner page: it walks every page that looks like the leaf of a table
(SQLite file format, sections 1.6 and 2.1) and takes the records that have the shape of a note.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from tui.store.database import connect, is_likely

_MAGIC: Final = b"SQLite format 3\0"
_PAGE_SIZE: Final = 4096
_LEAF: Final = 0x0D
_MOST_ROWS: Final = 1_000_000
_MOST_TEXT: Final = 10_000_000

Row = tuple[Any, ...]


def stored_version(path: Path) -> int:
    """The schema version in a file's header, 0 where the header is gone."""
    with path.open("rb") as stream:
        header = stream.read(100)
    version = int.from_bytes(header[60:64], "big") if header.startswith(_MAGIC) and len(header) == 100 else 0
    return version if is_likely(version) else 0


def salvage(path: Path, statement: str, shaped: Callable[[Row], bool]) -> list[Row]:
    """The rows of a damaged database whose first column is their id and sixth the time of their last change.

    `statement` reads one row by its rowid; `shaped` says whether a record is one of them. SQLite may roll back a
    journal beside the file, so hand it a copy. Of several versions of a row the newest counts.
    """
    found: dict[str, Row] = {}
    rows = [row for row in _by_rowid(path, statement) if shaped(row)]
    rows += [row for row in _from_leaves(path.read_bytes()) if shaped(row)]
    for row in rows:
        known = found.get(row[0])
        if known is None or known[5] < row[5]:
            found[row[0]] = row
    return list(found.values())


def is_note(row: Row) -> bool:
    """Whether a record has the shape of a note: ten columns and the time of its deletion."""
    kinds: tuple[type | tuple[type, ...], ...] = (
        *(str, str, str, str, int, int, str, str),
        *((int, type(None)), str, (int, type(None))),
    )
    right = len(row) == len(kinds) and all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True))
    return right and bool(row[0])


def _by_rowid(path: Path, statement: str) -> Iterator[Row]:
    # SQLite's own messages quote names from the file, which may be no text any more: hence UnicodeDecodeError.
    with (
        suppress(sqlite3.Error, UnicodeDecodeError),
        closing(connect(path, readonly=False, in_doubt=True)) as connection,
    ):
        highest = connection.execute("SELECT max(rowid) FROM notes").fetchone()[0] or 0
        for number in range(1, min(highest, _MOST_ROWS) + 1):
            with suppress(sqlite3.Error, UnicodeDecodeError):
                row = connection.execute(statement, (number,)).fetchone()
                if row is not None:
                    yield row


def _from_leaves(content: bytes) -> Iterator[Row]:
    """Every record on every page that looks like a leaf of a table."""
    size, reserved = _PAGE_SIZE, 0
    if content.startswith(_MAGIC):
        declared = int.from_bytes(content[16:18], "big")
        size = 65536 if declared == 1 else declared
        reserved = content[20]
    if not 512 <= size <= 65536 or size & (size - 1):
        size, reserved = _PAGE_SIZE, 0
    for start in range(0, len(content), size):
        first = start + (100 if start == 0 else 0)
        if content[first : first + 1] != bytes((_LEAF,)):
            continue
        count = int.from_bytes(content[first + 3 : first + 5], "big")
        for slot in range(first + 8, min(first + 8 + 2 * count, start + size), 2):
            cell = start + int.from_bytes(content[slot : slot + 2], "big")
            with suppress(ValueError, IndexError):
                yield tuple(_record(_payload(content, cell, size, size - reserved)))


def _payload(content: bytes, cell: int, size: int, usable: int) -> bytes:
    """A cell's bytes, with those that lie on overflow pages."""
    length, at = _varint(content, cell)
    _, at = _varint(content, at)
    if length > _MOST_TEXT:
        raise ValueError("no record is so long")
    most = usable - 35
    if length <= most:
        return content[at : at + length]
    least = (usable - 12) * 32 // 255 - 23
    here = least + (length - least) % (usable - 4)
    here = here if here <= most else least
    payload = content[at : at + here]
    page = int.from_bytes(content[at + here : at + here + 4], "big")
    while page and len(payload) < length:
        start = (page - 1) * size
        page = int.from_bytes(content[start : start + 4], "big")
        part = content[start + 4 : start + usable]
        if not part:
            raise ValueError("the chain leads out of the file")
        payload += part
    return payload[:length]


def _record(payload: bytes) -> Iterator[object]:
    """The values of a record."""
    header, at = _varint(payload, 0)
    body = header
    while at < header:
        kind, at = _varint(payload, at)
        if kind == 0:
            yield None
        elif kind in (8, 9):
            yield kind - 8
        elif kind < 7:
            width = (0, 1, 2, 3, 4, 6, 8)[kind]
            yield int.from_bytes(_exactly(payload, body, width), "big", signed=True)
            body += width
        elif kind >= 13 and kind % 2:
            width = (kind - 13) // 2
            yield _exactly(payload, body, width).decode("utf-8", "replace")
            body += width
        else:
            raise ValueError("notes hold no such value")


def _exactly(payload: bytes, start: int, width: int) -> bytes:
    part = payload[start : start + width]
    if len(part) != width:
        raise ValueError("the record is cut off")
    return part


def _varint(content: Sequence[int], at: int) -> tuple[int, int]:
    """A variable-length integer of one to nine bytes, and where it ends."""
    value = 0
    for number in range(8):
        byte = content[at + number]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + number + 1
    return value << 8 | content[at + 8], at + 9
