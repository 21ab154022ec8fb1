"""Yahoo's headlines of a stock through yfinance, behind the session and the door of the prices.

yfinance keeps a ticker's first answer for good, an empty one too, so every question makes a new ticker. It costs
one request a stock: a few stocks are asked in a round, those first that were asked longest ago.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from tui.domain.clock import Clock
from tui.domain.event import Event
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol, is_hk_stock
from tui.domain.text import clean, is_web_link
from tui.sources.feed_reader import AHEAD_MS, FeedItem, moment_of, plain
from tui.sources.news_reader import NewsReader, concerns
from tui.sources.ports import NewsAnswer, SourceError
from tui.sources.yahoo import YahooSource

ITEMS: Final = 20
SYMBOLS_A_QUESTION: Final = 4
AGAIN_MS: Final = 10 * 60 * 1000


class YahooNews:
    """A NewsSource beside the PriceSource of the same process. A headline is linked by its title and its summary:
    what Yahoo lists under a stock is often about another."""

    name = "yahoo"

    def __init__(self, yahoo: YahooSource, clock: Clock, reader: NewsReader) -> None:
        self.dropped: Counter[str] = Counter()
        """Items that could not be used, by reason, since the start."""
        self._yahoo = yahoo
        self._clock = clock
        self._reader = reader
        self._asked: dict[Symbol, int] = {}

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        """Headlines of the stocks whose turn it is; only they are `asked`, from where all their lists reach back to."""
        now = self._clock.now_ms()
        due = [s for s in symbols if is_hk_stock(s) and now - self._asked.get(s, now - AGAIN_MS) >= AGAIN_MS]
        due = sorted(due, key=lambda symbol: self._asked.get(symbol, 0))[:SYMBOLS_A_QUESTION]
        events: dict[str, Event] = {}
        reach = start
        answered: list[Symbol] = []
        for symbol in due:
            try:
                items = read_stream(await self._yahoo.call(partial(_ask, symbol)), now, self.dropped)
            except SourceError as error:
                if error.state is not SourceState.LIMITED or not answered:
                    raise
                break
            self._asked[symbol] = now
            answered.append(symbol)
            # The list holds the newest items only, without saying whether there are more.
            reach = max(reach, min((item.time for item in items), default=start))
            events |= {event.id: event for event in map(self._event, items)}
        wanted = tuple(event for event in events.values() if concerns(event, symbols))
        return NewsAnswer(wanted, tuple(answered), min(reach, end), end, tuple(self.dropped.items()))

    async def close(self) -> None:
        """The price source owns the connection."""

    def _event(self, item: FeedItem) -> Event:
        event = Event(
            id=f"yahoo:{item.id}",
            start=item.time,
            end=item.time,
            precision="second",
            title=item.title,
            source=item.publisher or "Yahoo",
            url=item.url,
        )
        return self._reader.read(event, item.summary)


def _ask(symbol: Symbol) -> object:
    """Runs in a thread of the price source, once yfinance is loaded there."""
    import yfinance

    return yfinance.Ticker(symbol).get_news(count=ITEMS)


def read_stream(stream: object, now: int, dropped: Counter[str]) -> list[FeedItem]:
    """The articles of a reply; what has no title, id or date is counted by reason. SourceError for another shape."""
    if not isinstance(stream, list):
        raise SourceError(SourceState.BAD_DATA, "Yahoo's news has another shape")
    items = []
    for article in stream:
        content = article.get("content") if isinstance(article, dict) else None
        if not isinstance(content, dict):
            dropped["another shape"] += 1
            continue
        key = clean(str(article.get("id") or content.get("id") or ""), 80)
        title = plain(str(content.get("title") or ""))
        moment = moment_of(str(content.get("pubDate") or ""))
        if not key or not title or moment is None:
            dropped["no id, title or date"] += 1
        elif moment > now + AHEAD_MS:
            dropped["dated in the future"] += 1
        else:
            summary = plain(str(content.get("summary") or ""), 500)
            publisher = plain(_inner(content, "provider", "displayName"), 60)
            link = _inner(content, "canonicalUrl", "url") or _inner(content, "clickThroughUrl", "url")
            items.append(FeedItem(key, moment, title, summary, link if is_web_link(link) else "", publisher))
    return items


def _inner(content: dict[str, Any], outer: str, inner: str) -> str:
    holder = content.get(outer)
    value = holder.get(inner) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""
