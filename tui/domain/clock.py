"""The clock port. Only the implementations here read the machine's time; everything else is handed a Clock."""

import time
from typing import Literal, Protocol

ClockMode = Literal["system", "fixed", "replay"]


class Clock(Protocol):
    """Wall time and a steady time, both of the same world (real, frozen or replayed)."""

    @property
    def mode(self) -> ClockMode:
        """Which world this is."""

    @property
    def speed(self) -> float:
        """Seconds of this world per real second; 0 where time stands."""

    def now_ms(self) -> int:
        """UTC epoch milliseconds."""

    def monotonic(self) -> float:
        """Seconds that never go back, for intervals."""


class SystemClock:
    """The machine's own time."""

    mode: ClockMode = "system"
    speed = 1.0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class FixedClock:
    """A time that moves only when told to: tests, snapshots, `--at`."""

    mode: ClockMode = "fixed"
    speed = 0.0

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._elapsed_ms = 0

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return self._elapsed_ms / 1000

    def advance(self, seconds: float) -> None:
        """Move both times forward."""
        step = round(seconds * 1000)
        if step < 0:
            raise ValueError(f"a clock does not go back: {seconds} s")
        self._now_ms += step
        self._elapsed_ms += step


class ReplayClock:
    """A past time that runs at `speed` times real time from `start_ms`, and stands at `end_ms` if given."""

    mode: ClockMode = "replay"

    def __init__(self, start_ms: int, speed: float, end_ms: int | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"a replay needs a speed above 0, not {speed}")
        self._start_ms = start_ms
        self.end_ms = end_ms
        self._born = time.monotonic()
        self.speed = speed

    def now_ms(self) -> int:
        now = self._start_ms + round(self.monotonic() * 1000)
        return now if self.end_ms is None else min(now, self.end_ms)

    def monotonic(self) -> float:
        return (time.monotonic() - self._born) * self.speed
