"""News of RSS and Atom feeds: RTHK's finance desk in two languages, and any feed the user names."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from tui.domain.clock import Clock
from tui.domain.event import Event
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.sources.feed_reader import FeedItem, FeedText, read_feed
from tui.sources.fetch import MB, Fetcher, Pause
from tui.sources.news_reader import NewsReader, concerns
from tui.sources.ports import Door, NewsAnswer, SourceError

log = logging.getLogger(__name__)

RTHK_FEEDS: Final = (
    "https://rthk.hk/rthk/news/rss/e_expressnews_efinance.xml",
    "https://rthk.hk/rthk/news/rss/c_expressnews_cfinance.xml",
)
RTHK_HOSTS: Final = ("www.rthk.hk", "rthk9.rthk.hk", "news.rthk.hk")


class RssSource:
    """A NewsSource over one or more feeds of the same publisher. Its items are linked by what their titles say."""

    def __init__(
        self,
        name: str,
        urls: Sequence[str],
        clock: Clock,
        door: Door,
        reader: NewsReader,
        *,
        redirect_hosts: Sequence[str] = (),
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.name = name
        self.dropped: Counter[str] = Counter()
        """Items that could not be used, by reason, since the start."""
        self._urls = tuple(urls)
        self._clock = clock
        self._reader = reader
        hosts = {urlsplit(url).hostname or "" for url in urls} | set(redirect_hosts)
        self._fetcher = Fetcher(clock, door, hosts, pause=pause)
        self._texts: dict[str, tuple[bytes, FeedText]] = {}
        """What was read of each feed, and from what."""

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        """The feeds' items between two times. A feed holds its newest items only: the answer's start says how far
        back all of them reach, and before it nobody was asked. Raises SourceError where one feed fails."""
        events: list[Event] = []
        reach = start
        for url in self._urls:
            text = await self._read(url)
            if not text.items:
                raise SourceError(SourceState.EMPTY, f"{self.name}: the feed has no items")
            reach = max(reach, _reach(text))
            events += (self._event(item) for item in text.items if start <= item.time)
        wanted = tuple(event for event in events if concerns(event, symbols))
        return NewsAnswer(wanted, tuple(symbols), min(reach, end), end, tuple(self.dropped.items()))

    async def close(self) -> None:
        """Give the connections back."""
        await self._fetcher.close()

    async def _read(self, url: str) -> FeedText:
        document = await self._fetcher.get(url, limit=MB)
        # Compared by content: what could not be read stays unreadable until the feed changes.
        if (known := self._texts.get(url)) is not None and known[0] == document.body:
            return known[1]
        try:
            text = await asyncio.to_thread(read_feed, document.body, document.charset, self._clock.now_ms())
        except ValueError as error:
            raise SourceError(SourceState.BAD_DATA, f"{self.name}: {error}") from error
        self._texts[url] = document.body, text
        self.dropped.update(text.dropped)
        if text.dropped:
            log.warning("%s: left out %s", self.name, ", ".join(f"{n} ({why})" for why, n in text.dropped.items()))
        return text

    def _event(self, item: FeedItem) -> Event:
        event = Event(
            id=f"{self.name}:{item.id}",
            start=item.time,
            end=item.time,
            precision="second",
            title=item.title,
            source=self.name,
            url=item.url,
        )
        return self._reader.read(event, item.summary)


def _reach(text: FeedText) -> int:
    """How far back a feed is complete. Its oldest tenth does not count: one item kept from last year says nothing."""
    times = sorted(item.time for item in text.items)
    return times[len(times) // 10]
