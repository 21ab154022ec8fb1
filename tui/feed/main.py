"""One feed process from its start to its end: lock, socket, clock, service, signals."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from tui.config.paths import Paths, private_file, private_folder
from tui.config.schema import Config
from tui.domain.clock import Clock
from tui.feed.factory import open_world
from tui.feed.keeper import Keeper
from tui.feed.listening import Listener, sweep
from tui.feed.lock import Lock
from tui.feed.options import FeedOptions
from tui.feed.parties import Parties
from tui.feed.service import Feed

LOG_BYTES: Final = 512 * 1024
# How often a private feed looks whether its terminal still lives, real seconds.
PARENT_LOOK_S: Final = 1.0

World = Callable[[], tuple[Clock, Parties]]

log = logging.getLogger(__name__)


def run_feed(options: FeedOptions, config: Config, paths: Paths) -> str:
    """Run a feed until it leaves; why it left.

    Raises AlreadyRunning, NoSuchWorld, FileError or OSError where it cannot start.
    """
    return serve(options, lambda: open_world(options, config, paths))


def serve(options: FeedOptions, world: World) -> str:
    """Run a feed in the world that `world` opens once the feed is alone."""
    handler = _log_to(options.log)
    lock = Lock(options.lock) if options.lock else None
    if lock is not None:
        lock.acquire()
    try:
        if options.private:
            sweep(options.socket.parent, f"feed-{options.source}-*")
        # Nobody meets a socket before there is a world to show; why there is none is said on stderr.
        clock, parties = world()
        listener = Listener(options.socket)
        try:
            feed = Feed(clock, options, parties, Keeper(options.cache, clock))
            log.info("serving %s at %s", options.source, options.socket)
            try:
                reason = asyncio.run(_run(feed, listener, options))
            except BaseException:
                log.exception("the feed ended")
                raise
            log.info("left: %s", reason)
            return reason
        finally:
            listener.close()
    finally:
        if lock is not None:
            lock.release()
        logging.getLogger("tui").removeHandler(handler)
        handler.close()


def stuck_threads() -> list[str]:
    """Threads that would keep the process alive: calls to a source that never came back."""
    main = threading.main_thread()
    return [thread.name for thread in threading.enumerate() if thread is not main and not thread.daemon]


async def _run(feed: Feed, listener: Listener, options: FeedOptions) -> str:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, feed.stop, "it was asked to end")
    loop.add_signal_handler(signal.SIGINT, feed.stop, "it was interrupted")
    # A shared feed outlives the terminal window in which it was started.
    loop.add_signal_handler(signal.SIGHUP, feed.stop if options.private else _ignore, "its terminal went away")
    watch = asyncio.create_task(_watch_parent(feed)) if options.private else None
    try:
        return await feed.run(listener)
    finally:
        if watch is not None:
            watch.cancel()


async def _watch_parent(feed: Feed) -> None:
    """A private feed ends with the process that started it, however that ended."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - no event tells a process that it was orphaned
        await asyncio.sleep(PARENT_LOOK_S)
    feed.stop("the terminal that started it ended")


def _ignore(reason: str) -> None:
    return


class _PrivateLog(RotatingFileHandler):
    """A log that only its owner may read, after each rotation too."""

    def _open(self) -> TextIOWrapper:
        private_file(Path(self.baseFilename))
        return super()._open()


def _log_to(path: Path | None) -> logging.Handler:
    """The feed's log: its own file of bounded size, else nothing."""
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        private_folder(path.parent)
        handler = _PrivateLog(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("tui")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False
    return handler
