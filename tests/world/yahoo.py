"""Yahoo's endpoints over the sample week, in the shapes that yfinance and the batch addresses expect."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any

from aiohttp import web

from tui.domain.clock import Clock, ClockMode, FixedClock
from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt, to_hkt
from tui.sources.sample import Sample, SampleSource

VALID_RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]


class LateClock:
    """Another clock, seen some seconds late: what a delayed source knows."""

    def __init__(self, clock: Clock, late_s: int) -> None:
        self._clock = clock
        self.late_s = late_s

    @property
    def mode(self) -> ClockMode:
        return self._clock.mode

    @property
    def speed(self) -> float:
        return self._clock.speed

    def stand(self, now_ms: int) -> None:
        """Let time stand for what this source knows: prices move no more."""
        self._clock = FixedClock(now_ms)

    def now_ms(self) -> int:
        return self._clock.now_ms() - self.late_s * 1000

    def monotonic(self) -> float:
        return self._clock.monotonic()


class YahooBook:
    """What this Yahoo knows now: the sample as of its clock less its delays (stocks' and indices' apart)."""

    def __init__(self, sample: Sample, clock: Clock, *, stock_delay_s: int = 900, index_delay_s: int = 900) -> None:
        self.sample = sample
        self.clock = clock
        self.stocks = LateClock(clock, stock_delay_s)
        self.indices = LateClock(clock, index_delay_s)
        self._stock_source = SampleSource(self.stocks, sample)
        self._index_source = SampleSource(self.indices, sample)
        self.hidden: set[str] = set()
        self.bare: set[str] = set()
        """Symbols that have a price and no history."""

    def knows(self, symbol: Symbol) -> bool:
        return symbol in self.sample.bars and symbol not in self.hidden

    def _source(self, symbol: Symbol) -> SampleSource:
        return self._index_source if symbol.startswith("^") else self._stock_source

    def _clock_of(self, symbol: Symbol) -> LateClock:
        return self.indices if symbol.startswith("^") else self.stocks

    async def quote(self, symbol: Symbol) -> Quote | None:
        return (await self._source(symbol).quotes([symbol])).get(symbol)

    async def path(self, symbol: Symbol) -> Sequence[PathPoint]:
        return (await self._source(symbol).paths([symbol])).get(symbol, ())

    def past_points(self, symbol: Symbol) -> Sequence[PathPoint]:
        today = to_hkt(self._clock_of(symbol).now_ms()).date()
        days = (paths.get(symbol, ()) for day, paths in sorted(self.sample.paths.items()) if day < today)
        return [point for path in days for point in path]

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        return () if symbol in self.bare else await self._source(symbol).bars(symbol, since)

    def delay_min(self, symbol: Symbol) -> int:
        return self._clock_of(symbol).late_s // 60


def _trading_period(day: date) -> dict[str, Any]:
    start, end = from_hkt(day, time(9, 30)) // 1000, from_hkt(day, time(16)) // 1000

    def part(first: int, last: int) -> dict[str, Any]:
        return {"timezone": "HKT", "start": first, "end": last, "gmtoffset": 28800}

    return {"pre": part(start, start), "regular": part(start, end), "post": part(end, end)}


class YahooHandlers:
    """aiohttp handlers, one an endpoint."""

    def __init__(self, book: YahooBook) -> None:
        self.book = book
        self.articles: Callable[[Symbol], list[dict[str, Any]]] = lambda symbol: []
        """The headlines of a stock, as its stream has them."""

    async def cookie(self, request: web.Request) -> web.Response:
        response = web.Response(status=404, text="")
        response.headers["Set-Cookie"] = (
            "A3=d=world&S=loopback; Expires=Fri, 01 Jan 2038 00:00:00 GMT; Domain=.yahoo.com; Path=/; Secure; HttpOnly"
        )
        return response

    async def crumb(self, request: web.Request) -> web.Response:
        return web.Response(text="loopback.crumb")

    async def consent(self, request: web.Request) -> web.Response:
        form = '<input name="csrfToken" value="t"><input name="sessionId" value="s">'
        return web.Response(text=f"<html><form>{form}</form></html>", content_type="text/html")

    async def quote(self, request: web.Request) -> web.Response:
        rows = []
        for name in request.query.get("symbols", "").split(","):
            symbol = Symbol(name)
            quote = await self.book.quote(symbol) if self.book.knows(symbol) else None
            if quote is not None:
                rows.append(self._quote_row(symbol, quote))
        return web.json_response({"quoteResponse": {"result": rows, "error": None}})

    def _quote_row(self, symbol: Symbol, quote: Quote) -> dict[str, Any]:
        instrument = self.book.sample.instruments.get(symbol)
        row: dict[str, Any] = {
            "symbol": symbol,
            "shortName": instrument.name_en if instrument else symbol,
            "quoteType": "INDEX" if symbol.startswith("^") else "EQUITY",
            "currency": "HKD",
            "exchange": "HKG",
            "marketState": "REGULAR",
            "quoteSourceName": "Delayed Quote",
            "priceHint": 3 if quote.price < 10 else 2,
            "exchangeDataDelayedBy": self.book.delay_min(symbol),
            "regularMarketPrice": quote.price,
            "regularMarketTime": quote.exchange_time // 1000,
            "regularMarketPreviousClose": quote.previous_close,
            "regularMarketOpen": quote.open,
            "regularMarketDayHigh": quote.high,
            "regularMarketDayLow": quote.low,
            "regularMarketVolume": None if quote.volume is None else int(quote.volume),
            "regularMarketChangePercent": quote.change_pct,
        }
        return {name: value for name, value in row.items() if value is not None}

    async def spark(self, request: web.Request) -> web.Response:
        symbols = [Symbol(name) for name in request.query.get("symbols", "").split(",") if name]
        results = []
        for symbol in symbols:
            if self.book.knows(symbol):
                results.append({"symbol": symbol, "response": [await self._intraday(symbol)]})
        return web.json_response({"spark": {"result": results, "error": None}})

    async def chart(self, request: web.Request) -> web.Response:
        symbol = Symbol(request.match_info["symbol"])
        if not self.book.knows(symbol):
            error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            return web.json_response({"chart": {"result": None, "error": error}}, status=404)
        if request.query.get("interval", "1d") == "1d":
            result = await self._daily(symbol, request)
        else:
            result = await self._intraday(symbol, past=request.query.get("range") == "1mo")
        return web.json_response({"chart": {"result": [result], "error": None}})

    async def _meta(self, symbol: Symbol, granularity: str, span: str) -> dict[str, Any]:
        quote = await self.book.quote(symbol)
        day = to_hkt(quote.exchange_time if quote else self.book.clock.now_ms()).date()
        return {
            "currency": "HKD",
            "symbol": symbol,
            "exchangeName": "HKG",
            "instrumentType": "INDEX" if symbol.startswith("^") else "EQUITY",
            "exchangeTimezoneName": "Asia/Hong_Kong",
            "timezone": "HKT",
            "gmtoffset": 28800,
            "regularMarketPrice": quote.price if quote else None,
            "regularMarketTime": quote.exchange_time // 1000 if quote else None,
            "chartPreviousClose": quote.previous_close if quote else None,
            "previousClose": quote.previous_close if quote else None,
            "priceHint": 3,
            "dataGranularity": granularity,
            "range": span,
            "validRanges": VALID_RANGES,
            "currentTradingPeriod": _trading_period(day),
            "tradingPeriods": [[_trading_period(day)["regular"]]],
        }

    async def _intraday(self, symbol: Symbol, *, past: bool = False) -> dict[str, Any]:
        points = [*(self.book.past_points(symbol) if past else ()), *await self.book.path(symbol)]
        # Five-minute bars, each stamped with its start, as Yahoo makes them.
        bars: dict[int, list[PathPoint]] = {}
        for point in points:
            bars.setdefault(point.time // 300_000 * 300, []).append(point)
        return {
            "meta": await self._meta(symbol, "5m", "1d"),
            "timestamp": list(bars),
            "indicators": {
                "quote": [
                    {
                        "open": [inside[0].price for inside in bars.values()],
                        "high": [max(point.price for point in inside) for inside in bars.values()],
                        "low": [min(point.price for point in inside) for inside in bars.values()],
                        "close": [inside[-1].price for inside in bars.values()],
                        "volume": [int(sum(point.volume for point in inside)) for inside in bars.values()],
                    }
                ]
            },
        }

    async def _daily(self, symbol: Symbol, request: web.Request) -> dict[str, Any]:
        now = to_hkt(self.book.clock.now_ms()).date()
        first = request.query.get("period1")
        since = to_hkt(int(first) * 1000).date() if first else now - timedelta(days=365 * 3)
        bars = list(await self.book.bars(symbol, since))
        events: dict[str, dict[str, Any]] = {}
        # Yahoo's closes come adjusted for the splits that came later, never for dividends.
        factor = 1.0
        rows: list[tuple[int, list[float | None], int]] = []
        for bar in reversed(bars):
            stamp = from_hkt(bar.day, time(9, 30)) // 1000
            prices = [bar.open, bar.high, bar.low, bar.close]
            rows.append((stamp, [None if p is None else p / factor for p in prices], int((bar.volume or 0) * factor)))
            if bar.dividend:
                events.setdefault("dividends", {})[str(stamp)] = {"amount": bar.dividend / factor, "date": stamp}
            if bar.split != 1:
                events.setdefault("splits", {})[str(stamp)] = {
                    "date": stamp,
                    "numerator": bar.split,
                    "denominator": 1,
                    "splitRatio": f"{bar.split:g}:1",
                }
                factor *= bar.split
        rows.reverse()
        columns = list(zip(*(prices for _, prices, _ in rows), strict=True)) if rows else [(), (), (), ()]
        result: dict[str, Any] = {
            "meta": await self._meta(symbol, "1d", ""),
            "timestamp": [stamp for stamp, _, _ in rows],
            "indicators": {
                "quote": [
                    {
                        "open": columns[0],
                        "high": columns[1],
                        "low": columns[2],
                        "close": columns[3],
                        "volume": [volume for _, _, volume in rows],
                    }
                ],
                "adjclose": [{"adjclose": columns[3]}],
            },
        }
        if events:
            result["events"] = events
        return result

    async def news(self, request: web.Request) -> web.Response:
        wanted = (await request.json())["serviceConfig"]["s"]
        stream = [article for symbol in wanted for article in self.articles(Symbol(symbol))]
        return web.json_response({"data": {"tickerStream": {"stream": stream}}})
