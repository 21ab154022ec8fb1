"""What the world can be told to do wrong, endpoint by endpoint."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

ENDPOINTS = ("cookie", "crumb", "consent", "quote", "chart", "spark", "news", "hkex", "rthk", "feeds", "any")

RIGHT_BACK = (
    b"<!DOCTYPE html><html><body><h1>Will be right back...</h1><p>Thank you for your patience.</p></body></html>"
)
HANG_SECONDS = 600.0


class Fault(msgspec.Struct, frozen=True):
    """One misbehaviour. `times` -1 means until told otherwise; `after` lets that many requests through first."""

    mode: str
    times: int = -1
    after: int = 0
    retry_after: int | None = None
    symbol: str = ""
    field: str = ""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _limited(fault: Fault) -> web.Response:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return web.Response(status=429, text="Edge: Too Many Requests", headers=headers)


async def _whole(handler: Handler, request: web.Request) -> bytes:
    response = await handler(request)
    body = response.body if isinstance(response, web.Response) else b""
    return bytes(body) if isinstance(body, bytes | bytearray) else b""


async def _cut(request: web.Request, body: bytes, *, reset: bool) -> web.StreamResponse:
    """Promise the whole body, send half, and end the connection."""
    response = web.StreamResponse(
        headers={"Content-Length": str(max(len(body), 2)), "Content-Type": "application/json"}
    )
    await response.prepare(request)
    if not reset:
        await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response


async def _drip(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
    await response.prepare(request)
    with suppress(ConnectionError):  # the client loses patience
        for byte in body:
            await response.write(bytes([byte]))
            await asyncio.sleep(0.5)
    return response


def _quote_rows(document: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = document.get("quoteResponse", {}).get("result", [])
    return rows


def drift(document: Any, fault: Fault) -> Any:
    """A reply whose schema has drifted in one field of the quotes (of `symbol`, or of all)."""
    for row in _quote_rows(document):
        if fault.symbol and row.get("symbol") != fault.symbol:
            continue
        name = fault.field or "regularMarketPrice"
        value = row.get(name)
        match fault.mode:
            case "field_missing":
                row.pop(name, None)
            case "field_null":
                row[name] = None
            case "field_string":
                row[name] = str(value)
            case "field_nan":
                row[name] = float("nan")
            case "field_negative":
                row[name] = -abs(value or 1)
            case "field_hundredfold":
                row[name] = (value or 1) * 100
            case "field_list":
                row[name] = [value]
            case "hostile_name":
                row["shortName"] = "\x1b[2J\u202e[/]" + "x" * 5000
    return document


DRIFTS = frozenset(
    {
        "field_missing",
        "field_null",
        "field_string",
        "field_nan",
        "field_negative",
        "field_hundredfold",
        "field_list",
        "hostile_name",
    }
)


class Faults:
    """The faults in force. One a endpoint; "any" applies where an endpoint has none of its own."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def set(self, endpoint: str, fault: Fault | None) -> None:
        """Put a fault on an endpoint, or take it away."""
        if endpoint not in ENDPOINTS:
            raise ValueError(f"no endpoint {endpoint!r}; there are {', '.join(ENDPOINTS)}")
        if fault is None:
            self._faults.pop(endpoint, None)
        else:
            self._faults[endpoint] = fault

    def clear(self) -> None:
        """Be well again."""
        self._faults.clear()

    def take(self, endpoint: str) -> Fault | None:
        """The fault that this request meets, counted down."""
        key = endpoint if endpoint in self._faults else "any"
        fault = self._faults.get(key)
        if fault is None:
            return None
        if fault.after > 0:
            self._faults[key] = msgspec.structs.replace(fault, after=fault.after - 1)
            return None
        if fault.times == 0:
            return None
        if fault.times > 0:
            self._faults[key] = msgspec.structs.replace(fault, times=fault.times - 1)
        return fault


async def respond(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    """Answer a request as the fault says."""
    match fault.mode:
        case "limited":
            return _limited(fault)
        case "unauthorized":
            return web.json_response({"finance": {"result": None, "error": {"code": "Unauthorized"}}}, status=401)
        case "server_error":
            return web.Response(status=500, text="Internal Server Error")
        case "malformed":
            return web.Response(text='{"quoteResponse": {"result": [', content_type="application/json")
        case "html":
            return web.Response(body=RIGHT_BACK, content_type="text/html")
        case "empty":
            return web.Response(body=b"", content_type="application/json")
        case "truncated":
            return await _cut(request, await _whole(handler, request), reset=False)
        case "reset":
            return await _cut(request, b"", reset=True)
        case "hang":
            await asyncio.sleep(HANG_SECONDS)
            return web.Response(status=504)
        case "drip":
            return await _drip(request, await _whole(handler, request))
        case mode if mode in DRIFTS:
            document = drift(json.loads(await _whole(handler, request)), fault)
            return web.Response(text=json.dumps(document), content_type="application/json")
    raise ValueError(f"no fault {fault.mode!r}")
