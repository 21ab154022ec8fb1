"""The whole system in one scene: a loopback Yahoo, a real feed process on the real yfinance, the real terminal.

The terminal runs headless in the test's own loop beside the world; what it painted is read line by line. All three
live on one replay clock, so minutes of the exchange pass in seconds.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.ui.world import make_world
from tests.world.server import World
from tui.config.paths import Paths
from tui.domain.clock import Clock, ClockMode, ReplayClock
from tui.domain.row import FeedStatus, Row, SourceHealth, SourceState
from tui.domain.symbol import Symbol, short_code
from tui.domain.trading_day import HKT
from tui.sources.sample import Sample, load_sample
from tui.store.cache import Cache
from tui.store.notes import NoteBook
from tui.ui.app import WhymoveApp
from tui.ui.link import Connected, FeedLink, LinkEvent, StartFeed
from tui.wire import ClockInfo

SIZE = (110, 30)
START = "2026-03-06T14:31"
# Half a minute of the exchange in a second: a pause of five minutes is over in ten.
SPEED = 30.0
PATIENCE_S = 40.0
ALIBABA, JD, TENCENT, XIAOMI = (Symbol(f"{code}.HK") for code in ("9988", "9618", "0700", "1810"))
WATCHED = (ALIBABA, JD, TENCENT, XIAOMI)
SETTINGS = "[news]\nsources = []\n"


class SceneClock:
    """The scene's time: a replay that follows the feed's own from its first word on, so that nobody seems skewed."""

    mode: ClockMode = "replay"

    def __init__(self, at: str, speed: float) -> None:
        self._clock = ReplayClock(round(datetime.fromisoformat(at).replace(tzinfo=HKT).timestamp() * 1000), speed)
        self.speed = speed

    def follow(self, info: ClockInfo) -> None:
        """Take the feed's time."""
        self._clock = ReplayClock(info.now, info.speed)

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def iso(self) -> str:
        """Now, as the command line takes it."""
        return datetime.fromtimestamp(self.now_ms() / 1000, HKT).isoformat()


class SceneLink(FeedLink):
    """The real link; the scene's clock follows what the feed says, and a feed started later starts later."""

    def __init__(self, socket: Path, arguments: Sequence[str], clock: SceneClock) -> None:
        self._arguments = ("--socket", str(socket), "--speed", str(clock.speed), *arguments)
        self.clock = clock
        self.feed_pid = 0
        super().__init__(socket, "test", start=self._command(socket))

    def _command(self, socket: Path) -> StartFeed:
        argv = (sys.executable, "-m", "tui", "feed", *self._arguments, "--at", self.clock.iso())
        return StartFeed(argv, socket.with_suffix(".log"))

    async def events(self) -> AsyncGenerator[LinkEvent, None]:
        async for event in super().events():
            if isinstance(event, Connected):
                self.clock.follow(event.hello.clock)
                self.feed_pid = event.hello.pid
            yield event
            self._start = self._command(self._socket)


@dataclass
class Scene:
    """What a test does and sees."""

    world: World
    clock: SceneClock
    app: WhymoveApp
    link: SceneLink
    watched: tuple[Symbol, ...]
    notes: Path

    # --- what the terminal knows

    @property
    def rows(self) -> Mapping[Symbol, Row]:
        """The rows as the terminal holds them."""
        return self.app.desk.state.rows

    @property
    def status(self) -> FeedStatus:
        """The feed's status as the terminal holds it."""
        return self.app.desk.state.status

    @property
    def source(self) -> SourceHealth:
        """The price source."""
        return self.status.sources[0] if self.status.sources else SourceHealth("", SourceState.STARTING)

    @property
    def complete(self) -> bool:
        """Every row has a price and a verdict."""
        return all((row := self.rows.get(symbol)) and row.quote and row.day for symbol in self.watched)

    # --- what it painted

    def lines(self) -> list[str]:
        """The screen, from top to bottom."""
        return painted(self.app)

    def line_of(self, symbol: Symbol) -> str:
        """The painted line of a stock; empty where it has none."""
        code = short_code(symbol)
        found = (line.strip("│┃▌ ▸") for line in self.lines())
        return next((line for line in found if line.startswith(code)), "")

    @property
    def header(self) -> str:
        """The line on top."""
        return self.lines()[0].strip()

    @property
    def status_line(self) -> str:
        """The line above the keys."""
        return self.lines()[-2].strip()

    def blank(self) -> list[Symbol]:
        """The stocks whose line shows no price."""
        return [symbol for symbol in self.watched if not any(map(str.isdigit, self.line_of(symbol)[6:]))]

    # --- time

    async def until(self, seen: Callable[["Scene"], object], patience_s: float = PATIENCE_S) -> None:
        """Wait until something is so; AssertionError with the screen where it never is."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience_s
        while not seen(self):
            if loop.time() > deadline:
                raise AssertionError("never happened; the screen says\n" + "\n".join(self.lines()))
            await asyncio.sleep(0.02)

    async def pass_s(self, seconds: float) -> None:
        """Let seconds of the scene's time pass."""
        end = self.clock.now_ms() + seconds * 1000
        await self.until(lambda scene: scene.clock.now_ms() >= end, PATIENCE_S + seconds / self.clock.speed)

    async def until_fresh(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until every row was received after now, and the source is well."""
        since = self.clock.now_ms()

        def fresh(scene: Scene) -> bool:
            quotes = [scene.rows[symbol].quote for symbol in scene.watched]
            return scene.source.state is SourceState.OK and all(quote and quote.received > since for quote in quotes)

        await self.until(fresh, patience_s)

    def sent(self, start: int, seconds: float = 60.0) -> int:
        """Requests that reached Yahoo in the minute after a moment of the scene."""
        return sum(start < asked.time <= start + seconds * 1000 for asked in self.world.asked)

    async def press(self, *keys: str) -> None:
        """Type."""
        for key in keys:
            self.app.simulate_key(key)
            await asyncio.sleep(0.03)


def painted(app: WhymoveApp) -> list[str]:
    """What an app has on its screen, line by line."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


@asynccontextmanager
async def yahoo_world(
    folder: Path,
    sample: Sample | None = None,
    at: str = START,
    speed: float = SPEED,
    *,
    delay_s: int = 900,
) -> AsyncIterator[tuple[World, SceneClock]]:
    """The loopback Yahoo on a clock of its own; a request that leaves it fails the test."""
    clock = SceneClock(at, speed)
    whole: Clock = clock
    world = World(folder, sample or load_sample(), whole, stock_delay_s=delay_s, index_delay_s=delay_s)
    await world.start()
    try:
        yield world, clock
    finally:
        await world.stop()
    assert world.proxy is not None
    assert world.proxy.refused == [], "the feed left the world"


@asynccontextmanager
async def terminal_in(
    folder: Path,
    world: World,
    clock: SceneClock,
    *,
    watched: tuple[Symbol, ...] = WATCHED,
    source: str = "yahoo",
    settings: str = SETTINGS,
    environment: Mapping[str, str] | None = None,
    end_feed: bool = True,
) -> AsyncIterator[Scene]:
    """A terminal and the feed that it starts or finds. The feed ends with the block unless told otherwise."""
    paths = Paths()
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(settings)
    link = SceneLink(paths.socket(source), ("--source", source), clock)
    notes = folder / "notes.sqlite"

    def stored() -> Sequence[Row]:
        cache = Cache.open_reader(paths.cache(source))
        try:
            return cache.rows()
        finally:
            cache.close()

    terminal = make_world(
        folder,
        link,
        source=source,
        clock=clock,
        lists={"Test": watched},
        stored_rows=stored,
        open_notes=lambda: NoteBook(notes),
    )
    app = WhymoveApp(terminal)
    before = dict(os.environ)
    os.environ.update(world.environment | dict(environment or {}))
    try:
        async with app.run_test(size=SIZE):
            yield Scene(world, clock, app, link, watched, notes)
    finally:
        os.environ.clear()
        os.environ.update(before)
        if end_feed and link.feed_pid:
            end(link.feed_pid)


def end(pid: int) -> None:
    """End a feed that a scene started."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
