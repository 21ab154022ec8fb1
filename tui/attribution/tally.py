"""What became of the moves that nobody could explain: each is scored once, and the scores are counted.

A listed move is scored by the own part of the next five sessions, with the fit of the day it was listed on: nothing
that came later is in the slopes it is measured with.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from tui.attribution.book import Book
from tui.domain.unexplained import LedgerDay, Listed, Outcome, Tally

NEXT: Final = (1, 5)
LARGE: Final = 2.0


def score(book: Book, listed: Listed, now: int) -> Outcome | None:
    """The outcome as far as prices tell it; None while its sessions are yet to come, or its stock is not here."""
    if listed.symbol not in book.panel or listed.day not in book.panel.dates:
        return None
    effect = book.effect(listed.symbol, listed.day, *NEXT)
    if effect.missing == "too_early":
        return None
    until = book.panel.dates[book.panel.row(listed.day) + NEXT[1]]
    return Outcome(listed.day, listed.symbol, now, until, effect.own_pp, effect.error_pp, effect.missing)


def tally(days: Iterable[LedgerDay], listed: Sequence[Listed], outcomes: Iterable[Outcome]) -> Tally:
    """Count what was listed and what became of it."""
    known_days = tuple(days)
    by_move = {(outcome.day, outcome.symbol): outcome for outcome in outcomes}
    scored: list[tuple[date, float, float]] = []
    lost = asked_later = filed = 0
    for move in listed:
        outcome = by_move.get((move.day, move.symbol))
        if outcome is None:
            continue
        if outcome.filings is not None:
            asked_later += 1
            filed += outcome.filings > 0
        if outcome.own_pp is None or not outcome.error_pp:
            lost += 1
        else:
            onward = outcome.own_pp if move.own_pp > 0 else -outcome.own_pp
            scored.append((move.day, onward, abs(outcome.own_pp) / outcome.error_pp))
    drift, error = _drift([(day, onward) for day, onward, _ in scored])
    return Tally(
        days=len(known_days),
        asked=sum(day.asked for day in known_days),
        own=sum(day.own for day in known_days),
        listed=len(listed),
        pending=len(listed) - lost - len(scored),
        lost=lost,
        scored=len(scored),
        went_on=sum(onward > 0 for _, onward, _ in scored),
        turned=sum(onward < 0 for _, onward, _ in scored),
        large=sum(size > LARGE for _, _, size in scored),
        drift_pp=drift,
        drift_error_pp=error,
        asked_later=asked_later,
        filed=filed,
    )


def _drift(moves: Sequence[tuple[date, float]]) -> tuple[float | None, float | None]:
    """The mean over days of the days' means, and its standard error: moves of one day are not independent."""
    by_day: dict[date, list[float]] = {}
    for day, onward in moves:
        by_day.setdefault(day, []).append(onward)
    means = [fmean(of_day) for of_day in by_day.values()]
    if not means:
        return None, None
    return fmean(means), stdev(means) / sqrt(len(means)) if len(means) > 1 else None
