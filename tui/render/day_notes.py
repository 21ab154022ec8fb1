"""Sentences that stand beside a day's split: that it was a results day, and what New York said overnight."""

from typing import Final

from tui.domain.adr import ParityGap
from tui.domain.attribution import Attribution
from tui.domain.event import Event
from tui.render.adr import adr_sentence
from tui.render.language import Language, Words
from tui.render.numbers import MINUS
from tui.render.timeline import time_words
from tui.render.width import printable

_RESULTS: Final = Words("A results day: {title} ({source}, {when}).", "業績公布日：{title}（{source}，{when}）。")


def results_sentence(results: Event, day: Attribution, language: Language = "en") -> str:
    """ "A results day: JD.com reports fourth-quarter results (JD.com, 5 Mar)." """
    title = (results.title_zh or results.title) if language == "zh" else results.title
    when = time_words(results, day.date, language)
    return printable(_RESULTS.say(language).format(title=title, source=results.source, when=when))


def day_notes(
    day: Attribution,
    results: Event | None,
    gap: ParityGap | None,
    language: Language = "en",
    minus: str = MINUS,
    *,
    today: bool = True,
) -> tuple[str, ...]:
    """What is to be said of `day`: nothing, or one sentence for each. Results that stand among its headlines need none;
    a gap of a later session is said as what it implies for that session's open."""
    told: list[str] = []
    if results is not None and all(candidate.event_id != results.id for candidate in day.candidates):
        told.append(results_sentence(results, day, language))
    if gap is not None and gap.day >= day.date:
        move = day.return_pct if gap.day == day.date else None
        told.append(adr_sentence(gap, move, language, minus, today=today))
    return tuple(told)
