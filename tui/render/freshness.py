"""How far a price may be trusted now, and its age in words that change at most once a minute."""

from typing import Final, Literal

import msgspec

from tui.domain.market import Quality, Quote
from tui.render.language import Language

Trust = Literal["fresh", "delayed", "stale"]

STALE_AFTER_S: Final = 60
_MINUTE_MS: Final = 60_000


class Freshness(msgspec.Struct, frozen=True):
    """`age_min` is the age of the price at the exchange, in full minutes; -1 where it does not matter."""

    trust: Trust
    age_min: int = -1


FRESH: Final = Freshness("fresh")


def stale_after_s(refresh_s: float) -> int:
    """How long a price may go unconfirmed where it is asked for every `refresh_s` seconds: one answer may fail, and an
    equal price is passed on every half minute only."""
    return max(STALE_AFTER_S, round(2 * refresh_s) + 30)


def freshness(quote: Quote, now: int, *, trading: bool, stale_after_s: int = STALE_AFTER_S) -> Freshness:
    """Judge a quote at `now` (epoch milliseconds); `trading` says whether prices can change.

    Stale is what the source calls so, what comes from the disk, and while the market trades, what was received too
    long ago. A stock that simply has not traded is not stale: its price was confirmed when it was last received.
    Delayed is what reached us late by the source's own word. Once the market is closed no price grows old.
    """
    age_min = max(now - quote.exchange_time, 0) // _MINUTE_MS
    if quote.quality in (Quality.STALE, Quality.STORED):
        return Freshness("stale", age_min)
    if trading and now - quote.received > stale_after_s * 1000:
        return Freshness("stale", age_min)
    if quote.quality is Quality.DELAYED or quote.delay_s > 0:
        return Freshness("delayed", age_min if trading else -1)
    return FRESH


def age_words(age_min: int, language: Language = "en") -> str:
    """ "now", "4m", "2h", "3d" in at most four cells; "" for no age."""
    if age_min < 0:
        return ""
    zh = language == "zh"
    if age_min < 1:
        return "剛才" if zh else "now"
    if age_min < 100:
        return f"{age_min}分" if zh else f"{age_min}m"
    hours = age_min // 60
    if hours < 48:
        return f"{hours}時" if zh else f"{hours}h"
    days = min(hours // 24, 99)
    return f"{days}日" if zh else f"{days}d"
