"""One day told in a few lines: the verdict in words, the waterfall, what could explain it, the parts of the day, flags
as sentences, the fit. Sections are dropped whole where the height ends, the least telling first.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from tui.domain.attribution import Attribution, Leg
from tui.render.bars import leg_lines, own_tone
from tui.render.candidates import candidate_line, coverage_words
from tui.render.day_verdict import verdict_with_news
from tui.render.days import STANDING
from tui.render.fitline import fit_lines, window_line
from tui.render.flags import flag_lines
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import times
from tui.render.tone import Run, Runs
from tui.render.waterfall import waterfall
from tui.render.width import cells, cut, wrap
from tui.render.words import flags_told, is_own, rarity_words, verdict_tone

ROOMY: Final = 16  # lines from which nothing needs to be short
_RESULTS_DAY: Final = Words("results day", "業績公布日")
_VOLUME: Final = Words("volume {} the usual", "成交量為平常 {}")


class Section(msgspec.Struct, frozen=True):
    """Lines that stand or go together. The highest `rank` goes first; the lowest `apart` above zero is the first to
    have a blank line before it."""

    rank: int
    lines: tuple[Runs, ...]
    apart: int = 0


def stack(sections: Sequence[Section], height: int) -> tuple[Runs, ...]:
    """The sections that fit `height` lines, in their order, with blank lines where height is left for them."""
    kept = [section for section in sections if section.lines]
    while kept and sum(len(section.lines) for section in kept) > height:
        kept.remove(max(reversed(kept), key=lambda section: section.rank))
    spare = height - sum(len(section.lines) for section in kept)
    apart = sorted((section for section in kept[1:] if section.apart), key=lambda section: section.apart)[:spare]
    lines: list[Runs] = []
    for section in kept:
        if any(section is other for other in apart):
            lines.append(())
        lines += section.lines
    return tuple(lines)


def verdict_line(
    day: Attribution,
    width: int,
    language: Language = "en",
    relative_volume: float | None = None,
    *,
    with_rarity: bool = True,
    results_day: bool = False,
) -> Runs:
    """ "own, no news found  about 1 day in 83  results day  volume 2.3x the usual", parts dropped whole."""
    tone = verdict_tone(day.verdict)
    runs: list[Run] = [(cut(verdict_with_news(day, language), width), tone)]
    rarity = rarity_words(day.rarity, day.window.used, language) if with_rarity else ""
    told: list[Run] = [(rarity, tone if is_own(day.verdict) else "muted")]
    if results_day:
        told.append((_RESULTS_DAY.say(language), "event"))
    if relative_volume is not None and times(relative_volume):
        told.append((_VOLUME.say(language).format(times(relative_volume)), "text"))
    room = width - cells(runs[0][0])
    for words, word_tone in told:
        if words and cells(words) + 2 <= room:
            runs.append(("  " + words, word_tone))
            room -= cells(words) + 2
    return tuple(runs)


def _one_by_one(sentences: Iterable[tuple[Runs, ...]]) -> Iterator[Section]:
    """Sentences of which the first ones stay where not all have room."""
    for at, lines in enumerate(sentences):
        yield Section(3, lines, apart=0 if at else 5)


def day_lines(
    day: Attribution,
    width: int,
    height: int,
    language: Language = "en",
    glyphs: Glyphs = BRAILLE,
    *,
    legs: Sequence[Leg] = (),
    relative_volume: float | None = None,
    candidates: int = 0,
    fit: int = 1,
    notes: Sequence[str] = (),
    with_rarity: bool = True,
    results_day: bool = False,
) -> tuple[Runs, ...]:
    """The day in at most `height` lines of at most `width` cells; `candidates` is how many headlines stand in it,
    `fit` over how many lines the fit may go, `notes` are sentences about the split, which may
    say the rarity instead of the verdict's line (`with_rarity`); `results_day` is said with the verdict."""
    if width < 1 or height < 1:
        return ()
    verdict = verdict_line(day, width, language, relative_volume, with_rarity=with_rarity, results_day=results_day)
    news: list[Runs] = [
        candidate_line(candidate, day, width, language, glyphs) for candidate in day.candidates[:candidates]
    ]
    if candidates and not news and (words := coverage_words(day, language)):
        news.append(((cut(words, width), "own" if is_own(day.verdict) else "muted"),))
    window = window_line(day, width, language, glyphs)
    # What holds for months is said where there is plenty of room.
    flags = [flag for flag in flags_told(day) if height >= ROOMY or flag not in STANDING]
    return stack(
        (
            Section(1, (verdict,)),
            Section(0, waterfall(day, width, language, glyphs), apart=3),
            Section(2, tuple(news[:1]), apart=1),
            Section(6, tuple(news[1:])),
            Section(5, leg_lines(legs, width, language, glyphs, own_tone(day)), apart=2),
            *_one_by_one(flag_lines(day, (flag,), width, language, glyphs) for flag in flags),
            *_one_by_one(tuple(((line, "muted"),) for line in wrap(note, width)) for note in notes),
            Section(4, fit_lines(day, width, fit, language, glyphs), apart=4),
            Section(7, (window,) if window and height >= ROOMY else ()),
        ),
        height,
    )
