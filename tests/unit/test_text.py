import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.text import clean, clean_lines, is_web_link


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b1mcsi", "csi"),
        ("\x1bPdcs\x1b\\x", "x"),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        ("two\nlines\tand   blanks", "two lines and blanks"),
        ("[/] stays, it is only text", "[/] stays, it is only text"),
        ("阿里巴巴集團", "阿里巴巴集團"),
    ],
)
def test_hostile_text_is_harmless(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text(max_size=2000), st.integers(1, 400))
def test_clean_text_is_printable_and_bounded(raw: str, limit: int) -> None:
    text = clean(raw, limit)
    assert len(text) <= limit
    assert all(unicodedata.category(char)[0] != "C" for char in text)
    assert clean(text, limit) == text


def test_lines_are_kept_in_notes() -> None:
    assert clean_lines("one\x1b[2J\ntwo\u202e") == "one\ntwo"


def test_of_a_note_nothing_is_cut() -> None:
    long = "\n".join(["word " * 9_999 + "last"] * 3)
    assert clean_lines(long) == long
    assert clean_lines(f"\x00{long}\u200b") == long


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://www.hkexnews.hk/a.pdf", True),
        ("http://example.org", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("https://a b", False),
        ("https://a\x1b]0;x\x07", False),
        ("https://" + "a" * 3000, False),
    ],
)
def test_only_web_links_are_opened(url: str, fine: bool) -> None:
    assert is_web_link(url) is fine
