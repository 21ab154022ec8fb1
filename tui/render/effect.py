"""What a stock did by itself after an event, in a few words."""

from collections.abc import Sequence
from typing import Final

from tui.domain.effect import Effect, Missing
from tui.render.language import Language, Words
from tui.render.numbers import MINUS, pp, signed
from tui.render.width import cells
from tui.render.words import part_words

# Beyond it the words say so: a t that one event in twenty reaches without having done anything.
NOTABLE: Final = 0.05

_NOTABLE: Final = Words("more than chance", "超出偶然")
_NOISE: Final = Words("within noise", "屬雜訊")
_TOO_EARLY: Final = Words("too early", "尚早")
_MISSING: Final[dict[Missing, Words]] = {
    "too_early": Words("too early: {to_come} more", "尚早：還差{to_come}日"),
    "no_fit": Words("too little history", "數據不足"),
    "no_price": Words("a price is missing", "欠缺股價"),
}


def effect_words(effect: Effect, language: Language = "en", minus: str = MINUS) -> str:
    """ "own [0,+5] +6.85 pp, t +2.9, more than chance"; "own [0,+5] too early: 3 more" sessions are to come."""
    told = _span(effect, language)
    if effect.missing:
        return f"{told} {_missing(effect, language)}"
    comma = "，" if language == "zh" else ", "
    notable = effect.chance is not None and effect.chance < NOTABLE
    judged = (_NOTABLE if notable else _NOISE).say(language)
    return comma.join((f"{told} {pp(effect.own_pp, minus)}", f"t {signed(effect.t, 1, minus)}", judged))


def effects_line(effects: Sequence[Effect], width: int, language: Language = "en", minus: str = MINUS) -> str:
    """Several spans in one line of at most `width` cells, in the longest wording that fits; "" where none does.

    "own [0,+1] +6.85 t +3.3  [0,+5] too early: 3 more".
    """
    wordings = (
        ("; ", [effect_words(effect, language, minus) for effect in effects]),
        ("  ", [_short(effect, language, minus, named=at == 0) for at, effect in enumerate(effects)]),
        ("  ", [_short(effect, language, minus, named=at == 0, counted=False) for at, effect in enumerate(effects)]),
        ("", [_short(effect, language, minus, named=True) for effect in effects[:1]]),
    )
    return next((line for joint, told in wordings if cells(line := joint.join(told)) <= width), "")


def _short(effect: Effect, language: Language, minus: str, *, named: bool, counted: bool = True) -> str:
    span = _span(effect, language) if named else _bare_span(effect)
    if effect.missing == "too_early" and not counted:
        return f"{span} {_TOO_EARLY.say(language)}"
    if effect.missing:
        return f"{span} {_missing(effect, language)}"
    return f"{span} {signed(effect.own_pp, 2, minus)} t {signed(effect.t, 1, minus)}"


def _span(effect: Effect, language: Language) -> str:
    return f"{part_words('own', language)} {_bare_span(effect)}"


def _bare_span(effect: Effect) -> str:
    first, last = (f"+{day}" if day else "0" for day in (effect.first, effect.last))
    return f"[{first},{last}]"


def _missing(effect: Effect, language: Language) -> str:
    return _MISSING[effect.missing].say(language).format(to_come=effect.to_come)
