"""What both databases share: migrations, transactions, damage against trouble, and errors in words."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tui.store.database import (
    StoreError,
    connect,
    in_words,
    is_damage,
    is_sound,
    migrate,
    prepare_file,
    transaction,
    version_of,
)
from tui.store.survey import Survey, sqlite_version, survey

FIRST = (("CREATE TABLE one (value INTEGER)", "INSERT INTO one VALUES (1)"),)
SECOND = (*FIRST, ("ALTER TABLE one ADD COLUMN more TEXT", "UPDATE one SET more = 'two'"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "house" / "some.sqlite"
    prepare_file(file)
    return file


def test_only_the_owner_may_read(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_loose_file_is_tightened(path: Path) -> None:
    path.chmod(0o644)
    prepare_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_place_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"):
        prepare_file(tmp_path / "file" / "some.sqlite")


@pytest.mark.parametrize("name", ["percent%20.sqlite", "question?.sqlite", "sharp#.sqlite", "中文 notes.sqlite"])
def test_names_that_mean_something_in_an_address(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    prepare_file(file)
    with closing(connect(file, readonly=False)) as connection:
        migrate(connection, FIRST)
    with closing(connect(file, readonly=True)) as connection:
        assert connection.execute("SELECT value FROM one").fetchall() == [(1,)]
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_bytes_that_are_no_text_in_a_name(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.sqlite"))
    prepare_file(file)
    with closing(connect(file, readonly=False)) as connection:
        assert version_of(connection) == 0


def test_migrations_go_forward_step_by_step(path: Path) -> None:
    with closing(connect(path, readonly=False)) as connection:
        migrate(connection, FIRST)
        assert version_of(connection) == 1
        migrate(connection, SECOND)
        assert version_of(connection) == 2
        assert connection.execute("SELECT * FROM one").fetchall() == [(1, "two")]
        migrate(connection, FIRST)
        assert version_of(connection) == 2, "never back"


def test_a_step_that_fails_leaves_the_version_before(path: Path) -> None:
    with closing(connect(path, readonly=False)) as connection:
        migrate(connection, FIRST)
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, (*FIRST, ("ALTER TABLE one ADD COLUMN more TEXT", "NONSENSE")))
        assert version_of(connection) == 1
        assert connection.execute("SELECT * FROM one").fetchall() == [(1,)]
        migrate(connection, SECOND)
        assert version_of(connection) == 2


def test_a_transaction_is_whole_or_nothing(path: Path) -> None:
    def cut_short() -> Iterator[tuple[int]]:
        yield (2,)
        raise KeyboardInterrupt

    with closing(connect(path, readonly=False)) as connection:
        migrate(connection, FIRST)
        with pytest.raises(KeyboardInterrupt), transaction(connection):
            connection.executemany("INSERT INTO one VALUES (?)", cut_short())
        assert connection.execute("SELECT value FROM one").fetchall() == [(1,)]


def test_a_commit_that_is_refused_leaves_no_open_transaction(path: Path) -> None:
    """A reader holds up the commit of a rollback journal: it fails, and the next one must be able to begin."""
    with (
        closing(connect(path, readonly=False, busy_s=0.05)) as writer,
        closing(connect(path, readonly=True)) as reader,
    ):
        migrate(writer, FIRST)
        writer.executemany("INSERT INTO one VALUES (?)", [(number,) for number in range(2, 5)])
        cursor = reader.execute("SELECT value FROM one")
        cursor.fetchone()
        with pytest.raises(sqlite3.OperationalError) as caught, transaction(writer):
            writer.execute("INSERT INTO one VALUES (9)")
        assert not is_damage(caught.value)
        cursor.close()
        with transaction(writer):
            writer.execute("INSERT INTO one VALUES (10)")
        assert writer.execute("SELECT count(*) FROM one WHERE value IN (9, 10)").fetchone() == (1,)


def test_a_locked_file_is_not_taken_for_a_damaged_one(path: Path) -> None:
    with closing(connect(path, readonly=False)) as holder, closing(connect(path, readonly=False, busy_s=0.05)) as other:
        migrate(holder, FIRST)
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            is_sound(other)
        assert in_words(path, caught.value) == "some.sqlite is locked by another program: try again in a moment"


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with closing(connect(path, readonly=False)) as connection:
        assert not is_sound(connection)
        with pytest.raises(sqlite3.DatabaseError) as caught:
            connection.execute("SELECT * FROM one")
    assert is_damage(caught.value)
    assert "is damaged" in in_words(path, caught.value)
    assert survey(path) == Survey(sound=False)


def test_a_version_that_no_program_has_is_damage(path: Path) -> None:
    with closing(connect(path, readonly=False)) as connection:
        migrate(connection, FIRST)
        connection.execute("PRAGMA user_version = 16777216")
        assert not is_sound(connection)


def test_a_survey_changes_nothing(path: Path) -> None:
    with closing(connect(path, readonly=False)) as connection:
        migrate(connection, SECOND)
    before = path.read_bytes(), sorted(path.parent.iterdir())
    assert survey(path) == Survey(version=2)
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == before


def test_a_survey_of_nothing_says_why(tmp_path: Path) -> None:
    assert "cannot be opened" in survey(tmp_path / "absent.sqlite").trouble
    assert sqlite_version().startswith("3.")


def test_a_name_that_is_no_text_any_more_is_damage(path: Path) -> None:
    """SQLite's own sentence about the damage then cannot be read either."""
    with closing(connect(path, readonly=False)) as connection:
        migrate(connection, FIRST)
        connection.execute("CREATE TABLE other (value TEXT UNIQUE NOT NULL)")
        connection.execute("INSERT INTO other VALUES ('a')")
    path.write_bytes(path.read_bytes().replace(b"other", b"\xc2\xc2\xc2\xc2\xc2").replace(b"NOT NULL", b"NOT NULX"))
    with closing(connect(path, readonly=False)) as connection:
        assert not is_sound(connection)
