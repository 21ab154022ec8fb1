"""What the terminal loads, seen from a clean process: neither the numbers' nor the network's libraries, and no feed."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = (
    *("numpy", "pandas", "yfinance", "curl_cffi", "aiohttp"),
    *("holidays", "scipy", "ahocorasick", "rapidfuzz", "opencc"),
)
OTHER_SIDE = ("tui.attribution", "tui.sources", "tui.feed", "tui.news")
LOADED = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh process has after a statement; coverage, which loads its own, stays out of it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{LOADED}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environ,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "module",
    [
        "tui.ui.app",
        "tui.ui.start",
        "tui.ui.screens.detail",
        "tui.ui.screens.notes",
        "tui.ui.screens.help",
        "tui.ui.screens.health",
        "tui.ui.screens.unexplained",
        "tui.ui.screens.ahead",
        "tui.ui.link",
        "tui.store.cache",
        "tui.store.notes",
        "tui.render.row",
    ],
)
def test_the_terminals_side_stays_light(module: str) -> None:
    modules = loaded_by(f"import {module}")
    assert not {name for name in modules if name.split(".")[0] in HEAVY}
    assert not {name for name in modules if name.startswith(OTHER_SIDE)}


def test_the_link_can_be_used_without_textual() -> None:
    assert not {name for name in loaded_by("import tui.ui.link") if name.split(".")[0] in ("textual", "rich")}


@pytest.mark.parametrize("module", ["tui.cli", "tui.cli.watch", "tui.cli.demo", "tui.__main__", "tui.ui.environment"])
def test_starting_the_command_imports_no_screen(module: str) -> None:
    modules = loaded_by(f"import {module}")
    assert "textual" not in modules
    assert not {name for name in modules if name.split(".")[0] in HEAVY}


def test_the_first_paint_needs_no_store_and_no_second_screen() -> None:
    modules = loaded_by("import tui.ui.start")
    assert "sqlite3" not in modules
    assert "tui.ui.screens.detail" not in modules
    assert "textual.widgets._text_area" not in modules
