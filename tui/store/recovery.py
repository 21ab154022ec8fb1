"""A damaged notes file: copied aside, what can be read carried over into a new one, the new one put in its place."""

import os
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tui.config.files import sync_folder
from tui.config.locking import locked
from tui.store.database import (
    SIDE_FILES,
    StoreError,
    beside,
    connect,
    is_sound,
    migrate,
    name_aside,
    prepare_file,
    transaction,
)
from tui.store.salvage import is_note, salvage, stored_version


def rebuild(path: Path, columns: str, migrations: Sequence[Sequence[str]]) -> str:
    """Recover the notes and say what became of them. Until the new file is whole, the damaged one is untouched.

    Raises StoreError or OSError where that cannot be done; nothing has changed then.
    """
    with locked(path):
        with closing(connect(path, readonly=False)) as connection:
            if is_sound(connection, thorough=True):
                return "the notes were damaged, and another terminal has recovered them"
        if stored_version(path) > len(migrations):
            raise StoreError(f"{path} is damaged and was written by a newer whymove: open it with that version")
        aside, fresh = name_aside(path), beside(path, ".recovered")
        try:
            _copy_all(path, aside)
            rows = _salvaged(aside, columns)
            _write(fresh, rows, columns, migrations)
        except BaseException:
            # Half a copy helps nobody; the damaged file itself is still in its place.
            _remove_all(fresh)
            _remove_all(aside)
            raise
        # A journal of the damaged file would be rolled back into the new one.
        for suffix in SIDE_FILES:
            beside(path, suffix).unlink(missing_ok=True)
        fresh.replace(path)
        sync_folder(path.parent)
    shown = sum(row[-1] is None for row in rows)
    return f"the notes were damaged: {shown} recovered; the damaged file is kept as {aside.name}"


def _salvaged(aside: Path, columns: str) -> list[tuple[object, ...]]:
    """The rows, read from a working copy, for SQLite may roll a journal back into what it opens."""
    work = beside(aside, ".work")
    try:
        _copy_all(aside, work)
        return salvage(work, f"SELECT {columns}, deleted FROM notes WHERE rowid = ?", is_note)  # noqa: S608
    finally:
        _remove_all(work)


def _write(fresh: Path, rows: Sequence[tuple[object, ...]], columns: str, migrations: Sequence[Sequence[str]]) -> None:
    """Make a new file of the rows."""
    _remove_all(fresh)
    prepare_file(fresh)
    marks = ", ".join("?" for _ in range(len(columns.split(",")) + 1))
    with closing(connect(fresh, readonly=False)) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        migrate(connection, migrations)
        with transaction(connection):
            connection.executemany(f"INSERT INTO notes ({columns}, deleted) VALUES ({marks})", rows)  # noqa: S608


def _copy_all(source: Path, target: Path) -> None:
    """Copy a file and its journals, and see the copies to the disk."""
    for suffix in ("", *SIDE_FILES):
        if beside(source, suffix).exists():
            _copy(beside(source, suffix), beside(target, suffix))
    sync_folder(target.parent)


def _copy(source: Path, target: Path) -> None:
    """Copy bytes to a new file of ours (0600) and see them to the disk."""
    handle = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with source.open("rb") as old, os.fdopen(handle, "wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())


def _remove_all(path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        beside(path, suffix).unlink(missing_ok=True)
