"""Sentences that stand beside a day's split: that it was a results day, what New York said overnight, how coarse the
price is."""

from typing import Final

from tui.domain.adr import ParityGap
from tui.domain.attribution import Attribution
from tui.domain.event import Event
from tui.domain.symbol import is_hk_stock
from tui.domain.ticks import tick_size
from tui.render.adr import adr_sentence
from tui.render.language import Language, Words
from tui.render.numbers import MINUS
from tui.render.timeline import time_words
from tui.render.width import printable

# A step this large beside the price is worth a word, percent.
COARSE_PCT: Final = 0.5
_TICK: Final = Words(
    "One tick ({tick:g} HKD) is {share:.2g}% of the price: what is smaller is rounding.",
    "一個價位（{tick:g} 港元）佔股價 {share:.2g}%：較小的部分屬進位。",
)
_RESULTS: Final = Words("A results day: {title} ({source}, {when}).", "業績公布日：{title}（{source}，{when}）。")


def results_sentence(results: Event, day: Attribution, language: Language = "en") -> str:
    """ "A results day: JD.com reports fourth-quarter results (JD.com, 5 Mar)." """
    title = (results.title_zh or results.title) if language == "zh" else results.title
    when = time_words(results, day.date, language)
    return printable(_RESULTS.say(language).format(title=title, source=results.source, when=when))


def tick_sentence(day: Attribution, language: Language = "en") -> str:
    """How coarse the price is, where it is so coarse that a split cannot be finer; else ""."""
    if day.own_pp is None or not day.close or not is_hk_stock(day.symbol):
        return ""
    tick = tick_size(day.close, day.date)
    share = tick / day.close * 100
    return _TICK.say(language).format(tick=tick, share=share) if share >= COARSE_PCT else ""


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
    if coarse := tick_sentence(day, language):
        told.append(coarse)
    return tuple(told)
