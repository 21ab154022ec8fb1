"""Which sector factor a stock has, and what that factor returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tui.attribution.panel import Panel
from tui.attribution.peers import correlated
from tui.domain.symbol import HSTECH, Symbol
from tui.domain.tables import SectorTable

Floats = NDArray[np.float64]
SectorChoice = Symbol | Literal["auto", "none"]

LEAST_PEERS: Final = 3
# The first of a group's members stand for it: more would let the answer depend on which others are watched.
MOST_PEERS: Final = 9
TRACKER: Final = Symbol("3033.HK")
# The Hang Seng TECH Index under its other spelling, then the fund that tracks it.
STANDS_IN: Final = {HSTECH: (Symbol("HSTECH.HK"), TRACKER)}


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector factor: an index, or the median of at least three peers (never of the stock itself).

    `name` is the index' symbol, "peers:banks" for a group of the table, or "found:0386.HK,0883.HK,0941.HK" for
    stocks that the prices point to; `proxy` says that a tracker stands in for the index.
    """

    name: str
    members: tuple[Symbol, ...]
    proxy: bool = False

    def return_of(self, returns: Mapping[Symbol, float | None]) -> float | None:
        """The factor's return among the returns of one moment, percent; None where too few members have one."""
        known = [value for member in self.members if (value := returns.get(member)) is not None]
        if len(self.members) == 1:
            return known[0] if known else None
        return median(known) if len(known) >= LEAST_PEERS else None

    def returns(self, panel: Panel, rows: slice) -> Floats:
        """The factor's return on each session of `rows`, percent, float64[day]; NaN where it has none."""
        columns = [panel.column(member) for member in self.members]
        if len(columns) == 1:
            return panel.returns[rows, columns[0]]
        return row_medians(panel.returns[rows, columns])


def row_medians(values: Floats) -> Floats:
    """The median of each row's known values, float64[day]; NaN where fewer than three are known."""
    ascending = np.sort(values, axis=1)  # NaN comes last
    known = np.count_nonzero(~np.isnan(values), axis=1)
    row = np.arange(len(values))
    middle = (
        ascending[row, np.maximum(known - 1, 0) // 2] + ascending[row, np.minimum(known // 2, values.shape[1] - 1)]
    ) / 2
    return np.where(known >= LEAST_PEERS, middle, np.nan)


def choose_sector(
    panel: Panel,
    symbol: Symbol,
    choice: SectorChoice,
    table: SectorTable | None,
    market: Symbol,
    rows: slice | None = None,
) -> Sector | None:
    """The stock's sector factor: the one named, or by the table its sector's index, else its peers.

    Where the table knows no three peers, the stocks whose own parts went with its own on the sessions `rows` take
    their place, at least three of them ("found:…"); without `rows`, and where there are none, there is no sector.
    Raises ValueError for a named factor that is not in the panel, or that is the market or the stock itself.
    """
    if choice == "none":
        return None
    if choice != "auto":
        named = Symbol(choice)
        if named in (symbol, market):
            whose = "the market" if named == market else "the stock"
            raise ValueError(f"{named} is {whose} itself, so it cannot be its sector: name another, or none")
        panel.column(named)
        return Sector(named, (named,))
    word = table.sector(symbol) if table else ""
    index = table.index_of.get(word) if table else None
    if index is not None:
        return _index(panel, index) if index not in (symbol, market) else None
    peers = tuple(peer for peer in table.peers(symbol)[:MOST_PEERS] if peer in panel) if table else ()
    if len(peers) >= LEAST_PEERS:
        return Sector(f"peers:{word}", peers)
    return None if rows is None else _found(panel, symbol, market, rows)


def _found(panel: Panel, symbol: Symbol, market: Symbol, rows: slice) -> Sector | None:
    """The stocks that went with this one, whatever their trade; none for an index or without the market."""
    if symbol.startswith("^") or market not in panel:
        return None
    others = tuple(
        other for other in panel.symbols if other not in (symbol, market, TRACKER) and not other.startswith("^")
    )
    if len(others) < LEAST_PEERS:
        return None
    peers = correlated(panel, symbol, others, market, rows)
    return Sector("found:" + ",".join(peers), peers) if len(peers) >= LEAST_PEERS else None


def _index(panel: Panel, index: Symbol) -> Sector | None:
    """The index, or what stands in for it; none where the panel has neither."""
    candidates: Sequence[Symbol] = (index, *STANDS_IN.get(index, ()))
    found = next((candidate for candidate in candidates if candidate in panel), None)
    return None if found is None else Sector(found, (found,), proxy=found == TRACKER)
