"""The databases, and who else may read or change the user's files."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui.cli.checkup.finding import Finding
from tui.config.paths import Paths
from tui.store import cache, ledger, notes
from tui.store.survey import survey

_SOURCES: Final = ("yahoo", "pipe", "sample")
_DAMAGED_NOTES: Final = "is damaged: start whymove, it copies the file aside and carries over what can be read"
_DAMAGED_LEDGER: Final = "is damaged: start whymove, it renames the file and carries over what can be read"
_DAMAGED_CACHE: Final = "is damaged: start whymove, it sets the file aside and fills a new one"


def check_stores(paths: Paths) -> Iterator[Finding]:
    """Integrity and version of every database, the disk they lie on, and loose permissions."""
    for source in ("yahoo", "sample"):
        yield from _database("notes", paths.notes(source), len(notes.MIGRATIONS), _DAMAGED_NOTES)
    for source in _SOURCES:
        yield from _database("ledger", paths.ledger(source), len(ledger.MIGRATIONS), _DAMAGED_LEDGER)
        yield from _database("cache", paths.cache(source), len(cache.MIGRATIONS), _DAMAGED_CACHE)
    yield from _kept_copies(paths)
    yield from _disk(paths)
    loose = list(_loose(paths))
    yield from loose
    if not loose:
        yield Finding("ok", "access", "nobody else can read your notes or write to your settings")


def _database(topic: str, path: Path, newest: int, damaged: str) -> Iterator[Finding]:
    if not path.exists():
        return
    found = survey(path)
    if found.trouble:
        yield Finding("wrong", topic, found.trouble)
    elif not found.sound:
        yield Finding("wrong", topic, f"{path} {damaged}")
    elif found.version > newest:
        yield Finding(
            "wrong", topic, f"{path} was written by a newer whymove and is only read: bring this one up to date"
        )
    else:
        yield Finding("ok", topic, f"{path} is sound, version {found.version} of {newest}")


def _kept_copies(paths: Paths) -> Iterator[Finding]:
    for folder in (paths.data_dir, paths.state_dir):
        for path in sorted(folder.glob("*.damaged*")):
            yield Finding(
                "note", "copies", f"{path} is a damaged file that was kept: delete it when nothing is missing"
            )


def _disk(paths: Paths) -> Iterator[Finding]:
    for folder in (paths.data_dir, paths.state_dir):
        near = next(place for place in (folder, *folder.parents) if place.exists())
        if not os.access(near, os.W_OK | os.X_OK):
            yield Finding(
                "wrong", "disk", f"{near} cannot be written: nothing can be saved; mend its permissions or disk"
            )


def _loose(paths: Paths) -> Iterator[Finding]:
    """Everything that another user could read or change."""
    private = [
        paths.data_dir,
        paths.state_dir,
        paths.runtime_dir,
        paths.log_dir,
        paths.yahoo(),
        paths.lists,
        paths.state,
    ]
    private += [*map(paths.notes, ("yahoo", "sample")), *map(paths.ledger, _SOURCES), *map(paths.cache, _SOURCES)]
    if paths.runtime_dir.is_dir():
        private += sorted((*paths.runtime_dir.glob("*.sock"), *paths.runtime_dir.glob("*.lock")))
    for path in private:
        yield from _grants(path, 0o077, "read")
    for path in (paths.config_dir, paths.config_file, paths.themes):
        # [pipe] names a program that whymove starts, so whoever writes the settings runs what he likes.
        yield from _grants(path, 0o022, "change")


def _grants(path: Path, forbidden: int, what: str) -> Iterator[Finding]:
    try:
        status = path.stat()
    except OSError:
        return
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid != os.getuid():
        yield Finding("wrong", "access", f"{path} belongs to another user: make it yours with chown")
    elif mode & forbidden:
        yield Finding("wrong", "access", f"others can {what} {path} ({mode:04o}): chmod {mode & ~forbidden:o} {path}")
