"""The throwaway certificate authority of one world, and the environment that makes clients trust it."""

import ssl
from pathlib import Path

import trustme

HOSTS = (
    "fc.yahoo.com",
    "guce.yahoo.com",
    "consent.yahoo.com",
    "finance.yahoo.com",
    "query1.finance.yahoo.com",
    "query2.finance.yahoo.com",
    "feeds.finance.yahoo.com",
    "www1.hkexnews.hk",
    "www3.hkexnews.hk",
    "www.hkex.com.hk",
    "rthk.hk",
    "www.rthk.hk",
    "feeds.example.org",
)


class Authority:
    """Signs one certificate for every host of the world. `ca_file` is what clients are told to trust."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.ca_file = folder / "world-ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))

    def server_context(self) -> ssl.SSLContext:
        """What the server presents."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*HOSTS).configure_cert(context)
        return context

    def environment(self, proxy_url: str) -> dict[str, str]:
        """The variables that lead yfinance (curl), aiohttp and ssl into this world."""
        trusted = str(self.ca_file)
        return {
            "HTTPS_PROXY": proxy_url,
            "https_proxy": proxy_url,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "SSL_CERT_FILE": trusted,
            "CURL_CA_BUNDLE": trusted,
            "REQUESTS_CA_BUNDLE": trusted,
        }
