"""What is known of the coming days: results, ex-dates, half-days and holidays."""

from datetime import date
from enum import StrEnum

import msgspec

from tui.domain.event import Event
from tui.domain.trading_day import TradingDay


class When(StrEnum):
    """How near a coming day is, as a trader says it."""

    TODAY = "today"
    TONIGHT = "tonight"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this week"
    LATER = "later"


class Coming(msgspec.Struct, frozen=True):
    """One line of the calendar: a dated event of a stock, or a day on which the exchange does something else."""

    day: date
    when: When
    event: Event | None = None
    trading_day: TradingDay | None = None
