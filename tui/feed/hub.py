"""All terminals of a feed: who is there, what they watch, and the bytes that each is due."""

import asyncio
import socket
from collections.abc import Callable
from itertools import chain

from tui import wire
from tui.domain.symbol import Symbol
from tui.feed.client import REQUEST_LIMIT, Client, Desk
from tui.feed.options import Patience
from tui.feed.state import State

_Due = tuple[int | None, frozenset[Symbol] | None]


class Hub:
    """Serves the state to every terminal. Terminals that are due the same bytes share them."""

    def __init__(self, state: State, desk: Desk, hello: Callable[[], wire.Hello], patience: Patience) -> None:
        self._state = state
        self._desk = desk
        self._hello = hello
        self._patience = patience
        self._clients: set[Client] = set()
        self._lines: dict[_Due, bytes | None] = {}
        self._server: asyncio.Server | None = None

    async def serve(self, listening: socket.socket) -> None:
        """Take connections from now on."""
        self._server = await asyncio.start_unix_server(self._connected, sock=listening, limit=REQUEST_LIMIT)

    @property
    def terminals(self) -> int:
        """Terminals that have greeted."""
        return sum(client.greeted for client in self._clients)

    def alone(self, client: Client) -> bool:
        """True where no other terminal is served."""
        return not any(other.greeted for other in self._clients if other is not client)

    def watched(self) -> tuple[Symbol, ...]:
        """Every symbol that a terminal needs, those on a screen first."""
        clients = [client for client in self._clients if client.greeted]
        on_screen = chain.from_iterable(client.visible for client in clients)
        anywhere = chain.from_iterable(sorted(client.symbols or ()) for client in clients)
        return tuple(dict.fromkeys(chain(on_screen, anywhere)))

    def visible(self) -> frozenset[Symbol]:
        """Every symbol that is on a screen."""
        return frozenset(chain.from_iterable(client.visible for client in self._clients if client.greeted))

    def publish(self) -> bool:
        """Number what has changed and tell everybody; False where nothing has."""
        if not self._state.publish():
            return False
        self._lines.clear()
        for client in self._clients:
            client.notify()
        return True

    def resend(self) -> None:
        """Send everybody a snapshot: what a change cannot say has changed."""
        self._lines.clear()
        for client in self._clients:
            client.seen = None
            client.notify()

    async def close(self, reason: str) -> None:
        """Say goodbye to everybody and end all connections."""
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.part(reason)
        partings = [asyncio.create_task(client.ended.wait()) for client in self._clients]
        if partings:
            await asyncio.wait(partings, timeout=self._patience.farewell_s)
        for client in self._clients:
            client.cut()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(reader, writer, self._desk, self._update, self._patience)
        self._clients.add(client)
        try:
            await client.run(self._hello())
        finally:
            self._clients.discard(client)
            self._desk.watch_changed()

    def _update(self, client: Client) -> bytes | None:
        """The bytes that bring a terminal to the newest publication; None where it is there already."""
        if self._state.seq == 0 or client.seen == self._state.seq:
            return None
        due = (client.seen, client.symbols)
        if due not in self._lines:
            self._lines[due] = self._line(*due)
        line = self._lines[due]
        if line is not None:
            client.seen = self._state.seq
        return line

    def _line(self, base: int | None, symbols: frozenset[Symbol] | None) -> bytes | None:
        if base is None:
            return wire.encode(self._state.snapshot(symbols))
        change = self._state.change(base, symbols)
        # Where nothing concerns this terminal it keeps its base, and the next change reaches back to it.
        return wire.encode(change) if change.rows or change.events or change.status else None
