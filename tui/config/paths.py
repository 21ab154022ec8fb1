"""Where whymove keeps its files. Only `socket`, `lock` and `log` make a folder; the others name places."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

from tui.config.errors import FileError

# The kernel takes 107 bytes on Linux and 103 on macOS.
SOCKET_LIMIT: Final = 100
_LONGEST_SOCKET: Final = "/feed-sample-4294967295.sock"
_APP: Final = "whymove"


def private_folder(folder: Path) -> Path:
    """Make a folder, and those above it, that only their owner may enter; a looser one of ours is tightened.

    FileError where it cannot be made, is a link of somebody else's or belongs to somebody else.
    """
    try:
        _make(folder)
        entry, status = folder.lstat(), folder.stat()
        strange = {entry.st_uid, status.st_uid} != {os.getuid()}
        if not strange and stat.S_IMODE(status.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise FileError(
            f"{folder} cannot be made ({error.strerror}): make it yourself, or mend its disk or permissions"
        ) from error
    if strange:
        raise FileError(f"{folder} belongs to another user: remove it, or set XDG_RUNTIME_DIR to a folder of yours")
    return folder


def _make(folder: Path) -> None:
    """As mkdir -p, but with 0700 for every level that is made."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder.parent == folder or folder.exists() or folder.is_symlink():
            break
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file (0600) in a private folder where there is none; a looser one is tightened.

    FileError where it cannot be made, or is there and cannot be written.
    """
    private_folder(path.parent)
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            if stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                os.fchmod(handle, 0o600)
        finally:
            os.close(handle)
    except OSError as error:
        raise FileError(
            f"{path.name} cannot be written ({error.strerror}): mend disk or permissions of {path.parent}"
        ) from error


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

    def ledger(self, source: str) -> Path:
        """What was listed as unexplained at each close, and what became of it."""
        return self.data_dir / f"ledger-{source}.sqlite"

    def yahoo(self) -> Path:
        """yfinance's cookies and time zones."""
        return self.state_dir / "yahoo"

    @property
    def log_dir(self) -> Path:
        """Where the logs lie."""
        return self.state_dir / "log"

    def log(self, name: str) -> Path:
        """The log of the feed or the terminal."""
        return private_folder(self.log_dir) / f"{name}.log"

    @property
    def runtime_dir(self) -> Path:
        """Where sockets and locks lie: XDG_RUNTIME_DIR where it is ours, else run/ of the state folder.

        A path too long for a socket gives way to a short one, named after it, among the temporary files.
        """
        given = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
        folder = given / _APP if given.is_absolute() and _is_ours(given) else self.state_dir / "run"
        if _fits(folder):
            return folder
        import hashlib  # brings half a megabyte of libcrypto with it

        name = f"{_APP}-{os.getuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
        short = Path(tempfile.gettempdir()) / name
        return short if _fits(short) else Path("/tmp") / name  # noqa: S108 -- private_folder checks who owns it

    def socket(self, source: str, private_id: int | str | None = None) -> Path:
        """The socket of a source's feed; `private_id` makes it one terminal's own."""
        return private_folder(self.runtime_dir) / f"{_feed(source, private_id)}.sock"

    def lock(self, source: str, private_id: int | str | None = None) -> Path:
        """The file whose lock the one feed of a source holds."""
        return private_folder(self.runtime_dir) / f"{_feed(source, private_id)}.lock"


def _feed(source: str, private_id: int | str | None) -> str:
    return f"feed-{source}" if private_id is None else f"feed-{source}-{private_id}"


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + len(_LONGEST_SOCKET) <= SOCKET_LIMIT


def _is_ours(folder: Path) -> bool:
    """True for a folder of this user: `su` and old sessions leave XDG_RUNTIME_DIR pointing to another's or to none."""
    try:
        status = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
