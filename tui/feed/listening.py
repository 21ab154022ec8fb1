"""The feed's socket: ours alone, and free of what a killed feed left behind."""

import os
import socket
import stat
from pathlib import Path
from typing import Final

from tui.config.errors import FileError
from tui.config.paths import SOCKET_LIMIT, private_folder
from tui.feed.lock import AlreadyRunning

_BACKLOG: Final = 64


class Listener:
    """A listening Unix socket that is removed when closed."""

    def __init__(self, path: Path) -> None:
        """Bind and listen, replacing a dead socket.

        Raises UnsafePlace, AlreadyRunning where somebody answers there, or OSError.
        """
        if len(os.fsencode(path)) > SOCKET_LIMIT:
            raise FileError(f"{path} is longer than the {SOCKET_LIMIT} bytes of a socket's path: choose a shorter one")
        private_folder(path.parent)
        remove_dead(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # It gets its name only once it listens, so nobody ever meets a socket that would refuse them.
        unnamed = path.with_suffix(".new")
        unnamed.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self.socket.bind(os.fspath(unnamed))
            self.socket.listen(_BACKLOG)
            unnamed.rename(path)
        except OSError:
            self.socket.close()
            raise
        finally:
            os.umask(before)
        self.socket.setblocking(False)
        self._path = path
        self._inode = path.stat().st_ino

    def close(self) -> None:
        """Stop listening. The file goes only if it is still ours."""
        self.socket.close()
        try:
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        except FileNotFoundError:
            pass


def remove_dead(path: Path) -> None:
    """Remove a socket nobody listens on. AlreadyRunning if somebody does, FileError if it is no socket."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileError(f"{path} is in the way and is no socket: move it away")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
        except TimeoutError:
            pass
    raise AlreadyRunning(None)


def sweep(directory: Path, pattern: str) -> None:
    """Remove every dead socket of a pattern: what killed private feeds left."""
    for path in directory.glob(pattern):
        try:
            remove_dead(path)
        except (AlreadyRunning, FileError, OSError):
            continue
