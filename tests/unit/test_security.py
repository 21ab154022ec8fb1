"""What docs/security.md promises of the source: no shell, nothing evaluated, one way to the network, its limits."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tui import wire
from tui.config import files, imports, reading, themes
from tui.feed import client
from tui.feed.options import Patience
from tui.sources import closes, feed_reader, fetch, hkex, pipe, pipe_line
from tui.ui import link

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "tui").rglob("*.py"))
PAGE = " ".join((ROOT / "docs" / "security.md").read_text(encoding="utf-8").split())

EVALUATED = {"eval", "exec", "compile", "__import__"}
SHELLS = re.compile(
    r"os\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*)|subprocess\.(getoutput|getstatusoutput)|"
    r"(asyncio|loop)\.\w*subprocess_shell|pty\.spawn"
)
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "lxml", "xmlrpc", "telnetlib", "ftplib"}
# Everything that leaves the machine goes through these two, which count it and check where it goes.
NETWORK_MODULES = {"aiohttp": {"fetch.py"}, "curl_cffi": {"yahoo_session.py", "yahoo.py"}}
NO_NETWORK_MODULES = {"requests", "http", "httpx", "urllib3", "websockets", "smtplib", "socketserver"}


@cache
def nodes() -> tuple[tuple[Path, ast.Call | ast.Import | ast.ImportFrom], ...]:
    """Every call and import of the source, with its file."""
    return tuple(
        (path, node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.Import | ast.ImportFrom)
    )


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call: its place, the dotted name of what is called, and the call."""
    for path, node in nodes():
        if isinstance(node, ast.Call):
            yield f"{path.relative_to(ROOT)}:{node.lineno}", ast.unparse(node.func), node


def imported() -> Iterator[tuple[Path, str, frozenset[str]]]:
    """Every import: the file, the module, and the names taken from it."""
    for path, node in nodes():
        if isinstance(node, ast.Import):
            yield from ((path, alias.name, frozenset[str]()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield path, node.module, frozenset(alias.name for alias in node.names)


def test_the_whole_source_is_looked_at() -> None:
    assert len(SOURCES) > 100
    assert sum(1 for _ in calls()) > 5000


def test_nothing_is_evaluated() -> None:
    assert [place for place, name, _ in calls() if name in EVALUATED] == []


def test_no_shell_is_used() -> None:
    assert [place for place, name, _ in calls() if SHELLS.fullmatch(name)] == []
    with_shell = [place for place, _, call in calls() if any(word.arg == "shell" for word in call.keywords)]
    assert with_shell == []


def test_programs_are_started_in_three_places() -> None:
    started = {
        place.rpartition(":")[0]
        for place, name, _ in calls()
        if name in ("subprocess.Popen", "subprocess.run", "asyncio.create_subprocess_exec")
    }
    assert started == {"tui/ui/link.py", "tui/ui/terminal.py", "tui/sources/child.py"}


def test_the_feed_is_started_without_the_current_folder() -> None:
    for path in SOURCES:
        assert not re.search(r'sys\.executable,\s*"-m"', path.read_text(encoding="utf-8")), path


def test_no_module_that_runs_what_it_reads() -> None:
    found = [(path.name, module) for path, module, _ in imported() if module.partition(".")[0] in UNSAFE_MODULES]
    assert found == []


def test_xml_is_read_by_the_careful_parser_alone() -> None:
    taken = {(path.name, module, names) for path, module, names in imported() if module.startswith("xml")}
    assert {names for _, _, names in taken} <= {frozenset({"ParseError"})}


def test_the_network_has_two_doors() -> None:
    for path, module, _ in imported():
        package = module.partition(".")[0]
        assert package not in NO_NETWORK_MODULES, f"{path}: {module}"
        assert module != "urllib.request", path
        if package in NETWORK_MODULES:
            assert path.name in NETWORK_MODULES[package], f"{path}: {module}"


def test_no_port_is_opened() -> None:
    assert [place for place, name, _ in calls() if name.endswith(("start_server", "create_server"))] == []


def test_no_markup_is_parsed() -> None:
    assert [place for place, name, _ in calls() if name.endswith(("from_markup", "markup.render"))] == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("at most {}, each to the same rules", fetch.MOST_REDIRECTS),
        ("read up to {} MB (HKEX's list", fetch.MB >> 20),
        ("(HKEX's list: {} MB)", hkex.LIST_LIMIT >> 20),
        ("a feed up to {} items", feed_reader.MOST_ITEMS),
        ("read up to {} KiB, its quotes", pipe_line.LINE_LIMIT >> 10),
        ("its quotes up to {:,} symbols", pipe.MAX_SYMBOLS),
        ("a time of more than {} seconds ahead", pipe.FUTURE_MS // 1000),
        ("The feed reads lines of up to {} MiB", client.REQUEST_LIMIT >> 20),
        ("hangs up after {} that are no frame, after", client.MOST_GARBAGE),
        ("after {:.0f} seconds without a greeting", Patience().silent_s),
        ("takes nothing for {:.0f} seconds", Patience().blocked_s),
        ("a terminal reads lines of up to {} MiB", wire.READ_LIMIT >> 20),
        ("hangs up after {} that are no frame.", link.BAD_FRAMES_LIMIT),
        ("settings {} MB", reading.SIZE_LIMIT >> 20),
        ("a theme {} KB", themes._SIZE_LIMIT >> 10),
        ("lists and state {} MB", files.SIZE_LIMIT >> 20),
        ("an imported list {} MB", imports.SIZE_LIMIT >> 20),
        ("a price file {} MB", closes.MAX_BYTES >> 20),
    ],
)
def test_the_limits_that_the_page_names(words: str, value: float) -> None:
    assert words.format(value) in PAGE
