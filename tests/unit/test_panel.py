from datetime import date
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.attribution_data import OTHER, STOCK, bars_of, drawn_returns, prices, sessions
from tui.attribution.evidence import is_suspect_factor, is_suspect_move, reversals
from tui.attribution.panel import is_untraded, panel_from_bars, panel_from_closes
from tui.domain.market import Bar
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import DayKind, TradingDay

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))


def bar(day: date, close: float, symbol: Symbol = STOCK, volume: float | None = 1e6) -> Bar:
    return Bar(symbol, day, close, volume=volume)


def test_returns_are_simple_and_in_percent() -> None:
    panel = panel_from_closes([MONDAY, TUESDAY, WEDNESDAY], {HSI: [26059.85, 25768.08, 25249.48]})
    assert np.isnan(panel.returns[0, 0])
    assert panel.returns[1:, 0].tolist() == [(25768.08 / 26059.85 - 1) * 100, (25249.48 / 25768.08 - 1) * 100]
    assert panel.spans[:, 0].tolist() == [0, 1, 1]


def test_bars_and_closes_of_the_same_prices_are_the_same_panel() -> None:
    returns = drawn_returns(30)
    closes = panel_from_closes(sessions(31), {symbol: prices(path) for symbol, path in returns.items()})
    bars = panel_from_bars(bars_of(returns))
    assert bars.dates == closes.dates
    assert bars.symbols == closes.symbols
    for name in ("closes", "moves", "spans", "returns", "dividends", "splits", "suspect", "untraded"):
        assert np.array_equal(getattr(bars, name), getattr(closes, name), equal_nan=True), name


@given(st.lists(st.one_of(st.none(), st.floats(0.01, 1000)), min_size=2, max_size=40))
def test_a_gap_is_one_move_over_its_sessions_and_no_return(closes: list[float | None]) -> None:
    dates = sessions(len(closes))
    panel = panel_from_closes(dates, {STOCK: closes})
    last: tuple[int, float] | None = None
    for row, close in enumerate(closes):
        move, span = panel.moves[row, 0], panel.spans[row, 0]
        if close is None or last is None:
            assert np.isnan(move)
            assert span == 0
        else:
            assert move == (close / last[1] - 1) * 100
            assert span == row - last[0]
        assert np.isnan(panel.returns[row, 0]) or (span == 1 and panel.returns[row, 0] == move)
        if close is not None:
            last = (row, close)


def test_a_panel_cannot_be_written_to() -> None:
    panel = panel_from_closes([MONDAY, TUESDAY], {STOCK: [1.0, 2.0]})
    with pytest.raises(ValueError, match="read-only"):
        panel.returns[0, 0] = 1


# --- what is a session ---


def test_a_storm_day_that_the_calendar_calls_open_is_no_session() -> None:
    """1 September 2023, typhoon Saola: no index bar, flat bars of stocks."""
    open_day = TradingDay(TUESDAY, DayKind.FULL)
    silent = Bar(STOCK, TUESDAY, 10, open=10, high=10, low=10, volume=0)
    panel = panel_from_bars(
        {
            HSI: [bar(MONDAY, 100, HSI), bar(WEDNESDAY, 101, HSI)],
            STOCK: [bar(MONDAY, 10), silent, bar(WEDNESDAY, 11)],
        },
        [open_day],
    )
    assert panel.dates == (MONDAY, WEDNESDAY)
    assert panel.spans[1].tolist() == [1, 1]


def test_an_index_bar_makes_a_session_of_a_day_that_the_calendar_calls_closed() -> None:
    panel = panel_from_bars({HSI: [bar(MONDAY, 100, HSI)]}, [TradingDay(MONDAY, DayKind.CLOSED)])
    assert panel.dates == (MONDAY,)


def test_a_stock_that_traded_makes_a_session_without_an_index() -> None:
    bars = {HSI: [bar(MONDAY, 100, HSI)], STOCK: [bar(MONDAY, 10), bar(TUESDAY, 11)]}
    panel = panel_from_bars(bars, [TradingDay(TUESDAY, DayKind.FULL)])
    assert panel.dates == (MONDAY, TUESDAY)
    assert np.isnan(panel.closes[1, 0])


def test_a_stray_bar_of_a_holiday_is_no_session_but_its_dividend_counts() -> None:
    stray = Bar(STOCK, TUESDAY, 10, volume=100, dividend=0.5)
    bars = {
        HSI: [bar(MONDAY, 100, HSI), bar(WEDNESDAY, 101, HSI)],
        STOCK: [bar(MONDAY, 10), stray, bar(WEDNESDAY, 10)],
    }
    panel = panel_from_bars(bars, [TradingDay(TUESDAY, DayKind.CLOSED)])
    assert panel.dates == (MONDAY, WEDNESDAY)
    assert panel.returns[1, 1] == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("volume", "high", "untraded"), [(0.0, 10.0, True), (0.0, 10.1, False), (5.0, 10.0, False), (None, 10.0, False)]
)
def test_only_a_flat_bar_without_volume_is_untraded(volume: float | None, high: float, untraded: bool) -> None:
    assert is_untraded(Bar(STOCK, MONDAY, 10.0, open=10.0, high=high, low=10.0, volume=volume)) is untraded


def test_an_index_without_volume_is_a_price_all_the_same() -> None:
    assert not is_untraded(Bar(HSI, MONDAY, 100.0, open=99.0, high=101.0, low=98.0, volume=0.0))


# --- bad input names its place ---


@pytest.mark.parametrize("close", [0.0, -1.0, nan, inf])
def test_a_bar_without_a_price_is_refused(close: float) -> None:
    with pytest.raises(ValueError, match=r"9988\.HK 2026-03-03: a close of .* is no price"):
        panel_from_bars({STOCK: [bar(MONDAY, 1), bar(TUESDAY, close)]})


@pytest.mark.parametrize("close", [0.0, -1.0, inf])
def test_a_column_with_an_impossible_price_is_refused(close: float) -> None:
    with pytest.raises(ValueError, match=r"9988\.HK 2026-03-03: a close of .* is no price"):
        panel_from_closes([MONDAY, TUESDAY], {STOCK: [1.0, close]})


def test_bars_out_of_order_or_doubled_are_refused() -> None:
    with pytest.raises(ValueError, match=r"9988\.HK 2026-03-02 follows 2026-03-03"):
        panel_from_bars({STOCK: [bar(TUESDAY, 1), bar(MONDAY, 1)]})
    with pytest.raises(ValueError, match=r"9988\.HK 2026-03-02 comes twice"):
        panel_from_bars({STOCK: [bar(MONDAY, 1), bar(MONDAY, 1)]})


@pytest.mark.parametrize("second", [MONDAY, date(2026, 2, 27)])
def test_dates_out_of_order_or_doubled_are_refused(second: date) -> None:
    with pytest.raises(ValueError, match=f"{second} follows 2026-03-02: dates must ascend"):
        panel_from_closes([MONDAY, second], {STOCK: [1.0, 2.0]})


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"9988\.HK has 1 closes for 2 dates"):
        panel_from_closes([MONDAY, TUESDAY], {STOCK: [1.0]})


@pytest.mark.parametrize(
    ("dividend", "split", "word"), [(-1, 1, "dividend"), (nan, 1, "dividend"), (0, 0, "split"), (0, nan, "split")]
)
def test_an_impossible_corporate_action_is_refused(dividend: float, split: float, word: str) -> None:
    with pytest.raises(ValueError, match=rf"9988\.HK 2026-03-02: a {word} of"):
        panel_from_bars({STOCK: [Bar(STOCK, MONDAY, 1.0, dividend=dividend, split=split)]})


def test_an_unknown_symbol_offers_the_nearest() -> None:
    panel = panel_from_closes([MONDAY], {STOCK: [1.0], OTHER: [1.0]})
    with pytest.raises(ValueError, match=r"9998\.HK is not in these prices; nearest: 9988\.HK"):
        panel.column(Symbol("9998.HK"))


def test_a_day_that_is_no_session_offers_its_neighbours() -> None:
    panel = panel_from_closes([MONDAY, WEDNESDAY], {STOCK: [1.0, 1.0]})
    with pytest.raises(
        ValueError, match="2026-03-03 is no session in these prices; nearest: 2026-03-02 and 2026-03-04"
    ):
        panel.row(TUESDAY)
    with pytest.raises(ValueError, match=r"nearest: 2026-03-04$"):
        panel.row(date(2030, 1, 1))


def test_an_empty_panel_has_no_days() -> None:
    panel = panel_from_bars({})
    assert panel.dates == ()
    with pytest.raises(ValueError, match="nearest: none"):
        panel.row(MONDAY)


# --- evidence ---


@given(st.sampled_from([2, 3, 5, 10, 100]), st.booleans(), st.floats(-0.0099, 0.0099))
def test_every_factor_within_one_percent_is_evidence(factor: float, inverse: bool, off: float) -> None:
    ratio = (1 / factor if inverse else factor) * (1 + off)
    assert is_suspect_move(ratio * 100 - 100)


@given(st.floats(-99.9, 20_000))
def test_one_move_and_many_are_judged_alike(move: float) -> None:
    assert is_suspect_move(move) == is_suspect_factor(np.array([move]))[0]


@given(st.floats(-48, 96))
def test_no_smaller_move_is_evidence(move: float) -> None:
    assert not is_suspect_move(move)


@pytest.mark.parametrize(
    ("moves", "suspect"),
    [
        ([1, 40, -30, 1], [False, True, True, False]),
        ([1, -50, 100, 1], [False, True, True, False]),
        ([1, 40, nan, -30], [False, True, False, True]),
        ([1, 40, 30, 1], [False] * 4),
        ([1, 40, -10, 1], [False] * 4),
        ([1, 3, -30, 1], [False] * 4),
        ([40], [False]),
        ([], []),
    ],
)
def test_a_reversal_takes_back_what_the_day_before_made(moves: list[float], suspect: list[bool]) -> None:
    assert reversals(np.array(moves, np.float64)).tolist() == suspect
