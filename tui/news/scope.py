"""What level an item is news of: a company, an industry, the market, or something else."""

from collections.abc import Sequence

from tui.domain.event import Scope
from tui.domain.symbol import Symbol
from tui.news.lexicon import INDEX, INDUSTRY, LISTING, MACRO, SECTOR, Hit

# An item that names so many stocks is of none of them.
MANY = 4
# With an industry's word anywhere, fewer are enough.
SEVERAL = 3


def scope_of(folded: str, hits: Sequence[Hit], named: Sequence[tuple[int, Symbol]], apposition: Sequence[str]) -> Scope:
    """The level by what stands first. `named` are the stocks with their places, in order.

    An industry before one company's name is that company's description ("Autobauer BYD") or, with a word of listing
    between them ("banks such as HSBC"), the subject.
    """
    sector = _first(hits, SECTOR)
    index = _first(hits, INDEX)
    if index and (index.end in (place for place, _ in named) or (sector and 0 <= sector.start - index.end <= 1)):
        # The market as the place of what follows: "港股半导体板块", "港股腾讯".
        index = None
    if not named:
        if sector and not (index and index.start < sector.start):
            return Scope.SECTOR
        if index or _first(hits, MACRO):
            return Scope.MARKET
        return Scope.SECTOR if _first(hits, INDUSTRY) else Scope.OTHER
    first = named[0][0]
    if index and index.start < first and not (sector and sector.start < index.start):
        return Scope.MARKET
    if len(named) >= MANY or (sector and len(named) >= SEVERAL):
        return Scope.SECTOR
    if sector is None or sector.start > first:
        return Scope.COMPANY
    if len(named) > 1 or any(hit.entry.groups & LISTING and sector.end <= hit.start < first for hit in hits):
        return Scope.SECTOR
    return Scope.COMPANY if _describes(folded[sector.end : first], apposition) else Scope.SECTOR


def _describes(gap: str, apposition: Sequence[str]) -> bool:
    """True where only spaces or words such as "giant" stand between an industry and a name."""
    for word in apposition:
        gap = gap.replace(word, "")
    return not gap.strip(" -·“”\"'「《")


def _first(hits: Sequence[Hit], group: int) -> Hit | None:
    return next((hit for hit in hits if hit.entry.groups & group), None)
