"""A feed killed while it writes the ledger: what it said was written is there, and no day is there in part."""

import os
import random
import time
from contextlib import closing
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

from tui.domain.attribution import Verdict
from tui.domain.symbol import Symbol
from tui.domain.unexplained import LedgerDay, Listed
from tui.store.ledger import Ledger

# The long form of the fault suite sets more.
KILLS = int(os.environ.get("WHYMOVE_FAULT_KILLS", "20"))
MOVES = 40


def write_days(path: Path, output: Path) -> None:
    """Freeze day after day until the end; each is reported once it is written."""
    ledger = Ledger(path)
    first = date(2026, 1, 5) + timedelta(len(ledger.days()))
    with output.open("a") as report:
        for step in range(10_000):
            day = first + timedelta(step)
            moves = [Listed(day, Symbol(f"{n:04d}.HK"), Verdict.OWN, 1.0, 1.0, 0.01) for n in range(1, MOVES + 1)]
            ledger.freeze(LedgerDay(day, step, MOVES, MOVES, MOVES), moves)
            print(day, file=report, flush=True)


def reported(output: Path) -> list[str]:
    """The days that were said to be written."""
    return [line[:-1] for line in output.read_text().splitlines(keepends=True) if line.endswith("\n")]


def test_a_killed_writer_leaves_whole_days(tmp_path: Path) -> None:
    path, output = tmp_path / "ledger-yahoo.sqlite", tmp_path / "output"
    output.touch()
    draw = random.Random(5)
    for _ in range(KILLS):
        wanted = len(reported(output)) + draw.randrange(4)
        writer = get_context("fork").Process(target=write_days, args=(path, output))
        writer.start()
        while len(reported(output)) < wanted:
            assert writer.is_alive()
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.02))
        writer.kill()
        writer.join()
        with closing(Ledger(path)) as ledger:
            assert ledger.notices == ()
            there = {day.day for day in ledger.days()}
            listed = ledger.listed()
        assert {day.isoformat() for day in there} >= set(reported(output))
        assert len(listed) == MOVES * len(there), "no day is there in part"
        assert {move.day for move in listed} == there
    assert len(reported(output)) > KILLS
