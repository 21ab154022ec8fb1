"""Places: private folders, short socket paths, and nothing trusted that somebody else may own."""

import os
import socket
import stat
from pathlib import Path

import pytest

from tui.config import FileError
from tui.config.paths import SOCKET_LIMIT, Paths, private_file, private_folder
from tui.config.shipped import shipped


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_follows_the_homes_variables(own_home: Path) -> None:
    paths = Paths()
    assert paths.config_file == own_home / "config" / "whymove" / "config.toml"
    assert paths.lists == own_home / "data" / "whymove" / "lists.toml"
    assert paths.cache("yahoo") == own_home / "state" / "whymove" / "cache-yahoo.sqlite"
    assert paths.socket("yahoo") == own_home / "runtime" / "whymove" / "feed-yahoo.sock"
    assert paths.lock("sample", 7) == own_home / "runtime" / "whymove" / "feed-sample-7.lock"


def test_demo_and_live_never_share_a_file() -> None:
    paths = Paths()
    for place in (paths.cache, paths.notes, paths.socket, paths.lock):
        assert place("sample") != place("yahoo")
    assert paths.notes("pipe") == paths.notes("yahoo"), "notes are about stocks, not about where prices come from"


def test_naming_a_place_makes_nothing_and_a_socket_only_its_folder(own_home: Path) -> None:
    paths = Paths()
    places = (paths.lists, paths.state, paths.cache("yahoo"), paths.notes("yahoo"), paths.log_dir, paths.runtime_dir)
    assert not any(place.parent.exists() for place in places if place != paths.runtime_dir)
    assert not paths.runtime_dir.exists()
    assert mode(paths.socket("yahoo").parent) == 0o700
    assert not paths.socket("yahoo").exists()


def test_every_level_that_is_made_is_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_folder(tmp_path / "a" / "b")
    assert [mode(tmp_path / part) for part in (".", "a", "a/b")] == [0o755, 0o700, 0o700]
    private_file(tmp_path / "c" / "file")
    assert (mode(tmp_path / "c"), mode(tmp_path / "c" / "file")) == (0o700, 0o600)


def test_loose_permissions_of_our_own_are_tightened(tmp_path: Path) -> None:
    folder, file = tmp_path / "a", tmp_path / "a" / "file"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    file.touch()
    file.chmod(0o644)
    private_file(file)
    assert (mode(folder), mode(file)) == (0o700, 0o600)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_strangers_folder_or_link_is_refused(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, 65534, 65534)
    with pytest.raises(FileError, match="belongs to another user"):
        private_folder(theirs)
    ours, link = tmp_path / "ours", tmp_path / "link"
    ours.mkdir(mode=0o755)
    link.symlink_to(ours)
    os.lchown(link, 65534, 65534)
    with pytest.raises(FileError, match="belongs to another user"):
        private_folder(link)
    assert mode(ours) == 0o755, "nothing behind a stranger's link is touched"


def test_what_is_no_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(FileError, match=r"cannot be made|belongs"):
            private_folder(wrong / "x")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileError, match="cannot be made"):
        private_folder(tmp_path / "dangling")


@pytest.mark.parametrize("given", ["", "relative/run", "/nonexistent/run"])
def test_without_a_runtime_folder_sockets_lie_in_the_state_folder(
    given: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/tmp/s")
    monkeypatch.setenv("XDG_RUNTIME_DIR", given)
    assert Paths().runtime_dir == Path("/tmp/s/whymove/run")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_runtime_folder_left_over_from_another_user_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    os.chown(tmp_path, 65534, 65534)
    monkeypatch.setenv("XDG_STATE_HOME", "/tmp/s")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert Paths().runtime_dir == Path("/tmp/s/whymove/run")


def test_a_long_path_gives_way_to_a_short_one_that_a_socket_fits_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", str(long))
    paths = Paths()
    path = paths.socket("sample", 4294967295)
    try:
        assert len(os.fsencode(path)) <= SOCKET_LIMIT
        assert mode(path.parent) == 0o700
        assert path == paths.socket("sample", 4294967295)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
        path.unlink()
    finally:
        path.parent.rmdir()


def test_shipped_files_are_found_and_missing_ones_said() -> None:
    assert shipped("config.toml").is_file()
    assert shipped("themes").is_dir()
    assert shipped("tables/sectors.toml").is_file()
    with pytest.raises(FileNotFoundError, match=r"nothing\.toml is missing from this installation"):
        shipped("nothing.toml")
