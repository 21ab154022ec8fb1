"""The table that the fault tests of the whole system fill, printed after them."""

from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class Line:
    """One fault: requests in the minute after it, what a row and the status line showed, what was lost."""

    fault: str
    requests: int | None
    row: str
    status: str
    lost: str = "nothing"


@dataclass
class Table:
    """The lines of a run."""

    lines: list[Line] = field(default_factory=list)

    def add(self, fault: str, requests: int | None, row: str, status: str, lost: str = "nothing") -> None:
        """Note what a fault did."""
        self.lines.append(Line(fault, requests, " ".join(row.split()), " ".join(status.split()), lost))


_TABLE = pytest.StashKey[Table]()


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    """The table of this run."""
    return request.config.stash.setdefault(_TABLE, Table())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table where the long form was run."""
    table = config.stash.get(_TABLE, None)
    if table is None or "or not slow" not in config.option.markexpr:
        return
    width = max(len(line.fault) for line in table.lines)
    terminalreporter.section("what each fault did")
    terminalreporter.write_line(f"{'fault':{width}}  requests in the next minute; lost; row; status line")
    for line in table.lines:
        sent = "-" if line.requests is None else line.requests
        terminalreporter.write_line(f"{line.fault:{width}}  {sent:>2}  lost {line.lost}")
        terminalreporter.write_line(f"{'':{width}}      {line.row}")
        terminalreporter.write_line(f"{'':{width}}      {line.status}")
