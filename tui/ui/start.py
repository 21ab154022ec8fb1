"""Run the terminal's app on the terminal, and leave the terminal as it was found."""

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

from tui.config.errors import FileError
from tui.config.paths import private_file
from tui.ui.app import WhymoveApp
from tui.ui.terminal import EndWell, own_terminal
from tui.ui.textual_private import driver_for
from tui.ui.world import World


def run_terminal(world: World, log: Path, *, mouse: bool) -> bool:
    """Run until the trader, a signal or the loss of the terminal ends it; False where an error did.

    What an error was stands in the log.
    """
    log = _writable(log)
    logging.basicConfig(filename=log, level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    with own_terminal(log) as terminal, EndWell(terminal.fileno()) as end:
        app = WhymoveApp(world, driver_for(terminal))
        end.leave_by(app.ask_to_leave)
        app.leaving = end.begin
        app.run(mouse=mouse)
    with suppress(OSError):  # where the terminal is gone as well, the log has them
        for text in app.notes.lost:
            print(text, file=sys.stderr, flush=True)
    return not app.return_code


def _writable(log: Path) -> Path:
    """The log if it can be written; a home that takes no file has no log."""
    try:
        private_file(log)
    except FileError:
        return Path(os.devnull)
    return log
