"""From a headline to the stocks it means, its scope, its kind, and whether it is a recap.

The headline is folded (full-width, case, Traditional Chinese), read once by one automaton, and every longest match
is kept. A name counts by itself, or only as written, or only beside another sign of the same stock: the alias says.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from tui.domain.event import Event, EventKind, Scope
from tui.domain.symbol import Symbol
from tui.domain.tables import Alias, NewsTable
from tui.domain.text import clean
from tui.domain.trading_day import TradingDay
from tui.news.codes import CodeHit, find_codes
from tui.news.fold import Folded, fold
from tui.news.lexicon import BAD, CODE, GOOD, LOOK_ALIKE, NAME, Hit, Lexicon
from tui.news.recap import is_recap
from tui.news.scope import scope_of
from tui.news.window import session_of_event


class Linked(msgspec.Struct, frozen=True):
    """What a headline says of itself. The stocks stand in the order of the title: the subject first."""

    symbols: tuple[Symbol, ...]
    scope: Scope
    kind: EventKind
    recap: bool
    sign: int = 0


class Linker:
    """Links headlines by one table; making one takes a fraction of a second, linking tens of microseconds."""

    def __init__(self, table: NewsTable) -> None:
        self._lexicon = Lexicon(table)
        self._codes = table.codes
        self._known = frozenset(alias.symbol for alias in table.aliases if alias.symbol is not None)
        self._houses = table.houses
        self._apposition = tuple(fold(word).text for word in table.words.scope.apposition)
        self._conditions = {
            word: fold(word).text for alias in table.aliases for word in (*(alias.near or ()), *alias.never)
        }

    def link(self, title: str, day: date, *, summary: str = "", given: Sequence[Symbol] = ()) -> Linked:
        """Link one headline of a day. `given` are stocks that the source itself names, `summary` its text: where
        the title names no stock, the one stock of the summary is meant."""
        headline = fold(clean(title))
        hits = self._lexicon.find(headline.text)
        codes = self._find_codes(headline, hits)
        if codes:
            # "HKEX: 2015" names no exchange.
            hits = [hit for hit in hits if not any(code.start <= hit.start < code.end for code in codes)]
        named = self._named(headline, hits, codes, day)
        if not named and given:
            named = [(len(headline.text), symbol) for symbol in dict.fromkeys(given)]
        if not named and summary:
            named = self._of_summary(summary, day, len(headline.text))
        kind = self._kind(hits)
        if kind is EventKind.RATING and len(named) > 1:
            named = [place for place in named if place[1] not in self._houses] or named
        scope = scope_of(headline.text, hits, named, self._apposition)
        if kind is EventKind.OTHER and scope is Scope.MARKET:
            kind = EventKind.MACRO
        symbols = tuple(symbol for _, symbol in named)
        marks = sorted((*hits, *(Hit(code.start, code.end, CODE) for code in codes)), key=_start) if codes else hits
        # A headline of nobody describes nobody's price.
        recap = scope is not Scope.OTHER and is_recap(headline.text, marks, kind)
        return Linked(symbols, scope, kind, recap, _sign(hits))

    def annotate(self, event: Event, days: Sequence[TradingDay], *, summary: str = "") -> Event:
        """The event with what its title says. What a source states itself (scope, kind, stocks) stands."""
        session = event.session or session_of_event(event, days)
        title = event.title or event.title_zh
        linked = self.link(title, session, summary=summary, given=event.symbols)
        stated = event.scope is not Scope.OTHER
        return msgspec.structs.replace(
            event,
            symbols=event.symbols if stated else linked.symbols,
            scope=event.scope if stated else linked.scope,
            kind=linked.kind if event.kind is EventKind.OTHER else event.kind,
            recap=event.recap or (linked.recap and not stated),
            sign=event.sign or linked.sign,
            session=session,
        )

    def _of_summary(self, summary: str, day: date, end: int) -> list[tuple[int, Symbol]]:
        text = fold(clean(summary))
        hits = self._lexicon.find(text.text)
        named = self._named(text, hits, self._find_codes(text, hits), day)
        return [(end, named[0][1])] if len(named) == 1 else []

    def _kind(self, hits: Iterable[Hit]) -> EventKind:
        order = self._lexicon.kind_order
        kinds = (hit.entry.kind for hit in hits if hit.entry.kind is not None)
        return min(kinds, key=order.__getitem__, default=EventKind.OTHER)

    def _find_codes(self, headline: Folded, hits: Iterable[Hit]) -> list[CodeHit]:
        """The codes of a headline, but for those inside a look-alike such as a currency pair."""
        codes = list(find_codes(headline.text, headline.cased, self._known, self._codes))
        hidden = [hit for hit in hits if hit.entry.groups & LOOK_ALIKE] if codes else []
        return [code for code in codes if not any(hit.start <= code.start < hit.end for hit in hidden)]

    def _named(
        self, headline: Folded, hits: Iterable[Hit], codes: Sequence[CodeHit], day: date
    ) -> list[tuple[int, Symbol]]:
        """The stocks of a headline and their places, in order."""
        sure: dict[Symbol, int] = {code.symbol: code.start for code in reversed(codes) if not code.doubtful}
        unsure: list[tuple[int, Alias]] = []
        for hit in hits:
            if not hit.entry.groups & NAME or hit.entry.groups & LOOK_ALIKE:
                continue
            for alias in hit.entry.aliases:
                if alias.symbol is None or not _in_force(alias, day):
                    continue
                if self._stands_alone(alias, headline, hit):
                    sure[alias.symbol] = min(sure.get(alias.symbol, hit.start), hit.start)
                else:
                    unsure.append((hit.start, alias))
        for start, alias in unsure:
            # Beside the stock's code, even one that looks like a year, or beside another name of it.
            if alias.symbol is not None and (
                alias.symbol in sure or any(alias.symbol == code.symbol for code in codes)
            ):
                sure[alias.symbol] = min(sure.get(alias.symbol, start), start)
        return sorted((start, symbol) for symbol, start in sure.items())

    def _stands_alone(self, alias: Alias, headline: Folded, hit: Hit) -> bool:
        if alias.exact and headline.cased[hit.start : hit.start + hit.entry.length] != alias.name:
            return False
        text = headline.text
        if alias.never and any(self._conditions[word] in text for word in alias.never):
            return False
        return alias.near is None or any(self._conditions[word] in text for word in alias.near)


def _in_force(alias: Alias, day: date) -> bool:
    return (alias.since is None or alias.since <= day) and (alias.until is None or day <= alias.until)


def _sign(hits: Iterable[Hit]) -> int:
    """1 for good news, -1 for bad, 0 for neither or both."""
    told = 0
    for hit in hits:
        told |= hit.entry.groups
    return bool(told & GOOD) - bool(told & BAD)


def _start(hit: Hit) -> int:
    return hit.start
