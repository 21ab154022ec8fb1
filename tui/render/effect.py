"""What a stock did by itself after an event, in a few words."""

from typing import Final

from tui.domain.effect import Effect, Missing
from tui.render.language import Language, Words
from tui.render.numbers import MINUS, pp, signed

# Beyond it the words say so: a t that one event in twenty reaches without having done anything.
NOTABLE: Final = 0.05

_SPAN: Final = Words("own [0,{last}]", "個別 [0,{last}]")
_SPAN_FROM: Final = Words("own [{first},{last}]", "個別 [{first},{last}]")
_NOTABLE: Final = Words("more than chance", "超出偶然")
_NOISE: Final = Words("within noise", "屬雜訊")
_MISSING: Final[dict[Missing, Words]] = {
    "too_early": Words("too early: {to_come} more", "尚早：還差{to_come}日"),
    "no_fit": Words("too little history", "數據不足"),
    "no_price": Words("a price is missing", "欠缺價格"),
}


def effect_words(effect: Effect, language: Language = "en", minus: str = MINUS) -> str:
    """ "own [0,+5] +6.85 pp, t +2.9, more than chance"; "own [0,+5] too early: 3 more" sessions are to come."""
    span = (_SPAN if effect.first == 0 else _SPAN_FROM).say(language)
    told = span.format(first=f"+{effect.first}", last=f"+{effect.last}" if effect.last else "0")
    if effect.missing:
        return f"{told} {_MISSING[effect.missing].say(language).format(to_come=effect.to_come)}"
    comma = "，" if language == "zh" else ", "
    notable = effect.chance is not None and effect.chance < NOTABLE
    judged = (_NOTABLE if notable else _NOISE).say(language)
    return comma.join((f"{told} {pp(effect.own_pp, minus)}", f"t {signed(effect.t, 1, minus)}", judged))
