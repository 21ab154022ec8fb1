"""The verdict: the first rule that fits."""

from typing import Final

from tui.domain.attribution import Verdict

OWN_BELOW: Final = 0.02
OWN_POSSIBLE_BELOW: Final = 0.05


def decide(
    *, rarity: float, move: float, market: float, sector: float, own: float, sigma_move: float, sigma: float
) -> Verdict:
    """Name a day whose fit is known. Parts and sigmas in percentage points, for as many sessions as the move spans.

    A move within the stock's own standard deviation whose own part is within the noise is quiet. A move is led by
    what named it only where index and sector together point its way and leave at most half of it to the stock.
    """
    if rarity < OWN_BELOW:
        return Verdict.OWN
    if rarity < OWN_POSSIBLE_BELOW:
        return Verdict.OWN_POSSIBLE
    if abs(move) < sigma_move and abs(own) < sigma:
        return Verdict.QUIET
    if (market + sector) * move > 0 and abs(own) <= abs(move) / 2:
        return Verdict.MARKET if abs(market) >= abs(sector) else Verdict.SECTOR
    return Verdict.MIXED


def is_against_the_tape(market: float, own: float) -> bool:
    """True where own and index have opposite signs and the own part is the larger."""
    return own * market < 0 and abs(own) > abs(market)
