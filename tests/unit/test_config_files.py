"""Files that the program writes: whole or not at all, the version before kept, damage said."""

import tomllib
from pathlib import Path

import pytest

from tui.config import FileError, load
from tui.config.files import backup_of, read_toml, write_toml
from tui.config.lists import Lists, load_lists, merge, save_lists
from tui.config.locking import locked
from tui.config.paths import Paths
from tui.config.state import ScreenState, load_state, save_state
from tui.domain.symbol import Symbol

A, B, C, D = (Symbol(code) for code in ("0001.HK", "0002.HK", "0003.HK", "0005.HK"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_replaced_and_the_one_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.toml"
    write_toml(path, {"a": 1})
    assert not backup_of(path).exists()
    write_toml(path, {"a": 2})
    write_toml(path, {"a": 3})
    assert tomllib.loads(path.read_text()) == {"a": 3}
    assert tomllib.loads(backup_of(path).read_text()) == {"a": 2}
    assert (mode(path.parent), mode(path), mode(backup_of(path))) == (0o700, 0o600, 0o600)
    assert names(path.parent) == ["state.toml", "state.toml.bak"], "no temporary file is left"


def test_a_damaged_file_is_answered_by_its_backup_and_kept_when_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    write_toml(path, {"a": 1})
    write_toml(path, {"a": 2})
    path.write_text("a = [")
    table, said = read_toml(path)
    assert table == {"a": 1}
    assert "the version before it, lists.toml.bak, is used" in said
    write_toml(path, {"a": 3})
    assert tomllib.loads(backup_of(path).read_text()) == {"a": 1}, "a damaged file never replaces a good copy"
    assert (tmp_path / "lists.toml.damaged").read_text() == "a = ["


@pytest.mark.parametrize("content", [b"a = [", b"\xff\xfe", b"\0" * 10, b"a = " + b"[" * 5000, b"#" * 5_000_000])
def test_damage_of_any_kind_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.toml"
    path.write_bytes(content)
    table, said = read_toml(path)
    assert table is None
    assert "it starts anew, the file is kept" in said


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.toml"
    write_toml(path, {"a": 1})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match=r"No space left on device.*what was there before is untouched"):
        write_toml(path, {"a": 2})
    assert path.read_text() == "a = 1\n"
    assert names(tmp_path) == ["state.toml"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be made"):
        write_toml(tmp_path / "file" / "state.toml", {})


def test_state_survives_and_another_versions_fields_do_not_matter() -> None:
    paths = Paths()
    assert load_state(paths) == (ScreenState(), "")
    save_state(paths, ScreenState(list="Tech", sort="own", descending=True))
    assert load_state(paths) == (ScreenState(list="Tech", sort="own", descending=True), "")
    paths.state.write_text('list = "Tech"\ntelepathy = true\n')
    assert load_state(paths) == (ScreenState(list="Tech"), "")
    paths.state.write_text("list = 5\n")
    state, said = load_state(paths)
    assert state == ScreenState()
    assert "starts afresh" in said


def test_lists_start_from_the_settings_and_live_in_their_own_file() -> None:
    paths, config = Paths(), load(None)
    lists, said = load_lists(config, paths)
    assert (lists, said) == (config.list.start, ())
    assert save_lists(paths, {"Mine": (A, B)}, lists) == {"Mine": (A, B)}
    assert load_lists(config, paths) == ({"Mine": (A, B)}, ())


def test_what_is_not_understood_in_lists_is_left_out_and_said() -> None:
    paths, config = Paths(), load(None)
    save_lists(paths, {"x": (A,)})
    paths.lists.write_text('[lists]\nMine = ["1", "0001.HK", "nonsense!", 7]\n"\\u0007" = ["2"]\nOdd = 3\n')
    lists, said = load_lists(config, paths)
    assert lists == {"Mine": (A, Symbol("0007.HK"))}
    assert len(said) == 3
    paths.lists.write_text("lists = 5\n")
    assert load_lists(config, paths)[0] == config.list.start


BASE: Lists = {"Tech": (A, B)}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"Tech": (A, B, C)}, BASE, {"Tech": (A, B, C)}),
        ({"Tech": (A, B, C)}, {"Tech": (A, B, D)}, {"Tech": (A, B, C, D)}),
        ({"Tech": (B,)}, {"Tech": (A, B, D)}, {"Tech": (B, D)}),
        ({"Tech": (B, A)}, {"Tech": (A,)}, {"Tech": (A,)}),
        ({"Tech": (A, B), "New": (C,)}, {"Tech": (A, B), "Other": (D,)}, {**BASE, "New": (C,), "Other": (D,)}),
        ({}, BASE, {}),
        ({}, {"Tech": (A, B, C)}, {"Tech": (A, B, C)}),
        (BASE, {}, {}),
        ({"Tech": (A, B, C)}, {}, {"Tech": (A, B, C)}),
    ],
)
def test_two_terminals_lists_are_merged(mine: Lists, theirs: Lists, expected: Lists) -> None:
    assert merge(BASE, mine, theirs) == expected


def test_a_save_keeps_what_another_terminal_saved_meanwhile() -> None:
    paths = Paths()
    base = save_lists(paths, BASE)
    save_lists(paths, {"Tech": (A, B, C)}, base)
    assert save_lists(paths, {"Tech": (A, B, D)}, base) == {"Tech": (A, B, D, C)}
    assert load_lists(load(None), paths)[0] == {"Tech": (A, B, D, C)}


def test_a_lock_lets_readers_in_together_and_a_writer_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.config.locking._TRIES", 2)
    path = tmp_path / "x"
    with locked(path, shared=True), locked(path, shared=True), pytest.raises(TimeoutError), locked(path):
        pass
    with locked(path), pytest.raises(TimeoutError), locked(path, shared=True):
        pass
    with locked(path):
        pass
