"""Which days the exchange trades: the built-in table, what the trader says of a day, and what prices prove.

The trader's word outranks everything, proof outranks the table: an index that trades on a holiday makes it a
trading day, one that has not moved long after the open makes the day closed.
"""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Final

from tui.domain.market import Quote
from tui.domain.trading_day import DayKind, TradingDay, from_hkt, to_hkt, weekday_default

Table = Callable[[date, date], Sequence[TradingDay]]

PAST: Final = timedelta(days=800)
FUTURE: Final = timedelta(days=40)
EVIDENCE: Final = "evidence"
_OPEN: Final = time(9, 30)
# An index that is this late, beyond its source's delay, says that the market did not open.
_PATIENCE_MS: Final = 30 * 60 * 1000


class MarketDays:
    """A window of days around today, oldest first, and what is known better than the table."""

    def __init__(self, table: Table, overrides: Sequence[TradingDay] = ()) -> None:
        self._table = table
        self._overrides = {day.day: day for day in overrides}
        self._proven: dict[date, TradingDay] = {}
        self._days: dict[date, TradingDay] = {}
        self.days: tuple[TradingDay, ...] = ()
        """The window, oldest first."""

    def load(self, today: date) -> None:
        """Read the table around a day. Slow where the table is computed: to be run in a thread."""
        table = self._table(today - PAST, today + FUTURE)
        self._days = {day.day: day for day in table}
        self._line_up()

    def covers(self, today: date) -> bool:
        """True while the table that was read still reaches a fortnight ahead."""
        return today + timedelta(days=14) in self._days

    def day(self, day: date) -> TradingDay:
        """What a day is."""
        return self._overrides.get(day) or self._proven.get(day) or self._days.get(day) or weekday_default(day)

    def learn(self, index: Quote, newest: int, now: int) -> bool:
        """Weigh the market index's newest quote; True where it changes what today is.

        `newest` is the newest exchange time of any quote: an index that stands still while stocks trade is only late.
        """
        today = to_hkt(now).date()
        known = self.day(today)
        opening = from_hkt(today, _OPEN)
        late_ms = now - opening - index.delay_s * 1000
        if index.exchange_time >= opening and not known.is_open:
            proof = TradingDay(today, DayKind.FULL, "", "", EVIDENCE)
        elif max(index.exchange_time, newest) < opening and known.is_open and late_ms > _PATIENCE_MS:
            proof = TradingDay(today, DayKind.CLOSED, "no trading", "沒有交易", EVIDENCE)
        else:
            return False
        self._proven = {today: proof}
        self._line_up()
        return self.day(today) == proof

    def _line_up(self) -> None:
        self.days = tuple(self.day(day) for day in sorted(self._days))
