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
    """Replace a TOML file atomically. FileError where the disk refuses; the old file is then untouched."""
    content = tomli_w.dumps(table).encode()
    private_folder(path.parent)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            _keep(path)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise _refused(path, error) from error


def read_toml(path: Path) -> tuple[dict[str, Any] | None, str]:
    """A file that the program wrote, and what there is to say about it.

    None where there is no file. A damaged one is set aside and its .bak answers for it, and the sentence says so.
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


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        content = stream.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"larger than {SIZE_LIMIT // 1024} KB")
    return tomllib.loads(content.decode("utf-8"))


def _keep(path: Path) -> None:
    """Make the present file the .bak, unless it is damaged: then it is set aside and the .bak stays."""
    try:
        _read(path)
    except (OSError, ValueError):
        path.replace(path.with_name(f"{path.name}.damaged"))
        return
    backup = backup_of(path)
    with suppress(FileNotFoundError):
        backup.unlink()
    os.link(path, backup)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(path: Path, error: OSError) -> FileError:
    return FileError(f"{path} could not be written ({error.strerror}); what was there before is untouched")
