"""The transport under yfinance: one session that passes the door, bounds every step and fails once.

yfinance retries on its own: a 429 or a 404 costs three to eleven requests, and its cookie step ignores the
caller's time limit. All of its traffic goes through one session object, so the manners live here.
"""

from typing import Any
from urllib.parse import urlsplit

from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import (
    CertificateVerifyError,
    ConnectionError,
    DNSError,
    IncompleteRead,
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
)

from tui.domain.clock import Clock
from tui.domain.row import SourceState
from tui.domain.text import clean
from tui.sources.ports import Door, SourceError

COOKIE_HOST = "fc.yahoo.com"
COOKIE_STEP = frozenset({COOKIE_HOST, "guce.yahoo.com", "consent.yahoo.com"})
CRUMB_PATH = "/v1/test/getcrumb"
COOKIE_TIMEOUT_S = 5.0
COOKIE_REST_S = 600.0
UNAUTHORIZED = 401


def _seconds(text: str | None) -> float | None:
    """Retry-After as seconds; the date form is left to the breaker's own pause."""
    return float(text) if text is not None and text.strip().isdigit() else None


def transport_error(error: RequestException, host: str) -> SourceError:
    """Name what the network did to a request."""
    detail = clean(str(error), 120)
    match error:
        case Timeout():
            return SourceError(SourceState.HUNG, f"{host} did not answer in time")
        case DNSError():
            return SourceError(SourceState.OFFLINE, f"the name {host} could not be resolved")
        case ProxyError():
            return SourceError(SourceState.OFFLINE, f"the proxy did not lead to {host}: {detail}")
        case CertificateVerifyError() | SSLError():
            return SourceError(SourceState.OFFLINE, f"no trusted connection to {host}: {detail}")
        case IncompleteRead():
            return SourceError(SourceState.BAD_DATA, f"{host} broke off in the middle of its answer")
        case ConnectionError():
            return SourceError(SourceState.OFFLINE, f"{host} could not be reached")
    return SourceError(SourceState.OFFLINE, f"{host}: {detail}")


def status_error(host: str, status: int, retry_after: str | None = None) -> SourceError:
    """Name a reply that is no answer."""
    match status:
        case 429:
            return SourceError(SourceState.LIMITED, f"{host} limits us (429)", _seconds(retry_after))
        case 503:
            return SourceError(SourceState.LIMITED, f"{host} is overloaded (503)", _seconds(retry_after))
        case 401 | 403:
            return SourceError(SourceState.REFUSED, f"{host} refuses our cookie ({status})")
        case 404:
            return SourceError(SourceState.NO_SUCH_SYMBOL, f"{host} does not know this symbol")
    return SourceError(SourceState.BAD_DATA, f"{host} answers with an error ({status})")


class PoliteSession(Session[Response]):
    """A browser-like session for yfinance. Raises SourceError where a reply is no answer, so nothing is retried.

    Left to yfinance are 401, after which it fetches a new crumb and asks once more, and the cookie step: its
    failure is a connection error to yfinance, which then goes on without a cookie. A failed cookie step rests ten
    minutes, so that a dead cookie host costs one wait and not one a refresh.
    """

    def __init__(self, door: Door, clock: Clock, timeout_s: float) -> None:
        super().__init__(impersonate="chrome")
        self._door = door
        self._clock = clock
        self._timeout_s = timeout_s
        self._cookie_rests_until = float("-inf")
        self._refusals = 0

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host in COOKIE_STEP or parts.path == CRUMB_PATH:
            return self._cookie_request(method, url, host, *args, **kwargs)
        self._door.admit(host)
        kwargs["timeout"] = self._timeout_s
        try:
            response = super().request(method, url, *args, **kwargs)
        except RequestException as error:
            raise transport_error(error, host) from error
        headers = self._observe(host, response)
        self._refusals = self._refusals + 1 if response.status_code == UNAUTHORIZED else 0
        if response.status_code >= 400 and self._refusals != 1:
            self._refusals = 0
            raise status_error(host, response.status_code, headers.get("retry-after"))
        return response

    def _cookie_request(self, method: Any, url: str, host: str, *args: Any, **kwargs: Any) -> Response:
        if self._clock.monotonic() < self._cookie_rests_until:
            raise ConnectionError(f"{host}: the cookie step rests")
        try:
            self._door.admit(host)
        except SourceError as error:
            raise ConnectionError(error.reason) from error
        kwargs["timeout"] = min(self._timeout_s, COOKIE_TIMEOUT_S)
        try:
            response = super().request(method, url, *args, **kwargs)
        except RequestException:
            self._cookie_rests_until = self._clock.monotonic() + COOKIE_REST_S
            raise
        self._observe(host, response)
        if host != COOKIE_HOST and response.status_code >= 400:
            self._cookie_rests_until = self._clock.monotonic() + COOKIE_REST_S
            raise ConnectionError(f"{host} answers the cookie step with {response.status_code}")
        return response

    def _observe(self, host: str, response: Response) -> dict[str, str]:
        headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
        self._door.observe(host, response.status_code, headers)
        return headers
