"""A command of the trader's, run without a shell in a process group of its own, and ended with all that it started."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

END_PATIENCE_S: Final = 2.0


async def start(command: Sequence[str], line_limit: int) -> asyncio.subprocess.Process:
    """Start it with readable stdout and stderr and nothing on stdin. OSError or ValueError where it cannot be."""
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=line_limit,
        start_new_session=True,
    )


async def end(process: asyncio.subprocess.Process) -> None:
    """End it and its group, politely first, and read its pipes to their end, which closes them."""
    if process.returncode is None:
        _signal(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), END_PATIENCE_S)
    # What it started may have stayed, and so may itself.
    _signal(process.pid, signal.SIGKILL)
    await process.wait()
    # Somebody who left the group may keep a pipe open for ever.
    with suppress(TimeoutError):
        async with asyncio.timeout(END_PATIENCE_S):
            for stream in (process.stdout, process.stderr):
                while stream is not None and await stream.read(64 * 1024):
                    pass


def _signal(group: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, sign)
