"""One thread for everything that waits for the disk, in the order it was asked for, so that no key ever waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Disk:
    """Runs work one after the other. `complain` is told, in the loop's thread, when work of `later` fails."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._complain = complain
        self._newest: dict[str, Callable[[], None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """Do it and wait for the result; raises what the work raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def later(self, name: str, work: Callable[[], None]) -> None:
        """Do it soon. Of several that wait under one name only the newest is done."""
        waiting = name in self._newest
        self._newest[name] = work
        if not waiting:
            task = asyncio.get_running_loop().create_task(self._do(name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _do(self, name: str) -> None:
        try:
            await self.run(lambda: self._newest.pop(name)())
        except Exception as error:  # whatever a disk does is one sentence, and the screen goes on
            self._complain(str(error))

    async def close(self) -> None:
        """Finish what was asked for."""
        await asyncio.gather(*self._tasks)
        self._thread.shutdown(wait=False)
