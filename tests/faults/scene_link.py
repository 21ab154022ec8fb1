"""The link of a scene's terminal to its feed: the real one, and the clock that both and the world live by."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

from tests.ui.world import at_ms
from tui.domain.clock import Clock, ClockMode, FixedClock, ReplayClock
from tui.domain.trading_day import HKT
from tui.ui.link import Connected, FeedLink, LinkEvent, StartFeed
from tui.wire import ClockInfo


class SceneClock:
    """The scene's time: a replay that follows the feed's own from its first word on, so that nobody seems skewed.

    `speed` is that of the next feed; 0 lets time stand.
    """

    mode: ClockMode = "replay"

    def __init__(self, at: str, speed: float) -> None:
        self.speed = speed
        self._clock = _running(at_ms(at), speed)

    def follow(self, info: ClockInfo) -> None:
        """Take the feed's time."""
        self._clock = _running(info.now, info.speed)

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def iso(self) -> str:
        """Now, as the command line takes it."""
        return datetime.fromtimestamp(self.now_ms() / 1000, HKT).isoformat()


def _running(now_ms: int, speed: float) -> Clock:
    return ReplayClock(now_ms, speed) if speed else FixedClock(now_ms)


class SceneLink(FeedLink):
    """The real link; the scene's clock follows what the feed says, and a feed started later starts later."""

    def __init__(self, socket: Path, command: Sequence[str], clock: SceneClock) -> None:
        self._feed = (*command, "--socket", str(socket))
        self.clock = clock
        self.feed_pid = 0
        super().__init__(socket, "test", start=self._command(socket))

    def _command(self, socket: Path) -> StartFeed:
        argv = (*self._feed, "--speed", str(self.clock.speed), "--at", self.clock.iso())
        return StartFeed(argv, socket.with_suffix(".log"))

    @property
    def child_pid(self) -> int:
        """The feed that it started last, whether or not it was heard of; 0 where none runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else 0

    async def events(self) -> AsyncGenerator[LinkEvent, None]:
        async for event in super().events():
            if isinstance(event, Connected):
                self.clock.follow(event.hello.clock)
                self.feed_pid = event.hello.pid
            yield event
            self._start = self._command(self._socket)
