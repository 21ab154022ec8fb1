"""Files that the program writes: whole or not at all, with the version before kept as .bak."""

import os
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from tui.config.errors import FileError
from tui.config.paths import private_folder

SIZE_LIMIT = 4 * 1024 * 1024


def backup_of(path: Path) -> Path:
    """Where the version before is kept."""
    return path.with_name(f"{path.name}.bak")


def write_toml(path: Path, table: Mapping[str, Any]) -> None:
    """Replace a TOML file atomically. FileError where the disk refuses; the old file is then untouched.

    The file before becomes the .bak; one that is damaged is kept as .damaged instead, and the .bak stays.
    """
    private_folder(path.parent)
    try:
        if path.exists():
            before = path.read_bytes()
            good = _is_toml(before)
            write_bytes(backup_of(path) if good else path.with_name(f"{path.name}.damaged"), before)
        write_bytes(path, tomli_w.dumps(table).encode())
    except OSError as error:
        raise FileError(
            f"{path} could not be written ({error.strerror}); what was there before is untouched"
        ) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file (0600) atomically: a reader and a power cut see the old one or the new one. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def read_toml(path: Path) -> tuple[dict[str, Any] | None, str]:
    """A file that the program wrote, and what there is to say about it.

    None where there is no file. For a damaged one its .bak answers, and the sentence says so.
    """
    try:
        return _read(path), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    try:
        table = _read(backup_of(path))
    except (OSError, ValueError):
        return None, f"{path} cannot be read ({reason}) and there is no good copy: it starts anew, the file is kept"
    return table, f"{path} cannot be read ({reason}): the version before it, {backup_of(path).name}, is used"


def sync_folder(folder: Path) -> None:
    """See a folder's new names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        content = stream.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"larger than {SIZE_LIMIT // 1024} KB")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _is_toml(content: bytes) -> bool:
    try:
        tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return True
