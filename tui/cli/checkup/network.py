"""What stands between the feed and its sources, and how a running feed does. No request is made to the outside."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tui import __version__
from tui.cli.checkup.finding import Finding
from tui.config.paths import Paths
from tui.domain.row import FeedStatus, SourceHealth, SourceState
from tui.domain.text import clean
from tui.domain.trading_day import to_hkt
from tui.ui.link import Connected, FeedLink, Incompatible, Lost
from tui.wire import Hello, Refused, Snapshot

PATIENCE_S: Final = 3.0
_PROXIES: Final = ("https_proxy", "http_proxy", "all_proxy")
_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
_WELL: Final = (SourceState.OK, SourceState.STARTING, SourceState.RESTING)


def check_network(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Proxies and certificates that the environment names."""
    found = False
    for name in (spelling for proxy in _PROXIES for spelling in (proxy, proxy.upper())):
        if environ.get(name):
            found = True
            yield _proxy(name, environ[name])
    if not found:
        yield Finding("ok", "network", "no proxy is set: sources are asked directly")
    elif skipped := environ.get("no_proxy") or environ.get("NO_PROXY"):
        yield Finding("note", "network", f"not through the proxy: {clean(skipped, 200)}")
    places = {name: environ[name] for name in _CERTIFICATES if environ.get(name)}
    for name, place in places.items():
        if not Path(place).exists():
            yield Finding(
                "wrong", "network", f"{name} names {clean(place, 200)}, which is not there: no source is trusted"
            )
    if places:
        yield Finding("note", "network", f"only the certificates of {', '.join(places)} are trusted")


def _proxy(name: str, address: str) -> Finding:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        return Finding(
            "wrong", "network", f"{name} is no address of a proxy: write it as http://host:port, or unset it"
        )
    # Never the user and password that may stand before the host.
    where = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return Finding("note", "network", f"{name} is set: sources are asked through {clean(where, 200)}")


def check_feed(source: str, paths: Paths) -> Iterator[Finding]:
    """The sources of a feed that is running, their state and what of their budget is used."""
    # Not paths.socket(), which makes the folder: a check changes nothing.
    socket = next(paths.runtime_dir.glob(f"feed-{source}.sock"), None)
    if socket is None:
        yield Finding("ok", "feed", f"none is running for {source}; a terminal starts one")
        return
    answer = asyncio.run(_ask(socket))
    if answer is None:
        yield Finding("note", "feed", f"{socket} was left by a feed that was killed; the next feed takes its place")
        return
    if isinstance(answer, str):
        yield Finding("wrong", "feed", f"{socket}: {answer}")
        return
    hello, status = answer
    yield Finding("ok", "feed", f"{hello.source}, version {clean(hello.version, 40)}, process {hello.pid}")
    for warning in status.warnings:
        yield Finding("wrong", "feed", clean(warning))
    owners: dict[str, str] = {}
    for health in status.sources:
        owner = owners.setdefault(health.door, health.name) if health.door else health.name
        yield _source(health, owner)


async def _ask(socket: Path) -> tuple[Hello, FeedStatus] | str | None:
    """What a feed says of itself, or why it says nothing; None where nobody listens."""
    try:
        _, writer = await asyncio.open_unix_connection(socket)
        writer.close()
    except (ConnectionRefusedError, FileNotFoundError):
        return None
    except OSError as error:
        return f"{error.strerror}: look at its permissions"
    link = FeedLink(socket, __version__, start=None)
    link.watch(())
    hello = None
    try:
        async with asyncio.timeout(PATIENCE_S), aclosing(link.events()) as events:
            async for event in events:
                match event:
                    case Connected():
                        hello = event.hello
                    case Snapshot() if hello is not None:
                        return hello, event.status
                    case Lost(reason) | Incompatible(reason) | Refused(reason=reason):
                        return f"{reason}; end the process that listens there"
    except TimeoutError:
        pass
    return f"no answer within {PATIENCE_S:.0f} s: end the process that listens there"


def _source(health: SourceHealth, owner: str) -> Finding:
    said = [f"{clean(health.name, 40)}: {health.state.replace('_', ' ')}"]
    if health.reason:
        said.append(clean(health.reason, 200))
    if owner != health.name:
        said.append(f"requests shared with {clean(owner, 40)}")
    elif health.budget:
        busiest = max(health.hosts, key=lambda host: host.used, default=None)
        where = f" at {clean(busiest.host, 100)}" if busiest and busiest.used else ""
        said.append(f"{health.used} of {health.budget} requests in the last minute{where}")
    if health.next_try is not None:
        said.append(f"asked next at {to_hkt(health.next_try):%H:%M:%S} HKT")
    return Finding("ok" if health.state in _WELL else "wrong", "source", ", ".join(said))
