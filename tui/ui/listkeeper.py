"""The watchlists on disk: written in the order they change, merged with what another terminal wrote meanwhile."""

import asyncio
import logging
from typing import TYPE_CHECKING

from tui.ui.world import Lists

if TYPE_CHECKING:
    from tui.ui.core import TerminalApp

log = logging.getLogger(__name__)


class ListKeeper:
    """Writes the desk's lists and takes in what they were merged with."""

    def __init__(self, app: "TerminalApp") -> None:
        self._app = app
        self._base: Lists = dict(app.world.lists)
        self._turn = asyncio.Lock()

    def save(self, lists: Lists) -> None:
        """Write these lists, soon."""
        mine = dict(lists)
        self._app.run_worker(self._save(mine), group="lists", exit_on_error=False)

    async def _save(self, mine: Lists) -> None:
        async with self._turn:
            base = self._base
            try:
                merged = await self._app.disk.run(lambda: self._app.world.save_lists(mine, base))
            except Exception as error:  # whatever the disk says; the lists on the screen stay
                log.exception("the lists could not be saved")
                self._app.tell(str(error), bad=True)
                return
            self._base = dict(merged)
            desk = self._app.desk
            if merged != mine and desk.lists == mine:
                desk.take_lists(dict(merged))
                self._app.lists_changed()
