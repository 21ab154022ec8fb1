"""The fit in one line: the figures of the contract, dropped whole."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, INSUFFICIENT, NO_SECTOR, any_day
from tui.domain.attribution import Attribution
from tui.render.fitline import factor_words, fit_line, window_line
from tui.render.glyphs import glyphs
from tui.render.tone import plain
from tui.render.width import cells


def test_the_whole_line() -> None:
    assert plain(fit_line(ALIBABA, 140)) == (
        "fit 250 sessions to 5 Mar 2026 · beta HSI 1.74 ± 0.08 · HSTECH 0.65 ± 0.16 · R² 0.69 · own volatility 1.75 pp"
    )
    assert plain(fit_line(ALIBABA, 140, "zh")) == (
        "擬合 250 日，至 2026年3月5日 · beta HSI 1.74 ± 0.08 · HSTECH 0.65 ± 0.16 · R² 0.69 · 個別波動 1.75 pp"
    )


def test_ascii_has_no_other_signs() -> None:
    line = plain(fit_line(ALIBABA, 140, glyphs=glyphs("ascii")))
    assert line.isascii()
    assert "beta HSI 1.74 +- 0.08 | HSTECH 0.65 +- 0.16 | R2 0.69" in line


def test_parts_go_whole_the_least_telling_first() -> None:
    assert plain(fit_line(ALIBABA, 110)) == (
        "fit 250 sessions to 5 Mar 2026 · beta HSI 1.74 ± 0.08 · HSTECH 0.65 ± 0.16 · R² 0.69 · own volatility 1.75 pp"
    )
    assert plain(fit_line(ALIBABA, 70)) == "beta HSI 1.74 ± 0.08 · HSTECH 0.65 ± 0.16 · own volatility 1.75 pp"
    assert plain(fit_line(ALIBABA, 45)) == "beta HSI 1.74 ± 0.08 · own volatility 1.75 pp"
    assert plain(fit_line(ALIBABA, 20)) == "beta HSI 1.74 ± 0.08"
    assert fit_line(ALIBABA, 19) == ()


def test_without_a_sector() -> None:
    assert "HSTECH" not in plain(fit_line(NO_SECTOR, 140))


def test_too_little_history_says_how_much_is_needed() -> None:
    assert plain(fit_line(INSUFFICIENT, 80)) == "43 usable sessions; a split needs 60"
    assert plain(fit_line(INSUFFICIENT, 30)) == "43 of 60 sessions"
    assert plain(fit_line(INSUFFICIENT, 80, "zh")) == "可用交易日 43 日，拆分需要 60 日"
    assert fit_line(INSUFFICIENT, 5) == ()


def test_slopes_by_window() -> None:
    assert plain(window_line(ALIBABA, 60)) == "beta by window 60: 1.69 · 120: 1.72 · 250: 1.74"
    assert plain(window_line(ALIBABA, 60, "zh")) == "各窗口 beta 60: 1.69 · 120: 1.72 · 250: 1.74"
    assert window_line(INSUFFICIENT, 60) == ()


def test_names_of_factors() -> None:
    assert [factor_words(name) for name in ("^HSI", "3033.HK", "peers:banks")] == ["HSI", "3033", "peers"]
    assert factor_words("peers:banks", "zh") == "同業"


@given(day=any_day(), width=st.integers(0, 160), zh=st.booleans())
def test_lines_keep_to_their_width(day: Attribution, width: int, zh: bool) -> None:
    for line in (fit_line(day, width, "zh" if zh else "en"), window_line(day, width, "zh" if zh else "en")):
        assert cells(plain(line)) <= width
        assert not plain(line).endswith(("·", " "))


def test_peers_that_only_the_prices_point_to_are_named() -> None:
    assert factor_words("found:0386.HK,0883.HK,0941.HK") == "found 0386 0883 0941"
    assert factor_words("found:0386.HK,0883.HK,0941.HK", "zh") == "相關股 0386 0883 0941"
