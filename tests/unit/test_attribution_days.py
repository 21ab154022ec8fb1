"""The awkward days: dividends, splits, halts, half-days, missing bars and short histories."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import sqrt

import msgspec
import numpy as np
import pytest

from tests.unit.attribution_data import OTHER, STOCK, bars_of, drawn_returns, prices, sessions
from tui.attribution.fit import PRIOR_BETA, regress
from tui.attribution.panel import panel_from_bars, panel_from_closes
from tui.attribution.prepare import prepare
from tui.attribution.split import attribute, own_path, split
from tui.domain.attribution import Attribution, Flag, Verdict
from tui.domain.market import Bar
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.trading_day import DayKind, TradingDay

COUNT = 260
DATES = sessions(COUNT + 1)
DAY = DATES[-1]

Bars = Mapping[Symbol, Sequence[Bar]]


def ask(bars: Bars, day: date = DAY, days: Sequence[TradingDay] = ()) -> Attribution:
    answer = attribute(panel_from_bars(bars, days), STOCK, day, sector=HSTECH)
    assert_no_nan(answer)
    return answer


def assert_no_nan(answer: Attribution) -> None:
    """Every number a plain float that survives JSON as it is."""
    again = msgspec.json.decode(msgspec.json.encode(answer), type=Attribution)
    assert again == answer


def known(value: float | None) -> float:
    assert value is not None
    return value


def parts(answer: Attribution) -> float:
    return known(answer.market_pp) + known(answer.sector_pp) + known(answer.own_pp)


def changed(bars: list[Bar], position: int, **new: float) -> list[Bar]:
    """The bars with one of them altered."""
    position %= len(bars)
    return [msgspec.structs.replace(bar, **new) if i == position else bar for i, bar in enumerate(bars)]


def flat(bar: Bar, price: float) -> Bar:
    return Bar(bar.symbol, bar.day, price, open=price, high=price, low=price, volume=0.0)


# --- dividends and splits ---


def test_an_ex_dividend_day_counts_the_cash() -> None:
    """A stock goes ex 1.03 at 100: the price falls by more than the holder loses."""
    bars = bars_of(drawn_returns(COUNT))
    before = bars[STOCK][-2].close
    bars[STOCK] = changed(bars[STOCK], -1, close=before - 0.5, high=before, low=before - 1, dividend=1.03)
    answer = ask(bars)
    assert answer.return_pct == pytest.approx((before - 0.5 + 1.03) / before * 100 - 100)
    assert (answer.close, answer.previous_close) == (before - 0.5, before)
    assert answer.dividend == 1.03
    assert answer.flags == (Flag.AGAINST_THE_TAPE, Flag.EX_DIVIDEND)
    assert parts(answer) == pytest.approx(known(answer.return_pct), abs=1e-12)


def test_a_split_is_no_move_and_leaves_the_window_whole() -> None:
    """One share becomes three, as BYD's did on 10 June 2025: raw prices fall to a third."""
    plain = bars_of(drawn_returns(COUNT))
    bars = dict(plain)
    third = [
        msgspec.structs.replace(bar, close=bar.close / 3, open=None, high=None, low=None) for bar in plain[STOCK][-30:]
    ]
    bars[STOCK] = [*plain[STOCK][:-30], *changed(third, 0, split=3.0)]
    split_day = DATES[-30]
    on_the_day = ask(bars, split_day)
    assert on_the_day.return_pct == pytest.approx(ask(plain, split_day).return_pct)
    assert on_the_day.flags == (*ask(plain, split_day).flags, Flag.SPLIT)
    assert on_the_day.split == 3.0
    cash_move = known(on_the_day.close) / known(on_the_day.previous_close) * 100 - 100
    assert cash_move == pytest.approx(known(on_the_day.return_pct)), "the previous close is in today's shares"
    later = ask(bars)
    assert later.window.used == 250
    assert later.own_pp == pytest.approx(known(ask(plain).own_pp))
    assert Flag.SPLIT not in later.flags


def test_a_consolidation_and_a_dividend_of_the_same_morning() -> None:
    """Ten old shares become one, which then pays 2 HKD."""
    bars = bars_of(drawn_returns(COUNT))
    before = bars[STOCK][-2].close
    bars[STOCK] = changed(bars[STOCK], -1, close=before * 10 - 2, high=before * 11, split=0.1, dividend=2.0)
    answer = ask(bars)
    assert answer.return_pct == pytest.approx(0, abs=1e-9)
    assert {Flag.SPLIT, Flag.EX_DIVIDEND} <= set(answer.flags)
    assert Flag.SUSPECT_PRICE not in answer.flags


@pytest.mark.parametrize("factor", [1 / 3, 3.0, 0.5, 2.0, 5.0, 0.2, 10.0, 0.1, 100.0, 0.01])
def test_a_split_nobody_recorded_is_caught_and_not_explained(factor: float) -> None:
    bars = bars_of(drawn_returns(COUNT))
    close = bars[STOCK][-2].close * factor * 1.005
    bars[STOCK] = changed(bars[STOCK], -1, close=close, high=close, low=close)
    answer = ask(bars)
    assert answer.verdict is Verdict.INSUFFICIENT
    assert Flag.SUSPECT_PRICE in answer.flags
    assert answer.return_pct == pytest.approx(100 * factor * 1.005 - 100)
    assert answer.close == close, "the price itself stays on the screen"
    assert (answer.own_pp, answer.rarity, answer.factors) == (None, None, ())


def test_a_split_nobody_recorded_does_not_spoil_the_year_after_it() -> None:
    plain = drawn_returns(COUNT)
    broken = plain | {STOCK: plain[STOCK].copy()}
    broken[STOCK][-40] = 100 / 3 - 100
    panel = panel_from_closes(DATES, {symbol: prices(path) for symbol, path in broken.items()})
    answer = attribute(panel, STOCK, DAY, sector=HSTECH)
    assert answer.window.used == 249
    assert known(answer.sigma_pp) == pytest.approx(known(ask(bars_of(plain)).sigma_pp), rel=0.01)


@pytest.mark.parametrize("move", [22.98, -45.0, 61.0, -66.0, 120.0])
def test_size_alone_is_no_evidence(move: float) -> None:
    """JD Logistics gained 22.98 % on 6 March 2026, and that was real."""
    returns = drawn_returns(COUNT)
    returns[STOCK][-1] = move
    answer = ask(bars_of(returns))
    assert Flag.SUSPECT_PRICE not in answer.flags
    assert answer.verdict is Verdict.OWN


def test_a_close_outside_its_own_range_is_flagged_and_still_split() -> None:
    bars = bars_of(drawn_returns(COUNT))
    bars[STOCK] = changed(bars[STOCK], -1, high=bars[STOCK][-1].close * 0.99)
    answer = ask(bars)
    assert Flag.SUSPECT_PRICE in answer.flags
    assert answer.own_pp is not None


def test_a_close_a_float_away_from_its_high_is_not_suspect() -> None:
    bars = bars_of(drawn_returns(COUNT))
    bars[STOCK] = changed(bars[STOCK], -1, close=130.7, high=130.69999694824219)
    assert Flag.SUSPECT_PRICE not in ask(bars).flags


def test_a_price_that_comes_back_the_next_day_is_flagged_on_both() -> None:
    returns = drawn_returns(COUNT)
    returns[STOCK][-2] = 40.0
    returns[STOCK][-1] = -29.0
    bars = bars_of(returns)
    assert Flag.SUSPECT_PRICE in ask(bars, DATES[-2]).flags
    assert Flag.SUSPECT_PRICE in ask(bars, DAY).flags
    evening_before = {symbol: series[:-1] for symbol, series in bars.items()}
    assert Flag.SUSPECT_PRICE not in ask(evening_before, DATES[-2]).flags


# --- halts and half-days ---


def halted(sessions_missed: int, how: str) -> tuple[Bars, Bars]:
    """Plain bars, and the same with the stock not traded before the last day: no bars, or flat ones."""
    plain = bars_of(drawn_returns(COUNT))
    bars = dict(plain)
    series = plain[STOCK]
    if how == "no bars":
        bars[STOCK] = [*series[: -1 - sessions_missed], series[-1]]
    else:
        stale = series[-2 - sessions_missed].close
        silent = [flat(bar, stale) for bar in series[-1 - sessions_missed : -1]]
        bars[STOCK] = [*series[: -1 - sessions_missed], *silent, series[-1]]
    return plain, bars


@pytest.mark.parametrize("how", ["no bars", "flat bars"])
@pytest.mark.parametrize("missed", [1, 4])
def test_the_first_day_after_a_halt_is_one_move_over_all_its_sessions(missed: int, how: str) -> None:
    plain, bars = halted(missed, how)
    answer = ask(bars)
    k = missed + 1
    before = plain[STOCK][-1 - k].close
    assert answer.sessions == k
    assert Flag.HALT in answer.flags
    assert answer.previous_close == before
    assert answer.return_pct == pytest.approx((plain[STOCK][-1].close / before - 1) * 100)
    market, sector = answer.factors
    assert market.return_pct == pytest.approx((plain[HSI][-1].close / plain[HSI][-1 - k].close - 1) * 100)
    assert sector.return_pct == pytest.approx((plain[HSTECH][-1].close / plain[HSTECH][-1 - k].close - 1) * 100)
    assert parts(answer) == pytest.approx(known(answer.return_pct), abs=1e-12)

    fit = prepare(panel_from_bars(bars), STOCK, DAY, sector=HSTECH)
    assert fit.regression is not None
    assert fit.regression.sector is not None
    residual = sector.return_pct - k * fit.regression.sector_alpha - fit.regression.sector_beta * market.return_pct
    assert sector.residual_pct == pytest.approx(residual)
    estimation = (market.beta_se * market.return_pct) ** 2 + (sector.beta_se * residual) ** 2
    se = sqrt(k * known(answer.sigma_pp) ** 2 + estimation)
    assert answer.forecast_se_pp == pytest.approx(se)
    assert answer.t == pytest.approx(known(answer.own_pp) / se)
    assert fit.yardstick is not None
    assert answer.rarity == fit.yardstick.rarity(known(answer.own_pp), se / fit.regression.sigma)


def test_a_halt_is_never_filled_forward_into_the_window() -> None:
    _, bars = halted(5, "flat bars")
    later = [
        msgspec.structs.replace(bars[symbol][-1], day=day) for symbol, day in ((s, date(2026, 1, 30)) for s in bars)
    ]
    extended = {symbol: [*bars[symbol], bar] for symbol, bar in zip(bars, later, strict=True)}
    answer = ask(extended, date(2026, 1, 30))
    assert answer.window.used == 250 - 6, "neither the five silent sessions nor the move over them"
    assert answer.sessions == 1
    assert Flag.HALT not in answer.flags


@pytest.mark.parametrize(("how", "flag"), [("no bars", Flag.MISSING_BAR), ("flat bars", Flag.HALT)])
def test_a_day_without_a_trade_has_no_move(how: str, flag: Flag) -> None:
    _, bars = halted(3, how)
    answer = ask(bars, DATES[-3])
    assert (answer.close, answer.return_pct, answer.own_pp) == (None, None, None)
    assert answer.verdict is Verdict.INSUFFICIENT
    assert answer.flags == (flag,)
    assert answer.sessions == 1
    assert answer.previous_close == bars[STOCK][-5 if how == "flat bars" else -2].close
    assert answer.window.used >= 240, "the history is not what is missing"


def test_a_missing_last_bar_is_said_and_the_last_close_kept() -> None:
    bars = bars_of(drawn_returns(COUNT))
    bars[STOCK] = bars[STOCK][:-1]
    answer = ask(bars)
    assert answer.flags == (Flag.MISSING_BAR,)
    assert (answer.close, answer.previous_close) == (None, bars[STOCK][-1].close)
    assert answer.verdict is Verdict.INSUFFICIENT


def test_a_dividend_and_a_split_during_a_halt_are_not_lost() -> None:
    _, bars = halted(3, "flat bars")
    series = changed(changed(list(bars[STOCK]), -3, split=2.0), -2, dividend=0.5)
    before, after = series[-5].close, series[-1].close
    answer = ask({**bars, STOCK: series})
    assert answer.return_pct == pytest.approx((2 * after + 2 * 0.5) / before * 100 - 100)
    assert (answer.split, answer.dividend, answer.sessions) == (2.0, 0.5, 4)


HALF_DAY = DATES[-2]
CALENDAR = (TradingDay(HALF_DAY, DayKind.HALF, "Lunar New Year's Eve"),)


def with_yahoo_half_day() -> Bars:
    """Every stock's bar of the half-day is flat without volume; the index has a real one."""
    bars = bars_of(drawn_returns(COUNT))
    for symbol in (STOCK, OTHER):
        bars[symbol][-2] = flat(bars[symbol][-2], bars[symbol][-3].close)
    return bars


def test_a_flat_half_day_is_no_zero_return() -> None:
    answer = ask(with_yahoo_half_day(), HALF_DAY, CALENDAR)
    assert answer.flags == (Flag.HALF_DAY,)
    assert (answer.close, answer.return_pct) == (None, None)
    assert answer.verdict is Verdict.INSUFFICIENT


def test_the_day_after_a_flat_half_day_spans_both_and_is_no_halt() -> None:
    answer = ask(with_yahoo_half_day(), DAY, CALENDAR)
    assert answer.sessions == 2
    assert Flag.MISSING_BAR in answer.flags
    assert Flag.HALF_DAY not in answer.flags, "the day itself is a full one"
    assert Flag.HALT not in answer.flags


def test_a_half_day_with_real_prices_is_split_and_flagged() -> None:
    answer = ask(bars_of(drawn_returns(COUNT)), HALF_DAY, CALENDAR)
    assert Flag.HALF_DAY in answer.flags
    assert answer.own_pp is not None


# --- the index and the calendar ---


def test_no_index_that_day_leaves_the_move_and_no_verdict() -> None:
    bars = bars_of(drawn_returns(COUNT))
    answer = ask({**bars, HSI: bars[HSI][:-1]})
    assert answer.verdict is Verdict.INSUFFICIENT
    assert answer.flags == (Flag.STALE_INDEX,)
    assert answer.return_pct == pytest.approx(drawn_returns(COUNT)[STOCK][-1])
    assert answer.market_pp is None


def test_no_index_at_all_is_the_same() -> None:
    bars = {STOCK: bars_of(drawn_returns(COUNT))[STOCK]}
    answer = attribute(panel_from_bars(bars), STOCK, DAY)
    assert answer.verdict is Verdict.INSUFFICIENT
    assert Flag.STALE_INDEX in answer.flags
    assert answer.window.used == 0
    assert answer.return_pct is not None


def test_the_day_after_a_missing_index_has_no_index_return_of_one_day() -> None:
    bars = bars_of(drawn_returns(COUNT))
    answer = ask({**bars, HSI: [*bars[HSI][:-2], bars[HSI][-1]]})
    assert Flag.STALE_INDEX in answer.flags
    assert answer.verdict is Verdict.INSUFFICIENT


def test_a_sector_without_a_return_today_is_left_out_and_the_market_stays() -> None:
    bars = bars_of(drawn_returns(COUNT))
    answer = ask({**bars, HSTECH: bars[HSTECH][:-1]})
    alone = attribute(panel_from_bars(bars), STOCK, DAY, sector="none")
    assert [factor.name for factor in answer.factors] == [HSI]
    assert answer == alone


# --- short and useless histories ---


def listing(age: int) -> Attribution:
    """A stock with `age` returns before the day asked for."""
    bars = bars_of(drawn_returns(COUNT))
    return ask({**bars, STOCK: bars[STOCK][-age - 2 :]})


def test_fewer_than_sixty_sessions_answer_with_the_count() -> None:
    answer = listing(59)
    assert answer.verdict is Verdict.INSUFFICIENT
    assert answer.window.used == 59
    assert answer.flags == (Flag.SHORT_WINDOW,)
    assert answer.return_pct is not None
    assert answer.own_pp is None


@pytest.mark.parametrize(("age", "short"), [(60, True), (119, True), (120, False)])
def test_sixty_sessions_are_split_and_greyed_until_120(age: int, short: bool) -> None:
    answer = listing(age)
    assert answer.window.used == age
    assert answer.window.length == 250
    assert (Flag.SHORT_WINDOW in answer.flags) == short
    assert answer.own_pp is not None
    assert answer.beta_by_window["250"] is None


def test_the_slope_of_a_short_window_is_drawn_to_the_prior() -> None:
    answer = listing(80)
    returns = {symbol: path[-81:-1] for symbol, path in drawn_returns(COUNT).items()}
    raw = regress(returns[STOCK], returns[HSI], returns[HSTECH])
    assert raw is not None
    weight = 0.116 / (0.116 + raw.market.error**2)
    market = answer.factors[0]
    assert market.beta == pytest.approx(weight * raw.market.value + (1 - weight) * PRIOR_BETA)
    assert market.beta_se == pytest.approx(sqrt(1 / (1 / 0.116 + 1 / raw.market.error**2)))
    fit = prepare(panel_from_bars({s: b[-82:] for s, b in bars_of(drawn_returns(COUNT)).items()}), STOCK, DAY)
    assert fit.regression is not None
    residuals = returns[STOCK] - fit.regression.alpha - fit.regression.market.value * returns[HSI]
    assert fit.regression.residuals == pytest.approx(residuals, abs=1e-9)
    assert residuals.mean() == pytest.approx(0, abs=1e-9)


def test_the_first_day_of_a_listing_has_no_move() -> None:
    bars = bars_of(drawn_returns(COUNT))
    answer = ask({**bars, STOCK: bars[STOCK][-1:]})
    assert (answer.previous_close, answer.return_pct) == (None, None)
    assert answer.close == bars[STOCK][-1].close
    assert answer.verdict is Verdict.INSUFFICIENT


@pytest.mark.parametrize("silent", [STOCK, HSI])
def test_prices_that_never_move_give_no_verdict_and_no_nan(silent: Symbol) -> None:
    returns = drawn_returns(COUNT) | {silent: np.zeros(COUNT)}
    answer = ask(bars_of(returns))
    assert answer.verdict is Verdict.INSUFFICIENT
    assert answer.window.used == 250


def test_a_stock_that_is_the_index_twice_over_has_no_noise_to_measure_by() -> None:
    returns = drawn_returns(COUNT)
    answer = ask(bars_of(returns | {STOCK: 2 * returns[HSI]}))
    assert answer.verdict is Verdict.INSUFFICIENT
    assert answer.rarity is None


def test_a_sector_that_is_the_market_again_adds_nothing() -> None:
    returns = drawn_returns(COUNT)
    answer = ask(bars_of(returns | {HSTECH: 1.5 * returns[HSI]}))
    assert [factor.name for factor in answer.factors] == [HSI]
    assert answer.own_pp is not None


# --- live ---


def test_a_live_tick_splits_like_the_close_it_becomes() -> None:
    bars = bars_of(drawn_returns(COUNT))
    closed = ask(bars)
    yesterday = panel_from_bars({symbol: series[:-1] for symbol, series in bars.items()})
    fit = prepare(yesterday, STOCK, DAY, sector=HSTECH)
    live = split(
        fit,
        close=closed.close,
        previous_close=closed.previous_close,
        return_pct=closed.return_pct,
        market_return_pct=closed.factors[0].return_pct,
        sector_return_pct=closed.factors[1].return_pct,
    )
    assert live == closed


def test_a_live_first_day_after_a_halt_takes_the_factors_of_the_halt_along() -> None:
    _, bars = halted(4, "no bars")
    closed = ask(bars)
    fit = prepare(panel_from_bars({s: b[:-1] for s, b in bars.items()}), STOCK, DAY, sector=HSTECH)
    today = {symbol: (bars[symbol][-1].close / bars[symbol][-2].close - 1) * 100 for symbol in (HSI, HSTECH)}
    live = split(
        fit,
        close=closed.close,
        previous_close=closed.previous_close,
        return_pct=closed.return_pct,
        market_return_pct=today[HSI],
        sector_return_pct=today[HSTECH],
    )
    assert live.sessions == 5
    assert live.own_pp == pytest.approx(known(closed.own_pp))
    assert live.rarity == closed.rarity


def test_a_bar_that_is_only_late_is_no_halt_to_a_quote_that_knows_better() -> None:
    """The store lacks yesterday's bar; the quote's previous close is yesterday's."""
    bars = bars_of(drawn_returns(COUNT))
    late = {**bars, STOCK: bars[STOCK][:-2]}
    fit = prepare(panel_from_bars({s: b[:-1] if s != STOCK else b for s, b in late.items()}), STOCK, DAY)
    live = split(
        fit,
        close=bars[STOCK][-1].close,
        previous_close=bars[STOCK][-2].close,
        return_pct=1.0,
        market_return_pct=0.5,
    )
    assert live.sessions == 1
    assert Flag.HALT not in live.flags


def test_the_own_path_ends_where_the_split_does() -> None:
    bars = bars_of(drawn_returns(COUNT))
    fit = prepare(panel_from_bars(bars), STOCK, DAY, sector=HSTECH)
    stock, market, sector = [0.0, 0.7, None, 1.9], [0.0, 0.2, 0.3, 0.5], [0.0, None, 0.4, 0.8]
    path = own_path(fit, stock, market, sector)
    assert path[1:3] == [None, None]
    last = split(fit, close=1.0, previous_close=1.0, return_pct=1.9, market_return_pct=0.5, sector_return_pct=0.8)
    assert path[3] == pytest.approx(last.own_pp)
    alone = split(fit, close=1.0, previous_close=1.0, return_pct=1.9, market_return_pct=0.5)
    assert own_path(fit, stock, market)[3] == pytest.approx(alone.own_pp)
    assert own_path(fit, stock, market, [None] * 4) == own_path(fit, stock, market)


def test_the_own_path_of_a_stock_without_a_fit_is_unknown() -> None:
    bars = bars_of(drawn_returns(30))
    fit = prepare(panel_from_bars(bars), STOCK, sessions(31)[-1])
    assert own_path(fit, [0.0, 1.0], [0.0, 0.5]) == [None, None]
