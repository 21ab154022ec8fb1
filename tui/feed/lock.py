"""One feed per source and user: an advisory lock that the kernel gives back when its holder dies.

The file stays where it is when the lock is released: removing it would let two feeds lock two files of one name.
"""

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):
    """Another feed serves this source. `pid` is its process, None where it could not be read."""

    def __init__(self, pid: int | None) -> None:
        super().__init__("a feed for this source is already running" + (f" (process {pid})" if pid else ""))
        self.pid = pid


class Lock:
    """An exclusive lock on a file that names its holder's process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock; AlreadyRunning where another process has it, OSError where the file cannot be opened."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).strip()
            os.close(file)
            raise AlreadyRunning(int(holder) if holder.isdigit() else None) from None
        except OSError:
            os.close(file)
            raise
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
