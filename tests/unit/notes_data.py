"""Notes for tests."""

from datetime import date

from tui.domain.event import Note
from tui.domain.symbol import Symbol

DAY = date(2026, 3, 6)
CREATED = 1_772_780_000_000


def note(number: int, text: str = "", *, symbol: str = "9988.HK", day: date = DAY, updated: int = CREATED) -> Note:
    """A note with an id of its own."""
    return Note(f"id-{number}", Symbol(symbol), day, text or f"note {number}", CREATED, updated)
