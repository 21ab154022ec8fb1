"""The one writer of the cache: a thread of its own, so that a slow disk delays no tick, and trouble that is said.

Only answers are stored, never failures. Where storing fails the feed goes on without it and tries again later.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from tui.domain.clock import Clock
from tui.domain.event import Event
from tui.domain.market import Bar
from tui.domain.row import Row
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import TradingDay
from tui.feed.usual_session import SessionDay
from tui.feed.volume import VolumeDay
from tui.store.cache import Cache, CacheError

T = TypeVar("T")
CoverageSpan = tuple[str, Symbol, int, int]
_VOLUME: Final = "volume:"
_SESSION: Final = "session"

# Writings that may wait for a slow disk before the oldest state is given up.
MOST_WAITING: Final = 200
AGAIN_S: Final = 60.0
# What was stored is wanted for the first snapshot; after it the sources know better.
READ_S: Final = 1.0
NOTICE_S: Final = 600.0
GOODBYE_S: Final = 5.0

log = logging.getLogger(__name__)


class Keeper:
    """Reads and writes the cache in its own thread. Without a path nothing is stored or known."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self.trouble = ""
        """What keeps it from storing, as a sentence; empty while all is well."""
        self.on_trouble: Callable[[], None] = lambda: None
        """Called in the loop whenever `trouble` or `notice` has changed."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._notice = ""
        self._notice_until = 0.0
        self._path = path
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._cache: Cache | None = None
        self._again = 0.0
        self._waiting = 0

    @property
    def notice(self) -> str:
        """What happened when the cache was opened, for a while; empty where nothing did."""
        return self._notice if self._clock.monotonic() < self._notice_until else ""

    # --- reading, at the start ---

    async def stored_rows(self) -> Sequence[Row]:
        """The rows as an earlier feed left them."""
        return await self._read(lambda cache: cache.rows(), ())

    async def stored_events(self) -> Sequence[Event]:
        """The events of an earlier feed."""
        return await self._read(lambda cache: cache.events(), ())

    async def stored_coverage(self) -> Sequence[CoverageSpan]:
        """Who was asked for whose news: source, symbol, start, end."""
        return await self._read(lambda cache: cache.coverage(), ())

    async def stored_volumes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[VolumeDay]]:
        """What some stocks usually have traded by the minute, as an earlier feed learned it."""

        def read(cache: Cache) -> Mapping[Symbol, Sequence[VolumeDay]]:
            texts = ((symbol, cache.meta(_VOLUME + symbol)) for symbol in symbols)
            return {symbol: days for symbol, text in texts if text and (days := _decoded(text, tuple[VolumeDay, ...]))}

        return await self._read(read, {}) if symbols else {}

    async def stored_session(self) -> Sequence[SessionDay]:
        """When in the session variance came on past days, as an earlier feed measured it."""
        text = await self._read(lambda cache: cache.meta(_SESSION), None)
        return _decoded(text, tuple[SessionDay, ...]) if text else ()

    async def stored_bars(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[Bar]]:
        """The bars of some symbols; those that have none are left out."""
        if not symbols:
            return {}
        return await self._read(lambda cache: {s: bars for s in symbols if (bars := cache.bars(s))}, {})

    # --- writing, by and by ---

    def put_bars(self, bars: Sequence[Bar]) -> None:
        self._write(lambda cache: cache.put_bars(bars))

    def put_events(self, events: Sequence[Event]) -> None:
        self._write(lambda cache: cache.put_events(events))

    def put_rows(self, rows: Sequence[Row]) -> None:
        if rows:
            self._write(lambda cache: cache.put_rows(rows))

    def put_volume(self, symbol: Symbol, days: Sequence[VolumeDay]) -> None:
        text = msgspec.json.encode(days).decode()
        self._write(lambda cache: cache.put_meta(_VOLUME + symbol, text))

    def put_session(self, days: Sequence[SessionDay]) -> None:
        text = msgspec.json.encode(days).decode()
        self._write(lambda cache: cache.put_meta(_SESSION, text))

    def put_coverage(self, spans: Iterable[CoverageSpan]) -> None:
        kept = tuple(spans)
        if kept:
            self._write(lambda cache: cache.put_coverage(kept))

    def put_trading_days(self, days: Iterable[TradingDay]) -> None:
        kept = tuple(days)
        self._write(lambda cache: cache.put_trading_days(kept))

    async def close(self) -> None:
        """Write what waits and close the cache, within GOODBYE_S."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await loop.run_in_executor(self._thread, self._close)
        except TimeoutError:
            log.warning("the cache did not close within %s s", GOODBYE_S)
        self._thread.shutdown(wait=False, cancel_futures=True)

    # --- the thread's side ---

    async def _read(self, work: Callable[[Cache], T], nothing: T) -> T:
        if self._path is None:
            return nothing
        self._loop = asyncio.get_running_loop()
        answer = self._loop.run_in_executor(self._thread, self._do, work, nothing)
        try:
            return await asyncio.wait_for(asyncio.shield(answer), READ_S)
        except TimeoutError:
            log.warning("the cache gave no answer within %s s", READ_S)
            return nothing

    def _write(self, work: Callable[[Cache], object]) -> None:
        if self._path is None:
            return
        if self._waiting >= MOST_WAITING:
            self._say("the disk is too slow to store prices; they are shown all the same")
            return
        self._waiting += 1
        self._thread.submit(self._do, work, None).add_done_callback(self._done)

    def _done(self, future: object) -> None:
        self._waiting -= 1

    def _do(self, work: Callable[[Cache], T], nothing: T) -> T:
        """Work with the cache, opening it where it is closed. Trouble closes it for a while."""
        if self._clock.monotonic() < self._again:
            return nothing
        try:
            if self._cache is None:
                assert self._path is not None
                self._cache = Cache.open_writer(self._path)
                self._announce(self._cache.notices)
            answer = work(self._cache)
        except (CacheError, OSError) as error:
            self._say(f"prices are not stored: {clean(str(error), 160)}")
            log.warning("%s", self.trouble)
            self._close()
            self._again = self._clock.monotonic() + AGAIN_S
            return nothing
        self._say("")
        return answer

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._tell()

    def _tell(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.on_trouble)

    def _announce(self, notices: Sequence[str]) -> None:
        for notice in notices:
            log.warning("%s", notice)
        if notices:
            self._notice = clean("; ".join(notices), 160)
            self._notice_until = self._clock.monotonic() + NOTICE_S
            self._tell()

    def _close(self) -> None:
        if self._cache is None:
            return
        try:
            self._cache.close()
        except (CacheError, OSError) as error:
            log.warning("the cache could not be closed: %s", error)
        self._cache = None


def _decoded(text: str, kind: type[tuple[T, ...]]) -> tuple[T, ...]:
    """What was stored as JSON; nothing where another version wrote it."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ()
