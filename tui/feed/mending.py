"""What keeps the feed going when one of its parts fails in a way nobody foresaw."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from tui.domain.clock import Clock

# Pauses before a part is started again, real seconds; the last one repeats.
PAUSES_S: Final = (1.0, 5.0, 30.0, 300.0)
# How long a fault is spoken of, and how long a part must have run to start from the first pause again.
SHOWN_S: Final = 600.0
CLOSING_S: Final = 2.0

log = logging.getLogger(__name__)


class Mender:
    """Starts a part again that failed, later each time; the others never notice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._fault = ""
        self._until = 0.0

    def recent_fault(self) -> str:
        """What failed of late, as a sentence; empty where nothing did."""
        return self._fault if self._clock.monotonic() < self._until else ""

    async def keep_going(self, part: Callable[[], Awaitable[None]]) -> None:
        """Run a part until it returns by itself."""
        failures = 0
        while True:
            started = self._clock.monotonic()
            try:
                await part()
                return
            except Exception as error:  # the last fence: what no part foresaw must not end the feed
                log.exception("%s failed", getattr(part, "__qualname__", part))
                self._fault = f"a part of the feed failed ({type(error).__name__}) and was started again; see its log"
                self._until = self._clock.monotonic() + SHOWN_S
            if self._clock.monotonic() - started > SHOWN_S:
                failures = 0
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            failures += 1


async def give_back(close: Callable[[], Awaitable[None]]) -> None:
    """Close a source; leaving goes on whatever it does meanwhile."""
    try:
        async with asyncio.timeout(CLOSING_S):
            await close()
    except Exception as error:  # a source's code is not ours, and nobody waits for its answer any more
        log.warning("a source could not be closed: %s", error)
