"""Own moves without news: which days they are, what was listed of them, and what became of it."""

from collections.abc import Iterable
from datetime import date

import msgspec

from tui.domain.attribution import Attribution, Verdict
from tui.domain.event import NewsCoverage
from tui.domain.symbol import Symbol

OWN = (Verdict.OWN, Verdict.OWN_POSSIBLE)


def is_unexplained(day: Attribution) -> bool:
    """True for an own move for which every source was asked and none knew anything."""
    return day.verdict in OWN and day.news_coverage is NewsCoverage.NONE


def unexplained(days: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """The unexplained ones of any stocks' days, in the order of `newest_and_rarest`."""
    return tuple(sorted(filter(is_unexplained, days), key=newest_and_rarest))


def newest_and_rarest(day: Attribution) -> tuple[int, float, Symbol]:
    """What stocks' days are sorted by: the newest first, of one day the rarest first."""
    return -day.date.toordinal(), day.rarity or 0.0, day.symbol


class LedgerDay(msgspec.Struct, frozen=True):
    """One session as it was at its close: how many stocks were watched, how many had every news source asked, and how
    many of those moved by themselves. `listed_at` is epoch milliseconds."""

    day: date
    listed_at: int
    watched: int
    asked: int
    own: int


class Listed(msgspec.Struct, frozen=True):
    """An unexplained move as it was listed that day, percent and percentage points."""

    day: date
    symbol: Symbol
    verdict: Verdict
    return_pct: float
    own_pp: float
    rarity: float


class Outcome(msgspec.Struct, frozen=True):
    """What became of a listed move in the next five sessions, the last of them `until`.

    `own_pp` and `error_pp` are None where `lost` says why they will never be known. `filings` counts the news of the
    company that came until then, None where not every source was asked about it; `first` is the first one's title.
    """

    day: date
    symbol: Symbol
    scored_at: int
    until: date | None = None
    own_pp: float | None = None
    error_pp: float | None = None
    lost: str = ""
    filings: int | None = None
    first: str = ""


class Tally(msgspec.Struct, frozen=True):
    """What the ledger says. `went_on` and `turned` count the scored moves by the sign of what followed.

    `drift_pp` is the mean own move of the next five sessions in the direction of the listed one, `drift_error_pp` the
    standard error of that mean over days, None below two days; `large` counts moves of over twice their own error,
    which one in twenty has by chance. `asked_later` of them had every source asked afterwards, `filed` had news then.
    """

    days: int
    asked: int
    own: int
    listed: int
    pending: int
    lost: int
    scored: int
    went_on: int
    turned: int
    large: int
    drift_pp: float | None
    drift_error_pp: float | None
    asked_later: int
    filed: int
