"""ADR parity: the gap that the last New York close implies for a Hong Kong open, and whose gap that is.

    gap = ADR close * USDHKD / ratio / previous Hong Kong close - 1

The gap, not the ADR's own day: part of that day was in Hong Kong's price before it began. New York's session of date E
ends at 04:00 or 05:00 on E + 1 in Hong Kong, so a bar of E is known to the session of any later date and to no earlier
one; and only from the previous Hong Kong session's own date on does it hold anything new.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import isfinite
from statistics import median
from typing import Final

import msgspec

from tui.domain.adr import DualListing, GapSplit, ParityGap
from tui.domain.market import Bar
from tui.domain.symbol import Symbol

# The Hong Kong Monetary Authority's band is 7.75 to 7.85; a rate beyond it by more than a hair is no rate.
PEG: Final = 7.80
BAND: Final = (7.74, 7.86)
# How old a rate may be: a long weekend and a day.
RATE_DAYS: Final = timedelta(days=5)
# A gap beyond this is a ratio that changed, or prices of two kinds, before it is news.
FARTHEST_PCT: Final = 40.0
LEAST_OTHERS: Final = 3


def parity_gap(
    listing: DualListing, day: date, stock: Sequence[Bar], adr: Sequence[Bar], rates: Sequence[Bar]
) -> ParityGap | None:
    """The gap as of Hong Kong's session `day`, from raw bars, oldest first, of the stock, the ADR and USDHKD.

    None where New York held no session since the stock's last close, where a dividend or a split of either side lies
    between the two prices, so that they are not of the same thing, and where the gap cannot be one.
    """
    at = bisect_left(stock, day, key=_day)
    before = stock[at - 1] if at else None
    today = stock[at] if at < len(stock) and stock[at].day == day else None
    if before is None or (today is not None and _acts(today)):
        return None
    nights = adr[bisect_left(adr, before.day, key=_day) : bisect_left(adr, day, key=_day)]
    if not nights or any(_acts(bar) for bar in nights):
        return None
    last = nights[-1]
    rate = _rate(rates, last.day)
    gap_pct = (last.close * (rate or PEG) / listing.ratio / before.close - 1) * 100
    if not (isfinite(gap_pct) and abs(gap_pct) <= FARTHEST_PCT):
        return None
    return ParityGap(
        symbol=listing.symbol,
        day=day,
        adr=listing.adr,
        session=last.day,
        rate=rate or PEG,
        gap_pct=gap_pct,
        rate_known=rate is not None,
    )


def before_the_open(gaps: Mapping[Symbol, ParityGap]) -> dict[Symbol, ParityGap]:
    """The gaps of one morning, each split into what the others did, their median, and its own.

    With fewer than three others of the same New York session a gap stays whole.
    """
    told: dict[Symbol, ParityGap] = {}
    for symbol, gap in gaps.items():
        others = [other.gap_pct for name, other in gaps.items() if name != symbol and other.session == gap.session]
        told[symbol] = _split(gap, median(others), "listings") if len(others) >= LEAST_OTHERS else gap
    return told


def after_the_open(gap: ParityGap, beta: float, market_night_pct: float) -> ParityGap:
    """The gap split by the index' own night: beta x its overnight return, percent, and the rest."""
    return _split(gap, beta * market_night_pct, "index")


def _split(gap: ParityGap, common_pct: float, by: GapSplit) -> ParityGap:
    return msgspec.structs.replace(gap, common_pct=common_pct, own_pct=gap.gap_pct - common_pct, by=by)


def _rate(rates: Sequence[Bar], session: date) -> float | None:
    """The last rate of a New York session's date or shortly before it, inside the peg's band; None where unknown.

    A currency's bar of a date ends with that date in London, which is before Hong Kong opens on the next.
    """
    at = bisect_left(rates, session + timedelta(days=1), key=_day)
    if not at or session - rates[at - 1].day > RATE_DAYS:
        return None
    low, high = BAND
    return rates[at - 1].close if low <= rates[at - 1].close <= high else None


def _acts(bar: Bar) -> bool:
    return bar.dividend > 0 or bar.split != 1


def _day(bar: Bar) -> date:
    return bar.day
