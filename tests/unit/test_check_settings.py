"""`whymove check` on settings, keys, themes, lists and the pipe: every fault a line with its remedy."""

import socket
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from tui.cli.checkup.finding import Finding
from tui.cli.checkup.settings import check_settings, source_of
from tui.config.paths import Paths
from tui.config.shipped import shipped


def findings(paths: Paths, settings: str | None = None) -> list[Finding]:
    if settings is not None:
        paths.config_dir.mkdir(parents=True, exist_ok=True)
        paths.config_file.write_text(settings, encoding="utf-8")
    return list(check_settings(None, paths))


def wrong(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.topic, finding.text) for finding in found if finding.level == "wrong"]


def test_a_fresh_home_is_well() -> None:
    found = findings(Paths())
    assert {finding.level for finding in found} == {"ok"}
    assert {finding.topic for finding in found} == {"settings", "keys", "themes", "lists"}
    assert found[0].text == f"{shipped('config.toml')}; yours would be {Paths().config_file}"


def test_every_fault_of_every_kind_at_once() -> None:
    paths = Paths()
    paths.themes.mkdir(parents=True)
    (paths.themes / "mine.toml").write_text('name = "mine"\ndark = "yes"\n', encoding="utf-8")
    paths.lists.parent.mkdir(parents=True)
    paths.lists.write_text('[lists]\nTech = ["700", "no such code!"]\n', encoding="utf-8")
    found = findings(
        paths,
        '[feed]\nrefresh_secnds = 5\n[screen]\ntheme = "drak"\n[keys]\nlist.srt = "s"\n"list.filter" = "entre"\n',
    )
    topics = [topic for topic, _ in wrong(found)]
    text = "\n".join(said for _, said in wrong(found))
    assert set(topics) == {"settings", "keys", "themes"}
    assert "refresh_secnds is not a setting; did you mean refresh_seconds?" in text
    assert "did you mean list.sort?" in text
    assert 'names "entre", which is no key; did you mean enter?' in text
    assert 'there is no theme "drak"; did you mean dark?' in text
    assert "mine.toml: dark must be true or false" in text
    assert all("\n" not in finding.text for finding in found)


def test_lists_are_looked_at_once_the_settings_are_right() -> None:
    paths = Paths()
    paths.lists.parent.mkdir(parents=True)
    paths.lists.write_text('[lists]\nTech = ["700", "no such code!"]\n', encoding="utf-8")
    ((topic, text),) = wrong(findings(paths, "language = 'zh'\n"))
    assert topic == "lists"
    assert "no such code!" in text.lower()


def test_a_syntax_error_is_one_line_with_its_place() -> None:
    found = findings(Paths(), "[feed]\nrefresh_seconds = = 5\n")
    assert [finding.topic for finding in found] == ["settings"]
    assert "line 2" in found[0].text


def test_keys_that_were_changed_are_counted() -> None:
    found = findings(Paths(), '[keys]\n"list.sort" = "f5"\n')
    assert next(finding.text for finding in found if finding.topic == "keys").endswith("1 of them changed by you")


def test_a_named_file_that_is_not_there(tmp_path: Path) -> None:
    (finding,) = check_settings(tmp_path / "absent.toml", Paths())
    assert (finding.level, finding.topic) == ("wrong", "settings")
    assert "absent.toml" in finding.text


def test_escapes_in_a_setting_do_not_reach_the_terminal() -> None:
    found = findings(Paths(), '[screen]\ntheme = "\\u001b[31mred"\n[feed]\n"\\u001b]0;x\\u0007" = 1\n')
    assert all("\x1b" not in finding.text for finding in found)
    assert wrong(found)


@pytest.mark.parametrize(
    ("pipe", "said"),
    [
        ('command = ["no-such-program-here"]', "there is no program no-such-program-here"),
        ('command = ["sh"]\nhistory = "/no/such.csv"', "no file /no/such.csv"),
        ('socket = "/no/such.sock"', "No such file or directory"),
        ('socket = "/etc/hostname"', "is no socket"),
    ],
)
def test_what_a_pipe_rests_on(pipe: str, said: str) -> None:
    ((topic, text),) = wrong(findings(Paths(), f'source = "pipe"\n[pipe]\n{pipe}\n'))
    assert topic == "pipe"
    assert said in text


def test_a_pipe_that_is_there(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(tmp_path / "prices.sock"))
        assert not wrong(findings(Paths(), f'source = "pipe"\n[pipe]\nsocket = "{tmp_path}/prices.sock"\n'))
    assert not wrong(findings(Paths(), 'source = "pipe"\n[pipe]\ncommand = ["sh", "-c", "x"]\n'))


def test_the_source_to_look_for() -> None:
    paths = Paths()
    assert source_of(None, paths) == "yahoo"
    findings(paths, 'source = "sample"\n')
    assert source_of(None, paths) == "sample"
    findings(paths, "source = 5\n")
    assert source_of(None, paths) == "yahoo"
