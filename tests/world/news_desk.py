"""What a news source needs in a press' world, and the feeds that are put into it."""

from datetime import date, time
from email.utils import format_datetime
from functools import cache

from tests.world.press import Press
from tui.config.aliases import news_table
from tui.domain.clock import FixedClock
from tui.domain.tables import NewsTable
from tui.domain.trading_day import from_hkt, to_hkt
from tui.feed.pacing import PoliteDoor
from tui.sources.calendar import trading_days
from tui.sources.hkex import HkexSource
from tui.sources.news_reader import NewsReader
from tui.sources.rss import RssSource

NOW = from_hkt(date(2026, 3, 6), time(14, 31))
HOUR = 3_600_000
FEED = "https://feeds.example.org/news.xml"


@cache
def _table() -> NewsTable:
    return news_table()


class Desk:
    """A press, and what a source in its world needs. Waiting moves the clock, so that pacing is real and quick."""

    def __init__(self, world: Press) -> None:
        self.press = world
        self.clock = FixedClock(NOW)
        self.door = PoliteDoor(self.clock, per_minute=30)
        self.reader = NewsReader(_table(), trading_days)
        self.waited: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.advance(seconds)

    def feed(self, *urls: str, redirect_hosts: tuple[str, ...] = ()) -> RssSource:
        return RssSource(
            "Desk", urls, self.clock, self.door, self.reader, redirect_hosts=redirect_hosts, pause=self.pause
        )

    def hkex(self) -> HkexSource:
        return HkexSource(self.clock, self.door, self.reader, pause=self.pause)


def rss(*titles: str, at: int = NOW - HOUR) -> str:
    """An RSS feed with an item an hour, the newest first."""
    items = "".join(
        f"<item><title>{title}</title><link>https://feeds.example.org/{n}</link>"
        f"<pubDate>{format_datetime(to_hkt(at - n * HOUR))}</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return f"<rss><channel>{items}</channel></rss>"
