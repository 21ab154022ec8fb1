"""Which dated items could explain a stock's day, in what order, and why: the last step after linking.

A headline is offered as a cause only where the own move is rare (rarity < 0.05) and the item is news of that
company which came in time. Everything else is evidence that stands beside the day, or a recap of it.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from tui.domain.attribution import Attribution, Candidate, Leg, Part, Role
from tui.domain.event import Event, EventKind, NewsCoverage, Scope
from tui.domain.symbol import Symbol
from tui.domain.trading_day import TradingDay, to_hkt, to_iso
from tui.news.window import NewsWindow, last_moment, leg_of, window_of

RARE = 0.05
# The most candidates that speak of each part of the move; recaps stand among those of the stock.
SHOWN: dict[Part, int] = {"own": 3, "sector": 1, "market": 2}
# An item that names more companies than this is a round-up: it is no company's own news.
MOST_NAMED = 3

# How often an item of this kind moves its stock, in rough proportion to the abnormal returns that event studies find.
WEIGHT: dict[EventKind, float] = {
    EventKind.RESULTS: 1.0,
    EventKind.GUIDANCE: 1.0,
    EventKind.DEAL: 0.9,
    EventKind.REGULATION: 0.85,
    EventKind.CAPITAL: 0.8,
    EventKind.MANAGEMENT: 0.7,
    EventKind.PRODUCT: 0.6,
    EventKind.RATING: 0.6,
    EventKind.BUYBACK: 0.4,
    EventKind.OTHER: 0.4,
    EventKind.MACRO: 0.3,
    EventKind.EX_DATE: 0.2,
    EventKind.FILING: 0.05,
}
# Routine returns move nothing, and a dividend is already in the total return.
NEVER_A_CAUSE = frozenset({EventKind.FILING, EventKind.EX_DATE})
# A peer's news of these kinds says something of the whole sector.
SPEAKS_FOR_PEERS = frozenset({EventKind.RESULTS, EventKind.GUIDANCE, EventKind.REGULATION})

KIND_WORDS: dict[EventKind, str] = {
    EventKind.RESULTS: "results",
    EventKind.GUIDANCE: "guidance",
    EventKind.BUYBACK: "buyback",
    EventKind.DEAL: "deal",
    EventKind.MANAGEMENT: "management",
    EventKind.REGULATION: "regulation",
    EventKind.PRODUCT: "product",
    EventKind.RATING: "rating",
    EventKind.CAPITAL: "capital",
    EventKind.EX_DATE: "ex-date, already in the return",
    EventKind.FILING: "routine filing",
    EventKind.MACRO: "macro",
}
LEG_WORDS = {
    "overnight": "before the open",
    "morning": "in the morning",
    "lunch": "over lunch",
    "afternoon": "in the afternoon",
    "auction": "in the closing auction",
}
_PART_ORDER: dict[Part, int] = {"own": 0, "sector": 1, "market": 2}
_ROLE_ORDER: dict[Role, int] = {"cause": 0, "evidence": 1, "recap": 2}


class _Cluster(msgspec.Struct):
    """The copies of one story: when it was first known, and by how many sources it was told."""

    first: Event
    sources: set[str]


class _Ranked(msgspec.Struct, frozen=True):
    """A candidate with what orders it."""

    candidate: Candidate
    score: float

    @property
    def order(self) -> tuple[int, int, float, str]:
        kind = self.candidate
        return _ROLE_ORDER[kind.role], _PART_ORDER[kind.part], -self.score, kind.event_id


def attach(
    attribution: Attribution,
    events: Iterable[Event],
    *,
    asked: bool,
    days: Sequence[TradingDay],
    peers: Collection[Symbol] = (),
    moved: Mapping[Symbol, Attribution] | None = None,
    legs: Sequence[Leg] = (),
) -> Attribution:
    """The same day with its news coverage and its candidates: at most three of the stock, the likeliest first, recaps
    last, beside them one of a peer or the sector and two of the market.

    `asked` says that every configured source was asked for this stock and this day's window; only then may the
    coverage be "none". `peers` are the other stocks of the sector, `moved` what those of them did that day whose news
    speaks for a sector (`peers_speaking`), `legs` the day's parts where they are known. A peer's news stands here only
    where the peer itself made a rare own move the way the sector went; the one that moved most has the place.
    Recaps, routine filings and market-wide items are no news of the stock: with them alone nothing was found.
    """
    window = window_of(attribution.date, days)
    known = list(events)
    leading = _leading(attribution, peers, moved or {})
    near = [
        event for event in known if window.meets(event.start, event.end) and _part(event, attribution, peers, leading)
    ]
    clusters = _clusters(known, {event.cluster for event in near if event.cluster})
    ranked = sorted(
        (
            _rank(event, clusters.get(event.cluster), attribution, window, peers, leading, legs)
            for event in _once_a_story(near)
        ),
        key=lambda item: item.order,
    )
    found = any(_is_news_of(event, attribution.symbol) for event in near)
    coverage = NewsCoverage.FOUND if found else NewsCoverage.NONE if asked else NewsCoverage.NOT_FETCHED
    return msgspec.structs.replace(attribution, news_coverage=coverage, candidates=_top(ranked))


def peers_speaking(events: Iterable[Event]) -> frozenset[Symbol]:
    """The companies with news of a kind that says something of their whole sector."""
    return frozenset(symbol for event in events if _speaks_for_peers(event) for symbol in event.symbols)


def _speaks_for_peers(event: Event) -> bool:
    return event.scope is Scope.COMPANY and not event.recap and event.kind in SPEAKS_FOR_PEERS


def _leading(day: Attribution, peers: Collection[Symbol], moved: Mapping[Symbol, Attribution]) -> dict[Symbol, float]:
    """The peers that made a rare own move the way the sector went, with its size against what is rare for them."""
    return {
        peer: abs(other.own_pp / other.threshold_pp)
        for peer, other in moved.items()
        if peer in peers and day.sector_pp and other.own_pp and other.threshold_pp and is_rare(other)
        if (other.own_pp > 0) == (day.sector_pp > 0)
    }


def is_rare(day: Attribution) -> bool:
    """True where the own part is no chance size."""
    return day.rarity is not None and day.rarity < RARE


def _top(ranked: Sequence[_Ranked]) -> tuple[Candidate, ...]:
    left = dict(SHOWN)
    chosen = []
    for candidate in (item.candidate for item in ranked):
        place: Part = "own" if candidate.role == "recap" else candidate.part
        if left[place]:
            left[place] -= 1
            chosen.append(candidate)
    return tuple(chosen)


def _part(
    event: Event, attribution: Attribution, peers: Collection[Symbol], leading: Collection[Symbol]
) -> Part | None:
    """The part of the move that an event can speak of; None where it has nothing to do with the stock."""
    if event.scope is Scope.MARKET:
        # A report of how the market closed is noise beside every single stock of it.
        return "market" if not event.recap or attribution.symbol in event.symbols else None
    if attribution.symbol in event.symbols:
        return "sector" if event.scope is Scope.SECTOR else "own"
    if _speaks_for_peers(event):
        return "sector" if any(symbol in leading for symbol in event.symbols) else None
    if event.scope is Scope.SECTOR and any(symbol in peers for symbol in event.symbols):
        return "sector"
    return None


def _is_news_of(event: Event, symbol: Symbol) -> bool:
    return (
        symbol in event.symbols
        and event.scope is not Scope.MARKET
        and not event.recap
        and event.kind is not EventKind.FILING
    )


def _clusters(events: Iterable[Event], wanted: Collection[str]) -> dict[str, _Cluster]:
    clusters: dict[str, _Cluster] = {}
    for event in events:
        if event.cluster not in wanted:
            continue
        cluster = clusters.setdefault(event.cluster, _Cluster(event, set()))
        cluster.sources.add(event.source)
        if not event.recap and (event.start, event.end) < (cluster.first.start, cluster.first.end):
            cluster.first = event
    return clusters


def _once_a_story(events: Iterable[Event]) -> Iterable[Event]:
    """One event a story, its first copy of this window; recaps do not stand for the story they retell."""
    seen: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: (event.recap, event.start, event.end, event.id)):
        seen.setdefault(event.cluster or event.id, event)
    return seen.values()


def _rank(
    event: Event,
    cluster: _Cluster | None,
    attribution: Attribution,
    window: NewsWindow,
    peers: Collection[Symbol],
    leading: Mapping[Symbol, float],
    legs: Sequence[Leg],
) -> _Ranked:
    part = _part(event, attribution, peers, leading) or "own"
    why: list[str] = []
    score = WEIGHT[event.kind]
    may_cause = part == "own" and not event.recap and event.kind not in NEVER_A_CAUSE

    if part == "market":
        why.append("market item: index part")
    elif part == "sector":
        why.append("sector item: sector part" if attribution.symbol in event.symbols else "peer's news: sector part")
        score *= max((leading.get(symbol, 1.0) for symbol in event.symbols), default=1.0)
    else:
        factor, words = _entity(event, attribution.symbol)
        score *= factor
        why.append(words)
        may_cause = may_cause and len(event.symbols) <= MOST_NAMED
    if event.recap:
        why.append("reports the move")
    if event.kind in KIND_WORDS and not (part == "market" and event.kind is EventKind.MACRO):
        why.append(KIND_WORDS[event.kind])

    factor, words, in_time = _time_fit(event, window, legs)
    score *= factor
    why.append(words)
    may_cause = may_cause and in_time

    factor, sign_words = _sign_fit(event, part, attribution)
    score *= factor
    why += sign_words

    if cluster:
        if not window.meets(cluster.first.start, cluster.first.end):
            may_cause = False
            score *= 0.5
            why.append(f"known since {to_hkt(cluster.first.start).date()}")
        if len(cluster.sources) > 1:
            score *= 1 + math.log(len(cluster.sources)) / 4
            why.append(f"{len(cluster.sources)} sources")

    role: Role = "recap" if event.recap else "cause" if is_rare(attribution) and may_cause else "evidence"
    of_peer = part == "sector" and attribution.symbol not in event.symbols
    return _Ranked(_candidate(event, role, part, tuple(why), of_peer), score)


def _entity(event: Event, symbol: Symbol) -> tuple[float, str]:
    """How much the item is about this stock: the linker names the title's subject first."""
    others = len(event.symbols) - 1
    if others >= MOST_NAMED:
        return 1 / len(event.symbols), f"one of {len(event.symbols)} stocks named"
    if event.symbols[0] == symbol:
        return 1.0, "title subject"
    return 0.6, "named beside another stock" if others == 1 else f"named beside {others} other stocks"


def _time_fit(event: Event, window: NewsWindow, legs: Sequence[Leg]) -> tuple[float, str, bool]:
    """Factor, words, and whether the item came before the part of the day that moved most by itself was over."""
    start, last = max(event.start, window.start), min(last_moment(event.start, event.end), window.end - 1)
    first_leg, last_leg = leg_of(start, window), leg_of(last, window)
    if first_leg == last_leg:
        words = LEG_WORDS[first_leg]
        factor = 1.0
    else:
        inside = (last - start) / max(event.end - event.start, 1)
        words, factor = "hour not known", 0.5 + inside / 2
    order = list(LEG_WORDS)
    moved = max((leg for leg in legs if leg.own_pp is not None), key=lambda leg: abs(leg.own_pp or 0.0), default=None)
    if moved is None or moved.name == "session":
        return factor, words, True
    if order.index(first_leg) > order.index(moved.name):
        return factor * 0.3, f"{words}, after the move", False
    return (factor * 1.2 if first_leg == last_leg == moved.name else factor), words, True


def _sign_fit(event: Event, part: Part, attribution: Attribution) -> tuple[float, list[str]]:
    """Good news of a rise or bad news of a fall is likelier to have moved it; bad news of a rise less."""
    moved = attribution.own_pp if part == "own" else attribution.sector_pp
    if not event.sign or not moved or part == "market":
        return 1.0, []
    word = "good news" if event.sign > 0 else "bad news"
    if (event.sign > 0) == (moved > 0):
        return 1.2, [word]
    return 0.7, [f"{word}, against the move"]


def _candidate(event: Event, role: Role, part: Part, why: tuple[str, ...], of_peer: bool) -> Candidate:
    return Candidate(
        event_id=event.id,
        start=to_iso(event.start),
        end=to_iso(event.end),
        precision=event.precision,
        title=event.title,
        source=event.source,
        role=role,
        why=why,
        title_zh=event.title_zh,
        url=event.url,
        part=part,
        of_peer=of_peer,
    )
