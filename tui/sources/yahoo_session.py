"""The transport under yfinance: one session that passes the door, bounds every step and fails once.

yfinance retries on its own: a 429 or a 404 costs three to eleven requests, and its cookie step ignores the
caller's time limit. All of its traffic goes through one session object, so the manners live here.
"""

import logging
import re
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
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.text import clean
from tui.sources.ports import Door, SourceError
from tui.sources.rest import GrowingRest

log = logging.getLogger(__name__)

COOKIE_HOST = "fc.yahoo.com"
CONSENT_HOSTS = frozenset({"guce.yahoo.com", "consent.yahoo.com"})
CRUMB_PATH = "/v1/test/getcrumb"
COOKIE_TIMEOUT_S = 5.0
COOKIE_REST_S = 600.0
LONGEST_REST_S = 3600.0
UNAUTHORIZED = 401
# What curl says about itself around what happened.
_CURLS_OWN = re.compile(r"^Failed to perform, curl: \(\d+\) | See https://curl\.se/\S+ first for more details\.$")


def _seconds(text: str | None) -> float | None:
    """Retry-After as seconds; the date form is left to the breaker's own pause."""
    return float(text) if text is not None and text.strip().isdigit() else None


def transport_error(error: RequestException, host: str) -> SourceError:
    """Name what the network did to a request."""
    detail = clean(_CURLS_OWN.sub("", str(error)), 120)
    match error:
        case Timeout():
            return SourceError(SourceState.HUNG, Reason(Why.NO_ANSWER, host))
        case DNSError():
            return SourceError(SourceState.OFFLINE, Reason(Why.UNRESOLVED, host))
        case ProxyError():
            return SourceError(SourceState.OFFLINE, Reason(Why.NO_PROXY, host, detail))
        case CertificateVerifyError() | SSLError():
            return SourceError(SourceState.OFFLINE, Reason(Why.UNTRUSTED, host, detail))
        case IncompleteRead():
            return SourceError(SourceState.BAD_DATA, Reason(Why.BROKE_OFF, host))
        case ConnectionError():
            return SourceError(SourceState.OFFLINE, Reason(Why.UNREACHABLE, host))
    return SourceError(SourceState.OFFLINE, Reason(Why.TROUBLE, host, detail))


def status_error(host: str, status: int, retry_after: str | None = None) -> SourceError:
    """Name a reply that is no answer."""
    match status:
        case 429:
            return SourceError(SourceState.LIMITED, Reason(Why.LIMITS, host, number=status), _seconds(retry_after))
        case 503:
            return SourceError(SourceState.LIMITED, Reason(Why.OVERLOADED, host, number=status), _seconds(retry_after))
        case 401 | 403:
            return SourceError(SourceState.REFUSED, Reason(Why.REFUSES_COOKIE, host, number=status))
        case 404:
            return SourceError(SourceState.NO_SUCH_SYMBOL, Reason(Why.UNKNOWN_SYMBOL, host))
    return SourceError(SourceState.BAD_DATA, Reason(Why.ERROR, host, number=status))


class PoliteSession(Session[Response]):
    """A browser-like session for yfinance. Raises SourceError where a reply is no answer, so nothing is retried.

    Left to yfinance are the first 401 of a while, after which it fetches a new cookie and crumb and asks once more,
    and the cookie step: its failure is a connection error to yfinance, which then tries its second way or goes on
    without a cookie. What failed rests, longer each time, so that a dead cookie host costs one wait and not one a
    refresh, and a refusal that a new cookie does not end costs no cookies.
    """

    def __init__(self, door: Door, clock: Clock, timeout_s: float) -> None:
        super().__init__(impersonate="chrome")
        self._door = door
        self._timeout_s = timeout_s
        # yfinance gets its cookie by fc.yahoo.com, else by the consent pages; each way has a host for its crumb.
        by_fc, by_consent = (GrowingRest(clock, COOKIE_REST_S, LONGEST_REST_S) for _ in range(2))
        self._ways = dict.fromkeys((COOKIE_HOST, "query1.finance.yahoo.com"), by_fc)
        self._ways |= dict.fromkeys((*CONSENT_HOSTS, "query2.finance.yahoo.com"), by_consent)
        self._refusal = GrowingRest(clock, COOKIE_REST_S, LONGEST_REST_S)
        self._refused_path = ""

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host == COOKIE_HOST or host in CONSENT_HOSTS or parts.path == CRUMB_PATH:
            return self._cookie_request(method, url, host, *args, **kwargs)
        self._door.admit(host)
        kwargs["timeout"] = self._timeout_s
        try:
            response = super().request(method, url, *args, **kwargs)
        except RequestException as error:
            raise transport_error(error, host) from error
        headers = self._observe(host, response)
        status = response.status_code
        if status == UNAUTHORIZED and self._new_cookie_may_help(parts.path):
            return response
        if status >= 400:
            raise status_error(host, status, headers.get("retry-after"))
        if headers.get("content-type", "").startswith("text/html"):
            raise SourceError(SourceState.BAD_DATA, Reason(Why.PAGE, host))
        if parts.path == self._refused_path:
            self._refusal.forget()
        return response

    def _new_cookie_may_help(self, path: str) -> bool:
        """Whether a refusal is worth another cookie: once in a while, and where there is a way to one."""
        if all(way.resting for way in self._ways.values()) or not self._refusal.begin():
            return False
        self._refused_path = path
        return True

    def _cookie_request(self, method: Any, url: str, host: str, *args: Any, **kwargs: Any) -> Response:
        way = self._ways[host]
        if way.resting:
            raise ConnectionError(f"{host}: the cookie step rests")
        try:
            self._door.admit(host)
        except SourceError as error:
            raise ConnectionError(str(error)) from error
        kwargs["timeout"] = min(self._timeout_s, COOKIE_TIMEOUT_S)
        try:
            response = super().request(method, url, *args, **kwargs)
        except RequestException as error:
            self._rest(way, host, type(error).__name__)
            raise
        self._observe(host, response)
        # The cookie host says 404 and sends its cookie all the same.
        given = bool(response.cookies) if host == COOKIE_HOST else response.status_code < 400
        if not given:
            self._rest(way, host, f"status {response.status_code}")
            raise ConnectionError(f"{host} answers the cookie step with {response.status_code}")
        if urlsplit(url).path == CRUMB_PATH:
            way.forget()
        return response

    def _rest(self, way: GrowingRest, host: str, why: str) -> None:
        if way.begin():
            log.warning("Yahoo: no cookie by %s (%s); tried again in %.0f min", host, why, way.left_s / 60)

    def _observe(self, host: str, response: Response) -> dict[str, str]:
        headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
        self._door.observe(host, response.status_code, headers)
        return headers
