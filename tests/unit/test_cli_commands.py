"""The real command in its own process: exit codes, what goes to stdout and to stderr, files made and left alone."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tui import __version__
from tui.cli import COMMANDS

ROOT = Path(__file__).parents[2]
SIMULATOR = ROOT / "examples" / "simulator.py"


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def whymove(*args: str, stdin: str = "", **environ: str) -> Answer:
    """Run `whymove` in the home of the test."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", *args],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, **environ},
    )
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


def test_help_and_version() -> None:
    help_text = whymove("--help")
    assert (help_text.code, help_text.err) == (0, "")
    for name in COMMANDS:
        assert f"\n    {name.rstrip('_')} " in help_text.out
    assert whymove("--version").out == f"whymove {__version__}\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["chek"], "invalid choice: 'chek'"),
        (["paths", "--speed"], "unrecognized arguments"),
        (["import"], "FILE"),
        (["notes"], "ACTION"),
        (["check", "--seconds", "5"], "--seconds goes with --pipe"),
        (["check", "--pipe", ""], "--pipe needs the command"),
        (["check", "--pipe", "echo 'half"], "quote the command"),
        (["check", "--pipe", "echo", "--seconds", "nan"], "--seconds nan: give a number"),
    ],
)
def test_misuse_ends_with_2_and_one_sentence(args: list[str], said: str) -> None:
    answer = whymove(*args)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_paths_makes_nothing(own_home: Path) -> None:
    before = sorted(own_home.rglob("*"))
    answer = whymove("paths")
    assert (answer.code, answer.err) == (0, "")
    assert f"{own_home}/config/whymove/config.toml\n" in answer.out
    assert sorted(own_home.rglob("*")) == before


def test_check_of_a_fresh_home_is_well_and_makes_nothing(own_home: Path) -> None:
    before = sorted(own_home.rglob("*"))
    answer = whymove("check")
    assert (answer.code, answer.err) == (0, "")
    assert {line.split()[0] for line in answer.out.splitlines()} <= {"ok", "note"}
    assert sorted(own_home.rglob("*")) == before


def test_check_says_everything_at_once_and_ends_with_1(own_home: Path) -> None:
    folder = own_home / "config" / "whymove"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        'langage = "zh"\n[feed]\nrefresh_seconds = 1\n[keys]\n"list.srt" = "s"\n', encoding="utf-8"
    )
    answer = whymove("check", HTTPS_PROXY="http://:80", LANG="C", LC_ALL="C", PYTHONIOENCODING="ascii:backslashreplace")
    wrong = [line for line in answer.out.splitlines() if line.startswith("wrong")]
    assert answer.code == 1
    assert [line.split()[1] for line in wrong] == ["settings", "settings", "keys", "terminal", "network"]
    assert "did you mean language?" in wrong[0]
    assert answer.err == "whymove check: 5 things are wrong\n"


def test_check_pipe_judges_the_simulator_as_the_docs_start_it() -> None:
    trial = re.search(r'check --pipe "python examples/simulator.py (.+)"', (ROOT / "docs" / "pipe.md").read_text())
    assert trial is not None
    assert trial[0] in SIMULATOR.read_text()
    words = ", ".join(f'"{word}"' for word in ["python", "examples/simulator.py", *trial[1].split()])
    assert f"command = [{words}]" in (ROOT / "config.toml").read_text()
    answer = whymove("check", "--pipe", f"{sys.executable} {SIMULATOR} {trial[1]} --rate 50 --count 10")
    assert (answer.code, answer.err) == (0, "")
    assert "10 accepted, 0 refused" in answer.out
    assert "symbols   4: 0700.HK 9988.HK ^HSI ^HSTECH" in answer.out
    assert "ended     with code 0" in answer.out


@pytest.mark.parametrize("command", ["echo hello", "/no/such/program", "true"])
def test_check_pipe_without_a_usable_line_ends_with_1(command: str) -> None:
    answer = whymove("check", "--pipe", command)
    assert answer.code == 1
    assert answer.err.count("\n") == 1


def test_import_adds_what_is_new_and_says_what_is_left_out(own_home: Path, tmp_path: Path) -> None:
    export = tmp_path / "Tech.txt"
    export.write_text("HKEX:700,NASDAQ:BABA,HKEX:9988\n", encoding="utf-8")
    first = whymove("import", str(export))
    assert (first.code, first.out) == (0, "Tech: 2 added\n")
    assert "BABA" in first.err
    assert whymove("import", str(export)).out == "Tech: 0 added, 2 were there\n"
    lists = own_home / "data" / "whymove" / "lists.toml"
    content = lists.read_text(encoding="utf-8")
    assert "0700.HK" in content
    assert "Hong Kong" in content, "the lists there were stay"
    bad = tmp_path / "prose.txt"
    bad.write_bytes(b"\xff\xfe\x00")
    refused = whymove("import", str(bad))
    assert (refused.code, refused.out) == (1, "")
    assert "prose.txt" in refused.err
    assert lists.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "args",
    [
        ["--source", "sample", "a", "letter"],
        ["a", "letter", "--source", "sample"],
        ["a", "--source", "sample", "letter"],
    ],
)
def test_a_note_may_stand_on_either_side_of_an_option(args: list[str]) -> None:
    assert whymove("notes", "add", "9618", *args).code == 0
    (listed,) = whymove("notes", "list", "--source", "sample").out.splitlines()
    assert listed.split()[1:] == ["9618", "a", "letter"]
    assert "unrecognized arguments: --sauce" in whymove("notes", "add", "9618", *args, "--sauce").err


def test_notes_from_the_command_line_and_from_stdin(own_home: Path) -> None:
    one = whymove("notes", "add", "9988", "letter", "to", "staff", "--date", "2026-03-05", "--source", "sample")
    two = whymove(
        "notes", "add", "9618", "--date", "2026-03-06", "--source", "sample", stdin="業績勝預期\nsecond line\n"
    )
    assert (one.code, one.out, two.code, two.out) == (0, "", 0, "")
    listed = whymove("notes", "list", "--source", "sample").out.splitlines()
    assert [line.split()[:2] for line in listed] == [["2026-03-06", "9618"], ["2026-03-05", "9988"]]
    assert "業績勝預期" in listed[0]
    exported = [json.loads(line) for line in whymove("notes", "export", "--source", "sample").out.splitlines()]
    assert [note["text"] for note in exported] == ["業績勝預期\nsecond line", "letter to staff"]
    assert whymove("notes", "list").out == "", "the demo's notes are kept apart"
    file = own_home / "data" / "whymove" / "notes-sample.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("args", "stdin", "code", "said"),
    [
        (["add", "9988"], "", 2, "empty"),
        (["add", "no such", "text"], "", 2, "no symbol"),
        (["add", "9988", "text", "--date", "2026-02-17", "--source", "sample"], "", 2, "2026-02-16"),
        (["add", "9988", "text", "--date", "yesterday"], "", 2, "is no date"),
    ],
)
def test_notes_that_are_not_saved(args: list[str], stdin: str, code: int, said: str) -> None:
    answer = whymove("notes", *args, stdin=stdin)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_home_that_is_no_folder(own_home: Path) -> None:
    (own_home / "file").touch()
    answer = whymove("notes", "add", "9988", "text", XDG_DATA_HOME=str(own_home / "file"))
    assert answer.code == 1
    assert str(own_home / "file") in answer.err


@pytest.mark.parametrize("args", [["paths"], ["once", "--source", "sample"]])
def test_a_full_disk_is_one_sentence(args: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui", *args], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert (done.returncode, done.stderr) == (1, "whymove: the output cannot be written: No space left on device\n")


def test_a_reader_that_leaves_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "paths"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=30) == 0


def test_a_demo_without_a_terminal_is_the_table_of_its_day() -> None:
    assert whymove("demo").out.startswith("Fri 6 Mar 2026")
    assert whymove("demo", "--at", "2026-03-04T10:00").out.startswith("Wed 4 Mar 2026")
    refused = whymove("demo", "--at", "2020-01-01")
    assert refused.code == 2
    assert refused.err.startswith("whymove: 2020-01-01 lies before the first session of the sample week")
