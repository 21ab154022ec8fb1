"""A look at a database that changes nothing: neither migrates nor recovers it. For `whymove check`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from tui.store.database import connect, in_words, is_sound, version_of


class Survey(msgspec.Struct, frozen=True):
    """What a database file is like. `version` is its schema's; `trouble` why it could not be looked at."""

    version: int = 0
    sound: bool = True
    trouble: str = ""


def survey(path: Path) -> Survey:
    """Look at an existing database, its indices included."""
    try:
        with closing(connect(path, readonly=True)) as connection:
            if not is_sound(connection, thorough=True):
                return Survey(sound=False)
            return Survey(version=version_of(connection))
    except sqlite3.Error as error:
        return Survey(trouble=in_words(path, error))


def sqlite_version() -> str:
    """The version of the SQLite library in use."""
    return sqlite3.sqlite_version
