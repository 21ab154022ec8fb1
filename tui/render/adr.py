"""What New York said of a dual listing overnight, in one sentence."""

from typing import Final

from tui.domain.adr import GapSplit, ParityGap
from tui.domain.symbol import short_code
from tui.render.language import Language, Words
from tui.render.numbers import MINUS, signed
from tui.render.words import day_words

# Half of the peg's band, 7.75 to 7.85, as a share of its middle: how far off a gap at 7.80 may be, percent.
BAND_PCT: Final = 0.6

_OF_TODAY: Final = Words("Of today's {move}, {gap} came overnight from New York", "今日{move}之中，{gap}來自隔夜紐約")
_OF_THE_DAY: Final = Words(
    "Of the day's {move}, {gap} came overnight from New York", "當日{move}之中，{gap}來自隔夜紐約"
)
_BEFORE: Final = Words("New York implies an open at {gap}", "紐約收市價意味開市{gap}")
_PARTS: Final[dict[GapSplit, Words]] = {
    "": Words("", ""),
    "listings": Words(
        ": {common} with the other dual listings, {own} its own", "：{common}隨其他兩地上市股，{own}屬個別"
    ),
    "index": Words(": {common} with the index, {own} its own", "：{common}隨大市，{own}屬個別"),
}
_SOURCE: Final = Words(" ({adr} close of {day} at {rate:.4f} HKD)", "（{adr} {day}收市，兌{rate:.4f}港元）")
_SOURCE_AT_PEG: Final = Words(
    " ({adr} close of {day} at 7.80 HKD, the day's rate is not known: ±{band})",
    "（{adr} {day}收市，以7.80港元計，當日匯率不詳：±{band}）",
)


def adr_sentence(
    gap: ParityGap, return_pct: float | None, language: Language = "en", minus: str = MINUS, *, today: bool = True
) -> str:
    """ "Of today's +3.48, +0.63 came overnight from New York: +0.26 with the index, +0.37 its own (BABA close of …)."

    Percentage points of the previous close. Without a move of today, what New York implies for the open;
    of an earlier day where it is not `today`'s.
    """
    opening = _BEFORE if return_pct is None else _OF_TODAY if today else _OF_THE_DAY
    source = _SOURCE if gap.rate_known else _SOURCE_AT_PEG
    told = {
        "move": signed(return_pct, minus=minus),
        "gap": signed(gap.gap_pct, minus=minus),
        "common": signed(gap.common_pct, minus=minus),
        "own": signed(gap.own_pct, minus=minus),
        "adr": short_code(gap.adr),
        "day": day_words(gap.session, language),
        "rate": gap.rate,
        "band": BAND_PCT,
    }
    text = "".join(words.say(language).format(**told) for words in (opening, _PARTS[gap.by], source))
    return text + ("。" if language == "zh" else ".")
