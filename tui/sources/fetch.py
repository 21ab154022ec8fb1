"""Fetch a document of the web for a news source: https only, listed hosts only, of bounded size, politely.

Every request passes the door and a gap of seconds to the one before. A document that has not changed since the last
time is not sent again (ETag, Last-Modified). Redirects are followed by hand, to the hosts of the source alone.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from tui.domain.clock import Clock
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.text import clean
from tui.sources.ports import Door, SourceError

if TYPE_CHECKING:
    from aiohttp import ClientError, ClientResponse, ClientSession

MB: Final = 1024 * 1024
AGENT: Final = "Mozilla/5.0 (compatible; whymove/0.1; one reader's watchlist)"
MOST_REDIRECTS: Final = 3
TIMEOUT_S: Final = 15.0
_REMEMBERED: Final = 12

Pause = Callable[[float], Awaitable[None]]


class Document(msgspec.Struct, frozen=True):
    """A body and what is needed to ask whether it changed."""

    body: bytes
    charset: str = ""
    etag: str = ""
    modified: str = ""


class Fetcher:
    """The connection of one source. `hosts` are those it may talk to."""

    def __init__(
        self,
        clock: Clock,
        door: Door,
        hosts: Collection[str],
        *,
        gap_s: float = 1.0,
        referer: str = "",
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._door = door
        self._hosts = frozenset(hosts)
        self._gap_s = gap_s
        self._pause = pause
        self._headers = {"User-Agent": AGENT, "Accept-Language": "en, zh-HK;q=0.8"} | (
            {"Referer": referer} if referer else {}
        )
        self._last = float("-inf")
        self._turn = asyncio.Lock()
        self._session: ClientSession | None = None
        self._known: dict[str, Document] = {}

    async def get(self, url: str, params: Mapping[str, str] | None = None, *, limit: int = MB) -> Document:
        """The document at an address, at most `limit` bytes. Raises SourceError."""
        address = f"{url}?{urlencode(params)}" if params else url
        known = self._known.get(address)
        target = address
        for _ in range(MOST_REDIRECTS + 1):
            document = await self._once(target, known, limit)
            if isinstance(document, Document):
                self._remember(address, document)
                return document
            target = document
        raise SourceError(SourceState.BAD_DATA, Reason(Why.REDIRECTS, _host(address), number=MOST_REDIRECTS))

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _once(self, url: str, known: Document | None, limit: int) -> Document | str:
        """One request: the document, or where it has moved."""
        host = self._allowed(url)
        async with self._turn:
            await self._pause(max(0.0, self._last + self._gap_s - self._clock.monotonic()))
            self._door.admit(host)
            self._last = self._clock.monotonic()
            return await self._ask(url, host, known, limit)

    async def _ask(self, url: str, host: str, known: Document | None, limit: int) -> Document | str:
        from aiohttp import ClientError

        headers = {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.modified:
            headers["If-Modified-Since"] = known.modified
        try:
            async with self._open().get(url, headers=headers, allow_redirects=False) as response:
                self._door.observe(host, response.status, response.headers)
                if response.status == 304 and known is not None:
                    return known
                if response.status in (301, 302, 303, 307, 308):
                    return _moved(url, response.headers.get("Location", ""), host)
                if response.status != 200:
                    raise status_error(host, response.status, response.headers.get("Retry-After", ""))
                return Document(
                    await _read(response, host, limit),
                    response.charset or "",
                    clean(response.headers.get("ETag", ""), 200),
                    clean(response.headers.get("Last-Modified", ""), 100),
                )
        except TimeoutError:
            raise SourceError(SourceState.HUNG, Reason(Why.NO_ANSWER, host)) from None
        except ClientError as error:
            raise transport_error(error, host) from error

    def _allowed(self, url: str) -> str:
        """The host of an address we may ask; SourceError for any other scheme, host, port or user."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname or ""
        except ValueError:
            port, parts, host = None, urlsplit(""), ""
        if parts.scheme != "https" or host not in self._hosts or port not in (None, 443) or parts.username is not None:
            raise SourceError(SourceState.BAD_DATA, Reason(Why.NOT_FOLLOWED, detail=repr(clean(url, 100))))
        return host

    def _open(self) -> "ClientSession":
        """The session, made where the first question is asked: aiohttp takes a quarter of a second to load."""
        if self._session is None:
            from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

            # The default context is made when aiohttp is imported; this one knows today's certificates.
            connector = TCPConnector(ssl=ssl.create_default_context(), limit=2)
            self._session = ClientSession(
                connector=connector,
                headers=self._headers,
                timeout=ClientTimeout(total=TIMEOUT_S),
                cookie_jar=DummyCookieJar(),
                trust_env=True,
            )
        return self._session

    def _remember(self, address: str, document: Document) -> None:
        if document.etag or document.modified:
            self._known.pop(address, None)
            self._known[address] = document
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]


def transport_error(error: "ClientError", host: str) -> SourceError:
    """Name what the network did to a request."""
    from aiohttp import client_exceptions as fault

    detail = clean(str(error), 120)
    match error:
        case fault.ClientConnectorDNSError():
            # Of a proxy, where there is one.
            return SourceError(SourceState.OFFLINE, Reason(Why.UNRESOLVED, clean(str(error.host), 80)))
        case fault.ClientProxyConnectionError() | fault.ClientHttpProxyError():
            return SourceError(SourceState.OFFLINE, Reason(Why.NO_PROXY, host, detail))
        case fault.ClientSSLError():
            return SourceError(SourceState.OFFLINE, Reason(Why.UNTRUSTED, host, detail))
        case fault.ClientPayloadError():
            return SourceError(SourceState.OFFLINE, Reason(Why.BROKE_OFF, host))
        case fault.ClientConnectionError():
            return SourceError(SourceState.OFFLINE, Reason(Why.UNREACHABLE, host))
    return SourceError(SourceState.OFFLINE, Reason(Why.TROUBLE, host, detail))


def status_error(host: str, status: int, retry_after: str = "") -> SourceError:
    """Name a reply that is no document."""
    wait_s = float(retry_after) if retry_after.strip().isdigit() else None
    match status:
        case 429 | 503:
            return SourceError(SourceState.LIMITED, Reason(Why.LIMITS, host, number=status), wait_s)
        case 401 | 403:
            return SourceError(SourceState.REFUSED, Reason(Why.REFUSES, host, number=status))
        case 404 | 410:
            return SourceError(SourceState.BAD_DATA, Reason(Why.NO_DOCUMENT, host, number=status))
    return SourceError(SourceState.BAD_DATA, Reason(Why.ERROR, host, number=status))


async def _read(response: "ClientResponse", host: str, limit: int) -> bytes:
    """The body, unpacked; what is larger than the limit is not read to its end."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise SourceError(SourceState.BAD_DATA, Reason(Why.TOO_LARGE, host, number=limit // MB))
    return bytes(body)


def _moved(url: str, location: str, host: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise SourceError(SourceState.BAD_DATA, Reason(Why.OTHER_SHAPE, host, "Location")) from None


def _host(url: str) -> str:
    return clean(urlsplit(url).hostname or "", 80)


def json_of(document: Document, host: str) -> Any:
    """A JSON body; SourceError where it is none."""
    try:
        return msgspec.json.decode(document.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(SourceState.BAD_DATA, Reason(Why.UNREADABLE, host, clean(str(error), 80))) from error
