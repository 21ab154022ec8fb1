"""`python -m tests.world -- COMMAND ...`: start the world and run a command inside it.

The command meets Yahoo on loopback, with the prices of the sample week as of `--at`, fifteen minutes late, and HKEXnews
and RTHK with its news. What they were asked is printed at the end; the control port takes faults meanwhile:

    curl -X POST localhost:PORT/fault/quote -d '{"mode": "limited", "retry_after": 60}'
    curl -X DELETE localhost:PORT/fault
"""

import argparse
import asyncio
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tests.world.server import World
from tui.domain.clock import ReplayClock
from tui.domain.trading_day import HKT
from tui.sources.sample import load_sample


async def _run(options: argparse.Namespace) -> int:
    start = datetime.fromisoformat(options.at).replace(tzinfo=HKT)
    clock = ReplayClock(round(start.timestamp() * 1000), options.speed)
    with tempfile.TemporaryDirectory(prefix="whymove-world-") as folder:
        world = World(Path(folder), load_sample(), clock, stock_delay_s=options.delay, index_delay_s=options.delay)
        world.put_out_news()
        await world.start()
        print(f"Yahoo, HKEXnews and RTHK are on loopback; faults: {world.control_url}/fault/ENDPOINT", file=sys.stderr)
        command = [
            part.replace("{at}", datetime.fromtimestamp(clock.now_ms() / 1000, HKT).isoformat())
            for part in options.command
        ]
        process = await asyncio.create_subprocess_exec(*command, env=os.environ | world.environment)
        try:
            return await process.wait()
        finally:
            await world.stop()
            asked = ", ".join(f"{count} {endpoint}" for endpoint, count in world.counts().items()) or "nothing"
            print(f"they were asked: {asked}", file=sys.stderr)
            if world.proxy is not None and world.proxy.refused:
                print(f"refused outside the world: {', '.join(sorted(set(world.proxy.refused)))}", file=sys.stderr)


def main() -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.world", description=__doc__.splitlines()[0])
    parser.add_argument("--at", default="2026-03-06T14:31", help="where the week stands at the start, Hong Kong time")
    parser.add_argument("--speed", type=float, default=1.0, help="how fast it goes on")
    parser.add_argument("--delay", type=int, default=900, help="how late Yahoo's prices are, in seconds")
    parser.add_argument("command", nargs="+", help="the command; {at} stands for the world's time")
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
