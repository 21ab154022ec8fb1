"""What both databases share: opening with the right permissions, versions, damage, and errors in plain words."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tui.config.errors import FileError
from tui.config.paths import private_file

BUSY_S: Final = 5.0
MOST_VERSIONS: Final = 1000
SIDE_FILES: Final = ("-journal", "-wal", "-shm")


class StoreError(Exception):
    """A database could not be read or written; the sentence says which, why and what to do."""


def prepare_file(path: Path) -> None:
    """Make the folder (0700) and an empty file (0600), so that nobody else can read what SQLite puts there."""
    try:
        private_file(path)
    except FileError as error:
        raise StoreError(str(error)) from error


def connect(
    path: Path, *, readonly: bool, busy_s: float = BUSY_S, any_thread: bool = False, in_doubt: bool = False
) -> sqlite3.Connection:
    """Open a database in autocommit mode. A read-only one in a folder that cannot be written is taken as it lies.

    `any_thread` is for callers that let only one thread in at a time; `in_doubt` for a file that may be damaged.
    """
    address = f"file:{quote(os.fsencode(path))}?mode={'ro' if readonly else 'rw'}"
    # A journal that lies there holds half of a transaction, which only a writer can undo.
    if readonly and not os.access(path.parent, os.W_OK) and not beside(path, "-journal").exists():
        address += "&immutable=1"
    connection = sqlite3.connect(
        address, uri=True, timeout=busy_s, isolation_level=None, check_same_thread=not any_thread
    )
    if in_doubt:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's version; 0 for a new file."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def is_likely(version: int) -> bool:
    """False for a number that no version of the program has: the header is damaged."""
    return 0 <= version <= MOST_VERSIONS


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    """Bring the schema from its version to the newest, each step whole or not at all; never back."""
    while version_of(connection) < len(migrations):
        with transaction(connection):
            # Another process may have been faster while this one waited for the lock.
            version = version_of(connection)
            if version < len(migrations):
                for statement in migrations[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, taking the write lock first. What a failed commit leaves open is rolled back."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code, 0 where the error is Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """True only where SQLite says that the file itself is broken: never for a lock, a full disk or a permission."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_sound(connection: sqlite3.Connection, *, thorough: bool = False) -> bool:
    """False where SQLite finds the file damaged; `thorough` compares the indices with their tables as well.

    Raises sqlite3.Error where it could not look.
    """
    try:
        check = "integrity_check" if thorough else "quick_check"
        return connection.execute(f"PRAGMA {check}(1)").fetchone()[0] == "ok" and is_likely(version_of(connection))
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        raise
    except UnicodeDecodeError:
        # The name of what is damaged is damaged itself.
        return False


def in_words(path: Path, error: sqlite3.Error) -> str:
    """An SQLite error as a sentence with its remedy; the folder last, where a narrow screen cuts it."""
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{path.name} is locked by another program: try again in a moment"
    if code == sqlite3.SQLITE_FULL:
        return f"the disk is full: free some space and try again ({path.parent})"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return f"{path.name} cannot be opened or written ({error}): look at permissions and disk of {path.parent}"
    if code == sqlite3.SQLITE_IOERR:
        return f"the disk refuses ({error}): look at its free space and health, and try again ({path.parent})"
    if is_damage(error):
        return f"{path.name} is damaged ({error}): start whymove again, it sets the file aside ({path.parent})"
    return f"{path.name}: {error}"


@contextmanager
def errors_as(kind: type[StoreError], path: Path) -> Iterator[None]:
    """What fails inside is raised as an error of this kind, in plain words; one that is of the kind already stays."""
    try:
        yield
    except kind:
        raise
    except sqlite3.Error as error:
        raise kind(in_words(path, error)) from error
    except StoreError as error:
        raise kind(str(error)) from error
    except OSError as error:
        raise kind(f"{path} cannot be used ({error.strerror}): try again in a moment") from error


def name_aside(path: Path) -> Path:
    """A free name for a damaged file: the time of its last change tells one from another."""
    stamp = path.stat().st_mtime_ns // 1_000_000_000
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    return aside


def beside(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps beside a database: `-journal`, `-wal`, `-shm`."""
    return path.with_name(path.name + suffix)


def set_aside(path: Path) -> Path:
    """Rename a damaged database and its journals, and return the new name."""
    try:
        aside = name_aside(path)
        path.rename(aside)
        for suffix in SIDE_FILES:
            if beside(path, suffix).exists():
                beside(path, suffix).rename(beside(aside, suffix))
    except OSError as error:
        raise StoreError(f"{path} is damaged and cannot be set aside ({error.strerror}): move it away") from error
    return aside
