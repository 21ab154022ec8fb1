"""HKEXnews, RTHK and a user's feed on loopback: settable documents behind TLS, reached through the proxy."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from tests.world.authority import HOSTS, Authority
from tests.world.proxy import ConnectProxy
from tui.domain.trading_day import to_hkt

Answer = web.StreamResponse | Mapping[str, Any] | list[Any] | bytes | str


class Press:
    """Documents by host and path. A document is text, bytes, JSON, or a function of the request."""

    def __init__(self) -> None:
        self.documents: dict[str, Answer | Callable[[web.Request], Answer]] = {}
        self.asked: list[str] = []
        self.conditions: list[tuple[str, str]] = []
        self.environment: dict[str, str] = {}
        self.refused: list[str] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer from the documents; an ETag of the content makes it conditional."""
        address = f"{request.host}{request.path}"
        self.asked.append(f"{request.host}{request.path_qs}")
        self.conditions.append((address, request.headers.get("If-None-Match", "")))
        document = self.documents.get(address)
        answer = document(request) if callable(document) else document
        match answer:
            case None:
                return web.Response(status=404)
            case web.StreamResponse():
                return answer
            case str() | bytes():
                body = answer.encode() if isinstance(answer, str) else answer
            case _:
                body = json.dumps(answer).encode()
        tag = f'"{hash(body):x}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=body, headers={"ETag": tag})


@asynccontextmanager
async def press(folder: Path) -> AsyncIterator[Press]:
    """A press that serves, with the environment that leads to it."""
    authority = Authority(folder)
    world = Press()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", world.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=authority.server_context()).start()
    proxy = ConnectProxy(frozenset(HOSTS), runner.addresses[0][1])
    world.environment = authority.environment(f"http://127.0.0.1:{await proxy.start()}")
    world.refused = proxy.refused
    try:
        yield world
    finally:
        await proxy.stop()
        await runner.cleanup()


class Exchange:
    """HKEXnews in a press: filings in the order they were filed, 100 a page, and the search over them."""

    HOST = "www1.hkexnews.hk"

    def __init__(self, press: Press) -> None:
        self.filings: list[dict[str, Any]] = []
        self.stocks = {"00700": ("TENCENT", "騰訊控股"), "01234": ("SOME WORDS-W", "某某公司－Ｗ")}
        self.pages = 5
        press.documents[f"{self.HOST}/search/titleSearchServlet.do"] = self._search
        for language in "ec":
            press.documents[f"{self.HOST}/ncms/script/eds/activestock_sehk_{language}.json"] = self._stocks(language)
            for page in range(1, self.pages + 1):
                path = f"{self.HOST}/ncms/json/eds/lcisehk7relsd{language}_{page}.json"
                press.documents[path] = self._latest(language, page)

    def file(
        self, number: int, moment: int, codes: list[str], title: str, *, category: str = "", title_zh: str = ""
    ) -> None:
        """One more document."""
        at = to_hkt(moment).strftime("%d/%m/%Y %H:%M")
        self.filings.append(
            {
                "newsId": str(number),
                "title": title,
                "title_zh": title_zh or "公告",
                "lTxt": category,
                "relTime": at,
                "webPath": f"/listedco/listconews/sehk/2026/0306/{number}.pdf",
                "stock": [{"sc": code, "sn": "NAME"} for code in codes],
            }
        )

    def _latest(self, language: str, page: int) -> Callable[[web.Request], Answer]:
        def answer(request: web.Request) -> Answer:
            newest = self.filings[::-1]
            rows = newest[(page - 1) * 100 : page * 100]
            if language == "c":
                rows = [row | {"title": row["title_zh"]} for row in rows]
            return {
                "genDate": "0",
                "maxNumOfFile": min(self.pages, max(1, -(-len(newest) // 100))),
                "newsInfoLst": rows,
            }

        return answer

    def _stocks(self, language: str) -> Callable[[web.Request], Answer]:
        def answer(request: web.Request) -> Answer:
            return [
                {"c": code, "i": 7000 + place, "n": names["ec".index(language)], "s": "EQTY"}
                for place, (code, names) in enumerate(self.stocks.items())
            ]

        return answer

    def _search(self, request: web.Request) -> Answer:
        query = {key: values[0] for key, values in parse_qs(request.query_string).items()}
        code = list(self.stocks)[int(query["stockId"]) - 7000]
        first, last = (datetime.strptime(query[key], "%Y%m%d").date() for key in ("fromDate", "toDate"))
        rows = [
            {
                "NEWS_ID": row["newsId"],
                "TITLE": row["title"],
                "LONG_TEXT": row["lTxt"],
                "FILE_LINK": row["webPath"],
                "DATE_TIME": row["relTime"],
                "STOCK_CODE": "<br/>".join(stock["sc"] for stock in row["stock"]),
            }
            for row in self.filings[::-1]
            if code in [stock["sc"] for stock in row["stock"]]
            and first <= datetime.strptime(row["relTime"], "%d/%m/%Y %H:%M").date() <= last
        ]
        count = int(query["rowRange"])
        result = json.dumps(rows[:count]) if rows else "null"
        return {"recordCnt": len(rows), "loadedRecord": count, "hasNextRow": len(rows) > count, "result": result}
