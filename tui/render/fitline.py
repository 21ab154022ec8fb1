"""The fit in one line: the slopes, how sure they are, how much they explain, how far the stock moves by
itself.

Parts are dropped whole where the line is short, the least telling first.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Final

import msgspec

from tui.domain.attribution import Attribution
from tui.domain.symbol import Symbol, short_code
from tui.render.day_verdict import NEEDED_SESSIONS, unsplit_words
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language
from tui.render.tone import Run, Runs, Tone
from tui.render.width import cells
from tui.render.words import day_words

_PEERS: Final = "peers:"
_FOUND: Final = "found:"


class _Piece(msgspec.Struct, frozen=True):
    """A part of the line: what it is and its figure. Of two that do not both fit, the higher `rank` goes."""

    name: str
    figure: str
    rank: int


def factor_words(name: str, language: Language = "en") -> str:
    """A factor as it is read: "HSI", "HSTECH", "peers" for the median of the sector's other stocks, and
    "found 0386 0883 0941" for that of stocks which only the prices point to."""
    if name.startswith(_FOUND):
        codes = " ".join(short_code(Symbol(member)) for member in name.removeprefix(_FOUND).split(","))
        return f"{'相關股' if language == 'zh' else 'found'} {codes}"
    if name.startswith(_PEERS):
        return "同業" if language == "zh" else "peers"
    return short_code(Symbol(name))


def factor_short(name: str, language: Language = "en") -> str:
    """The same where there is no room for codes: "found peers (4)"."""
    if not name.startswith(_FOUND):
        return factor_words(name, language)
    count = name.removeprefix(_FOUND).count(",") + 1
    return f"相關股（{count}）" if language == "zh" else f"found peers ({count})"


def fit_line(day: Attribution, width: int, language: Language = "en", glyphs: Glyphs = BRAILLE) -> Runs:
    """ "fit 250 sessions to 5 Mar 2026 · beta HSI 1.74 ± 0.08 · …" in at most `width` cells; empty where none fits."""
    if not day.factors:
        return _unfitted(day, width, language)
    return _fitting(_pieces(day, language, glyphs), width, glyphs)


def fit_lines(
    day: Attribution, width: int, most: int, language: Language = "en", glyphs: Glyphs = BRAILLE
) -> tuple[Runs, ...]:
    """The same figures over at most `most` lines, so that less is dropped."""
    if not day.factors or most < 2:
        line = fit_line(day, width, language, glyphs)
        return (line,) if line else ()
    left = _pieces(day, language, glyphs)
    lines: list[Runs] = []
    while left and len(lines) < most - 1:
        count = max((n for n in range(1, len(left) + 1) if _length(left[:n], glyphs) <= width), default=0)
        if not count:
            break
        lines.append(_fitting(left[:count], width, glyphs))
        left = left[count:]
    rest = _fitting(left, width, glyphs)
    return (*lines, rest) if rest else tuple(lines)


def window_line(day: Attribution, width: int, language: Language = "en", glyphs: Glyphs = BRAILLE) -> Runs:
    """The market's slope by the length of the window: "beta by window 60: 1.70 · 120: 1.72 · 250: 1.74"."""
    known = [
        (length, beta)
        for length, beta in sorted(day.beta_by_window.items(), key=lambda item: int(item[0]))
        if beta is not None and isfinite(beta)
    ]
    if not known:
        return ()
    head = "各窗口 beta" if language == "zh" else "beta by window"
    # The fitted window is the one the split uses, so it is the last to go.
    pieces = [_Piece(f"{head} {known[0][0]}:", _figure(known[0][1], 2, glyphs), 0)]
    pieces += [_Piece(f"{length}:", _figure(beta, 2, glyphs), 1) for length, beta in known[1:]]
    return _fitting(pieces, width, glyphs)


def _figure(value: float, decimals: int, glyphs: Glyphs) -> str:
    return f"{value:.{decimals}f}".replace("-", glyphs.minus)


def _pieces(day: Attribution, language: Language, glyphs: Glyphs) -> list[_Piece]:
    zh = language == "zh"
    plain = glyphs.name == "ascii"
    error = "+-" if plain else "±"
    window = day.window
    sessions = f"{window.used}" if window.used == window.length else f"{window.used}/{window.length}"
    if window.last is None:
        until = ""
    elif zh:
        until = f"至 {window.last.year}年{day_words(window.last, 'zh').partition(' ')[0]}"
    else:
        until = f"to {day_words(window.last).partition(' ')[2]} {window.last.year}"
    length = f"{sessions} 日，{until}".rstrip("，") if zh else f"{sessions} sessions {until}".rstrip()
    pieces = [_Piece("擬合" if zh else "fit", length, 3)]
    for number, factor in enumerate(day.factors):
        name = factor_words(factor.name, language)
        figure = f"{_figure(factor.beta, 2, glyphs)} {error} {factor.beta_se:.2f}"
        pieces.append(_Piece(f"beta {name}" if number == 0 else name, figure, 0 if number == 0 else 2))
    if day.r2 is not None:
        pieces.append(_Piece("R2" if plain else "R²", f"{day.r2:.2f}", 5))
    if day.sigma_pp is not None:
        pieces.append(_Piece("個別波動" if zh else "own volatility", f"{day.sigma_pp:.2f} pp", 1))
    return pieces


def _fitting(pieces: Sequence[_Piece], width: int, glyphs: Glyphs) -> Runs:
    """As many pieces as fit, in their order."""
    separator = _separator(glyphs)
    kept = list(pieces)
    while kept and _length(kept, glyphs) > width:
        # Of equal ranks the later goes first.
        kept.remove(max(reversed(kept), key=lambda piece: piece.rank))
    runs: list[Run] = []
    for piece in kept:
        if runs:
            runs.append((separator, "muted"))
        runs += [(piece.name + " ", "muted"), (piece.figure, "text")]
    return tuple(runs)


def _separator(glyphs: Glyphs) -> str:
    return " | " if glyphs.name == "ascii" else " · "


def _length(pieces: Sequence[_Piece], glyphs: Glyphs) -> int:
    """The cells of a line of pieces."""
    words = sum(cells(piece.name) + 1 + cells(piece.figure) for piece in pieces)
    return words + len(_separator(glyphs)) * max(len(pieces) - 1, 0)


def _unfitted(day: Attribution, width: int, language: Language) -> Runs:
    """Why there is no fit, in the longest wording that has room."""
    used = day.window.used
    if used >= NEEDED_SESSIONS:
        short = unsplit_words(day, language)[0]
        wordings = (f"無法拆分：{short}", "無法拆分") if language == "zh" else (f"no split: {short}", "no split")
    elif language == "zh":
        wordings = (f"可用交易日 {used} 日，拆分需要 {NEEDED_SESSIONS} 日", f"{used}/{NEEDED_SESSIONS} 日")
    else:
        wordings = (
            f"{used} usable sessions; a split needs {NEEDED_SESSIONS}",
            f"{used} of {NEEDED_SESSIONS} sessions",
        )
    tone: Tone = "muted"
    return next((((words, tone),) for words in wordings if cells(words) <= width), ())
