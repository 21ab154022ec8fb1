"""RSS and Atom as they come: in several encodings, broken off, hostile."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.sources.feed_reader import AHEAD_MS, MOST_ITEMS, FeedText, moment_of, plain, read_feed

NOW = round(datetime(2026, 3, 6, 8, tzinfo=UTC).timestamp() * 1000)
DATE = "Fri, 06 Mar 2026 15:30:00 +0800"
HALF_PAST = NOW - 30 * 60_000


def _rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Desk</title>{"".join(items)}</channel></rss>'.encode()


def _item(title: str = "Tencent buys back shares", date: str = DATE, more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://a.example/1</link><pubDate>{date}</pubDate>{more}</item>"


def _read(body: bytes, charset: str = "") -> FeedText:
    return read_feed(body, charset, NOW)


def test_rss() -> None:
    (item,) = _read(_rss(_item(more="<description>&lt;p&gt;More &amp;amp; more&lt;/p&gt;</description>"))).items
    assert (item.title, item.time, item.url) == ("Tencent buys back shares", HALF_PAST, "https://a.example/1")
    assert item.summary == "More & more"


def test_atom_and_rdf() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title><entry><title>AIA</title><id>urn:1</id>
      <link rel="self" href="https://a.example/self"/><link href="https://a.example/2"/>
      <updated>2026-03-06T07:30:00Z</updated><author><name>x</name></author></entry></feed>"""
    (item,) = _read(atom.encode()).items
    assert (item.title, item.time, item.url) == ("AIA", HALF_PAST, "https://a.example/2")
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <item><title>AIA</title><dc:date>2026-03-06T15:30:00+08:00</dc:date></item></rdf:RDF>"""
    assert [item.time for item in _read(rdf.encode()).items] == [HALF_PAST]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "gb18030"])
def test_encodings(encoding: str) -> None:
    text = _rss(_item("騰訊回購"), head=f'<?xml version="1.0" encoding="{encoding}"?>').decode()
    body = text.encode(encoding)
    found = _read(body, encoding if encoding == "utf-16" else "")
    assert [item.title for item in found.items] == ["騰訊回購"]
    assert found.dropped == {}


def test_wrong_bytes_cost_a_character_not_the_feed() -> None:
    found = _read(_rss(_item("Tencent ?"), _item("AIA")).replace(b"?</title>", b"\xff</title>"))
    assert len(found.items) == 2
    assert found.dropped == {"wrong bytes": 1}


def test_a_feed_that_breaks_off_keeps_what_came() -> None:
    whole = _rss(*(_item(f"Item {number}") for number in range(10)))
    found = _read(whole[: len(whole) * 6 // 10])
    assert 3 <= len(found.items) < 10
    assert found.dropped == {"broken off": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no XML"),
        (b"<html><body>Will be right back...</body></html>", "neither RSS nor Atom"),
        (b"Edge: Too Many Requests", "no XML"),
        (b'{"items": []}', "no XML"),
        (
            b'<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><rss><title>&b;</title></rss>',
            "entities",
        ),
        (
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>',
            "entities",
        ),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        _read(body)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (_item(""), "no title"),
        (_item("\u202e &#8203;"), "no title"),
        (_item(date="Fri, 31 Feb 2026 15:30:00 +0800"), "no readable date"),
        (_item(date="yesterday"), "no readable date"),
        (_item(date=""), "no readable date"),
        (_item(date="2026-03-06T15:30:00"), "no readable date"),
        (_item(date="Fri, 06 Mar 1026 15:30:00 +0800"), "no readable date"),
        (_item(date="Sat, 06 Mar 2027 15:30:00 +0800"), "dated in the future"),
    ],
)
def test_what_is_dropped_is_counted(item: str, reason: str) -> None:
    found = _read(_rss(item, _item()))
    assert len(found.items) == 1
    assert found.dropped == {reason: 1}


def test_a_clock_ten_minutes_ahead_is_no_reason() -> None:
    assert len(_read(_rss(_item(date="Fri, 06 Mar 2026 16:10:00 +0800"))).items) == 1
    assert _read(_rss(_item(date="Fri, 06 Mar 2026 16:16:00 +0800"))).dropped == {"dated in the future": 1}
    assert AHEAD_MS == 15 * 60_000


def test_hostile_titles_come_out_harmless() -> None:
    (item,) = _read(_rss(_item("&lt;b&gt;[/]&lt;/b&gt; \u202eTencent&amp;#27;[31m\u0085 x"))).items
    assert item.title == "[/] Tencent[31m x"
    (long,) = _read(_rss(_item("x" * 200_000))).items
    assert len(long.title) == 300
    assert (
        _read(_rss(_item(more="<guid>g</guid>").replace("https://a.example/1", "javascript:alert(1)"))).items[0].url
        == ""
    )


def test_a_feed_of_too_many_items_is_cut() -> None:
    assert len(_read(_rss(*[_item()] * (MOST_ITEMS + 5))).items) == MOST_ITEMS


def test_the_same_item_has_the_same_id_whatever_stands_around_it() -> None:
    one = _read(_rss(_item(more="<guid>7</guid>"))).items[0]
    other = _read(_rss(_item("A better title", more="<guid>7</guid>"), _item())).items
    assert one.id == other[0].id != other[1].id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DATE, HALF_PAST),
        ("Fri, 06 Mar 2026 15:30:00 HKT", HALF_PAST),
        ("Fri, 06 Mar 2026 07:30:00 GMT", HALF_PAST),
        ("06 Mar 2026 07:30:00 -0000", HALF_PAST),
        ("2026-03-06T07:30:00Z", HALF_PAST),
        ("2026-03-06", None),
        ("Fri, 06 Mar 99999 07:30:00 GMT", None),
    ],
)
def test_dates(text: str, expected: int | None) -> None:
    assert moment_of(text) == expected


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    try:
        found = _read(b"<rss>" + body)
    except ValueError:
        return
    assert isinstance(found, FeedText)


@given(st.text(max_size=200))
def test_any_text_is_one_clean_line(text: str) -> None:
    assert plain(text).isprintable()
    assert "\n" not in plain(text)
