"""The world of every test: no settings of the developer's own, one time zone, one locale, one terminal."""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

# What Textual reads at import must be set before any test module is collected.
os.environ.update(
    {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TEXTUAL_ANIMATIONS": "none",
    }
)
for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "SSH_CONNECTION", "SSH_TTY", "TMUX"):
    os.environ.pop(name, None)

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


# What runs in real time: event loops, processes, terminals, feeds, sources on loopback, apps that are typed to.
REAL_TIME = ("tests.pty", "tests.feeds", "tests.feed_in_loop", "tests.faults", "tests.world", "tests.ui.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of what runs in real time waits on the machine and is tried again (and counted); others have one try."""
    for item in items:
        module = item.getparent(pytest.Module)
        if module is not None and any(map(_is_real_time, vars(module.obj).values())):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=1))


def _is_real_time(used: object) -> bool:
    return used is asyncio or used is subprocess or str(getattr(used, "__module__", "")).startswith(REAL_TIME)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test, so that nothing is read from or written to the developer's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable, folder in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
    ):
        monkeypatch.setenv(variable, str(home / folder))
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    return home


@pytest.fixture
def shared_closes() -> Path:
    """Real closes for tests; they are not part of the project, so their absence is a reason to skip."""
    path = SHARED_DATA / "hk_closes.csv"
    if not path.exists():
        pytest.skip("real closes are not here: ../shared/data/hk_closes.csv beside the checkout")
    return path
