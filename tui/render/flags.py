"""A day's flags as sentences, with the figures that belong to them."""

from collections.abc import Sequence
from typing import Final

from tui.domain.attribution import Attribution, Flag
from tui.render.days import flag_tone
from tui.render.fitline import factor_words
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.numbers import percent
from tui.render.tone import Runs
from tui.render.width import wrap
from tui.render.words import flag_sentence

_EX_DIVIDEND: Final = Words(
    "Ex-dividend: the price alone moved {cash}; with the dividend of {dividend:.4g} HKD added back it is {total}.",
    "除淨日：股價本身升跌 {cash}；加回股息 {dividend:.4g} 港元，升跌為 {total}。",
)
_CONTAINED: Final = Words(
    "The stock is a heavy part of {indices}: some of its own move sits in the {parts}.",
    "此股佔{indices}比重高：部分個別升跌計入{parts}。",
)
_PARTS: Final = (Words("index part", "大市部分"), Words("sector part", "板塊部分"))
_BOTH: Final = Words("index and sector parts", "大市及板塊部分")


def flag_lines(
    day: Attribution, flags: Sequence[Flag], width: int, language: Language = "en", glyphs: Glyphs = BRAILLE
) -> tuple[Runs, ...]:
    """These flags of the day, a sentence each."""
    return tuple(
        ((line, flag_tone(flag)),)
        for flag in flags
        for line in wrap(_sentence(day, flag, language, glyphs.minus), max(width, 1))
    )


def _sentence(day: Attribution, flag: Flag, language: Language, minus: str) -> str:
    if flag is Flag.EX_DIVIDEND and day.dividend and day.close and day.previous_close:
        cash = percent((day.close / day.previous_close - 1) * 100, minus)
        total = percent(day.return_pct, minus)
        return _EX_DIVIDEND.say(language).format(cash=cash, dividend=day.dividend, total=total)
    if flag is Flag.INDEX_CONTAINS_STOCK and (told := _contained(day, language)):
        return told
    return flag_sentence(flag, language)


def _contained(day: Attribution, language: Language) -> str:
    """Which of the day's factors contain the stock, and whose parts therefore hold some of its own move."""
    inside = [(f.name, part) for f, part in zip(day.factors, _PARTS, strict=False) if f.name in day.contained_in]
    if not inside:
        return ""
    both = len(inside) > 1
    names = (" 及 " if language == "zh" else " and ").join(factor_words(name, language) for name, _ in inside)
    indices = f" {names} " if language == "zh" else names
    return _CONTAINED.say(language).format(indices=indices, parts=(_BOTH if both else inside[0][1]).say(language))
