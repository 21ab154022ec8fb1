"""The answer to "why did it move" as a few lines of text: the move and its parts as bars, the verdict, how unusual the
own part is and what else would fit, the evidence, what is odd, the fit, and where the numbers come from.
"""

from datetime import date
from typing import Final

from tui.domain.attribution import Attribution, Candidate, Verdict
from tui.domain.market import Instrument
from tui.domain.symbol import short_code
from tui.render.bars import parts_of_day, scale_of
from tui.render.candidates import (
    candidate_line,
    candidate_lines,
    candidate_mark,
    candidate_tone,
    coverage_words,
    title_of,
)
from tui.render.day_notes import tick_sentence
from tui.render.day_verdict import unsplit_words, verdict_with_news
from tui.render.days import day_runs, head_runs, layout_for
from tui.render.fitline import fit_lines, window_line
from tui.render.flags import flag_lines
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import percent, price_text, signed, times
from tui.render.provenance import Provenance
from tui.render.tone import Run, Runs, Tone, direction
from tui.render.waterfall import waterfall
from tui.render.width import cells, cut, wrap
from tui.render.words import (
    day_words,
    flags_told,
    is_own,
    rarity_words,
    verdict_tone,
)

# Own parts this many forecast errors to either side of the estimate cannot be told from it, 19 times in 20.
_SURE: Final = 1.96
_NAME: Final = 32

_OWN = Words("own {own} pp", "個別 {own} 百分點")
_FITS = Words("anything from {low} to {high} pp would fit", "{low} 至 {high} 百分點都說得通")
_VOLUME = Words("volume {} the usual", "成交量為平常 {}")
_SESSIONS = Words("the move spans {} sessions", "升跌涵蓋 {} 個交易日")


def explain_lines(
    day: Attribution,
    instrument: Instrument,
    provenance: Provenance,
    width: int,
    language: Language = "en",
    glyphs: Glyphs = BRAILLE,
) -> tuple[Runs, ...]:
    """The answer for one day; no line is wider than `width` cells (at least 20)."""
    fitted = bool(day.factors)
    blocks: list[tuple[Runs, ...]] = [
        _head(day, instrument, width, language, glyphs),
        waterfall(day, width, language, glyphs),
        _verdict(day, width, language, glyphs.minus),
        _news(day, width, language, glyphs),
        (
            *flag_lines(day, flags_told(day), width, language, glyphs),
            *(_said(coarse, width, "muted") if (coarse := tick_sentence(day, language)) else ()),
            *(fit_lines(day, width, 4, language, glyphs) if fitted else ()),
            *((window_line(day, width, language, glyphs),) if fitted else ()),
            *_said(provenance.of_answer(language), width, "muted"),
        ),
    ]
    lines: list[Runs] = []
    for block in blocks:
        block = tuple(line for line in block if line)
        if block and lines:
            lines.append(())
        lines.extend(block)
    return tuple(lines)


def days_lines(
    days: tuple[Attribution, ...],
    instrument: Instrument,
    provenance: Provenance,
    width: int,
    language: Language = "en",
    glyphs: Glyphs = BRAILLE,
) -> tuple[Runs, ...]:
    """Several days, newest first, one a line."""
    newest = days[0].date if days else date.min
    scale = scale_of([parts_of_day(day) for day in days])
    layout = layout_for(width, newest, scale, language, glyphs)
    return (
        *_folded(_names(instrument, language), width),
        head_runs(layout),
        *(day_runs(day, layout) for day in days),
        *_said(provenance.of_answer(language), width, "muted"),
    )


def own_sentence(day: Attribution, language: Language = "en", minus: str = BRAILLE.minus) -> str:
    """ "own −0.13 pp, a size that own moves reach nine days in ten; anything from −3.6 to +3.3 pp would fit"."""
    if day.own_pp is None or day.verdict is Verdict.INSUFFICIENT:
        return unsplit_words(day, language)[1]
    zh = language == "zh"
    text = _OWN.say(language).format(own=signed(day.own_pp, 2, minus))
    if rarity := rarity_words(day.rarity, day.window.used, language):
        text += ("，" if zh else ", ") + rarity
    if day.forecast_se_pp is not None:
        reach = _SURE * day.forecast_se_pp
        low, high = (signed(end, 1, minus) for end in (day.own_pp - reach, day.own_pp + reach))
        text += ("；" if zh else "; ") + _FITS.say(language).format(low=low, high=high)
    return text


def _head(day: Attribution, instrument: Instrument, width: int, language: Language, glyphs: Glyphs) -> tuple[Runs, ...]:
    tone = direction(day.return_pct)
    sign = {"rise": glyphs.rise + " ", "fall": glyphs.fall + " "}.get(tone, "")
    return _folded(
        [
            *_names(instrument, language),
            (day_words(day.date, language, year=True), "text"),
            (price_text(day.close), "strong"),
            (sign + percent(day.return_pct, glyphs.minus), tone),
        ],
        width,
    )


def _names(instrument: Instrument, language: Language) -> list[Run]:
    first, second = instrument.name_en, instrument.name_zh
    if language == "zh":
        first, second = second, first
    names: list[Run] = [(cut(first, _NAME), "text"), (cut(second, _NAME), "muted")]
    return [(short_code(instrument.symbol), "strong"), *(run for run in names if run[0])]


def _folded(pieces: list[Run], width: int) -> tuple[Runs, ...]:
    """The pieces with two blanks between them, on as many lines as they need."""
    lines: list[list[Run]] = [[]]
    used = 0
    for text, tone in pieces:
        text = cut(text, width)
        if lines[-1] and used + 2 + cells(text) > width:
            lines.append([])
            used = 0
        if lines[-1]:
            lines[-1].append(("  ", "text"))
            used += 2
        lines[-1].append((text, tone))
        used += cells(text)
    return tuple(tuple(line) for line in lines)


def _verdict(day: Attribution, width: int, language: Language, minus: str) -> tuple[Runs, ...]:
    pieces: list[Run] = [(verdict_with_news(day, language), verdict_tone(day.verdict))]
    if usual := times(day.relative_volume):
        pieces.append((_VOLUME.say(language).format(usual), "text"))
    if day.sessions > 1:
        pieces.append((_SESSIONS.say(language).format(day.sessions), "text"))
    sentence = own_sentence(day, language, minus)
    end = "。" if language == "zh" else "."
    return (*_folded(pieces, width), *_said(sentence + end, width, "text" if is_own(day.verdict) else "muted"))


def _news(day: Attribution, width: int, language: Language, glyphs: Glyphs) -> tuple[Runs, ...]:
    lines: list[Runs] = []
    for candidate in day.candidates:
        lines += _candidate(candidate, day, width, language, glyphs)
    if words := coverage_words(day, language):
        lines += _said(words, width, "own" if is_own(day.verdict) else "muted")
    return tuple(lines)


def _candidate(
    candidate: Candidate, day: Attribution, width: int, language: Language, glyphs: Glyphs
) -> tuple[Runs, ...]:
    """What can speak of the own part with its whole title, role, source, time and reasons; the rest in a line each."""
    if candidate.part != "own":
        return (candidate_line(candidate, day, width, language, glyphs),)
    title = f"{candidate_mark(candidate, glyphs)} {title_of(candidate, language)}"
    _, *reasons = candidate_lines(candidate, day, width, language, glyphs)
    return (*(((line, candidate_tone(candidate)),) for line in wrap(title, width, "  ")), *reasons)


def _said(text: str, width: int, tone: Tone) -> tuple[Runs, ...]:
    return tuple(((line, tone),) for line in wrap(text, width))
