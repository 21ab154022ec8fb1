"""Does a headline describe a price? Such an item is a recap: linked, dim, never a cause."""

import re
from collections.abc import Sequence

from tui.domain.event import EventKind
from tui.news.lexicon import CLOSING, FIGURE, INDEX, MACRO, MOVE, NAME, NOT_MOVE, PRICE, SECTOR, WEAK_MOVE, Hit

_SUBJECT = NAME | INDEX | MACRO | SECTOR | PRICE | FIGURE
_MOVING = MOVE | WEAK_MOVE

_UNIT = r"\s?(?:%|percent|per cent|pct|points?|pts|prozent|punkte|个?百分点|点|成)"
_NUMBER = r"\d[\d.,]*"
_COUNT_WORD = (
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)(?: (?:halbe[sn]?|half))?"
)
# How a number stands after a verb ("up about 3%", "legt 3 prozent zu", "升逾300点") or before it ("1.7% higher").
_ABOUT = (
    r"(?:um|rund|fast|etwa|knapp|mehr|als|gut|bis|zu|zeitweise|about|nearly|almost|over|more|than|by|as|much|around|up"
    r"|to|some|further|another|逾|超过?|近|约|至|穿|破|幅|了|扩大|收窄|到|报)"
)
_NUMBER_AFTER = re.compile(rf"[\s,]*(?:{_ABOUT}\s*)*(?:{_NUMBER}(?:{_UNIT}|元|港元|\b)|{_COUNT_WORD}{_UNIT})")
_NUMBER_BEFORE = re.compile(rf"{_NUMBER}{_UNIT}\s*$")
_PERCENT_AFTER = re.compile(rf"[^.;:,]{{0,25}}?(?:{_NUMBER}|\b{_COUNT_WORD}){_UNIT}")
# "Tencent gains as ...", "falls to a six-month low": what follows a verb that has no object.
_INTRANSITIVE = re.compile(
    r"\s*(?:$|[,;:(|–—]|(?:on|as|after|amid|ahead|following|despite|before|while|again|further|sharply|slightly|most|back"
    r"|deutlich|kräftig|leicht|spürbar|stark|nach|auf|wieder|weiter|vorbörslich|nachbörslich)\b"
    r"|in (?:hong ?kong|new york|london|us|u\.s\.|early|late|heavy|morning|afternoon|hongkong)\b"
    r"|(?:to|from|at|near) (?:[\w-]+ ){0,3}(?:low|high|record|highs|lows|peak)\b"
    # A level of the price; with a word of size behind it, it would be an amount of money.
    r"|(?:below|under|above|past|through|over) (?:hk\$|us\$|\$)\d[\d.,]*(?!\s?(?:billion|million|bn|mn?)\b))"
)
# "jumps into instant retail", "rutscht in die Verlustzone", "sinks $1 billion": what a business does. A price goes
# into a bear market.
_OF_BUSINESS = re.compile(
    r"\s+(?:hk\$|us\$|\$|€|rmb ?)\d[\d.,]*\s?(?:billion|million|bn|mn?)\b|"
    r"\s+(?:into (?!(?:a )?(?:bear|bull|correction|negative|positive|record|overbought|oversold|the red|the green)\b)"
    r"|in (?:die|den|das) (?:verlustzone|gewinnzone|roten zahlen|schwarzen zahlen|insolvenz|krise)\b)"
)
# "gives up early gains", "recoups Thursday's losses": a move that was undone or went on.
_UNDONE = re.compile(
    r"\b(?:pare|trim|erase|extend|reverse|recoup|recover|give|wipe|surrender|hold|build|add|gave|held)(?:s|d|ed|ing)?"
    r"(?: (?:up|out|on|to|back|its|their|some|all|most|of|the|last|this|recent|sharp|(?P<span>early|earlier|opening"
    r"|morning|afternoon|intraday|overnight|weekly|\w+['’]s)))*\s$"
)
# "JD.com +9.9%", "Bilibili (-4.5%)", "Xiaomi, off 2%", as lists of movers print it.
_SIGNED = re.compile(r"(?:-s?w)?\s?[(:,]?\s?(?:[+\-\u2212\u2013▲▼]|(?:up|down|off)\b)\s?\d{1,2}(?:[.,]\d+)?\s?%")
# "Darum steigt die Alibaba-Aktie", "the slide in Meituan shares": the verb or its noun stands before its subject.
_BEFORE_SUBJECT = re.compile(r"\s+(?:die|der|in|of)\s+(?:[\w.&'’]+[ -]){1,3}(?:aktien?|shares|stocks?)")
# "Bilibili engagement soars": a noun of its own between a name and the verb is what moves.
_NO_NOUN = (
    r"a|also|am|an|and|are|as|at|auch|aus|bei|briefly|close[sd]?|co|corp|deutlich|edge[sd]?|end(?:s|ed)?|for|from|group"
    r"|had|has|have|heute|hits?|hk|holdings?|im|in|inc|international|is|its|kräftig|leads?|leicht|limited|ltd|mit"
    r"|motors?|nach|now|of|on|open(?:s|ed)?|or|plc|stark|still|the|then|to|today|trade[sd]?|und|von|was|weiter|were"
    r"|wieder|with|zum"
)
_NOUN_BETWEEN = re.compile(rf"['’]?s?\s+(?!(?:{_NO_NOUN})\b)[a-z][a-z-]+(?<!ly)(?<!ing)\s+")
# "Xiaomi-Aktie: …" speaks of the share, where nothing else is told.
_ONE_SHARE = re.compile(r"[- ]aktie\b(?! (?:im fokus|im blick))")
_OBJECT = re.compile(r"\s+(?:[\w]+-)?")
# "Sales of electric cars", "Profit at HSBC", "Shares of BYD": the figure or price before stays what moves.
_OF = re.compile(r"\s*(?:of|at|in|for|from|von|der|des|bei|für|in|im|aus|的)\s+(?:[\w-]+\s+)?")
_ADJACENT = re.compile(
    r"[\s,\-]*(?:(?:w|sw|s|hk|inc|group|holdings|ltd|plc|corp|today|heute|-aktie)\b[\s.]*)*(?:\([^)]*\)\s*)?"
    r"(?:今早|今日|早段|早市|午后|午市|半日|全日|尾市|一度|现|再|续|亦)*"
)
# A Chinese amount, volume, rate or price right before the verb is what moves: "載客量升18%", but not "股價升".
_COUNTED = re.compile(
    r"(?:(?<![放缩])量|[额率费数入润租息薪款]|(?<![股市])[价值])(?:按年|按月|按季|同比|环比|大幅|亦|则|再|续|均|又|较.{1,6})*\s?$"
)
# How a Chinese verb of one character goes on; anything else is a longer word that contains it.
_NUMERIC_START = re.compile(r"\s?(?:逾|超|近|约|至|穿|破|幅|了|\d|[一二三四五六七八九十两]成)")


def is_recap(folded: str, hits: Sequence[Hit], kind: EventKind = EventKind.OTHER) -> bool:
    """True where a stock, a group of stocks or the market is said to move, or a word of closing reports stands.

    A German headline of "X-Aktie" that tells no `kind` of news speaks of the share's price.
    """
    subject: Hit | None = None
    leading: Hit | None = None
    for place, hit in enumerate(hits, 1):
        groups = hit.entry.groups
        if groups & CLOSING and not _is_elsewhere(subject) and not _goes_on(folded, hit):
            return True
        if groups & _MOVING and not groups & NOT_MOVE and not _has_object(folded, hit, hits[place:]):
            if _moves(folded, hit, subject):
                return True
            leading = hit if subject is None and groups & MOVE else None
        if not groups & _SUBJECT:
            continue
        if groups & PRICE and leading is not None and _BEFORE_SUBJECT.fullmatch(folded, leading.end, hit.end):
            return True
        if kind is EventKind.OTHER and _ONE_SHARE.match(folded, hit.end) and groups & NAME:
            return True
        if not _is_venue(hit, subject) and not _is_owner(folded, hit, subject):
            subject = hit
            if groups & (NAME | INDEX) and _SIGNED.match(folded, hit.end):
                return True
    return False


def _goes_on(folded: str, hit: Hit) -> bool:
    """True for a word that is only the start of one: "opens higher-speed service"."""
    return (
        folded.startswith("-", hit.end)
        and folded[hit.end - 1].isascii()
        and folded[hit.end + 1 : hit.end + 2].isalpha()
    )


def _has_object(folded: str, verb: Hit, after: Sequence[Hit]) -> bool:
    """True where a figure is what the verb moves: "hebt Preise", "gains market share"."""
    if not after or after[0].entry.groups & (PRICE | NAME | MOVE) or not after[0].entry.groups & FIGURE:
        return False
    return _OBJECT.fullmatch(folded, verb.end, after[0].start) is not None


def _is_venue(hit: Hit, subject: Hit | None) -> bool:
    """True for a market right behind a name, which only says where the stock trades: "阿里巴巴美股", "小米港股"."""
    if subject is None or not subject.entry.groups & NAME:
        return False
    return bool(hit.entry.groups & (INDEX | MACRO)) and hit.start - subject.end <= 1


def _is_owner(folded: str, hit: Hit, subject: Hit | None) -> bool:
    """True for a name that only says whose figure or whose shares move."""
    if subject is None or not subject.entry.groups & (FIGURE if not hit.entry.groups & NAME else FIGURE | PRICE):
        return False
    return _OF.fullmatch(folded, subject.end, hit.start) is not None


def _is_elsewhere(subject: Hit | None) -> bool:
    """True for another market or a price of the economy: "Wall Street closes lower" moves Hong Kong, it is no recap."""
    return subject is not None and bool(subject.entry.groups & MACRO)


def _moves(folded: str, verb: Hit, subject: Hit | None) -> bool:
    """Whether a verb of moving speaks of a price, by the subject that stands nearest before it."""
    of = subject.entry.groups if subject else 0
    if of & (FIGURE | MACRO) and not of & (PRICE | NAME):
        return False
    if _COUNTED.search(folded, subject.end if subject else 0, verb.start) or _OF_BUSINESS.match(folded, verb.end):
        return False
    strong = bool(verb.entry.groups & MOVE)
    if subject is None:
        # "急升9%! ...": without a subject before it only a verb that has no other meaning counts.
        return strong and _has_number(folded, verb)
    if not strong and verb.entry.length == 1:
        return _NUMERIC_START.match(folded, verb.end) is not None
    if of & (PRICE | INDEX):
        return True
    undone = _UNDONE.search(folded, 0, verb.start)
    if verb.entry.groups & FIGURE:
        # "losses" are a fall of the market; of a company they are its business, unless a time of the market has them.
        return undone is not None and undone["span"] is not None
    if undone is not None:
        return True
    if _NOUN_BETWEEN.fullmatch(folded, subject.end, verb.start):
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
