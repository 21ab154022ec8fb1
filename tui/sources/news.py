"""The news sources of a configuration, each behind its own door."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from tui.config.aliases import news_table
from tui.config.schema import Config
from tui.domain.clock import Clock
from tui.domain.trading_day import TradingDay
from tui.sources.news_reader import Calendar, NewsReader
from tui.sources.ports import Door, NewsSource
from tui.sources.yahoo import YahooSource

AnyDoor = TypeVar("AnyDoor", bound=Door)


def open_news(
    config: Config,
    clock: Clock,
    calendar: Calendar,
    new_door: Callable[[], AnyDoor],
    yahoo: YahooSource | None,
    yahoo_door: AnyDoor,
) -> list[tuple[NewsSource, AnyDoor]]:
    """Every source that [news] names, with its door. Yahoo's headlines share the client and the door of its prices;
    without that client they are left out."""
    reader = NewsReader(news_table(config), _with_own_days(calendar, config))
    opened: list[tuple[NewsSource, AnyDoor]] = []
    for name in config.news.sources:
        if name == "hkex":
            from tui.sources.hkex import HkexSource

            door = new_door()
            opened.append((HkexSource(clock, door, reader), door))
        elif name == "rthk":
            from tui.sources.rss import RTHK_FEEDS, RTHK_HOSTS, RssSource

            door = new_door()
            opened.append((RssSource("RTHK", RTHK_FEEDS, clock, door, reader, redirect_hosts=RTHK_HOSTS), door))
        elif yahoo is not None:
            from tui.sources.yahoo_news import YahooNews

            opened.append((YahooNews(yahoo, clock, reader), yahoo_door))
    for feed in config.news.feeds:
        from tui.sources.rss import RssSource

        door = new_door()
        opened.append(
            (RssSource(feed.name, (feed.url,), clock, door, reader, redirect_hosts=feed.redirect_hosts), door)
        )
    return opened


def _with_own_days(calendar: Calendar, config: Config) -> Calendar:
    """The calendar with the user's own days in it."""
    own = {day.day: day for day in config.trading_days()}

    def days(first: date, last: date) -> Sequence[TradingDay]:
        return [own.get(known.day, known) for known in calendar(first, last)]

    return days if own else calendar
