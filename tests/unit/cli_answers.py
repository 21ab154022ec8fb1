"""How the tests of `whymove explain` ask."""

import json
from typing import Any

import pytest

from tui.cli import main


def ask(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    """The JSON of an answer."""
    assert main(("explain", *argv, "--json")) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    """Exit code and the one sentence of a refusal; nothing on stdout."""
    code = main(("explain", *argv))
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return code, told.err.strip()
