"""Tables that ship with the program and that a user may extend, as plain values."""

from datetime import date

import msgspec

from tui.domain.event import EventKind
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol


class SectorTable(msgspec.Struct, frozen=True):
    """Who belongs together. A sector with an index is explained by that index, any other by its members' median.

    `constituents` names, by index, the stocks known to be a heavy part of it: their own moves move it too.
    """

    instruments: dict[Symbol, Instrument]
    index_of: dict[str, Symbol]
    constituents: dict[Symbol, frozenset[Symbol]] = {}

    def sector(self, symbol: Symbol) -> str:
        """The sector's word, "" where the symbol is in no group."""
        known = self.instruments.get(symbol)
        return known.sector if known else ""

    def peers(self, symbol: Symbol) -> tuple[Symbol, ...]:
        """The other members of the symbol's sector, in the table's order."""
        sector = self.sector(symbol)
        if not sector:
            return ()
        return tuple(s for s, other in self.instruments.items() if other.sector == sector and s != symbol)


class Alias(msgspec.Struct, frozen=True):
    """A name by which headlines mean a stock. Without a symbol it is a look-alike: it hides the names inside it.

    `near` None: the name alone is enough; else one of these words, the stock's code or another of its names must
    stand in the same headline. Where a word of `never` stands, the name alone does not count. `since` and `until`
    bound the days of a person or a product.
    """

    name: str
    symbol: Symbol | None = None
    exact: bool = False
    near: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


class ScopeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that tell the level of a headline: the market, an industry, and how one is tied to a company's name."""

    index: tuple[str, ...]
    macro: tuple[str, ...]
    sector: tuple[str, ...]
    industry: tuple[str, ...]
    listing: tuple[str, ...]
    apposition: tuple[str, ...]


class RecapWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that tell whether a headline describes a price."""

    closing: tuple[str, ...]
    moves: tuple[str, ...]
    weak_moves: tuple[str, ...]
    price_nouns: tuple[str, ...]
    figures: tuple[str, ...]
    not_moves: tuple[str, ...]


class SignWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that tell whether an item is good or bad for its company."""

    good: tuple[str, ...]
    bad: tuple[str, ...]


class NewsWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of headlines. In `kind` the first kind that fits counts."""

    scope: ScopeWords
    kind: dict[EventKind, tuple[str, ...]]
    recap: RecapWords
    sign: SignWords


class NewsTable(msgspec.Struct, frozen=True):
    """What the linker knows: names, codes beside the Hong Kong ones ("BABA", "89988"), brokers, words."""

    aliases: tuple[Alias, ...]
    codes: dict[str, Symbol]
    houses: frozenset[Symbol]
    words: NewsWords
