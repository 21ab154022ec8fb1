"""What both databases share: opening with the right permissions, versions, and errors in plain words."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

BUSY_S: Final = 5.0


class StoreError(Exception):
    """A database could not be read or written; the sentence says which, why and what to do."""


def prepare_file(path: Path) -> None:
    """Make the folder (0700) and an empty file (0600), so that nobody else can read what SQLite puts there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}): free its disk or its permissions") from error


def connect(path: Path, *, readonly: bool, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """Open a database in autocommit mode. A read-only one in a folder that cannot be written is taken as it lies."""
    if readonly:
        still = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
        address = f"file:{quote(str(path))}?mode=ro{still}"
        return sqlite3.connect(address, uri=True, timeout=busy_s, isolation_level=None)
    return sqlite3.connect(path, timeout=busy_s, isolation_level=None)


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's version; 0 for a new file."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Bring the schema from its version to the newest, each step whole or not at all; never back."""
    for number in range(version_of(connection), len(migrations)):
        connection.executescript(f"BEGIN IMMEDIATE;{migrations[number]};PRAGMA user_version = {number + 1};COMMIT;")


def is_sound(connection: sqlite3.Connection) -> bool:
    """False where SQLite finds the file damaged."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, taking the write lock first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def in_words(path: Path, error: sqlite3.Error) -> StoreError:
    """An SQLite error as a sentence."""
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return StoreError(f"{path.name} is locked by another program; try again in a moment")
    if "full" in text:
        return StoreError(f"the disk of {path.parent} is full: free some space and try again")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return StoreError(f"{path} cannot be written: look at its permissions and its disk")
    if "malformed" in text or "not a database" in text:
        return StoreError(f"{path} is damaged: start whymove again, it sets the file aside")
    if "disk i/o" in text:
        return StoreError(f"the disk of {path.parent} refuses ({error}): look at its free space and its health")
    return StoreError(f"{path.name}: {error}")


def _aside(path: Path, stamp: str) -> Path:
    """A name beside a damaged file that nothing has yet."""
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    return aside


def _refused(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path} is damaged and cannot be set aside ({error.strerror}): move it away")


def set_aside(path: Path, stamp: str) -> Path:
    """Rename a damaged database and its journals, and return the new name."""
    aside = _aside(path, stamp)
    try:
        path.rename(aside)
        for suffix in ("-wal", "-shm", "-journal"):
            journal = path.with_name(path.name + suffix)
            if journal.exists():
                journal.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise _refused(path, error) from error
    return aside


def copy_aside(path: Path, stamp: str) -> Path:
    """Copy a damaged database, readable by its owner only, and return the copy's name."""
    aside = _aside(path, stamp)
    try:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(path, aside)
    except OSError as error:
        raise _refused(path, error) from error
    return aside
