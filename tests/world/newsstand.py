"""What the loopback Yahoo, HKEXnews and RTHK have to tell: the dated facts of the sample week, and nothing else.

The sample's events name days, these sources tell times, and no time of a real item is known. So an item of a company
is served as of the last minute of its interval and a market's as of the start of it. Yahoo names the publisher that
the sample names; results stand with the exchange. What else is filed is of stocks that exist only in the sample, and
RTHK's feeds carry one line that says what they are.
"""

from email.utils import format_datetime
from typing import Any, Final

from tests.world.press import Exchange, Press
from tui.domain.clock import Clock
from tui.domain.event import Event, EventKind, Scope
from tui.domain.symbol import Symbol, hkex_code, is_hk_stock
from tui.domain.trading_day import to_hkt, to_iso
from tui.sources.hkex_diary import ENTITLEMENTS_URL, MEETINGS_URL
from tui.sources.rss import RTHK_FEEDS
from tui.sources.sample import Sample

_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 24 * 60 * _MINUTE_MS
# Codes that no real stock has.
_INVENTED_FROM: Final = 99_900
_RTHK_LINE: Final = "This feed stands in for RTHK on loopback and carries no news"


def moment(event: Event) -> int:
    """The time that a source of this world gives an event, epoch milliseconds."""
    return event.start if event.scope is Scope.MARKET else event.end - _MINUTE_MS


class YahooStream:
    """Yahoo's headlines of a stock: what the sample's press wrote until now."""

    def __init__(self, sample: Sample, clock: Clock) -> None:
        self._events = [event for event in sample.events if event.kind is not EventKind.RESULTS]
        self._clock = clock

    def of(self, symbol: Symbol) -> list[dict[str, Any]]:
        """The articles of one reply, newest first."""
        now = self._clock.now_ms()
        told = [
            event
            for event in self._events
            if moment(event) <= now and (symbol in event.symbols or event.scope is Scope.MARKET)
        ]
        return [_article(event) for event in sorted(told, key=moment, reverse=True)]


def _article(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "content": {
            "title": event.title,
            "pubDate": to_iso(moment(event)),
            "provider": {"displayName": event.source},
            "canonicalUrl": {"url": event.url},
        },
    }


def put_out(press: Press, sample: Sample, clock: Clock) -> None:
    """Put the exchange's lists and RTHK's feeds of this moment into a press."""
    now = clock.now_ms()
    exchange = Exchange(press)
    exchange.stocks = {
        hkex_code(symbol): (known.name_en or symbol, known.name_zh or symbol)
        for symbol, known in sample.instruments.items()
        if is_hk_stock(symbol)
    }
    filed = [(moment(e), hkex_code(e.symbols[0]), e) for e in sample.events if e.kind is EventKind.RESULTS]
    for number, (at, code, event) in enumerate(sorted(filed, key=lambda each: each[0]), 1):
        if at <= now:
            exchange.file(number, at, [code], event.title, category="Final Results", title_zh=event.title_zh)
    invented = [code for code in exchange.stocks if int(code) >= _INVENTED_FROM]
    for number, code in enumerate(invented, 100):
        at = now - (len(invented) + 100 - number) * 10 * _MINUTE_MS
        exchange.file(number, at, [code], "Sample filing of a stock that does not exist", title_zh="虛構股份的樣本文件")
    pages = dict.fromkeys(RTHK_FEEDS, _feed(now - 30 * _DAY_MS))
    pages[MEETINGS_URL] = _table("", ("BM Date", "", "", "Code", "Purpose", "Period"))
    page_date = f"Date : {to_hkt(now):%d/%m/%Y}"
    pages[ENTITLEMENTS_URL] = _table(page_date, ("", "Stock", "", "Particulars", "Ex-Date", "Book Closing"))
    press.documents.update((url.removeprefix("https://"), page) for url, page in pages.items())


def _table(above: str, columns: tuple[str, ...]) -> str:
    cells = "".join(f"<td>{column}</td>" for column in columns)
    return f"<html>{above}<table><tr>{cells}</tr></table></html>"


def _feed(at: int) -> str:
    item = f"<item><title>{_RTHK_LINE}</title><pubDate>{format_datetime(to_hkt(at))}</pubDate></item>"
    return f"<rss><channel>{item}</channel></rss>"
