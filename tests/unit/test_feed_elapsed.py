"""The running row judged by what could have happened so far, and the session's profile learned from finished days."""

from datetime import date, timedelta
from math import nan, sqrt
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.feed_in_loop import AFTERNOON, CLOSED, FRIDAY, world
from tests.feeds import JD
from tui.attribution.session import ASSUMED
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import DayKind
from tui.feed.day_path import DayPath
from tui.feed.usual_session import SessionDay, UsualSession


async def test_the_row_of_the_afternoon_has_the_error_of_the_afternoon(tmp_path: Path) -> None:
    async with world(tmp_path, JD, at=AFTERNOON) as feed:
        running = feed.day(JD)
        legs = (await feed.history(JD, 3)).legs[FRIDAY]
    async with world(tmp_path, JD, at=CLOSED) as feed:
        closed = feed.day(JD)
        whole = (await feed.history(JD, 3)).legs[FRIDAY]
    assert closed.elapsed == 1
    minutes = 150 + 92  # the minute from 14:31 is under way
    night = 1 - (1 - running.elapsed) / (1 - ASSUMED.elapsed(minutes))
    assert 0.25 <= night <= 0.75
    assert running.forecast_se_pp is not None
    assert closed.forecast_se_pp is not None
    assert running.forecast_se_pp == pytest.approx(closed.forecast_se_pp * sqrt(running.elapsed), rel=0.02)
    for day, parts in ((running, legs), (closed, whole)):
        assert sqrt(sum((leg.forecast_se_pp or nan) ** 2 for leg in parts)) == pytest.approx(
            day.forecast_se_pp, rel=1e-9
        )
        assert sum(leg.own_pp or nan for leg in parts) == pytest.approx(day.own_pp, abs=1e-9)
        assert sum(leg.sector_pp or nan for leg in parts) == pytest.approx(day.sector_pp, abs=1e-9)
    assert [leg.name for leg in whole] == ["overnight", "morning", "lunch", "afternoon", "auction"]
    assert whole[0].forecast_se_pp == pytest.approx(closed.forecast_se_pp * sqrt(night), rel=0.01)


def finished(day: date, seed: int, kind: DayKind = DayKind.FULL) -> DayPath:
    """A day whose variance came evenly."""
    path = DayPath(day, kind)
    steps = np.random.default_rng(seed).normal(0, 1e-3, path.slots)
    for slot, price in enumerate((100 * np.exp(np.cumsum(steps))).tolist()):
        path.prices[slot] = price
    return path


def test_the_profile_is_learned_after_five_days() -> None:
    session, stock = UsualSession(), Symbol("0700.HK")
    for step in range(4):
        session.learn(stock, finished(FRIDAY + timedelta(step), step))
    assert session.profile is ASSUMED
    session.learn(HSI, finished(FRIDAY + timedelta(5), 5))
    session.learn(stock, finished(FRIDAY + timedelta(6), 6, DayKind.HALF))
    assert session.profile is ASSUMED, "neither an index nor a half-day teaches anything"
    for step in range(60):
        session.learn(stock, finished(FRIDAY + timedelta(step), step))
    assert ASSUMED.elapsed(30) == pytest.approx(3 / 14.4)
    # Even variance gives the first half-hour 1/11; the assumed profile still counts for a quarter.
    assert session.profile.elapsed(30) == pytest.approx(0.75 / 11 + 0.25 * 3 / 14.4, abs=0.02)


def test_what_was_learned_is_taken_up_again() -> None:
    session, again = UsualSession(), UsualSession()
    for step in range(70):
        for number in range(3):
            session.learn(Symbol(f"000{number + 1}.HK"), finished(FRIDAY + timedelta(step), 10 * step + number))
    session.learn(Symbol("0001.HK"), finished(FRIDAY + timedelta(69), 1))
    assert len(session.known) == 60
    assert all(len(day.stocks) == 3 for day in session.known)
    again.take(msgspec.json.decode(msgspec.json.encode(session.known), type=tuple[SessionDay, ...]))
    assert (again.known, again.profile) == (session.known, session.profile)
    again.take([SessionDay(FRIDAY, frozenset(), (1.0,))])
    assert again.known == session.known, "a day of other steps is another version's"


def test_a_day_is_over_with_its_auction() -> None:
    session, path = UsualSession(), DayPath(FRIDAY, DayKind.FULL)
    shares = [session.elapsed(0.4, path, slot) for slot in range(path.slots)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.4 + 0.6 * ASSUMED.elapsed(1))
    assert shares[-2] < shares[-1] == 1
