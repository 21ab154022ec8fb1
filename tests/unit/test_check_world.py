"""`whymove check` on terminals, databases, access, the network and a feed at its socket."""

import asyncio
import os
import socket
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from tests.read_only import read_only
from tests.ui.feed_double import FeedDouble, Talk, hello
from tui import wire
from tui.cli.checkup.finding import Finding
from tui.cli.checkup.network import check_feed, check_network
from tui.cli.checkup.stores import check_stores
from tui.cli.checkup.terminal import Terminal, check_terminal, this_terminal
from tui.config.paths import Paths
from tui.domain.row import FeedStatus, SourceHealth, SourceState
from tui.store.cache import Cache
from tui.store.notes import NoteBook


def lines(found: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.topic, finding.text) for finding in found]


def wrong(found: Iterable[Finding]) -> list[str]:
    return [finding.text for finding in found if finding.level == "wrong"]


# --- the terminal ---


def terminal(
    size: tuple[int, int] | None = (160, 50), *, encoding: str = "utf-8", tty: bool = True, **environ: str
) -> Terminal:
    return Terminal({"TERM": "xterm-256color", **environ}, encoding, size, tty, tty)


def test_a_good_terminal() -> None:
    assert lines(check_terminal(terminal(COLORTERM="truecolor"))) == [
        ("ok", "terminal", "TERM=xterm-256color, all colours"),
        ("ok", "terminal", "160 columns by 50 lines: list and panes side by side"),
        ("ok", "terminal", "text is UTF-8"),
    ]


@pytest.mark.parametrize(
    ("size", "words"),
    [((120, 30), "side by side"), ((119, 30), "list over timeline"), ((79, 30), "list alone"), ((40, 8), "list alone")],
)
def test_sizes_that_do(size: tuple[int, int], words: str) -> None:
    found = list(check_terminal(terminal(size)))
    assert not wrong(found)
    assert words in found[1].text


@pytest.mark.parametrize("size", [(39, 50), (160, 7), (1, 1)])
def test_sizes_that_are_too_small(size: tuple[int, int]) -> None:
    (text,) = wrong(check_terminal(terminal(size)))
    assert "at least 40 by 8" in text


def test_a_terminal_that_cannot_paint() -> None:
    (text,) = wrong(check_terminal(terminal(TERM="dumb")))
    assert text.startswith("TERM is dumb: whymove prints a plain table")
    (text,) = wrong(check_terminal(terminal(TERM="")))
    assert text.startswith("TERM is not set")


def test_text_that_is_not_utf_8() -> None:
    (text,) = wrong(check_terminal(terminal(encoding="ANSI_X3.4-1968")))
    assert text.startswith("text is ANSI_X3.4-1968")
    assert "C.UTF-8" in text


def test_what_is_worth_knowing() -> None:
    found = list(check_terminal(terminal(NO_COLOR="1", SSH_TTY="/dev/pts/1", TERM="xterm")))
    notes = [finding.text for finding in found if finding.level == "note"]
    assert "16 colours" in found[0].text
    assert [note.split(" ")[0] for note in notes] == ["NO_COLOR", "over"]
    assert not wrong(found)


def test_a_pipe_is_no_fault() -> None:
    found = list(check_terminal(terminal(None, tty=False)))
    assert found[0].level == "note"
    assert not wrong(found)


def test_the_terminal_of_this_process() -> None:
    assert this_terminal().environ is os.environ


# --- the stores ---


@pytest.fixture
def paths() -> Paths:
    """A home with notes and a cache."""
    places = Paths()
    with closing(NoteBook(places.notes("yahoo"))), closing(Cache.open_writer(places.cache("yahoo"))):
        pass
    return places


def test_nothing_yet_is_well() -> None:
    assert lines(check_stores(Paths())) == [
        ("ok", "access", "nobody else can read your notes or write to your settings")
    ]


def test_sound_stores(paths: Paths) -> None:
    found = list(check_stores(paths))
    assert [(finding.level, finding.topic) for finding in found] == [("ok", "notes"), ("ok", "cache"), ("ok", "access")]
    assert f"{paths.notes('yahoo')} is sound, version " in found[0].text


def test_a_damaged_store_stays_as_it_is(paths: Paths) -> None:
    for path in (paths.notes("yahoo"), paths.cache("yahoo")):
        path.write_bytes(b"SQLite format 3\0" + b"damage" * 1000)
    before = {path: path.read_bytes() for path in paths.data_dir.iterdir()}
    one, other = wrong(check_stores(paths))
    assert "copies the file aside and carries over what can be read" in one
    assert "sets it aside" in other or "sets the file aside" in other
    assert {path: path.read_bytes() for path in paths.data_dir.iterdir()} == before


def test_a_newer_store(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.notes("yahoo"))) as connection:
        connection.execute("PRAGMA user_version = 7")
    (text,) = wrong(check_stores(paths))
    assert "newer whymove" in text


def test_every_database_that_there_is(paths: Paths) -> None:
    for path in (paths.ledger("yahoo"), paths.ledger("pipe"), paths.notes("sample"), paths.cache("pipe")):
        path.write_text("no database" * 1000)
    assert [(finding.level, finding.topic) for finding in check_stores(paths) if finding.topic != "access"] == [
        *(("ok", "notes"), ("wrong", "notes"), ("wrong", "ledger"), ("ok", "cache")),
        *(("wrong", "ledger"), ("wrong", "cache")),
    ]


def test_a_locked_store(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.store.database import connect

    monkeypatch.setattr(connect, "__kwdefaults__", {**(connect.__kwdefaults__ or {}), "busy_s": 0.05})
    with closing(sqlite3.connect(paths.notes("yahoo"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        (text,) = wrong(check_stores(paths))
    assert text == "notes.sqlite is locked by another program: try again in a moment"


@pytest.mark.parametrize(
    ("place", "mode", "remedy"),
    [("data_dir", 0o755, "chmod 700"), ("state_dir", 0o750, "chmod 700"), ("config_dir", 0o777, "chmod 755")],
)
def test_loose_folders(paths: Paths, place: str, mode: int, remedy: str) -> None:
    folder: Path = getattr(paths, place)
    folder.mkdir(exist_ok=True, parents=True)
    folder.chmod(mode)
    (text,) = wrong(check_stores(paths))
    assert f"{folder} (0{mode:o}): {remedy} {folder}" in text
    folder.chmod(0o700)
    assert not wrong(check_stores(paths))


def test_loose_files(paths: Paths) -> None:
    paths.notes("yahoo").chmod(0o640)
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(paths.socket("yahoo")))
        paths.socket("yahoo").chmod(0o666)
        assert [text.split(" (")[0] for text in wrong(check_stores(paths))] == [
            f"others can read {paths.notes('yahoo')}",
            f"others can read {paths.socket('yahoo')}",
        ]


def test_settings_that_others_can_change(paths: Paths) -> None:
    paths.config_dir.mkdir(mode=0o755, parents=True)
    paths.config_file.touch(0o644)
    assert not wrong(check_stores(paths))
    paths.config_file.chmod(0o666)
    (text,) = wrong(check_stores(paths))
    assert text == f"others can change {paths.config_file} (0666): chmod 644 {paths.config_file}"


def test_kept_copies_are_named(paths: Paths) -> None:
    (paths.state_dir / "cache-yahoo.sqlite.damaged-1").touch(0o600)
    assert [(finding.level, finding.topic) for finding in check_stores(paths) if finding.topic == "copies"] == [
        ("note", "copies")
    ]


def test_a_read_only_home(paths: Paths) -> None:
    with read_only(paths.data_dir):
        texts = wrong(check_stores(paths))
    assert texts == [f"{paths.data_dir} cannot be written: nothing can be saved; mend its permissions or disk"]


# --- the network ---


def test_no_proxy() -> None:
    assert lines(check_network({})) == [("ok", "network", "no proxy is set: sources are asked directly")]


def test_a_proxy_is_named_without_its_password() -> None:
    found = list(check_network({"HTTPS_PROXY": "http://trader:secret@proxy.example:3128", "no_proxy": "localhost"}))
    assert found[0].text == "HTTPS_PROXY is set: sources are asked through http://proxy.example:3128"
    assert "secret" not in str(found)
    assert found[1].text == "not through the proxy: localhost"


@pytest.mark.parametrize("address", ["http://", "http://proxy:port", "://", "http://[::1"])
def test_a_proxy_that_is_none(address: str) -> None:
    (text,) = wrong(check_network({"https_proxy": address}))
    assert text.startswith("https_proxy is no address of a proxy")


def test_certificates(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    found = list(check_network({"SSL_CERT_FILE": str(tmp_path / "ca.pem"), "CURL_CA_BUNDLE": "/no/such.pem"}))
    assert wrong(found) == ["CURL_CA_BUNDLE names /no/such.pem, which is not there: no source is trusted"]
    assert found[-1].text == "only the certificates of SSL_CERT_FILE, CURL_CA_BUNDLE are trusted"


# --- the feed ---


async def asked(paths: Paths) -> list[Finding]:
    """`check_feed` runs a loop of its own, so it runs in a thread beside the feed's."""
    return await asyncio.to_thread(lambda: list(check_feed("yahoo", paths)))


async def test_no_feed_and_nothing_made() -> None:
    paths = Paths()
    assert [finding.level for finding in await asked(paths)] == ["ok"]
    assert not paths.runtime_dir.exists()


async def test_a_feed_tells_its_sources(paths: Paths) -> None:
    at = 1_772_784_480_000
    sources = (
        SourceHealth("yahoo", SourceState.OK, used=7, budget=30, next_try=at),
        SourceHealth("hkex", SourceState.LIMITED, reason="asks for \x1b[31mfewer requests", next_try=at),
    )

    async def answer(talk: Talk) -> None:
        talk.say(hello())
        await talk.hear(wire.Watch)
        status = FeedStatus(sources=sources, warnings=("the machine's clock is 95 s behind",))
        talk.say(wire.Snapshot(1, (), (), status))

    async def hangs_up(talk: Talk) -> None:
        talk.hang_up()

    async with FeedDouble(paths.socket("yahoo"), hangs_up, answer):
        found = await asked(paths)
    assert lines(found) == [
        ("ok", "feed", "sample, version 0.1.0, process 1"),
        ("wrong", "feed", "the machine's clock is 95 s behind"),
        ("ok", "source", "yahoo: ok, 7 of 30 requests in the last minute, asked next at 16:08:00 HKT"),
        ("wrong", "source", "hkex: limited, asks for fewer requests, asked next at 16:08:00 HKT"),
    ]


async def test_a_socket_that_a_killed_feed_left(paths: Paths) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(paths.socket("yahoo")))
    (finding,) = await asked(paths)
    assert finding.level == "note"
    assert "was left by a feed that was killed" in finding.text


async def test_something_that_is_no_feed(paths: Paths) -> None:
    async def babble(talk: Talk) -> None:
        talk.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with FeedDouble(paths.socket("yahoo"), babble):
        (finding,) = await asked(paths)
    assert finding.level == "wrong"
    assert "something that is no feed answers" in finding.text


async def test_a_feed_that_says_nothing(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cli.checkup.network.PATIENCE_S", 0.2)

    async def silent(talk: Talk) -> None:
        await asyncio.sleep(5)

    async with FeedDouble(paths.socket("yahoo"), silent):
        (finding,) = await asked(paths)
    assert finding.level == "wrong"
    assert "no answer within" in finding.text
