"""The whole system in one scene: a loopback Yahoo, a real feed process on the real yfinance, the real terminal.

The terminal runs headless in the test's own loop beside the world; what it painted is read line by line. All three
live on one replay clock, so minutes of the exchange pass in seconds. Prices stand still unless a test asks for more, so
that a screen is the same whenever it is looked at.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.faults.record import Holdings, Seen
from tests.faults.scene_link import SceneClock, SceneLink
from tests.ui.world import at_ms, make_world
from tests.world.server import World
from tui.config.paths import Paths
from tui.domain.attribution import Verdict
from tui.domain.clock import Clock
from tui.domain.event import Note
from tui.domain.market import Quality
from tui.domain.row import FeedStatus, Row, SourceHealth, SourceState
from tui.domain.symbol import Symbol, short_code
from tui.sources.sample import Sample, load_sample
from tui.store.cache import Cache
from tui.store.notes import NoteBook
from tui.ui.app import WhymoveApp
from tui.ui.model import LinkPhase

SIZE = (110, 30)
START = "2026-03-06T14:31"
# Half a minute of the exchange in a second: a pause of five minutes is over in ten.
SPEED = 30.0
PATIENCE_S = 40.0
ALIBABA, JD, TENCENT, XIAOMI = (Symbol(f"{code}.HK") for code in ("9988", "9618", "0700", "1810"))
WATCHED = (ALIBABA, JD, TENCENT, XIAOMI)
SETTINGS = "[news]\nsources = []\n"
NOTE = Note("one", JD, date(2026, 3, 6), "look at the volume", at_ms(START), at_ms(START))
"""What the trader has written before anything goes wrong."""
# A sparkline of fewer points has only what came since the feed began.
DRAWN = 5
FEED = (sys.executable, "-m", "tui", "feed")


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

    @property
    def settled(self) -> bool:
        """A feed has told everything of every row, and the timeline is that of the row under the cursor."""
        if self.app.desk.state.link.phase is not LinkPhase.LIVE or self.app.desk.state.stored:
            return False
        rows = [self.rows[symbol] for symbol in self.watched] if self.complete else []
        told = all(row.quote and row.quote.quality is not Quality.STORED for row in rows)
        split = all(row.relative_volume and row.day and row.day.sector_pp is not None for row in rows)
        drawn = all(len(row.spark) - row.spark.count(None) > DRAWN for row in rows)
        return bool(rows) and told and split and drawn and self._ordered(rows) and not self.blank()

    def _ordered(self, rows: Sequence[Row]) -> bool:
        """The list has found its order: an own move, where there is one, under the cursor and in the timeline."""
        own = [row.symbol for row in rows if row.day and row.day.verdict is Verdict.OWN]
        selected = self.app.desk.state.selected
        if selected is None or (own and selected not in own):
            return False
        code, lines = short_code(selected), self.lines()
        return any(line.startswith(f"│▸{code} ") for line in lines) and any(
            f" timeline  {code} " in line for line in lines
        )

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

    def look(self, symbol: Symbol = ALIBABA) -> Seen:
        """What stands on the screen, with the line of a stock, and what the terminal and the notes hold."""
        with closing(NoteBook(self.notes)) as book:
            notes = {note.id: float(len(note.text)) for note in book.list()}
        return Seen(self.lines(), self.line_of(symbol), self.status_line, self._holds() | {"notes": notes})

    def _holds(self) -> dict[str, Mapping[str, float]]:
        rows = [row for symbol in self.watched if (row := self.rows.get(symbol))]
        blank = self.blank()
        return {
            "rows": {symbol: 1 for symbol in self.watched if symbol not in blank},
            "prices": {row.symbol: row.quote.exchange_time for row in rows if row.quote},
            "splits": {row.symbol: 1 for row in rows if row.day and row.day.own_pp is not None},
            "events": {event.id: 1 for event in self.app.desk.state.events},
        }

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

    async def to_the_top(self) -> None:
        """Put the timeline's cursor on its first line, which need not be the one that was there first."""
        await self.press("l", "g", "h")
        await self.until(lambda s: any(line.startswith("│▸Fri 6 Mar") for line in s.lines()))
        await self.says("s sort  n note")

    async def says(self, *words: str) -> None:
        """Wait until all these stand somewhere on the screen."""
        await self.until(lambda s: all(any(each in line for line in s.lines()) for each in words))


def painted(app: WhymoveApp) -> list[str]:
    """What an app has on its screen, line by line; a dialogue lies over what is under it."""
    lines = [""] * SIZE[1]
    for screen in app.screen_stack:
        for y, strip in enumerate(screen._compositor.render_strips()):
            text = "".join(segment.text for segment in strip)
            left, right = len(text) - len(text.lstrip()), len(text.rstrip())
            if left < right:
                lines[y] = lines[y][:left].ljust(left) + text[left:right] + lines[y][right:]
    return lines


@asynccontextmanager
async def yahoo_world(
    folder: Path,
    sample: Sample | None = None,
    at: str = START,
    speed: float = SPEED,
    *,
    delay_s: int = 900,
    moving: bool = False,
) -> AsyncIterator[tuple[World, SceneClock]]:
    """The loopback Yahoo on a clock of its own; a request that leaves it fails the test. Its prices are those of its
    first moment, or `moving`."""
    clock = SceneClock(at, speed)
    whole: Clock = clock
    world = World(folder, sample or load_sample(), whole, stock_delay_s=delay_s, index_delay_s=delay_s)
    if not moving:
        for known in (world.book.stocks, world.book.indices):
            known.stand(at_ms(at))
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
    command: Sequence[str] = FEED,
    end_feed: bool = True,
) -> AsyncIterator[Scene]:
    """A terminal, a note, and the feed that it starts or finds, which ends with the block unless told otherwise."""
    paths = Paths()
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(settings)
    link = SceneLink(paths.socket(source), (*command, "--source", source), clock)
    notes = folder / "notes" / "notes.sqlite"
    if not notes.exists():
        with closing(NoteBook(notes)) as book:
            book.add(NOTE)

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


async def leave_stored(folder: Path, world: World, clock: SceneClock, source: str = "yahoo") -> Holdings:
    """A feed that has stored its rows and left; what there was to lose."""
    async with terminal_in(folder, world, clock, source=source, end_feed=False) as scene:
        await scene.until(lambda s: s.settled and (source != "sample" or s.app.desk.state.events))
        pid, holds = scene.link.feed_pid, scene.look().holds
    os.kill(pid, signal.SIGTERM)
    await asyncio.to_thread(os.waitpid, pid, 0)
    return holds


def end(pid: int) -> None:
    """End a feed that a scene started."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
