"""A world for the terminal in tests: the sample week as the real feed tells it, a link that says what it is told."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tui.config import load
from tui.config.keymap import resolve
from tui.config.shipped import shipped
from tui.config.state import ScreenState
from tui.config.tables import sector_table
from tui.domain.clock import FixedClock
from tui.domain.symbol import Symbol
from tui.domain.trading_day import HKT
from tui.store.notes import NoteBook
from tui.ui.link import Connected, FeedLink, LinkEvent, Lost, StartFeed
from tui.ui.memory import start_choices
from tui.ui.model import ViewState, with_change, with_snapshot
from tui.ui.world import World
from tui.wire import Change, Hello, History, Snapshot

HISTORY_DAYS = 60
QUIET_S = 1.0
FEED_S = 60.0


def at_ms(text: str) -> int:
    """A Hong Kong time such as "2026-03-06T14:31" as epoch milliseconds."""
    return round(datetime.fromisoformat(text).replace(tzinfo=HKT).timestamp() * 1000)


@dataclass(frozen=True)
class Told:
    """What the real feed says of the sample week at one moment."""

    hello: Hello
    snapshot: Snapshot
    histories: dict[Symbol, History]


async def ask_feed(folder: Path, at: str, symbols: Sequence[Symbol], histories: Sequence[Symbol] = ()) -> Told:
    """Start the real feed on the sample at a standing time; take what it tells until every row has its day."""
    socket = folder / "feed.sock"
    argv = (sys.executable, "-m", "tui", "feed", "--source", "sample", "--private", "--socket", str(socket))
    link = FeedLink(socket, "test", start=StartFeed((*argv, "--at", at, "--speed", "0"), folder / "feed.log"))
    link.watch(tuple(symbols), tuple(symbols))
    state = ViewState("sample", at_ms(at))
    hello: Hello | None = None
    got: dict[Symbol, History] = {}
    said: asyncio.Queue[LinkEvent] = asyncio.Queue()

    async def listen() -> None:
        async for event in link.events():
            said.put_nowait(event)

    listening = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(FEED_S):
            while True:
                whole = hello and state.events and set(symbols) <= {s for s, row in state.rows.items() if row.day}
                try:
                    # Once it has told everything, the feed is heard until it has nothing to add.
                    event = await asyncio.wait_for(said.get(), QUIET_S if whole else None)
                except TimeoutError:
                    missing = [symbol for symbol in histories if symbol not in got]
                    if not missing:
                        break
                    for symbol in missing:
                        link.ask_history(symbol, HISTORY_DAYS)
                    got |= {history.symbol: history for history in [await _next_history(said)]}
                    continue
                if isinstance(event, Connected):
                    hello = event.hello
                elif isinstance(event, Snapshot):
                    state = with_snapshot(state, event)
                elif isinstance(event, Change):
                    state = with_change(state, event)
                elif isinstance(event, History):
                    got[event.symbol] = event
                elif isinstance(event, Lost):
                    raise AssertionError(event.reason)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert hello is not None
    rows = tuple(state.rows[symbol] for symbol in sorted(state.rows))
    return Told(hello, Snapshot(1, rows, state.events, state.status, tuple(state.trading_days.values())), got)


async def _next_history(said: "asyncio.Queue[LinkEvent]") -> History:
    while True:
        event = await said.get()
        if isinstance(event, History):
            return event


class ScriptedLink(FeedLink):
    """A link without a feed: says what it is told, and answers questions for histories from what the feed told."""

    def __init__(self, told: Told | None = None, *, connect: bool = True) -> None:
        super().__init__(Path("/nowhere"), "test", start=None)
        self.told = told
        self.asked: list[Symbol] = []
        self.watched: tuple[Symbol, ...] = ()
        self.refreshes = 0
        self._events: asyncio.Queue[LinkEvent] = asyncio.Queue()
        if told is not None and connect:
            self.say(Connected(told.hello), told.snapshot)

    def say(self, *events: LinkEvent) -> None:
        """Let the feed say something."""
        for event in events:
            self._events.put_nowait(event)

    def watch(self, symbols: tuple[Symbol, ...], visible: tuple[Symbol, ...] = ()) -> None:
        self.watched = symbols

    def ask_history(self, symbol: Symbol, days: int, until: date | None = None) -> None:
        self.asked.append(symbol)
        if self.told is not None and symbol in self.told.histories:
            self.say(self.told.histories[symbol])

    def ask_refresh(self) -> bool:
        self.refreshes += 1
        return True

    async def events(self) -> AsyncGenerator[LinkEvent, None]:
        while True:
            yield await self._events.get()


def make_world(folder: Path, link: FeedLink, **changes: Any) -> World:
    """A world of the shipped settings and themes whose files lie in `folder`; `changes` are fields of World."""
    config = load(shipped("config.toml"))
    fields: dict[str, Any] = {
        "source": "sample",
        "clock": FixedClock(at_ms("2026-03-06T14:31")),
        "steady": FixedClock(0),
        "link": link,
        "keymap": resolve({})[0],
        "columns": config.list.columns,
        "theme_folders": (shipped("themes"),),
        "depth": "truecolor",
        "no_color": False,
        "start": start_choices(config, ScreenState()),
        "palette": config.screen.palette,
        "lists": dict(config.list.start),
        "instruments": sector_table(config),
        "stored_rows": lambda: (),
        "open_notes": lambda: NoteBook(folder / "notes.sqlite"),
        "export_notes": lambda book: folder / "notes.txt",
        "save_lists": lambda mine, base: mine,
        "save_state": lambda state: None,
    }
    return World(**(fields | changes))
