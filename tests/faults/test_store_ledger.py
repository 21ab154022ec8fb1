"""A feed killed while it writes the ledger: what it said was written is there, and no day is there in part."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui.store.ledger import Ledger

WRITER = """
import sys
from datetime import date, timedelta
from pathlib import Path
from tui.domain.attribution import Verdict
from tui.domain.symbol import Symbol
from tui.domain.unexplained import LedgerDay, Listed
from tui.store.ledger import Ledger

ledger = Ledger(Path(sys.argv[1]))
first = date(2026, 1, 5) + timedelta(len(ledger.days()))
for step in range(10_000):
    day = first + timedelta(step)
    moves = [Listed(day, Symbol(f"{n:04d}.HK"), Verdict.OWN, 1.0, 1.0, 0.01) for n in range(1, 41)]
    ledger.freeze(LedgerDay(day, step, 40, 40, 40), moves)
    print(day, flush=True)
"""


@pytest.mark.parametrize("days", [1, 3, 8])
def test_a_killed_writer_leaves_whole_days(tmp_path: Path, days: int) -> None:
    path = tmp_path / "ledger-yahoo.sqlite"
    said: list[str] = []
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(days):
                said.append(writer.stdout.readline().strip())
            writer.send_signal(signal.SIGKILL)
            said += writer.stdout.read().split()
    ledger = Ledger(path)
    assert ledger.notices == ()
    there = {day.day for day in ledger.days()}
    assert {day.isoformat() for day in there} >= set(said)
    listed = ledger.listed()
    assert len(listed) == 40 * len(there)
    assert {move.day for move in listed} == there
    ledger.close()
