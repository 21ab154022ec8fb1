"""A rest after a refusal, twice as long each time, for what costs requests and will not be granted."""

import threading

from tui.domain.clock import Clock


class GrowingRest:
    """Begins with `first_s` and never exceeds `longest_s`; growth is forgotten at the first success. Thread-safe."""

    def __init__(self, clock: Clock, first_s: float, longest_s: float) -> None:
        self._clock = clock
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s
        self._until = float("-inf")
        self._lock = threading.Lock()

    @property
    def left_s(self) -> float:
        """Seconds that it lasts yet; 0 where it is over."""
        return max(self._until - self._clock.monotonic(), 0.0)

    @property
    def resting(self) -> bool:
        return self.left_s > 0

    def begin(self) -> bool:
        """Rest from now on; False where it rests already, which makes it no longer."""
        with self._lock:
            if self.resting:
                return False
            self._until = self._clock.monotonic() + self._next_s
            self._next_s = min(self._next_s * 2, self._longest_s)
            return True

    def forget(self) -> None:
        """A success: no rest, and the next one is short again."""
        with self._lock:
            self._until = float("-inf")
            self._next_s = self._first_s
