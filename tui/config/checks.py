"""What types cannot say about the settings: symbols, dates, addresses, and settings that need each other."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from tui.config.errors import dotted
from tui.config.schema import Config
from tui.domain.symbol import Symbol, SymbolError, parse_symbol
from tui.domain.text import clean, is_web_link

LIST_LIMIT = 1000
NAME_LIMIT = 40

Finding = tuple[str, str]


def check_values(config: Config) -> Iterator[Finding]:
    """Key and reason of everything that is wrong although its type is right."""
    yield from _lists(config)
    yield from _sectors(config)
    yield from _days(config)
    yield from _pipe(config)
    yield from _news(config)
    yield from _symbol("attribution.market", config.attribution.market)
    theme = config.screen.theme
    if not theme or theme != clean(theme) or "/" in theme or theme.startswith("."):
        yield "screen.theme", 'must be the plain name of a theme, such as "dark"'


def name_problem(name: str) -> str:
    """Why a text cannot name a list or a group; "" where it can."""
    if not name.strip():
        return "needs a name"
    if name != clean(name):
        return "has a name with control characters or stray blanks"
    return f"has a name of more than {NAME_LIMIT} characters" if len(name) > NAME_LIMIT else ""


def _symbol(key: str, text: str) -> Iterator[Finding]:
    try:
        parse_symbol(text)
    except SymbolError as error:
        yield key, f"is wrong: {error}"


def _lists(config: Config) -> Iterator[Finding]:
    for name, symbols in config.list.start.items():
        key = dotted("list.start", name)
        if problem := name_problem(name):
            yield key, problem
        if len(symbols) > LIST_LIMIT:
            yield key, f"holds {len(symbols)} stocks; a list holds at most {LIST_LIMIT}"
        for symbol in symbols:
            yield from _symbol(key, symbol)
    repeated = {name for name in config.list.columns if config.list.columns.count(name) > 1}
    if repeated:
        yield "list.columns", f"names {', '.join(sorted(repeated))} twice"


def _sectors(config: Config) -> Iterator[Finding]:
    seen: dict[Symbol, str] = {}
    for name, sector in config.sectors.items():
        key = dotted("sectors", name)
        if problem := name_problem(name):
            yield key, problem
        if sector.index is not None:
            yield from _symbol(f"{key}.index", sector.index)
        for member in sector.members:
            if problems := list(_symbol(f"{key}.members", member)):
                yield from problems
            elif seen.setdefault(parse_symbol(member), name) != name:
                yield f"{key}.members", f"names {member}, which {seen[parse_symbol(member)]} has already"


def _days(config: Config) -> Iterator[Finding]:
    for text in config.calendar:
        try:
            valid = date.fromisoformat(text).isoformat() == text
        except ValueError:
            valid = False
        if not valid:
            yield dotted("calendar", text), "is no date: write year, month and day, such as 2026-09-23"


def _pipe(config: Config) -> Iterator[Finding]:
    pipe = config.pipe
    if pipe.command and pipe.socket:
        yield "pipe.socket", "and command are both set: keep the one that delivers the prices"
    if config.source == "pipe" and not pipe.command and not pipe.socket:
        yield "pipe.command", 'is empty, but source is "pipe": name the program, or the socket'
    if not pipe.history:
        yield "pipe.history", 'is empty: write "yahoo" or the path of a CSV of closes'


def _news(config: Config) -> Iterator[Finding]:
    names = [feed.name for feed in config.news.feeds]
    for number, feed in enumerate(config.news.feeds, start=1):
        key = f"news.feeds (item {number})"
        if problem := name_problem(feed.name):
            yield key, problem
        if names.count(feed.name) > 1 or feed.name in config.news.sources:
            yield key, f"has the name {feed.name}, which another source has"
        if not (is_web_link(feed.url) and feed.url.startswith("https://") and urlsplit(feed.url).hostname):
            yield key, f"needs an address that starts with https://, not {clean(feed.url, 60)!r}"
        for host in feed.redirect_hosts:
            if urlsplit(f"https://{host}").hostname != host.lower() or "." not in host:
                yield key, f"may redirect to a host such as cdn.example.com, not to {clean(host, 60)!r}"
    for symbol, words in config.news.aliases.items():
        key = dotted("news.aliases", symbol)
        yield from _symbol(key, symbol)
        if any(not word.strip() or word != clean(word) for word in words):
            yield key, "has an empty name, or one with control characters"
