"""How far a price may be trusted: by its source, by when it was confirmed, and not by the market being closed."""

import pytest

from tui.domain.market import Quality, Quote
from tui.domain.symbol import Symbol
from tui.render.freshness import Freshness, age_words, freshness, stale_after_s
from tui.render.width import cells

NOW = 1_772_778_660_000
MINUTE = 60_000


def quote(age_min: int = 0, received_min: int = 0, quality: Quality = Quality.LIVE, delay_s: int = 0) -> Quote:
    return Quote(
        Symbol("9988.HK"),
        130.7,
        exchange_time=NOW - age_min * MINUTE,
        received=NOW - received_min * MINUTE,
        source="test",
        quality=quality,
        delay_s=delay_s,
    )


@pytest.mark.parametrize(
    ("told", "trading", "expected"),
    [
        (quote(), True, Freshness("fresh")),
        # A stock that has not traded for an hour, just confirmed: not stale.
        (quote(age_min=60), True, Freshness("fresh")),
        (quote(age_min=5, received_min=5), True, Freshness("stale", 5)),
        # After the close nothing grows old.
        (quote(age_min=500, received_min=480), False, Freshness("fresh")),
        (quote(age_min=3, quality=Quality.STALE), True, Freshness("stale", 3)),
        (quote(age_min=900, quality=Quality.STORED), False, Freshness("stale", 900)),
        (quote(age_min=16, delay_s=900), True, Freshness("delayed", 16)),
        (quote(age_min=16, quality=Quality.DELAYED), True, Freshness("delayed", 16)),
        (quote(age_min=16, delay_s=900), False, Freshness("delayed")),
        (quote(age_min=-5), True, Freshness("fresh")),
    ],
)
def test_freshness(told: Quote, trading: bool, expected: Freshness) -> None:
    assert freshness(told, NOW, trading=trading) == expected


def test_how_long_a_price_may_go_unconfirmed_is_a_setting() -> None:
    assert freshness(quote(received_min=2), NOW, trading=True, stale_after_s=180).trust == "fresh"


@pytest.mark.parametrize(("refresh_s", "expected"), [(5, 60), (15, 60), (60, 150), (150.0, 330), (3600, 7230)])
def test_a_slow_refresh_makes_nothing_stale_before_its_second_miss(refresh_s: float, expected: int) -> None:
    patience_s = stale_after_s(refresh_s)
    assert patience_s == expected
    assert patience_s >= 1.1 * refresh_s + 30, (
        "a late question, and an equal price that is passed on half a minute later"
    )


@pytest.mark.parametrize(
    ("age_min", "en", "zh"),
    [
        (-1, "", ""),
        (0, "now", "剛才"),
        (15, "15m", "15分"),
        (99, "99m", "99分"),
        (100, "1h", "1時"),
        (60 * 47, "47h", "47時"),
        (60 * 72, "3d", "3日"),
        (10**9, "99d", "99日"),
    ],
)
def test_ages_fit_their_column(age_min: int, en: str, zh: str) -> None:
    assert (age_words(age_min), age_words(age_min, "zh")) == (en, zh)
    assert cells(zh) <= 4
