"""Tables that ship with the program and that a user may extend, as plain values."""

import msgspec

from tui.domain.market import Instrument
from tui.domain.symbol import Symbol


class SectorTable(msgspec.Struct, frozen=True):
    """Who belongs together. A sector with an index is explained by that index, any other by its members' median."""

    instruments: dict[Symbol, Instrument]
    index_of: dict[str, Symbol]

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
