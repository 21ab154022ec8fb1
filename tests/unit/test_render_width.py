"""Texts by cells: exact widths for every text, hostile ones included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.render.width import cells, cut, pad, printable, wrap

# Letters, wide characters, emoji, combining and control characters, bidi overrides, escapes and markup.
texts = st.text(
    st.one_of(
        st.sampled_from("ab Z9-·阿里巴巴（）ﾊ한😀👩\u0301\ufe0f\u200d\u202e\u0007\x1b[]/…▴⣿"),
        st.characters(blacklist_categories=["Cs"]),
    ),
    max_size=320,
)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Alibaba", 10, "Alibaba"),
        ("JD Logistics", 8, "JD Log.."),
        ("JD Logistics", 5, "JD Lo"),
        ("阿里巴巴健康", 8, "阿里巴.."),
        ("阿里巴巴健康", 7, "阿里.."),
        ("阿里巴巴", 5, "阿里"),
        ("Alibaba", 0, ""),
        ("", 4, ""),
    ],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


@given(texts, st.integers(0, 40))
def test_cut_never_exceeds_its_cells(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width


@given(texts, st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_pad_fills_its_cells_exactly(text: str, width: int, side: str) -> None:
    assert cell_len(pad(text, width, "right" if side == "right" else "left")) == width


@given(texts)
def test_nothing_unprintable_gets_through(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert "\x1b" not in shown


def test_escapes_and_bidi_are_gone_markup_stays_text() -> None:
    assert printable("\x1b[31mred\x1b[0m \u202eevil [/] [b]") == "red evil [/] [b]"


@given(texts, st.integers(2, 60), st.sampled_from(["", "  "]))
def test_wrap_keeps_to_its_cells_and_loses_nothing_but_blanks(text: str, width: int, indent: str) -> None:
    lines = wrap(text, max(width, len(indent) + 2), indent)
    assert all(cell_len(line) <= max(width, len(indent) + 2) for line in lines)
    assert "".join("".join(lines).split()) == "".join(printable(text).split())


def test_wrap_breaks_at_blanks_and_between_chinese_characters() -> None:
    assert wrap("anything from here to there", 14) == ["anything from", "here to there"]
    assert wrap("此升跌的收市價為公開數字。", 10) == ["此升跌的收", "市價為公開", "數字。"]
    # A closing sign never starts a line.
    assert wrap("甲乙丙丁。戊", 8) == ["甲乙丙", "丁。戊"]
    # A word longer than a line is broken.
    assert wrap("a" * 12, 8, "  ") == ["a" * 8, "  aaaa"]


def test_cells() -> None:
    assert [cells(text) for text in ("", "abc", "阿里", "▴ −1.72", "⣿⣿")] == [0, 3, 4, 7, 2]
