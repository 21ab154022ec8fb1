"""A day by the clock: parts that sum to the day's, errors that sum to its error, and the judgement of half a day."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.attribution_data import STOCK, drawn_returns, prices, sessions
from tui.attribution.book import Book
from tui.attribution.legs import Mark, legs
from tui.attribution.panel import Panel, panel_from_bars
from tui.attribution.prepare import Fit, prepare
from tui.attribution.session import ASSUMED, NIGHT
from tui.attribution.split import split
from tui.domain.attribution import Attribution, Leg
from tui.domain.market import Bar
from tui.domain.symbol import HSI, HSTECH, Symbol

COUNT = 262
DAY = sessions(COUNT)[-1]


def bars_with_opens(night: float = 0.4, count: int = COUNT) -> dict[Symbol, list[Bar]]:
    """Drawn bars whose opens hold a given share of each day's variance."""
    draw = np.random.default_rng(3)
    made: dict[Symbol, list[Bar]] = {}
    for symbol, path in drawn_returns(count - 1).items():
        closes = prices(path)
        bars = [Bar(symbol, sessions(count)[0], closes[0])]
        for day, before, close in zip(sessions(count)[1:], closes, closes[1:], strict=False):
            noise = sqrt(night * (1 - night)) * 0.01 * draw.standard_normal()
            opened = before * (1 + night * (close / before - 1) + noise)
            bars.append(Bar(symbol, day, close, open=opened, volume=1e6))
        made[symbol] = bars
    return made


def panel() -> Panel:
    return panel_from_bars(bars_with_opens())


def fitted(sector: Symbol | None = HSTECH) -> Fit:
    return prepare(panel(), STOCK, DAY, sector=sector or "none")


def known(value: float | None) -> float:
    assert value is not None
    return value


def sums(found: tuple[Leg, ...]) -> tuple[float, float, float, float]:
    return (
        sum(leg.return_pct for leg in found),
        sum(known(leg.market_pp) for leg in found),
        sum(known(leg.sector_pp) for leg in found),
        sum(known(leg.own_pp) for leg in found),
    )


def parts(day: Attribution) -> tuple[float, float, float, float]:
    return known(day.return_pct), known(day.market_pp), known(day.sector_pp), known(day.own_pp)


def tell(fit: Fit, stock: float, market: float, sector: float | None = None, elapsed: float = 1.0) -> Attribution:
    return split(
        fit,
        close=100 + stock,
        previous_close=100,
        return_pct=stock,
        market_return_pct=market,
        sector_return_pct=sector,
        elapsed=elapsed,
    )


moves = st.floats(-20, 20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(moves, moves, moves), min_size=1, max_size=5), st.booleans())
def test_the_parts_of_the_legs_sum_to_those_of_the_day(ends: list[tuple[float, float, float]], tech: bool) -> None:
    fit = FITS[tech]
    shares = np.linspace(0.4, 1, len(ends))
    marks = [
        Mark("morning", stock, market, sector if tech else None, float(share))
        for (stock, market, sector), share in zip(ends, shares, strict=True)
    ]
    stock, market, sector = ends[-1]
    day = tell(fit, stock, market, sector if tech else None, elapsed=marks[-1].elapsed or 1.0)
    found = legs(fit, marks)
    assert sums(found) == pytest.approx(parts(day), abs=1e-10)
    errors = sum(known(leg.forecast_se_pp) ** 2 for leg in found)
    assert sqrt(errors) == pytest.approx(known(day.forecast_se_pp), rel=1e-12)


FITS = {True: fitted(), False: fitted(None)}


def test_each_leg_is_its_own_split() -> None:
    fit = FITS[False]
    beta = known(tell(fit, 0, 1).market_pp)
    overnight, morning = legs(fit, [Mark("overnight", 2.0, 1.0), Mark("morning", 2.5, 0.5)])
    assert (overnight.name, morning.name) == ("overnight", "morning")
    assert (overnight.market_pp, overnight.own_pp) == pytest.approx((beta, 2 - beta))
    assert (morning.return_pct, morning.market_pp) == pytest.approx((0.5, -0.5 * beta))
    assert morning.forecast_se_pp is None, "the share of variance was not told"


def test_an_unknown_factor_leaves_two_legs_unsplit_and_no_more() -> None:
    marks = [
        Mark("overnight", 1.0, 0.5, 0.7, 0.5),
        Mark("morning", 1.5, None, 0.9, 0.7),
        Mark("afternoon", 2.0, 0.8, 1.0, 0.9),
        Mark("auction", 2.1, 0.9, 1.1, 1.0),
    ]
    found = legs(FITS[True], marks)
    assert [leg.own_pp is None for leg in found] == [False, True, True, False]
    assert sum(leg.return_pct for leg in found) == pytest.approx(2.1)


def test_a_day_without_its_sector_has_legs_without_it() -> None:
    found = legs(FITS[True], [Mark("overnight", 1.0, 0.5, 0.7, 0.5), Mark("session", 1.5, 0.6, None, 1.0)])
    assert sums(found) == pytest.approx(parts(tell(FITS[True], 1.5, 0.6)))
    assert [leg.sector_pp for leg in found] == [0, 0]


def test_a_closed_days_night_and_session_sum_to_the_day() -> None:
    book = Book(panel(), None, HSI, HSTECH)
    day = book.day(STOCK, DAY)
    found = book.legs(STOCK, DAY)
    assert [leg.name for leg in found] == ["overnight", "session"]
    assert sums(found) == pytest.approx(parts(day), abs=1e-10)
    share = book.fit(STOCK, DAY).night_share
    assert known(found[0].forecast_se_pp) == pytest.approx(known(day.forecast_se_pp) * sqrt(share))
    # Three fifths of each move and no noise of its own: the night's share of variance was drawn as two fifths.
    assert share == pytest.approx(0.4, abs=0.12)


def test_the_first_day_after_a_halt_puts_the_halt_into_its_first_leg() -> None:
    bars = bars_with_opens()
    bars[STOCK] = bars[STOCK][:-4] + bars[STOCK][-1:]
    book = Book(panel_from_bars(bars), None, HSI, HSTECH)
    day = book.day(STOCK, DAY)
    found = book.legs(STOCK, DAY)
    assert day.sessions == 4
    assert sums(found) == pytest.approx(parts(day), abs=1e-10)
    assert sqrt(sum(known(leg.forecast_se_pp) ** 2 for leg in found)) == pytest.approx(known(day.forecast_se_pp))
    assert known(found[0].forecast_se_pp) > known(found[1].forecast_se_pp)


def test_days_without_opens_and_suspect_ones_have_no_legs() -> None:
    bars = bars_with_opens()
    without = {symbol: [Bar(bar.symbol, bar.day, bar.close) for bar in series] for symbol, series in bars.items()}
    book = Book(panel_from_bars(without), None, HSI, HSTECH)
    assert book.legs(STOCK, DAY) == ()
    assert book.fit(STOCK, DAY).night_share == NIGHT
    last = bars[STOCK][-1]
    bars[STOCK][-1] = Bar(STOCK, DAY, bars[STOCK][-2].close / 3, open=last.open, volume=1e6)
    assert Book(panel_from_bars(bars), None, HSI, HSTECH).legs(STOCK, DAY) == ()


def test_an_open_on_an_ex_day_counts_the_dividend() -> None:
    bars = bars_with_opens()
    before = bars[STOCK][-2].close
    bars[STOCK][-1] = Bar(STOCK, DAY, before * 0.97, open=before * 0.98, volume=1e6, dividend=before * 0.02)
    prices_with = panel_from_bars(bars)
    column = prices_with.column(STOCK)
    assert prices_with.overnights[-1, column] == pytest.approx(0, abs=1e-9)
    assert prices_with.moves[-1, column] == pytest.approx(-1)


# --- an unfinished day ---


def test_the_error_of_a_part_of_a_day_is_that_share_of_its_variance() -> None:
    fit = FITS[True]
    whole = tell(fit, 3.0, 0.5, 0.7)
    night = fit.night_share
    for minute in (0, 30, 150, 330):
        elapsed = night + (1 - night) * ASSUMED.elapsed(minute)
        part = tell(fit, 3.0, 0.5, 0.7, elapsed=elapsed)
        # The sector's own constant is counted for the elapsed share only, which moves the sector's part by little.
        assert known(part.forecast_se_pp) == pytest.approx(known(whole.forecast_se_pp) * sqrt(elapsed), rel=2e-3)
        assert known(part.threshold_pp) == pytest.approx(known(whole.threshold_pp) * sqrt(elapsed), rel=2e-3)
        assert known(part.return_pct) == pytest.approx(sum(parts(part)[1:]))
        assert part.elapsed == elapsed
    assert tell(fit, 3.0, 0.5, 0.7, elapsed=1.0) == whole


def test_the_same_move_is_rarer_the_earlier_it_comes() -> None:
    fit = FITS[False]
    rarities = [known(tell(fit, 2.5, 0.0, elapsed=share).rarity) for share in (0.2, 0.4, 0.6, 0.8, 1.0)]
    assert rarities == sorted(rarities)
    assert rarities[0] < rarities[-1]


def test_a_small_share_makes_a_small_move_loud() -> None:
    fit = FITS[False]
    assert fit.regression is not None
    assert fit.regression.sigma_move > 1
    assert tell(fit, 1.0, 0.0).verdict == "quiet"
    assert tell(fit, 1.0, 0.0, elapsed=0.05).verdict != "quiet"


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="elapsed share"):
        tell(FITS[False], 1.0, 0.0, elapsed=share)


def test_an_own_move_is_as_rare_as_the_same_one_in_proportion_of_a_whole_day() -> None:
    fit = FITS[False]
    for own in (0.3, 1.0, 2.0, 3.5):
        whole = tell(fit, own, 0.0)
        for elapsed in (0.1, 0.5, 0.9):
            part = tell(fit, own * sqrt(elapsed), 0.0, elapsed=elapsed)
            assert part.rarity == whole.rarity
            assert part.t == pytest.approx(known(whole.t))
            assert part.verdict == whole.verdict
