"""The terminal of the soak: `python -m benchmarks.soak_terminal SOCKET`.

The real app on the terminal it is started on. Beside the socket lie the list of codes (SOCKET with .list) and, once it
has heard something, the number of its loop's tasks and of the frames it heard (.terminal).
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from tui.domain.symbol import Symbol
from tui.ui.environment import prepare
from tui.ui.link import FeedLink, LinkEvent

EVERY = 50


def tell(path: Path, work: int) -> None:
    """Leave the number of the loop's tasks and of what was done so far for whoever looks."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(f"{len(asyncio.all_tasks())} {work}")
    fresh.replace(path)


class CountingLink(FeedLink):
    """A link that notes how many tasks its loop has."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "soak", start=None)
        self._told = path.with_suffix(".terminal")

    async def events(self) -> AsyncGenerator[LinkEvent, None]:
        heard = 0
        async for event in super().events():
            heard += 1
            if heard % EVERY == 1:
                tell(self._told, heard)
            yield event


def main(path: Path) -> int:
    """Run until told to end."""
    prepare(os.environ)
    from tests.ui.world import make_world
    from tui.config.state import ScreenState
    from tui.ui.start import run_terminal

    watched = tuple(Symbol(code) for code in path.with_suffix(".list").read_text().split())
    start = ScreenState(sort="list", theme="dark", palette="green_up", glyphs="braille", spark="price", language="en")
    world = make_world(path.parent, CountingLink(path), lists={"Many": watched}, start=start)
    return 0 if run_terminal(world, path.with_suffix(".log"), mouse=False) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
