"""HKEXnews: what listed companies file, minute by minute.

The latest list says what is new, in both languages; a stock that was not followed before is looked up once by the
title search. The diaries of board meetings and ex-dates are read a few times a day, the list of stocks once. One
request in two and a half seconds.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tui.domain.clock import Clock
from tui.domain.event import Event
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol, is_hk_stock
from tui.domain.trading_day import to_hkt
from tui.sources.fetch import MB, Document, Fetcher, Pause, json_of
from tui.sources.hkex_diary import ENTITLEMENTS_URL, MEETINGS_URL, board_meetings, ex_dates
from tui.sources.hkex_diary import HOST as DIARY_HOST
from tui.sources.hkex_filings import SITE, LatestPage, Listed, latest_page, search_page, stock_list
from tui.sources.news_reader import NewsReader, concerns
from tui.sources.ports import Door, NewsAnswer, SourceError

log = logging.getLogger(__name__)

HOST: Final = "www1.hkexnews.hk"
SEARCH_URL: Final = f"{SITE}/search/titleSearchServlet.do"
GAP_S: Final = 2.5
# Pages of the latest list and stocks looked up in one question: together they stay within its minute.
PAGES_A_QUESTION: Final = 4
SEARCHES_A_QUESTION: Final = 6
ROWS_A_SEARCH: Final = 100
MOST_ROWS: Final = 400
LIST_LIMIT: Final = 8 * MB
_DAY_MS: Final = 24 * 3600 * 1000
# The latest list is one of seven days.
LIST_SPAN_MS: Final = 10 * _DAY_MS
# A board meets, and a right ends, within a year of the page that says so; nobody looks up older filings.
DIARY_SPAN_MS: Final = 400 * _DAY_MS
SEARCH_SPAN_MS: Final = 400 * _DAY_MS
DIARY_MS: Final = 6 * 3600 * 1000


class HkexSource:
    """A NewsSource over HKEXnews. It answers for a stock only where its filings are known without a gap."""

    name = "hkex"

    def __init__(self, clock: Clock, door: Door, reader: NewsReader, *, pause: Pause = asyncio.sleep) -> None:
        self.dropped: Counter[str] = Counter()
        """Rows that could not be read, by list, since the start."""
        self._clock = clock
        self._reader = reader
        self._fetcher = Fetcher(clock, door, (HOST, DIARY_HOST), gap_s=GAP_S, referer=f"{SITE}/", pause=pause)
        self._listed: dict[Symbol, Listed] = {}
        self._listed_at: int | None = None
        self._turn = asyncio.Lock()
        self._diary_at: int | None = None
        self._diary_told_at: int | None = None
        self._meetings: list[Event] = []
        self._pages: dict[int, tuple[tuple[bytes, ...], LatestPage]] = {}
        """The pages as they were read, with what they were read from."""
        self._found: dict[str, Event] = {}
        """Filings that no answer has told yet: a question that breaks off loses none."""
        self._since: dict[Symbol, int] = {}
        """From when on a stock's filings are known."""
        self._wanted: dict[Symbol, int] = {}
        """Stocks to be looked up, and from when on."""
        self._until: int | None = None
        """Until when the latest list has been read without a gap."""

    async def news(self, symbols: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        """Filings of these stocks. `asked` are those known from the answer's start to its end. Raises SourceError."""
        async with self._turn:
            return await self._answer(tuple(symbol for symbol in symbols if is_hk_stock(symbol)), start, end)

    async def close(self) -> None:
        """Give the connections back."""
        await self._fetcher.close()

    async def _answer(self, stocks: Sequence[Symbol], start: int, end: int) -> NewsAnswer:
        await self._latest(stocks)
        for symbol in stocks:
            if start < self._since.get(symbol, end + 1):
                self._wanted[symbol] = min(start, self._wanted.get(symbol, start))
        await self._diary()
        since = start
        try:
            for stock in (await self._due(stocks))[:SEARCHES_A_QUESTION]:
                await self._search(stock, end)
                since = min(since, self._since[stock.instrument.symbol])
        except SourceError as error:
            # The rest is looked up next time; what is known already is an answer.
            if error.state is not SourceState.LIMITED:
                raise
        found, self._found = (*self._found.values(), *self._meetings), {}
        asked = tuple(symbol for symbol in stocks if self._since.get(symbol, end) <= since)
        wanted = (filing for filing in found if concerns(filing, stocks) and filing.end > since)
        read = tuple(self._reader.read(filing) for filing in wanted)
        return NewsAnswer(read, asked, since, end, tuple(self.dropped.items()), self._diary_told_at)

    async def _latest(self, stocks: Sequence[Symbol]) -> None:
        """The newest filings, read until they meet what was read before. Where they do not, every stock has a gap."""
        times: list[int] = []
        for number in range(1, PAGES_A_QUESTION + 1):
            page = await self._page(number)
            self._found |= {filing.id: filing for filing in page.filings}
            times += (filing.start for filing in page.filings)
            ends = number >= page.pages
            # Filings of one minute may stand on two pages.
            met = self._until is not None and bool(times) and min(times) < self._until + (1 if ends else 0)
            if ends or met:
                break
        if not times:
            return
        if self._until is not None and not met:
            self._since = dict.fromkeys(self._since, min(times))
        for symbol in stocks:
            self._since.setdefault(symbol, min(times))
        # A time ahead of ours would say that the list is complete where it is not.
        self._until = min(max(times), self._clock.now_ms())

    async def _page(self, number: int) -> LatestPage:
        """One page, with the Chinese titles of the same documents."""
        documents = [await self._fetcher.get(_latest_url(language, number), limit=2 * MB) for language in "ec"]
        bodies = tuple(document.body for document in documents)
        # Compared by content: of two languages one may have failed after the other had changed.
        if (known := self._pages.get(number)) is not None and known[0] == bodies:
            return known[1]
        english, chinese = (latest_page(json_of(document, HOST)) for document in documents)
        self._leave_out("latest list", english.dropped)
        titles = {filing.id: filing.title for filing in chinese.filings}
        both = (msgspec.structs.replace(filing, title_zh=titles.get(filing.id, "")) for filing in english.filings)
        possible = self._possible("latest list", both, LIST_SPAN_MS)
        self._pages[number] = (bodies, msgspec.structs.replace(english, filings=possible))
        return self._pages[number][1]

    def _possible(
        self, what: str, events: Iterable[Event], before_ms: int, after_ms: int = _DAY_MS
    ) -> tuple[Event, ...]:
        """The events that lie no further from now than a list of their sort reaches; the others are counted."""
        now = self._clock.now_ms()
        told = list(events)
        possible = tuple(event for event in told if now - before_ms <= event.start <= now + after_ms)
        self._leave_out(what, len(told) - len(possible))
        return possible

    def _leave_out(self, what: str, rows: int) -> None:
        if rows:
            self.dropped[what] += rows
            log.warning("HKEXnews: %d rows of the %s could not be read", rows, what)

    async def _diary(self) -> None:
        """Board meetings and ex-dates, a few times a day. A diary that fails is said and does not keep the news."""
        now = self._clock.now_ms()
        if self._diary_at is not None and now - self._diary_at < DIARY_MS:
            return
        self._diary_at = now
        meetings: list[Event] = []
        complete = True
        for url, read in ((MEETINGS_URL, board_meetings), (ENTITLEMENTS_URL, ex_dates)):
            try:
                document = await self._fetcher.get(url, limit=2 * MB)
                told = await asyncio.to_thread(read, document.body.decode("utf-8", "replace"))
                meetings += self._possible("diary", told, DIARY_SPAN_MS, DIARY_SPAN_MS)
            except SourceError as error:
                complete = False
                self.dropped["diary"] += 1
                log.warning("HKEXnews: %s", error)
        self._meetings = meetings or self._meetings
        if complete:
            self._diary_told_at = now

    async def _due(self, stocks: Sequence[Symbol]) -> list[Listed]:
        """The stocks to look up. Those that the exchange does not list stay unasked."""
        if not any(symbol in self._wanted for symbol in stocks):
            return []
        listed = await self.listed()
        self._wanted = {symbol: start for symbol, start in self._wanted.items() if symbol in listed}
        return [listed[symbol] for symbol in stocks if symbol in self._wanted]

    async def _search(self, stock: Listed, end: int) -> None:
        """Look one stock's filings up from when they are wanted."""
        symbol = stock.instrument.symbol
        start = self._wanted[symbol]
        rows, more = ROWS_A_SEARCH, True
        filings: tuple[Event, ...] = ()
        while more and rows <= MOST_ROWS:
            document = await self._fetcher.get(SEARCH_URL, _query(stock, start, end, rows), limit=2 * MB)
            found, more = search_page(json_of(document, HOST))
            filings = self._possible("title search", found, SEARCH_SPAN_MS)
            rows *= 2
        if more:
            start = max(start, min((filing.start for filing in filings), default=end))
        # The latest list knows a document's Chinese title, too.
        self._found = {filing.id: filing for filing in filings} | self._found
        self._since[symbol] = min(start, self._since.get(symbol, start))
        del self._wanted[symbol]

    async def listed(self) -> dict[Symbol, Listed]:
        """Every listed stock with its names, fetched once a day; an old list serves where a new one cannot be had."""
        now = self._clock.now_ms()
        if self._listed_at is None or now - self._listed_at > _DAY_MS:
            try:
                documents = [await self._fetcher.get(_list_url(language), limit=LIST_LIMIT) for language in "ec"]
                # Two megabytes and an automaton of all names take a moment: off the loop.
                self._listed = await asyncio.to_thread(self._learn, documents)
            except SourceError:
                if not self._listed:
                    raise
            self._listed_at = now
        return self._listed

    def _learn(self, documents: Sequence[Document]) -> dict[Symbol, Listed]:
        english, chinese = (json_of(document, HOST) for document in documents)
        listed = stock_list(english, chinese)
        self._reader.learn(stock.instrument for stock in listed.values())
        return listed


def _latest_url(language: str, page: int) -> str:
    """A page of the list of seven days: that of one day starts anew each morning."""
    return f"{SITE}/ncms/json/eds/lcisehk7relsd{language}_{page}.json"


def _list_url(language: str) -> str:
    return f"{SITE}/ncms/script/eds/activestock_sehk_{language}.json"


def _query(listed: Listed, start: int, end: int, rows: int) -> dict[str, str]:
    """The title search for one stock, all categories, English."""
    return {
        "sortDir": "0",
        "sortByOptions": "DateTime",
        "category": "0",
        "market": "SEHK",
        "stockId": str(listed.search_id),
        "documentType": "-1",
        "fromDate": to_hkt(start).strftime("%Y%m%d"),
        "toDate": to_hkt(end).strftime("%Y%m%d"),
        "title": "",
        "searchType": "0",
        "t1code": "-2",
        "t2Gcode": "-2",
        "t2code": "-2",
        "rowRange": str(rows),
        "lang": "E",
    }
