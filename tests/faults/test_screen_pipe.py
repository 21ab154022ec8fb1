"""A trader's own pipe that babbles, falls silent or dies: the rows stay, and the status line says which."""

import json
import sys
from pathlib import Path

from tests.faults.conftest import Table
from tests.faults.scene import ALIBABA, START, Scene, terminal_in
from tests.faults.scene_link import SceneClock
from tests.ui.world import at_ms
from tests.world.server import World
from tui.config.shipped import shipped
from tui.domain.row import SourceState
from tui.sources.sample import load_sample

LINES = (
    {"symbol": "^HSI", "price": 25600.0, "time": at_ms("2026-03-06T14:10"), "previous_close": 25321.34},
    {"symbol": "^HSTECH", "price": 4900.0, "time": at_ms("2026-03-06T14:10"), "previous_close": 4796.33},
    {"symbol": "9988", "price": 130.0, "time": at_ms("2026-03-06T14:10"), "volume": 21_000_000},
)
# It does what a file beside it says, ten times a second.
BRIDGE = f"""#!{sys.executable}
import json, pathlib, sys, time
orders = pathlib.Path(__file__).with_name("orders")
while True:
    match orders.read_text():
        case "well":
            print(*map(json.dumps, json.loads({json.dumps(LINES)!r})), sep="\\n", flush=True)
        case "babble":
            print("\\x1b[2Jhello" * 3, flush=True)
        case "die":
            sys.exit("the broker's gateway is not running")
    time.sleep(0.1)
"""
SILENT_SPEED = 30.0


class Bridge:
    """The trader's program."""

    def __init__(self, home: Path) -> None:
        self.file = home / "bridge"
        self.file.write_text(BRIDGE)
        self.file.chmod(0o700)
        self.order("well")

    def order(self, what: str) -> None:
        """Tell it what to do from now on; "" is nothing."""
        self.file.with_name("orders").write_text(what)


def settings(home: Path, bridge: Bridge) -> str:
    """A pipe with the sample's closes before the day as its history."""
    closes = shipped("tables/sample/close.csv").read_text().splitlines()
    history = home / "closes.csv"
    history.write_text("\n".join(line for line in closes if not line.startswith("2026-03-06")) + "\n")
    pipe = f"[pipe]\ncommand = [{json.dumps(str(bridge.file))}]\nhistory = {json.dumps(str(history))}\n"
    return pipe + "[news]\nsources = []\n"


async def test_a_pipe_that_babbles_falls_silent_or_dies(short_home: Path, table: Table) -> None:
    bridge, clock = Bridge(short_home), SceneClock(START, SILENT_SPEED)
    world = World(short_home, load_sample(), clock)
    told = settings(short_home, bridge)
    async with terminal_in(short_home, world, clock, source="pipe", settings=told, watched=(ALIBABA,)) as scene:
        await scene.until(well)
        before = scene.look().holds
        for order, fault, state, words in (
            ("babble", "pipe that babbles", SourceState.BAD_DATA, "bad lines in a row"),
            ("", "pipe that falls silent", SourceState.HUNG, "has said nothing for"),
            ("die", "pipe that dies", SourceState.STOPPED, "ended with code 1"),
        ):
            bridge.order(order)
            await scene.until(lambda s, state=state: s.source.state is state)  # type: ignore[misc]
            await scene.says(words)
            table.add(fault, None, before, scene.look())
            bridge.order("well")
            await scene.until(well)
            assert "pipe ok" in scene.status_line


def well(scene: Scene) -> bool:
    """The pipe speaks and its one stock is split."""
    row = scene.rows.get(ALIBABA)
    return scene.source.state is SourceState.OK and bool(row and row.day and len(row.day.factors) == 2)
