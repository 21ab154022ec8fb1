"""Own moves without news, as the feed knows them, and what its ledger says of those listed before."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from tui.attribution.tally import tally
from tui.domain.attribution import Attribution
from tui.domain.event import NewsCoverage
from tui.domain.reason import Reason, Why
from tui.domain.symbol import Symbol
from tui.domain.unexplained import OWN, Tally, newest_and_rarest
from tui.domain.unexplained import unexplained as without_news
from tui.render.reasons import reason_words
from tui.store.ledger import Ledger, LedgerError
from tui.wire import AskUnexplained, Unexplained

# Stocks and sessions that one question may look at.
MOST_STOCKS = 1000
MOST_SESSIONS = 250


async def unexplained(
    ask: AskUnexplained, days_of: Callable[[Symbol, int], Awaitable[tuple[Attribution, ...]]], ledger: Path | None
) -> Unexplained:
    """The answer, from the days that are known without asking anybody for prices (`days_of`)."""
    count = min(max(ask.days, 1), MOST_SESSIONS)
    histories = {symbol: await days_of(symbol, count) for symbol in ask.symbols[:MOST_STOCKS]}
    days = [day for told in histories.values() for day in told]
    own = [day for day in days if day.verdict in OWN]
    unasked = [day for day in own if day.news_coverage is NewsCoverage.NOT_FETCHED]
    told, why = await asyncio.to_thread(_tally, ledger)
    return Unexplained(
        days=without_news(own),
        unasked=tuple(sorted(unasked, key=newest_and_rarest)),
        own=len(own),
        stocks=sum(map(bool, histories.values())),
        sessions=len({day.date for day in days}),
        waiting=tuple(symbol for symbol, told in histories.items() if not told),
        tally=told,
        no_tally="" if why is None else reason_words(why),
        why_no_tally=why,
    )


def _tally(path: Path | None) -> tuple[Tally | None, Reason | None]:
    """The ledger counted, or why it cannot be."""
    if path is None:
        return None, Reason(Why.NO_LEDGER)
    if not path.exists():
        return None, Reason(Why.LEDGER_TO_COME)
    try:
        ledger = Ledger(path, readonly=True)
        try:
            return tally(ledger.days(), ledger.listed(), ledger.outcomes()), None
        finally:
            ledger.close()
    except LedgerError as error:
        return None, Reason(Why.SAID, detail=str(error))
