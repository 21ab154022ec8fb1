"""A lock among the user's own processes, for the moments in which a file is replaced."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PAUSE_S: Final = 0.02
_TRIES: Final = 250
# A file system without locks, or a folder in which nothing can be written, has nobody to lock out.
_NO_LOCKS: Final = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EROFS, errno.EACCES)


def lock_of(path: Path) -> Path:
    """The file that stands for `path` when it is locked; it stays where it is."""
    return path.with_name(f".{path.name}.lock")


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock on a file whose folder exists; TimeoutError where another process keeps it for five seconds."""
    try:
        handle = os.open(lock_of(path), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        yield
        return
    try:
        _wait(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, path)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, kind: int, path: Path) -> None:
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            return
        else:
            return
    raise TimeoutError(errno.ETIMEDOUT, f"{path.name} is locked by another program", str(path))
