"""The share of a day's variance that is behind it: the night's share and the session's profile."""

from itertools import pairwise
from math import nan

import numpy as np
import pytest

from tui.attribution.session import ASSUMED, NIGHT, STEPS, Profile, day_steps, learned, night_share
from tui.domain.trading_day import DayKind


def test_the_profile_rises_from_nothing_to_the_auction_to_all() -> None:
    shares = [ASSUMED.elapsed(minute) for minute in range(331)]
    assert shares[0] == 0
    assert all(earlier < later for earlier, later in pairwise(shares))
    assert shares[-1] == pytest.approx(1 - 0.4 / sum(ASSUMED.steps))
    assert ASSUMED.elapsed(330, over=True) == 1


def test_the_first_half_hour_is_the_wildest_and_lunch_counts_after_it() -> None:
    total = sum(ASSUMED.steps)
    assert ASSUMED.elapsed(30) == pytest.approx(3.0 / total)
    assert ASSUMED.elapsed(15) == pytest.approx(1.5 / total)
    before, after = ASSUMED.elapsed(150), ASSUMED.elapsed(151)
    assert after - before == pytest.approx((0.5 + 1.3 / 30) / total)


def test_a_half_day_ends_at_noon_with_its_auction() -> None:
    morning = sum(ASSUMED.steps[:5])
    assert ASSUMED.elapsed(150, DayKind.HALF) == pytest.approx(morning / (morning + ASSUMED.steps[-1]))
    assert ASSUMED.elapsed(330, DayKind.HALF) == ASSUMED.elapsed(150, DayKind.HALF)
    assert ASSUMED.elapsed(150, DayKind.HALF, over=True) == 1


def test_the_nights_share_is_that_of_the_own_part() -> None:
    draw = np.random.default_rng(5)
    market_night, market_session = draw.normal(0, 1.0, 4000), draw.normal(0, 0.3, 4000)
    own_night, own_session = draw.normal(0, 1.0, 4000), draw.normal(0, 2.0**0.5, 4000)
    night = 1.5 * market_night + own_night
    whole = night + 1.5 * market_session + own_session
    market = market_night + market_session
    unknown = np.full(4000, nan)
    assert night_share(whole, market, night, market_night, 1.5) == pytest.approx(1 / 3, abs=0.02)
    # Without the market's opens the stock's whole moves are all there is: (1 + 2.25) of 3 + 2.25 * 1.09.
    assert night_share(whole, market, night, unknown, 1.5) == pytest.approx(3.25 / 5.4525, abs=0.02)
    assert night_share(whole, market, unknown, market_night, 1.5) == NIGHT
    assert night_share(whole[:59], market[:59], night[:59], market_night[:59], 1.5) == NIGHT


@pytest.mark.parametrize(("opens", "share"), [(0.0, 0.25), (1.0, 0.75)], ids=["at the last close", "at the close"])
def test_opens_that_say_nothing_do_not_decide(opens: float, share: float) -> None:
    moves = np.random.default_rng(6).normal(0, 2, 250)
    assert night_share(moves, np.zeros(250), moves * opens, np.zeros(250), 1.0) == share


def test_a_stock_that_never_moves_has_no_share() -> None:
    assert night_share(np.zeros(250), np.zeros(250), np.zeros(250), np.zeros(250), 1.0) == NIGHT


def _path(steps: tuple[float, ...], seed: int) -> list[float]:
    """A day of 330 minutes, a gap over lunch and an auction, with the variance of `steps` in percent squared."""
    draw = np.random.default_rng(seed)
    minutes = [step / 30 for step in (*steps[:5], *steps[6:-1]) for _ in range(30)]
    variances = np.array([*minutes, 0.0, steps[-1]]) / 1e4
    variances[150] += steps[5] / 1e4
    return [float(price) for price in 100 * np.exp(np.cumsum(draw.normal(0, np.sqrt(variances))))]


def test_the_profile_is_learned_from_paths() -> None:
    true = Profile((1.0,) * 5 + (4.0,) + (2.0,) * 6 + (1.0,))
    days = []
    for number in range(60):
        steps = [day_steps(_path(true.steps, 100 * number + stock), 100.0) for stock in range(12)]
        days.append(np.mean([known for known in steps if known is not None], axis=0).tolist())
    found = learned(days, Profile((1.0,) * STEPS))
    wanted = 0.75 * np.array(true.steps) / sum(true.steps) + 0.25 / STEPS
    assert np.array(found.steps) == pytest.approx(wanted, abs=0.02)
    assert sum(found.steps) == pytest.approx(1)


def test_a_few_days_and_thin_paths_teach_nothing() -> None:
    steps = day_steps(_path((1.0,) * STEPS, 1))
    assert steps is not None
    assert sum(steps) == pytest.approx(1)
    assert learned([steps] * 4) is ASSUMED
    assert learned([steps] * 5) is not ASSUMED
    thin = [nan] * 332
    thin[::6] = [100.0 + slot for slot in range(56)]
    assert day_steps(thin) is None
    assert day_steps([100.0] * 332) is None, "a price that never moved has no variance to share out"


def test_a_path_by_five_minutes_is_enough() -> None:
    """Its first price is that of the fifth minute, so a sixth of the first half-hour is not seen and made up for."""
    path = [nan] * 332
    path[4:330:5] = [100.0 * 1.001**number for number in range(66)]
    steps = day_steps(path)
    assert steps is not None
    assert steps[0] == pytest.approx(steps[1] * (5 / 6) ** 2 * 30 / 25)
    assert steps[5] == pytest.approx(steps[1] / 36), "lunch is seen with the five minutes after it"
    assert steps[-1] == 0


def test_minutes_without_a_trade_keep_the_last_price() -> None:
    path = [100.0] * 332
    path[31:] = [101.0] * 301
    path[40:60] = [nan] * 20
    assert day_steps(path) == pytest.approx((0, 1, *[0.0] * 11))
