"""Waiting in a clock's own time."""

import asyncio

from tui.domain.clock import Clock

# A machine that slept wakes up to another wall time, so nobody sleeps through an hour without looking.
LONGEST_REAL_S = 60.0


async def pause(clock: Clock, seconds: float, wake: asyncio.Event | None = None) -> None:
    """Wait that long by the clock, or until `wake` is set, and at most a real minute; where time stands, for `wake`.

    The caller looks again at what it waited for.
    """
    real_s = min(max(seconds, 0.0) / clock.speed, LONGEST_REAL_S) if clock.speed > 0 else LONGEST_REAL_S
    if wake is None:
        await asyncio.sleep(real_s)
        return
    try:
        async with asyncio.timeout(real_s):
            await wake.wait()
    except TimeoutError:
        return


async def pause_until(clock: Clock, due: int, wake: asyncio.Event) -> None:
    """Wait for a time of the clock, epoch milliseconds, or until `wake` is set."""
    while not wake.is_set() and (left := due - clock.now_ms()) > 0:
        await pause(clock, left / 1000, wake)
