"""Does a headline describe a price? Such an item is a recap: linked, dim, never a cause."""

import re
from collections.abc import Sequence

from tui.news.lexicon import CLOSING, FIGURE, INDEX, MACRO, MOVE, NAME, NOT_MOVE, PRICE, SECTOR, WEAK_MOVE, Hit

_SUBJECT = NAME | INDEX | MACRO | SECTOR | PRICE | FIGURE
_MOVING = MOVE | WEAK_MOVE

_UNIT = r"\s?(?:%|percent|per cent|pct|points?|pts|prozent|punkte|个?百分点|点|成)"
_NUMBER = r"\d[\d.,]*"
# How a number stands after a verb ("up about 3%", "legt 3 prozent zu", "升逾300点") or before it ("1.7% higher").
_NUMBER_AFTER = re.compile(
    rf"[\s,]*(?:(?:um|rund|fast|etwa|knapp|mehr|als|gut|bis|zu|zeitweise|about|nearly|almost|over|more|than|by|as|much|around|up|to"
    rf"|some|further|another|逾|超过?|近|约|至|穿|破|幅|了|扩大|收窄|到|报)\s*)*{_NUMBER}(?:{_UNIT}|元|港元|\b)"
)
_NUMBER_BEFORE = re.compile(rf"{_NUMBER}{_UNIT}\s*$")
_PERCENT_AFTER = re.compile(rf"[^.;:,]{{0,25}}?{_NUMBER}{_UNIT}")
# "Tencent gains as ...", "falls to a six-month low": what follows a verb that has no object.
_INTRANSITIVE = re.compile(
    r"\s*(?:$|[,;:(|–—]|(?:on|as|after|amid|ahead|following|despite|before|while|again|further|sharply|slightly|most|back"
    r"|deutlich|kräftig|leicht|spürbar|stark|nach|auf|wieder|weiter|vorbörslich|nachbörslich)\b"
    r"|in (?:hong ?kong|new york|london|us|u\.s\.|early|late|heavy|morning|afternoon|hongkong)\b"
    r"|(?:to|from|at|near) (?:[\w-]+ ){0,3}(?:low|high|record|highs|lows|peak)\b)"
)
# "Sales of electric cars", "Profit at HSBC", "Absatz von BYD": the figure before stays what moves.
_FIGURE_OF = re.compile(r"\s*(?:of|at|in|for|from|von|der|des|bei|für|in|im|aus|的)\s+(?:[\w-]+\s+)?")
_ADJACENT = re.compile(
    r"[\s,\-]*(?:(?:w|sw|s|hk|inc|group|holdings|ltd|plc|corp|today|heute|-aktie)\b[\s.]*)*(?:\([^)]*\)\s*)?"
)
# A Chinese amount, volume, rate or price right before the verb is what moves: "載客量升18%", but not "股價升".
_COUNTED = re.compile(
    r"(?:[量额率费数入润租]|(?<![股市])[价值])(?:按年|按月|按季|同比|环比|大幅|亦|则|再|续|均|又|较.{1,6})*\s?$"
)
# How a Chinese verb of one character goes on; anything else is a longer word that contains it.
_NUMERIC_START = re.compile(r"\s?(?:逾|超|近|约|至|穿|破|幅|了|\d|[一二三四五六七八九十两]成)")


def is_recap(folded: str, hits: Sequence[Hit]) -> bool:
    """True where a stock, a group of stocks or the market is said to move, or a word of closing reports stands."""
    subject: Hit | None = None
    for hit in hits:
        groups = hit.entry.groups
        if groups & CLOSING and not _is_elsewhere(subject):
            return True
        if groups & _MOVING and not groups & NOT_MOVE and _moves(folded, hit, subject):
            return True
        if groups & _SUBJECT and not _is_venue(hit, subject) and not _is_of_figure(folded, hit, subject):
            subject = hit
    return False


def _is_venue(hit: Hit, subject: Hit | None) -> bool:
    """True for a market right behind a name, which only says where the stock trades: "阿里巴巴美股", "小米港股"."""
    if subject is None or not subject.entry.groups & NAME:
        return False
    return bool(hit.entry.groups & (INDEX | MACRO)) and hit.start - subject.end <= 1


def _is_of_figure(folded: str, hit: Hit, subject: Hit | None) -> bool:
    """True for a name that only says whose figure moves."""
    if subject is None or not subject.entry.groups & FIGURE:
        return False
    return _FIGURE_OF.fullmatch(folded, subject.end, hit.start) is not None


def _is_elsewhere(subject: Hit | None) -> bool:
    """True for another market or a price of the economy: "Wall Street closes lower" moves Hong Kong, it is no recap."""
    return subject is not None and bool(subject.entry.groups & MACRO)


def _moves(folded: str, verb: Hit, subject: Hit | None) -> bool:
    """Whether a verb of moving speaks of a price, by the subject that stands nearest before it."""
    of = subject.entry.groups if subject else 0
    if of & (FIGURE | MACRO) and not of & (PRICE | NAME):
        return False
    if _COUNTED.search(folded, subject.end if subject else 0, verb.start):
        return False
    strong = bool(verb.entry.groups & MOVE)
    if subject is None:
        # "急升9%! ...": without a subject before it only a verb that has no other meaning counts.
        return strong and _has_number(folded, verb)
    if not strong and verb.entry.length == 1:
        return _NUMERIC_START.match(folded, verb.end) is not None
    if of & (PRICE | INDEX):
        return True
    if verb.entry.groups & FIGURE:
        # "losses" are a fall of the market, but of a company they are its business.
        return False
    if strong or _has_number(folded, verb):
        return True
    gap = folded[subject.end : verb.start]
    return _ADJACENT.fullmatch(gap) is not None and _INTRANSITIVE.match(folded, verb.end) is not None


def _has_number(folded: str, verb: Hit) -> bool:
    return (
        _NUMBER_AFTER.match(folded, verb.end) is not None
        or _NUMBER_BEFORE.search(folded, max(0, verb.start - 16), verb.start) is not None
        or _PERCENT_AFTER.match(folded, verb.end) is not None
    )
