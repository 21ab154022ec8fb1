"""Every word the linker knows in one Aho-Corasick automaton, so that a headline is read once."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import ahocorasick
import msgspec

from tui.domain.event import EventKind
from tui.domain.tables import Alias, NewsTable
from tui.news.fold import fold

# The groups a word can belong to, as bits.
NAME: Final = 1
LOOK_ALIKE: Final = 2
INDEX: Final = 4
MACRO: Final = 8
SECTOR: Final = 16
LISTING: Final = 32
CLOSING: Final = 64
MOVE: Final = 128
WEAK_MOVE: Final = 256
PRICE: Final = 512
FIGURE: Final = 1024
NOT_MOVE: Final = 2048
INDUSTRY: Final = 4096
GOOD: Final = 8192
BAD: Final = 16384
# Words that say what is told of a subject; they hide no word that could be the subject.
_TOLD: Final = GOOD | BAD

# Ends by which an industry's word says that it means the shares of that industry.
_SHARES = ("stocks", "shares", "names", "adrs", "股", "板块", "werte", "aktien", "概念")
# Scripts from here on are written without spaces, so their words have no boundaries.
_EAST_ASIAN: Final = "\u2e80"
# A Latin name of at most so many letters counts only as it is written in the table.
_SHORT_LATIN: Final = 3


class Entry(NamedTuple):
    """One word: its length, where it needs a word boundary, its groups, its names and the kind it tells of."""

    length: int
    bound_left: bool
    bound_right: bool
    groups: int
    aliases: tuple[Alias, ...]
    kind: EventKind | None


class Hit(NamedTuple):
    """A word found at [start, end) of the folded headline."""

    start: int
    end: int
    entry: Entry


# What a stock's code stands for among the words of a headline.
CODE: Final = Entry(0, False, False, NAME, (), None)


class Lexicon:
    """The words of a table, ready to be found."""

    def __init__(self, table: NewsTable) -> None:
        entries: dict[str, Entry] = {}
        for alias in table.aliases:
            group = LOOK_ALIKE if alias.symbol is None else NAME
            for spelling in _spellings(alias):
                _add(entries, spelling.name, group, (spelling,))
        words = table.words
        figures = [fold(word.strip("*")).text for word in words.recap.figures]
        for group, listed in (
            (INDEX, words.scope.index),
            (MACRO, words.scope.macro),
            (SECTOR, words.scope.sector),
            (INDUSTRY, words.scope.industry),
            (LISTING, words.scope.listing),
            (CLOSING, words.recap.closing),
            (MOVE, words.recap.moves),
            (WEAK_MOVE, words.recap.weak_moves),
            (PRICE, words.recap.price_nouns),
            (FIGURE, words.recap.figures),
            (NOT_MOVE, words.recap.not_moves),
            (GOOD, words.sign.good),
            (BAD, words.sign.bad),
        ):
            for word in listed:
                _add(entries, word, group | (_sort_of_sector(word, figures) if group == SECTOR else 0))
        for kind, listed in words.kind.items():
            for word in listed:
                _add(entries, word, 0, kind=kind)
        self.kind_order = {kind: place for place, kind in enumerate(words.kind)}
        self._automaton = ahocorasick.Automaton()
        for text, entry in entries.items():
            self._automaton.add_word(text, entry)
        self._automaton.make_automaton()

    def find(self, folded: str) -> list[Hit]:
        """The words of a headline in order; a word inside a longer one is left out."""
        kept: list[Hit] = []
        reach = start = -1
        for hit in sorted(self._bounded(folded), key=_by_place):
            if hit.end > reach or (hit.end == reach and hit.start == start):
                kept.append(hit)
                # A word that only tells the kind or the sign hides no word of another group.
                if hit.entry.groups & ~_TOLD:
                    start, reach = hit.start, hit.end
        return kept

    def _bounded(self, folded: str) -> Iterator[Hit]:
        last = len(folded)
        for at, entry in self._automaton.iter(folded):
            end = at + 1
            start = end - entry.length
            if start and _joins(folded[start - 1]) and _joins(folded[start]):
                if entry.bound_left:
                    continue
                while start and _joins(folded[start - 1]):
                    start -= 1
            if end < last and _joins(folded[end]) and _joins(folded[end - 1]):
                # A plural or a German genitive: "Alibabas", "tariffs".
                if entry.bound_right and (folded[end] != "s" or (end + 1 < last and _joins(folded[end + 1]))):
                    continue
                while end < last and _joins(folded[end]):
                    end += 1
            yield Hit(start, end, entry)


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _joins(char: str) -> bool:
    """True for a character that would make a Latin word longer."""
    return char < _EAST_ASIAN and char.isalnum()


def _spellings(alias: Alias) -> Iterator[Alias]:
    """The alias, only as written where it is short and Latin, and the German compound: "Pop-Mart-Aktie"."""
    if not alias.name.isascii():
        yield alias
        return
    yield msgspec.structs.replace(alias, exact=alias.exact or len(alias.name) <= _SHORT_LATIN)
    if " " in alias.name:
        yield msgspec.structs.replace(alias, name=alias.name.replace(" ", "-"))


def _sort_of_sector(word: str, figures: Iterable[str]) -> int:
    """An industry's shares are a price; its sales or prices are a figure."""
    text = fold(word).text
    if text.endswith(_SHARES):
        return PRICE
    return FIGURE if any(figure in text for figure in figures if len(figure) > 1) else 0


def _add(
    entries: dict[str, Entry], word: str, groups: int, aliases: tuple[Alias, ...] = (), kind: EventKind | None = None
) -> None:
    text = fold(word.strip("*")).text
    if not text:
        return
    left = not word.startswith("*") and _joins(text[0])
    right = not word.endswith("*") and _joins(text[-1])
    known = entries.get(text)
    if known is None:
        entries[text] = Entry(len(text), left, right, groups, aliases, kind)
    else:
        entries[text] = Entry(
            known.length,
            known.bound_left and left,
            known.bound_right and right,
            known.groups | groups,
            known.aliases + aliases,
            known.kind or kind,
        )
