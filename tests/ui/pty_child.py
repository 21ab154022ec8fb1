"""The real app on the terminal it is started on, its feed a socket of the test: `-m tests.ui.pty_child SOCKET`."""

import os
import signal
import sys
from pathlib import Path

from tui.ui.environment import colour_depth, prepare


def main() -> int:
    socket = Path(sys.argv[1])
    if os.environ.get("TEST_IGNORE_HUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    theme = os.environ.get("TEST_THEME", "dark")
    prepare(os.environ)
    from tests.ui.rows import many
    from tests.ui.world import make_world
    from tui.config.state import ScreenState
    from tui.ui.link import FeedLink
    from tui.ui.start import run_terminal

    symbols = tuple(row.symbol for row in many(int(os.environ.get("TEST_ROWS", "40"))))
    start = ScreenState(sort="list", theme=theme, palette="green_up", glyphs="braille", spark="price", language="en")
    world = make_world(
        socket.parent,
        FeedLink(socket, "test", start=None),
        start=start,
        depth=colour_depth(os.environ),
        no_color=bool(os.environ.get("NO_COLOR")),
        lists={"Test": symbols},
    )
    log = socket.parent / "terminal.log"
    return 0 if run_terminal(world, log, mouse=False) else 1


if __name__ == "__main__":
    sys.exit(main())
