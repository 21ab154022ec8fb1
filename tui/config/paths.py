"""Where whymove keeps its files. Only `socket` and `lock` make a folder; the others name places."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

from tui.config.errors import FileError

# The kernel takes 107 bytes on Linux and 103 on macOS.
SOCKET_LIMIT: Final = 100
_APP: Final = "whymove"


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter. FileError where it cannot be made or belongs to somebody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and status.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise FileError(
            f"{folder} cannot be made ({error.strerror}): make it yourself, or free its disk and permissions"
        ) from error
    if status.st_uid != os.getuid():
        raise FileError(f"{folder} belongs to another user: remove it, or set XDG_RUNTIME_DIR to a folder of yours")
    return folder


class Paths:
    """The places of one user. Settings, lists and notes follow the home; cache, logs and sockets stay on the host."""

    def __init__(self) -> None:
        folders = PlatformDirs(_APP, appauthor=False)
        self.config_dir: Path = folders.user_config_path
        self.data_dir: Path = folders.user_data_path
        self.state_dir: Path = folders.user_state_path

    @property
    def config_file(self) -> Path:
        """The user's settings, which the program only reads."""
        return self.config_dir / "config.toml"

    @property
    def themes(self) -> Path:
        """The user's own themes."""
        return self.config_dir / "themes"

    @property
    def lists(self) -> Path:
        """The watchlists, written by the program."""
        return self.data_dir / "lists.toml"

    @property
    def state(self) -> Path:
        """What the screen remembers (sort, theme, list), written by the program."""
        return self.state_dir / "state.toml"

    def cache(self, source: str) -> Path:
        """Prices and events of one source; may be deleted at any time."""
        return self.state_dir / f"cache-{source}.sqlite"

    def notes(self, source: str) -> Path:
        """The trader's notes; those of the demo have a file of their own."""
        return self.data_dir / ("notes-sample.sqlite" if source == "sample" else "notes.sqlite")

    def yahoo(self) -> Path:
        """yfinance's cookies and time zones."""
        return self.state_dir / "yahoo"

    def log(self, name: str) -> Path:
        """The log of the feed or the terminal."""
        return self.state_dir / "log" / f"{name}.log"

    @property
    def runtime_dir(self) -> Path:
        """Where sockets and locks lie: XDG_RUNTIME_DIR, else run/ of the state folder.

        A path too long for a socket gives way to a short one, named after it, among the temporary files.
        """
        given = os.environ.get("XDG_RUNTIME_DIR", "")
        folder = Path(given) / _APP if given else self.state_dir / "run"
        if len(os.fsencode(folder)) + len("/feed-sample-4294967295.sock") > SOCKET_LIMIT:
            name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
            return Path(tempfile.gettempdir()) / f"{_APP}-{os.getuid()}-{name}"
        return folder

    def socket(self, source: str, private_id: int | str | None = None) -> Path:
        """The socket of a source's feed; `private_id` makes it one terminal's own."""
        return private_folder(self.runtime_dir) / f"{_feed(source, private_id)}.sock"

    def lock(self, source: str, private_id: int | str | None = None) -> Path:
        """The file whose lock the one feed of a source holds."""
        return private_folder(self.runtime_dir) / f"{_feed(source, private_id)}.lock"


def _feed(source: str, private_id: int | str | None) -> str:
    return f"feed-{source}" if private_id is None else f"feed-{source}-{private_id}"
