"""What every news source hands its items to: the linker, the exchange's calendar, and names learned on the way."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from tui.domain.event import Event, Scope
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol
from tui.domain.tables import NewsTable
from tui.domain.trading_day import TradingDay, to_hkt
from tui.news.clusters import Stories
from tui.news.linking import Linker
from tui.news.names import with_list_names

# An item's session lies within the longest closure of the exchange after it.
_AROUND = timedelta(days=40)
# Stories are kept as long as a source may tell them again, and tidied once an hour of news.
_KEPT_MS = 12 * 24 * 3600 * 1000
_TIDY_MS = 3600 * 1000

Calendar = Callable[[date, date], Sequence[TradingDay]]


class NewsReader:
    """Links the items of all sources by one table, which grows by the exchange's list of names, and finds copies."""

    def __init__(self, table: NewsTable, calendar: Calendar) -> None:
        self._table = table
        self._calendar = calendar
        self._linker = Linker(table)
        self._days: Sequence[TradingDay] = ()
        self._stories = Stories()
        self._newest = 0

    def learn(self, listed: Iterable[Instrument]) -> None:
        """Know the exchange's names of all listed stocks from now on."""
        self._linker = Linker(with_list_names(self._table, listed))

    def read(self, event: Event, summary: str = "") -> Event:
        """The event with its stocks, scope, kind, session and cluster, and whether it is a recap."""
        if event.start > self._newest + _TIDY_MS:
            self._newest = event.start
            self._stories.forget_before(event.start - _KEPT_MS)
        return self._stories.place(
            self._linker.annotate(event, self._around(to_hkt(event.start).date()), summary=summary)
        )

    def _around(self, day: date) -> Sequence[TradingDay]:
        if not self._days or not self._days[0].day + _AROUND <= day <= self._days[-1].day - _AROUND:
            self._days = self._calendar(date(day.year - 1, 7, 1), date(day.year + 1, 6, 30))
        return self._days


def concerns(event: Event, symbols: Sequence[Symbol]) -> bool:
    """Whether a list of stocks has a use for an event: it names one of them, or the market, or an industry."""
    return event.scope in (Scope.MARKET, Scope.SECTOR) or any(symbol in symbols for symbol in event.symbols)
