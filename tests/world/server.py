"""The world as one object: start it, set its faults, count what was asked."""

import asyncio
from collections import Counter
from email.utils import formatdate
from pathlib import Path

import msgspec
from aiohttp import web

from tests.world.authority import HOSTS, Authority
from tests.world.faults import ENDPOINTS, Fault, Faults, Handler, respond
from tests.world.newsstand import YahooStream, put_out
from tests.world.press import Press
from tests.world.proxy import ConnectProxy
from tests.world.yahoo import YahooBook, YahooHandlers
from tui.domain.clock import Clock
from tui.sources.sample import Sample

PRESS_HOSTS = {
    "www1.hkexnews.hk": "hkex",
    "www3.hkexnews.hk": "hkex",
    "rthk.hk": "rthk",
    "www.rthk.hk": "rthk",
    "feeds.example.org": "feeds",
}


class Asked(msgspec.Struct, frozen=True):
    """One request that reached the server: when (the world's milliseconds), what, and how it was answered."""

    time: int
    endpoint: str
    host: str
    path: str
    fault: str = ""


class World:
    """Yahoo and the press on loopback. `environment` leads a client into it; `asked` is what it sent."""

    def __init__(
        self, folder: Path, sample: Sample, clock: Clock, *, stock_delay_s: int = 900, index_delay_s: int = 900
    ) -> None:
        self.clock = clock
        self.book = YahooBook(sample, clock, stock_delay_s=stock_delay_s, index_delay_s=index_delay_s)
        self.press = Press()
        self._yahoo = YahooHandlers(self.book)
        self.faults = Faults()
        self.asked: list[Asked] = []
        self.date_skew_s = 0
        self.environment: dict[str, str] = {}
        self.control_url = ""
        self.proxy: ConnectProxy | None = None
        self._authority = Authority(folder)
        self._runners: list[web.AppRunner] = []

    def put_out_news(self) -> None:
        """Have the news of the sample week told by Yahoo, HKEXnews and RTHK; without it they have none."""
        self._yahoo.articles = YahooStream(self.book.sample, self.clock).of
        put_out(self.press, self.book.sample, self.clock)

    async def start(self) -> None:
        """Open the three ports: TLS server, proxy, control."""
        port = await self._serve(self._site(), tls=True)
        self.proxy = ConnectProxy(frozenset(HOSTS), port)
        self.environment = self._authority.environment(f"http://127.0.0.1:{await self.proxy.start()}")
        self.control_url = f"http://127.0.0.1:{await self._serve(self._control(), tls=False)}"

    async def stop(self) -> None:
        """Close everything; hung answers are cut."""
        if self.proxy is not None:
            await self.proxy.stop()
        for runner in self._runners:
            await runner.cleanup()

    def count(self, *endpoints: str, since: int = 0) -> int:
        """Requests to these endpoints (to any, where none is named) since a time of the world."""
        return sum(1 for one in self.asked if one.time >= since and (not endpoints or one.endpoint in endpoints))

    def counts(self) -> dict[str, int]:
        """Requests by endpoint."""
        return dict(Counter(one.endpoint for one in self.asked))

    async def _serve(self, app: web.Application, *, tls: bool) -> int:
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        context = self._authority.server_context() if tls else None
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        port: int = runner.addresses[0][1]
        return port

    def _site(self) -> web.Application:
        handlers = self._yahoo
        app = web.Application()
        router = app.router
        for version in ("v7", "v8"):
            router.add_get(f"/{version}/finance/spark", self._guard("spark", handlers.spark))
        router.add_get("/v1/test/getcrumb", self._guard("crumb", handlers.crumb))
        router.add_get("/v7/finance/quote", self._guard("quote", handlers.quote))
        router.add_get("/v8/finance/chart/{symbol}", self._guard("chart", handlers.chart))
        router.add_post("/xhr/ncp", self._guard("news", handlers.news))
        router.add_route("*", "/consent", self._guard("consent", handlers.consent))
        router.add_route("*", "/copyConsent", self._guard("consent", handlers.consent))
        router.add_route("*", "/v2/collectConsent", self._guard("consent", handlers.consent))
        router.add_get("/", self._guard("cookie", handlers.cookie))
        router.add_route("*", "/{rest:.*}", self._elsewhere)
        app.on_response_prepare.append(self._stamp)
        return app

    async def _stamp(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = formatdate(self.clock.now_ms() / 1000 + self.date_skew_s, usegmt=True)

    async def _elsewhere(self, request: web.Request) -> web.StreamResponse:
        """The press of the other hosts; what Yahoo lacks is not found."""
        endpoint = PRESS_HOSTS.get(request.host, "other")
        return await self._guard(endpoint, self._nothing if endpoint == "other" else self.press.serve)(request)

    async def _nothing(self, request: web.Request) -> web.Response:
        return web.json_response({"finance": {"result": None, "error": {"code": "Not Found"}}}, status=404)

    def _guard(self, endpoint: str, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            fault = self.faults.take(endpoint)
            mode = fault.mode if fault else ""
            self.asked.append(Asked(self.clock.now_ms(), endpoint, request.host, request.path_qs, mode))
            return await (handler(request) if fault is None else respond(fault, handler, request))

        return guarded

    def _control(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/asked", self._get_asked)
        app.router.add_post("/fault/{endpoint}", self._set_fault)
        app.router.add_delete("/fault", self._clear_faults)
        return app

    async def _get_asked(self, request: web.Request) -> web.Response:
        return web.Response(body=msgspec.json.encode(self.asked), content_type="application/json")

    async def _set_fault(self, request: web.Request) -> web.Response:
        endpoint = request.match_info["endpoint"]
        if endpoint not in ENDPOINTS:
            return web.Response(status=404, text=f"no endpoint {endpoint!r}; there are {', '.join(ENDPOINTS)}\n")
        try:
            fault = msgspec.json.decode(await request.read(), type=Fault)
        except msgspec.DecodeError as error:
            return web.Response(status=400, text=f"{error}\n")
        self.faults.set(endpoint, fault)
        return web.Response(text="set\n")

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self.faults.clear()
        return web.Response(text="clear\n")


async def until_cancelled() -> None:
    """Serve until the task is cancelled."""
    await asyncio.get_running_loop().create_future()
