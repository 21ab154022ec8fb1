"""Yahoo through the real yfinance: its cookie and crumb, batch addresses for quotes and paths, `history` for bars.

yfinance blocks, so every call runs in a bounded pool of our own threads. A call that overstays its time is given
up (its thread ends with the transport's own limit); while all threads are held by such calls nothing is queued.
"""

import asyncio
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from tui.domain.clock import Clock
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import HSTECH, Symbol, is_hk_stock
from tui.domain.text import clean
from tui.sources import yahoo_parse
from tui.sources.ports import Door, SourceError
from tui.sources.rest import GrowingRest

QUOTE_URL: Final = "https://query1.finance.yahoo.com/v7/finance/quote"
SPARK_URL: Final = "https://query1.finance.yahoo.com/v7/finance/spark"
QUOTES_PER_CALL: Final = 50
SPARKS_PER_CALL: Final = 20
MIN_INDEX_BARS: Final = 60
# What Yahoo says of its Hong Kong prices; sparks do not say it.
USUAL_DELAY_S: Final = 900
# A quote address that refuses our cookie is left alone this long, and longer each time.
REFUSED_REST_S: Final = 600.0
LONGEST_REFUSED_REST_S: Final = 3600.0
# What stands in for the technology index, in the order it is tried; the last is a fund that tracks it.
HSTECH_SPELLINGS: Final = (HSTECH, Symbol("HSTECH.HK"), Symbol("3033.HK"))

T = TypeVar("T")


def _chunks(symbols: Sequence[Symbol], size: int) -> list[Sequence[Symbol]]:
    return [symbols[start : start + size] for start in range(0, len(symbols), size)]


class YahooSource:
    """The PriceSource for Yahoo. One per process: yfinance keeps its cookie and crumb in process-wide state."""

    name = "yahoo"

    def __init__(self, clock: Clock, door: Door, cache_dir: Path, *, timeout_s: float = 10.0, threads: int = 4) -> None:
        self._clock = clock
        self._door = door
        self._cache_dir = cache_dir
        self._timeout_s = timeout_s
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="yahoo")
        self._busy = 0
        self._started: asyncio.Lock = asyncio.Lock()
        self._data: Any = None
        self._refused = GrowingRest(clock, REFUSED_REST_S, LONGEST_REFUSED_REST_S)
        self._delays_s: dict[Symbol, int] = {}
        self.problems: dict[Symbol, Reason] = {}
        """Why the newest answer has no usable value for a symbol it was asked for."""
        self.spelling: dict[Symbol, Symbol] = {}
        """Symbols that Yahoo answers under another one (^HSTECH where only the tracker has prices)."""

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        """One request for each fifty symbols; by spark where the quote address refuses our cookie."""
        found: dict[Symbol, Quote] = {}
        for chunk in _chunks(symbols, QUOTES_PER_CALL):
            if self._refused.resting:
                found.update(await self._spark_quotes(chunk))
                continue
            try:
                document = await self._ask(QUOTE_URL, {"symbols": self._spelled(chunk)})
            except SourceError as error:
                if error.state is not SourceState.REFUSED:
                    raise
                self._refused.begin()
                found.update(await self._spark_quotes(chunk))
                continue
            self._refused.forget()
            rows = yahoo_parse.quote_rows(document)
            told = self._each(chunk, rows, yahoo_parse.quote)
            self._delays_s.update((symbol, quote.delay_s) for symbol, quote in told.items())
            found.update(told)
        if symbols and not found:
            nothing = Reason(Why.OTHER_SHAPE, yahoo_parse.YAHOO, "quotes")
            reason = next((self.problems[symbol] for symbol in symbols if symbol in self.problems), nothing)
            raise SourceError(SourceState.BAD_DATA, reason)
        return found

    def notice(self) -> Reason | None:
        """What is odd about its answers while it gives them."""
        if not self._refused.resting:
            return None
        return Reason(Why.BY_SPARK, until=self._clock.now_ms() + round(self._refused.left_s * 1000))

    async def _spark_quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        found: dict[Symbol, Quote] = {}
        for chunk in _chunks(symbols, SPARKS_PER_CALL):
            charts = await self._sparks(chunk)
            found.update(self._each(chunk, charts, self._spark_quote))
        return found

    def _spark_quote(self, symbol: Symbol, chart: Mapping[str, Any], received: int, source: str) -> Quote:
        delay_s = self._delays_s.get(symbol, USUAL_DELAY_S)
        return yahoo_parse.spark_quote(symbol, chart, received, source, delay_s)

    async def paths(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[PathPoint]]:
        """One request for each twenty symbols."""
        found: dict[Symbol, Sequence[PathPoint]] = {}
        for chunk in _chunks(symbols, SPARKS_PER_CALL):
            charts = await self._sparks(chunk)
            for symbol in chunk:
                chart = charts.get(self.spelling.get(symbol, symbol))
                if chart is not None and (path := yahoo_parse.spark_path(chart)):
                    found[symbol] = path
        return found

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        """Daily bars, raw, one request. HSTECH falls back to what Yahoo has of it, and the bars say so."""
        if symbol != HSTECH:
            return await self._run(partial(self._history, symbol, symbol, since))
        bars: Sequence[Bar] = ()
        for spelling in HSTECH_SPELLINGS:
            try:
                bars = await self._run(partial(self._history, symbol, spelling, since))
            except SourceError as error:
                if error.state not in (SourceState.NO_SUCH_SYMBOL, SourceState.EMPTY):
                    raise
                continue
            if len(bars) >= MIN_INDEX_BARS:
                self.spelling[symbol] = spelling
                return bars
        raise SourceError(SourceState.EMPTY, Reason(Why.NO_SECTOR_INDEX, yahoo_parse.YAHOO))

    async def close(self) -> None:
        """Give the threads back; a hung one ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def call(self, work: Callable[[], T]) -> T:
        """Blocking work with yfinance, in our threads and behind our session. Raises SourceError."""
        return await self._run(work)

    def _spelled(self, symbols: Sequence[Symbol]) -> str:
        return ",".join(self.spelling.get(symbol, symbol) for symbol in symbols)

    def _each(
        self,
        symbols: Sequence[Symbol],
        rows: Mapping[str, Mapping[str, Any]],
        parse: Callable[[Symbol, Mapping[str, Any], int, str], Quote],
    ) -> dict[Symbol, Quote]:
        received = self._clock.now_ms()
        found = {}
        for symbol in symbols:
            spelling = self.spelling.get(symbol, symbol)
            source = self.name if spelling == symbol else f"{self.name} {spelling}"
            row = rows.get(spelling)
            if row is None:
                self.problems[symbol] = Reason(Why.UNKNOWN_SYMBOL, yahoo_parse.YAHOO)
                continue
            try:
                found[symbol] = parse(symbol, row, received, source)
            except yahoo_parse.Unusable as error:
                self.problems[symbol] = error.reason
            else:
                self.problems.pop(symbol, None)
        return found

    async def _sparks(self, symbols: Sequence[Symbol]) -> Mapping[str, Mapping[str, Any]]:
        params = {"symbols": self._spelled(symbols), "range": "1d", "interval": "5m", "includePrePost": "true"}
        return yahoo_parse.spark_charts(await self._ask(SPARK_URL, params))

    async def _ask(self, url: str, params: dict[str, str]) -> object:
        return await self._run(lambda: self._data.get_raw_json(url, params=params, timeout=self._timeout_s))

    async def _run(self, work: Callable[[], T]) -> T:
        """Run blocking work in our pool, and turn whatever it raises into a SourceError."""
        if self._busy >= self._threads:
            raise SourceError(SourceState.HUNG, Reason(Why.ALL_WAITING, yahoo_parse.YAHOO, number=self._threads))
        async with self._started:
            if self._data is None:
                self._data = await asyncio.get_running_loop().run_in_executor(self._pool, self._start)
        self._busy += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._finished)
        # The cookie step and one retry may come before the answer, each with the transport's own limit.
        limit_s = self._timeout_s * 3
        try:
            return await asyncio.wait_for(asyncio.shield(future), limit_s)
        except TimeoutError:
            raise SourceError(SourceState.HUNG, Reason(Why.NO_ANSWER, yahoo_parse.YAHOO)) from None
        except SourceError:
            raise
        except Exception as error:
            raise _named(error) from error

    def _finished(self, future: "asyncio.Future[Any]") -> None:
        self._busy -= 1
        if not future.cancelled():
            future.exception()  # read, so that a given-up call's error is not reported as never retrieved

    def _start(self) -> Any:
        """Import yfinance and put our session under it. Runs in a thread: the import alone takes half a second."""
        import yfinance
        from yfinance.data import YfData

        # After the import, which puts filters of its own first. What it says and logs, our session says in our words.
        warnings.filterwarnings("ignore", module=r"yfinance(\..*)?")
        logging.getLogger("yfinance").setLevel(logging.CRITICAL)

        from tui.sources.yahoo_session import PoliteSession

        self._cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        yfinance.set_tz_cache_location(str(self._cache_dir))
        yfinance.config.debug.hide_exceptions = False
        return YfData(session=PoliteSession(self._door, self._clock, self._timeout_s))

    def _history(self, symbol: Symbol, spelling: Symbol, since: date) -> Sequence[Bar]:
        import yfinance
        from yfinance.cache import get_tz_cache

        from tui.sources.yahoo_frame import bars_from_frame

        if zone := _time_zone(spelling):
            # yfinance spends a request on the time zone of a symbol that it has not met.
            get_tz_cache().store(spelling, zone)
        frame = yfinance.Ticker(spelling).history(
            start=since,
            interval="1d",
            prepost=True,
            auto_adjust=False,
            actions=True,
            timeout=self._timeout_s,
        )
        origin = self.name if spelling == symbol else f"{self.name} {spelling}"
        bars = bars_from_frame(symbol, frame, origin)
        if not bars:
            raise SourceError(SourceState.EMPTY, Reason(Why.NO_PRICES, yahoo_parse.YAHOO, spelling, day=since))
        return bars


def _time_zone(spelling: Symbol) -> str:
    """Where Yahoo counts the sessions of a symbol: Hong Kong, London for currencies, New York; "" where not known."""
    if is_hk_stock(spelling) or spelling.startswith("^HS"):
        return "Asia/Hong_Kong"
    if spelling.endswith("=X"):
        return "Europe/London"
    return "America/New_York" if spelling.isalpha() else ""


def _named(error: Exception) -> SourceError:
    """Name what yfinance raised. Only its own exceptions and decoding errors get here; the rest is our session's."""
    kind, who = type(error).__name__, yahoo_parse.YAHOO
    detail = clean(str(error), 160)
    if kind == "YFRateLimitError":
        return SourceError(SourceState.LIMITED, Reason(Why.LIMITS, who, number=429))
    if kind in ("YFPricesMissingError", "YFTickerMissingError", "YFTzMissingError"):
        return SourceError(SourceState.EMPTY, Reason(Why.TROUBLE, who, detail))
    if kind == "YFDataException":
        return SourceError(SourceState.OFFLINE, Reason(Why.RIGHT_BACK, who))
    if kind == "HTTPError" and ("401" in detail or "403" in detail):
        return SourceError(SourceState.REFUSED, Reason(Why.REFUSES_COOKIE, who, number=401))
    if kind == "JSONDecodeError":
        detail = "it is not JSON"
    return SourceError(SourceState.BAD_DATA, Reason(Why.UNREADABLE, who, detail or kind))
