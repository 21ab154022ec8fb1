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
        aside = _copy_aside(path)
        rows = _salvaged(aside, columns)
        fresh = beside(path, ".recovered")
        _remove_with_journals(fresh)
        prepare_file(fresh)
        with closing(connect(fresh, readonly=False)) as connection:
            connection.execute("PRAGMA synchronous = EXTRA")
            migrate(connection, migrations)
            marks = ", ".join("?" for _ in range(len(columns.split(",")) + 1))
            with transaction(connection):
                connection.executemany(f"INSERT INTO notes ({columns}, deleted) VALUES ({marks})", rows)  # noqa: S608
        # A journal of the damaged file would be rolled back into the new one.
        for suffix in SIDE_FILES:
            beside(path, suffix).unlink(missing_ok=True)
        fresh.replace(path)
        sync_folder(path.parent)
    shown = sum(row[-1] is None for row in rows)
    return f"the notes were damaged: {shown} could be read and are here; the damaged file is kept as {aside.name}"


def _copy_aside(path: Path) -> Path:
    """A copy of the file and its journals that is safely on the disk."""
    aside = name_aside(path)
    for suffix in ("", *SIDE_FILES):
        if beside(path, suffix).exists():
            _copy(beside(path, suffix), beside(aside, suffix))
    sync_folder(path.parent)
    return aside


def _salvaged(aside: Path, columns: str) -> list[tuple[object, ...]]:
    """The rows, read from a working copy, for SQLite may roll a journal back into what it opens."""
    work = beside(aside, ".work")
    try:
        for suffix in ("", *SIDE_FILES):
            if beside(aside, suffix).exists():
                _copy(beside(aside, suffix), beside(work, suffix))
        return salvage(work, f"SELECT {columns}, deleted FROM notes WHERE rowid = ?", is_note)  # noqa: S608
    finally:
        _remove_with_journals(work)


def _copy(source: Path, target: Path) -> None:
    """Copy bytes to a new file of ours (0600) and see them to the disk."""
    handle = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with source.open("rb") as old, os.fdopen(handle, "wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())


def _remove_with_journals(path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        beside(path, suffix).unlink(missing_ok=True)
