"""What a day is called: its verdict and what is known of its news, or what a split of it lacks."""

from typing import Final, NamedTuple

from tui.domain.attribution import Attribution, Flag, Verdict
from tui.render.language import Language, Words, say
from tui.render.words import COVERAGE, NO_INDEX, NO_PRICE, is_own, verdict_short, verdict_words

# A split needs so many usable sessions before the day.
NEEDED_SESSIONS: Final = 60


class _Unsplit(NamedTuple):
    """Why a day has no split: in a row's eleven cells, in short, and as a sentence without its full stop."""

    row: Words
    short: Words
    sentence: Words


TOO_FEW = _Unsplit(
    Words("few days", "數據不足"),
    Words("too little history", "數據不足"),
    Words("{} usable sessions; a split needs 60", "可用交易日 {} 日；拆分須有 60 日"),
)
_NO_PRICE = _Unsplit(
    NO_PRICE,
    Words("no price that day", "欠缺當日股價"),
    Words("a price that this day's move needs is missing, so there is no split", "欠缺當日升跌所需股價，無法拆分"),
)
_NO_INDEX = _Unsplit(
    NO_INDEX,
    Words("no index that day", "欠缺當日指數"),
    Words("the index of this day is missing, so there is no split", "欠缺當日指數，無法拆分"),
)
SUSPECT = _Unsplit(
    Words("suspect", "價格存疑"),
    Words("suspect price", "價格存疑"),
    Words("the price is in doubt, so there is no split", "股價存疑，不作拆分"),
)


def _unsplit(day: Attribution) -> _Unsplit:
    if day.window.used < NEEDED_SESSIONS:
        return TOO_FEW
    if day.return_pct is None:
        return _NO_PRICE
    return SUSPECT if Flag.SUSPECT_PRICE in day.flags else _NO_INDEX


def unsplit_words(day: Attribution, language: Language = "en") -> tuple[str, str]:
    """Why a day has no split, in short and as a sentence without its full stop."""
    why = _unsplit(day)
    return why.short.say(language), why.sentence.say(language).format(day.window.used)


def day_short(day: Attribution, language: Language = "en") -> str:
    """The verdict in at most eleven cells, for rows: "own" leaves room for the own part, and without a split it is
    what a split would need."""
    if day.verdict is Verdict.INSUFFICIENT:
        return _unsplit(day).row.say(language)
    return verdict_short(day.verdict, language)


def verdict_with_news(day: Attribution, language: Language = "en") -> str:
    """The verdict, and for an own move what is known of its news: "own move, no news found"."""
    if day.verdict is Verdict.INSUFFICIENT:
        return unsplit_words(day, language)[0]
    words = verdict_words(day.verdict, language)
    if not is_own(day.verdict):
        return words
    if day.news_coverage not in COVERAGE:
        return words
    coverage = say(COVERAGE, day.news_coverage, language)
    # "own, no news found" reads better than "own move, no news found", and fits a row.
    return f"{words}，{coverage}" if language == "zh" else f"{verdict_short(day.verdict)}, {coverage}"
