"""Read RSS and Atom: bounded, without entities, as far as the text goes. Nothing in it is trusted."""

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from xml.etree.ElementTree import ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from tui.domain.text import clean, is_web_link

MOST_ITEMS: Final = 500
SUMMARY_LIMIT: Final = 500
# What one element may hold before it is cut; a title is cut again when it is cleaned.
_TEXT_LIMIT: Final = 20_000
# A source's clock may be this much ahead of ours.
AHEAD_MS: Final = 15 * 60 * 1000

_ITEMS = frozenset({"item", "entry"})
_FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "pubDate": "date",
    "published": "date",
    "updated": "updated",
    "date": "date",
    "description": "summary",
    "summary": "summary",
}
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_TAG = re.compile(r"<[^<>]{0,2000}>")
# Zones that RFC 5322 dates of Hong Kong carry and the standard library takes for nothing.
_HK_ZONE = re.compile(r"\b(?:HKT|HKST)\b")


class FeedItem(msgspec.Struct, frozen=True):
    """One headline: when it was published (epoch milliseconds), and what it says, cleaned."""

    id: str
    time: int
    title: str
    summary: str = ""
    url: str = ""
    publisher: str = ""


class FeedText(msgspec.Struct, frozen=True):
    """What could be read of a feed; `dropped` counts what could not, by reason."""

    items: tuple[FeedItem, ...]
    dropped: dict[str, int]


class _Target:
    """Collects the fields of items while the parser walks; nothing else of the document is kept."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.is_feed = False
        self._row: dict[str, str] | None = None
        self._field = ""
        self._parts: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self.is_feed = self.is_feed or name in ("rss", "feed", "RDF")
        if name in _ITEMS:
            self._row = {}
        elif self._row is not None and name in _FIELDS and not self._field:
            self._field, self._parts, self._length = _FIELDS[name], [], 0
            if name == "link" and attributes.get("rel", "alternate") == "alternate" and "href" in attributes:
                self._row.setdefault("link", attributes["href"])

    def data(self, text: str) -> None:
        if self._field and self._length < _TEXT_LIMIT:
            self._parts.append(text[:_TEXT_LIMIT])
            self._length += len(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if self._row is None:
            return
        if name in _ITEMS:
            if len(self.rows) < MOST_ITEMS:
                self.rows.append(self._row)
            self._row, self._field = None, ""
        elif _FIELDS.get(name) == self._field and self._field:
            if text := "".join(self._parts).strip():
                self._row.setdefault(self._field, text)
            self._field = ""

    def close(self) -> "_Target":
        return self


def read_feed(body: bytes, charset: str, now: int) -> FeedText:
    """The headlines of a feed, newest first as it has them. ValueError where the text is no feed at all."""
    dropped: Counter[str] = Counter()
    target = _Target()
    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(_as_utf8(body, charset, dropped))
        parser.close()
    except DefusedXmlException as error:
        raise ValueError("it declares entities or a document type, which no feed needs") from error
    except ParseError as error:
        if not target.is_feed:
            raise ValueError(f"it is no XML: {error}") from error
        dropped["broken off"] += 1
    if not target.is_feed:
        raise ValueError("it is neither RSS nor Atom")
    return FeedText(tuple(_items(target.rows, now, dropped)), dict(dropped))


def _as_utf8(body: bytes, charset: str, dropped: Counter[str]) -> bytes:
    """The text in UTF-8 without its declaration: expat reads no Big5, and a wrong byte must not end the feed."""
    declaration = _DECLARATION.match(body)
    declared = _ENCODING.search(declaration[0]) if declaration else None
    name = declared[1].decode("ascii") if declared else charset or "utf-8"
    try:
        text = body.decode(name)
    except (LookupError, UnicodeDecodeError):
        text = body.decode("utf-8", "replace")
        dropped["wrong bytes"] += 1
    return _DECLARATION.sub(b"", text.encode("utf-8", "replace").lstrip(b"\xef\xbb\xbf"))


def _items(rows: list[dict[str, str]], now: int, dropped: Counter[str]) -> Iterator[FeedItem]:
    for row in rows:
        title = plain(row.get("title", ""))
        published = row.get("date") or row.get("updated") or ""
        moment = moment_of(published)
        if not title:
            dropped["no title"] += 1
        elif moment is None:
            dropped["no readable date"] += 1
        elif moment > now + AHEAD_MS:
            dropped["dated in the future"] += 1
        else:
            link = row.get("link", "").strip()
            key = row.get("id") or link or f"{title} {published}"
            digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
            url = link if is_web_link(link) else ""
            yield FeedItem(digest, moment, title, plain(row.get("summary", ""), SUMMARY_LIMIT), url)


def plain(text: str, limit: int = 300) -> str:
    """One clean line: tags and character references of HTML resolved, twice as feeds nest them."""
    return clean(html.unescape(_TAG.sub(" ", html.unescape(text[:_TEXT_LIMIT]))), limit)


def moment_of(text: str) -> int | None:
    """An RFC 5322 or ISO 8601 date with its zone as epoch milliseconds; None where it is none or cannot be meant."""
    text = _HK_ZONE.sub("+0800", text.strip()[:60])
    try:
        if text[:4].isdigit():
            when = datetime.fromisoformat(text)
        else:
            when = parsedate_to_datetime(text)
            # "-0000" says: in UTC, of an unknown place.
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
        moment = (when - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if 1990 <= when.year < 2100 else None
