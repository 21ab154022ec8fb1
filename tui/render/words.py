"""What the program calls things, in English and Traditional Chinese. Short words for rows, sentences for answers."""

from datetime import date
from typing import Final

from tui.domain.attribution import Attribution, Flag, LegName, Role, Verdict
from tui.domain.event import EventKind, NewsCoverage, Scope
from tui.domain.market import Quality
from tui.domain.row import SourceState
from tui.domain.trading_day import Phase
from tui.render.language import Language, Words, say
from tui.render.tone import Tone

# One word for each thing wherever it is said: rows, tables, reasons, help.
NO_PRICE: Final = Words("no price", "欠缺股價")
NO_INDEX: Final = Words("no index", "欠缺指數")
RARITY_HEAD: Final = Words("rare", "罕見")
COVERAGE: Final[dict[NewsCoverage, Words]] = {
    NewsCoverage.NONE: Words("no news found", "未見消息"),
    NewsCoverage.NOT_FETCHED: Words("news not fetched", "未查詢消息"),
}

_VERDICTS: dict[Verdict, Words] = {
    Verdict.INSUFFICIENT: Words("too little history", "數據不足"),
    Verdict.OWN: Words("own move", "個別發展"),
    Verdict.OWN_POSSIBLE: Words("own?", "疑似個別發展"),
    Verdict.QUIET: Words("quiet", "正常波幅"),
    Verdict.MARKET: Words("index-led", "跟大市"),
    Verdict.SECTOR: Words("sector-led", "跟板塊"),
    Verdict.MIXED: Words("mixed", "因素混雜"),
}

# As a row says it: at most eleven cells, with the own part after "own".
_VERDICTS_SHORT: dict[Verdict, Words] = {
    **_VERDICTS,
    Verdict.OWN: Words("own", "個別"),
    Verdict.OWN_POSSIBLE: Words("own?", "疑似"),
}

_VERDICT_TONES: dict[Verdict, Tone] = {
    Verdict.INSUFFICIENT: "muted",
    Verdict.OWN: "own",
    Verdict.OWN_POSSIBLE: "own_possible",
    Verdict.QUIET: "quiet",
    Verdict.MARKET: "led",
    Verdict.SECTOR: "led",
    Verdict.MIXED: "mixed",
}

_FLAGS: dict[Flag, Words] = {
    Flag.AGAINST_THE_TAPE: Words("against the tape", "逆市"),
    Flag.EX_DIVIDEND: Words("ex-dividend", "除淨"),
    Flag.SPLIT: Words("split", "拆合股"),
    Flag.HALT: Words("halted", "停牌"),
    Flag.HALF_DAY: Words("half-day", "半日市"),
    Flag.STALE_INDEX: Words("stale index", "指數過時"),
    Flag.INDEX_CONTAINS_STOCK: Words("in the index", "指數成份股"),
    Flag.SHORT_WINDOW: Words("short history", "歷史較短"),
    Flag.SECTOR_PROXY: Words("sector by proxy", "板塊代用指標"),
    Flag.SUSPECT_PRICE: Words("suspect price", "價格存疑"),
    Flag.MISSING_BAR: NO_PRICE,
}

_FLAG_SENTENCES: dict[Flag, Words] = {
    Flag.AGAINST_THE_TAPE: Words(
        "Against the tape: the own part goes the other way than the index and is larger.",
        "逆市：個別部分與大市方向相反，而且較大。",
    ),
    Flag.EX_DIVIDEND: Words(
        "Ex-dividend: the dividend is added back, so the move is the total return.",
        "除淨日：已加回股息，升跌為總回報。",
    ),
    Flag.SPLIT: Words(
        "Share split or consolidation: the previous close is restated.",
        "股份拆細或合併：前收市價已作調整。",
    ),
    Flag.HALT: Words(
        "Halted, or the first day after a halt: the move may cover more than one session.",
        "停牌或停牌後首日：升跌可能涵蓋多於一個交易日。",
    ),
    Flag.HALF_DAY: Words("Half-day: the session ended at noon.", "半日市：中午收市。"),
    Flag.STALE_INDEX: Words(
        "The index is older than the stock's price: the split is only as good as the older of the two.",
        "指數較股價為舊：拆分以較舊者為準。",
    ),
    Flag.INDEX_CONTAINS_STOCK: Words(
        "The stock is a heavy part of an index: some of its own move sits in its part.",
        "此股佔指數比重高：部分個別升跌計入該指數的部分。",
    ),
    Flag.SHORT_WINDOW: Words(
        "Short history: fewer than 120 usable sessions, so slopes and rarity are rough.",
        "歷史較短：可用交易日少於120日，斜率與罕見度僅供參考。",
    ),
    Flag.SECTOR_PROXY: Words(
        "The sector is measured by a stand-in: a tracker fund or the median of its peers.",
        "板塊以代用指標量度：追蹤基金或同業中位數。",
    ),
    Flag.SUSPECT_PRICE: Words(
        "Suspect price: it looks like a data error. Check it against another source.",
        "價格存疑：似屬數據錯誤，請以其他來源核對。",
    ),
    Flag.MISSING_BAR: Words(
        "A price is missing: that of this session, or of the half-day before it, which the move then spans too.",
        "欠缺股價：當日收市價，或之前半日市的收市價；後者的升跌涵蓋兩個交易日。",
    ),
}

_PHASES: dict[Phase, Words] = {
    Phase.HOLIDAY: Words("closed", "休市"),
    Phase.BEFORE: Words("before the open", "未開市"),
    Phase.PRE_OPEN: Words("pre-opening", "開市前時段"),
    Phase.MORNING: Words("morning", "早市"),
    Phase.LUNCH: Words("lunch", "午休"),
    Phase.AFTERNOON: Words("afternoon", "午市"),
    Phase.AUCTION: Words("closing auction", "收市競價"),
    Phase.AFTER: Words("closed", "已收市"),
}

_QUALITIES: dict[Quality, Words] = {
    Quality.LIVE: Words("live", "即時"),
    Quality.DELAYED: Words("delayed", "延遲"),
    Quality.STALE: Words("stale", "過時"),
    Quality.STORED: Words("stored", "存檔"),
    Quality.SAMPLE: Words("sample", "樣本"),
}

_SOURCE_STATES: dict[SourceState, Words] = {
    SourceState.OK: Words("ok", "正常"),
    SourceState.STARTING: Words("starting", "啟動中"),
    SourceState.RESTING: Words("resting", "休息"),
    SourceState.LIMITED: Words("limited", "受限"),
    SourceState.OFFLINE: Words("offline", "離線"),
    SourceState.HUNG: Words("not answering", "沒有回應"),
    SourceState.BAD_DATA: Words("bad data", "數據錯誤"),
    SourceState.REFUSED: Words("refused", "被拒"),
    SourceState.NO_SUCH_SYMBOL: Words("no such symbol", "沒有此代號"),
    SourceState.EMPTY: Words("no data", "沒有數據"),
    SourceState.STOPPED: Words("stopped", "已停止"),
}

_LEGS: dict[LegName, Words] = {
    "overnight": Words("overnight", "隔夜"),
    "morning": Words("morning", "早市"),
    "lunch": Words("lunch", "午休"),
    "afternoon": Words("afternoon", "午市"),
    "auction": Words("auction", "收市競價"),
    "session": Words("open to close", "開市至收市"),
}

_ROLES: dict[Role, Words] = {
    "cause": Words("possible cause", "可能原因"),
    "evidence": Words("evidence", "參考"),
    "recap": Words("recap", "事後報道"),
}

_SCOPES: dict[Scope, Words] = {
    Scope.COMPANY: Words("company", "公司"),
    Scope.SECTOR: Words("sector", "板塊"),
    Scope.MARKET: Words("market", "大市"),
    Scope.OTHER: Words("other", "其他"),
}

_KINDS: dict[EventKind, Words] = {
    EventKind.RESULTS: Words("results", "業績"),
    EventKind.GUIDANCE: Words("guidance", "業績預告"),
    EventKind.BUYBACK: Words("buyback", "回購"),
    EventKind.DEAL: Words("deals", "併購合作"),
    EventKind.MANAGEMENT: Words("management", "管理層"),
    EventKind.REGULATION: Words("regulation", "監管"),
    EventKind.PRODUCT: Words("products", "產品"),
    EventKind.RATING: Words("ratings", "評級"),
    EventKind.CAPITAL: Words("capital", "集資派息"),
    EventKind.EX_DATE: Words("ex-dates", "除淨"),
    EventKind.FILING: Words("routine filings", "例行公告"),
    EventKind.MACRO: Words("macro", "宏觀"),
    EventKind.OTHER: Words("other types", "其他類型"),
}

_PARTS: dict[str, Words] = {
    "move": Words("move", "升跌"),
    "index": Words("index", "大市"),
    "sector": Words("sector", "板塊"),
    "own": Words("own", "個別"),
}

_OWN = (Verdict.OWN, Verdict.OWN_POSSIBLE)


def is_own(verdict: Verdict) -> bool:
    """True where the own part speaks: own or possibly own."""
    return verdict in _OWN


# What is said of a split; where there is none, it would contradict the reason why.
_OF_A_SPLIT = frozenset({Flag.SHORT_WINDOW, Flag.INDEX_CONTAINS_STOCK, Flag.STALE_INDEX, Flag.SECTOR_PROXY})


def flags_told(day: Attribution) -> tuple[Flag, ...]:
    """The day's flags, without those about a split that it does not have."""
    return tuple(flag for flag in day.flags if day.own_pp is not None or flag not in _OF_A_SPLIT)


def verdict_words(verdict: Verdict, language: Language = "en") -> str:
    """ "index-led", "跟大市"."""
    return say(_VERDICTS, verdict, language)


def verdict_short(verdict: Verdict, language: Language = "en") -> str:
    """The verdict in a word: "own", "個別"."""
    return say(_VERDICTS_SHORT, verdict, language)


def verdict_tone(verdict: Verdict) -> Tone:
    return _VERDICT_TONES[verdict]


def flag_words(flag: Flag, language: Language = "en") -> str:
    return say(_FLAGS, flag, language)


def flag_sentence(flag: Flag, language: Language = "en") -> str:
    return say(_FLAG_SENTENCES, flag, language)


def phase_words(phase: Phase, language: Language = "en") -> str:
    return say(_PHASES, phase, language)


def quality_words(quality: Quality, language: Language = "en") -> str:
    return say(_QUALITIES, quality, language)


def state_words(state: SourceState, language: Language = "en") -> str:
    return say(_SOURCE_STATES, state, language)


def leg_words(leg: LegName, language: Language = "en") -> str:
    return say(_LEGS, leg, language)


def role_words(role: Role, language: Language = "en") -> str:
    return say(_ROLES, role, language)


def scope_words(scope: Scope, language: Language = "en") -> str:
    return say(_SCOPES, scope, language)


def kind_words(kind: EventKind, language: Language = "en") -> str:
    """What sort of news an event is: "results", "業績"."""
    return say(_KINDS, kind, language)


def part_words(part: str, language: Language = "en") -> str:
    """ "move", "index", "sector" or "own"."""
    return say(_PARTS, part, language)


_TENTHS_EN = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENTHS_ZH = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def days_of_rarity(rarity: float) -> int:
    """One day in how many, never overstated: 3 in 251 is one in 83."""
    return int(1 / rarity + 1e-9) if rarity > 1e-300 else 0  # what is smaller has no inverse


def rarity_words(rarity: float | None, used: int, language: Language = "en") -> str:
    """How unusual the own part is, as a phrase: "about 1 day in 62", "the largest in a year".

    `used` is the number of sessions of the window; 1/(used+1) is the smallest rarity it can show.
    """
    if rarity is None:
        return ""
    zh = language == "zh"
    if used and rarity <= 1 / (used + 1) + 1e-12:
        if used >= 240:
            return "一年來最大" if zh else "the largest in a year"
        return f"{used}個交易日來最大" if zh else f"the largest in {used} sessions"
    if rarity >= 0.95:
        return "個別升跌幾乎每日都有這個幅度" if zh else "a size that own moves reach nearly every day"
    if rarity > 0.5:
        tenths = round(rarity * 10)
        if zh:
            return f"個別升跌十日有{_TENTHS_ZH[tenths]}日達到的幅度"
        return f"a size that own moves reach {_TENTHS_EN[tenths]} days in ten"
    days = days_of_rarity(rarity)
    return f"約{days}日一次" if zh else f"about 1 day in {days}"


_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_ZH = "一二三四五六日"
_MONTHS_EN = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def weekday_words(day: date, language: Language = "en") -> str:
    """ "Fri", "週五"."""
    return f"週{_WEEKDAYS_ZH[day.weekday()]}" if language == "zh" else _WEEKDAYS_EN[day.weekday()]


def date_words(day: date, language: Language = "en") -> str:
    """ "6 Mar 2026", "2026年3月6日"."""
    return (
        f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {_MONTHS_EN[day.month]} {day.year}"
    )


def day_words(day: date, language: Language = "en", *, year: bool = False) -> str:
    """ "Fri 6 Mar", "3月6日 週五"; the year where it is asked for."""
    if language == "zh":
        text = f"{day.month}月{day.day}日 {weekday_words(day, language)}"
        return f"{day.year}年{text}" if year else text
    text = f"{weekday_words(day, language)} {day.day} {_MONTHS_EN[day.month]}"
    return f"{text} {day.year}" if year else text
