"""The table that the fault tests of the whole system fill, printed after them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.record import SCREENS, Holdings, Line, Seen, compare, losses, picture_of

_PROPERTY = "fault"


class Table:
    """What a test found; it travels with the test's report, so that several workers fill one table."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def add(self, fault: str, requests: int | None, before: Holdings, seen: Seen) -> None:
        """Note what a fault did, count what was lost since `before`, and compare the screen with its picture."""
        lost, words = losses(before, seen.holds)
        line = (fault, requests, words, " ".join(seen.row.split()), " ".join(seen.status.split()))
        self._request.node.user_properties.append((_PROPERTY, line))
        assert lost == 0, f"{words}; the screen says\n" + "\n".join(seen.lines)
        compare(fault, seen.lines, update=self._request.config.option.update_snapshots)


@pytest.fixture
def short_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose name is always as long, for screens on which it stands."""
    with tempfile.TemporaryDirectory(prefix="whymove-", dir="/tmp") as name:
        home = Path(name)
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(variable, str(home / variable[4:-5].lower()))
        yield home


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    """The table of this run."""
    return Table(request)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table where the long form was run."""
    if "or not slow" not in config.option.markexpr:
        return
    reports = [report for how in ("passed", "failed") for report in terminalreporter.stats.get(how, [])]
    lines = [
        Line(*line)
        for report in sorted(reports, key=lambda report: report.location[:1])
        for name, line in report.user_properties
        if name == _PROPERTY and report.when == "call"
    ]
    if not lines:
        return
    width = max(len(line.fault) for line in lines)
    terminalreporter.section("what each fault did")
    terminalreporter.write_line(f"{'fault':{width}}  requests in the next minute; lost; row; status line")
    for line in lines:
        sent = "-" if line.requests is None else line.requests
        terminalreporter.write_line(f"{line.fault:{width}}  {sent:>2}  lost {line.lost}")
        terminalreporter.write_line(f"{'':{width}}      {line.row}")
        terminalreporter.write_line(f"{'':{width}}      {line.status}")
    if config.option.keyword or config.args != ["tests/faults"]:
        return
    for picture in sorted(set(SCREENS.glob("*.txt")) - {picture_of(line.fault) for line in lines}):
        terminalreporter.write_line(f"no test compares {picture.name}")
