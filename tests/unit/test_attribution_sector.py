"""Which sector factor a stock gets, and what that factor is."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.unit.attribution_data import OTHER, STOCK, bars_of, drawn_returns, panel_of, sessions
from tui.attribution.factors import TRACKER, Sector, SectorChoice, row_medians
from tui.attribution.panel import panel_from_bars
from tui.attribution.split import attribute
from tui.domain.attribution import Attribution, Flag
from tui.domain.market import Instrument
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.tables import SectorTable

COUNT = 260
DAY = sessions(COUNT + 1)[-1]
BANKS = tuple(Symbol(code) for code in ("0005.HK", "0011.HK", "0939.HK", "1398.HK", "3988.HK"))


def table(**sectors: tuple[Symbol, ...]) -> SectorTable:
    instruments = {
        symbol: Instrument(symbol, sector=sector) for sector, members in sectors.items() for symbol in members
    }
    return SectorTable(instruments, {"tech": HSTECH})


def bank_returns(count: int = COUNT, seed: int = 3) -> dict[Symbol, NDArray[np.float64]]:
    random = np.random.default_rng(seed)
    market = random.standard_normal(count)
    common = random.standard_normal(count)
    noise = {bank: random.standard_normal(count) * 0.5 for bank in BANKS}
    return {HSI: market} | {bank: 0.8 * market + common + noise[bank] for bank in BANKS}


def ask(
    returns: dict[Symbol, NDArray[np.float64]],
    symbol: Symbol,
    sectors: SectorTable | None,
    sector: SectorChoice = "auto",
) -> Attribution:
    return attribute(panel_of(returns), symbol, DAY, sector=sector, table=sectors)


def names(answer: Attribution) -> list[str]:
    return [factor.name for factor in answer.factors]


def test_tech_is_explained_by_its_index() -> None:
    assert names(ask(drawn_returns(COUNT), STOCK, table(tech=(STOCK,)))) == [HSI, HSTECH]


def test_others_are_explained_by_the_median_of_their_peers() -> None:
    returns = bank_returns()
    answer = ask(returns, BANKS[0], table(banks=BANKS))
    assert names(answer) == [HSI, "peers:banks"]
    assert answer.factors[1].return_pct == pytest.approx(median(returns[bank][-1] for bank in BANKS[1:]))
    assert answer.r2 is not None
    alone = ask(returns, BANKS[0], table(banks=BANKS), "none")
    assert alone.r2 is not None
    assert answer.r2 > alone.r2 + 0.2
    assert answer.factors[0].beta == pytest.approx(alone.factors[0].beta), "the market's slope does not change"


def test_a_stock_is_never_its_own_peer() -> None:
    """Its own jump moves its own part alone."""
    returns = bank_returns()
    jumped = returns | {BANKS[0]: returns[BANKS[0]].copy()}
    jumped[BANKS[0]][-1] += 20
    before, after = ask(returns, BANKS[0], table(banks=BANKS)), ask(jumped, BANKS[0], table(banks=BANKS))
    assert after.sector_pp == before.sector_pp
    assert after.own_pp == pytest.approx((before.own_pp or 0) + 20)


def test_one_wild_peer_makes_no_story() -> None:
    """A peer at +43 % would have lifted a mean by more than ten points."""
    returns = bank_returns()
    wild = returns | {BANKS[1]: returns[BANKS[1]].copy()}
    wild[BANKS[1]][-1] = 43.0
    before, after = ask(returns, BANKS[0], table(banks=BANKS)), ask(wild, BANKS[0], table(banks=BANKS))
    assert abs(after.factors[1].return_pct - before.factors[1].return_pct) < 1.5


def test_two_peers_are_too_few() -> None:
    returns = {symbol: path for symbol, path in bank_returns().items() if symbol not in BANKS[3:]}
    assert names(ask(returns, BANKS[0], table(banks=BANKS))) == [HSI]
    assert names(ask(returns, BANKS[0], table(others=BANKS[1:]))) == [HSI]


def test_a_program_without_a_table_and_without_enough_stocks() -> None:
    assert names(ask(drawn_returns(COUNT), STOCK, None)) == [HSI]


def test_a_day_on_which_only_two_peers_traded_has_no_sector_part() -> None:
    bars = bars_of(bank_returns())
    for silent in BANKS[1:3]:
        bars[silent] = bars[silent][:-1]
    answer = attribute(panel_from_bars(bars), BANKS[0], DAY, table=table(banks=BANKS))
    assert names(answer) == [HSI]
    assert answer == attribute(panel_from_bars(bars), BANKS[0], DAY, sector="none")


def test_who_else_is_watched_does_not_change_a_large_group() -> None:
    """The first nine others of the table stand for the group, whether or not the panel holds more of it."""
    random = np.random.default_rng(5)
    group = tuple(Symbol(f"{code:04d}.HK") for code in range(2001, 2014))
    returns = bank_returns()
    for stock in group:
        returns[stock] = 0.8 * returns[HSI] + random.standard_normal(COUNT)
    few = {symbol: path for symbol, path in returns.items() if symbol in (HSI, *group[:10])}
    assert ask(few, group[0], table(power=group)) == ask(returns, group[0], table(power=group))


def test_young_peers_do_not_shorten_the_window() -> None:
    """Three peers with 100 sessions each: the market alone keeps its 250."""
    bars = bars_of(bank_returns())
    young = {bank: series[-100:] if bank in BANKS[1:4] else series for bank, series in bars.items()}
    answer = attribute(panel_from_bars(young), BANKS[0], DAY, table=table(banks=BANKS[:4]))
    assert names(answer) == [HSI]
    assert answer.window.used == 250


def test_the_tracker_stands_in_for_the_index_and_says_so() -> None:
    returns = drawn_returns(COUNT)
    with_tracker = {(TRACKER if symbol == HSTECH else symbol): path for symbol, path in returns.items()}
    answer = ask(with_tracker, STOCK, table(tech=(STOCK,)))
    assert names(answer) == [HSI, TRACKER]
    assert Flag.SECTOR_PROXY in answer.flags
    other_spelling = {(Symbol("HSTECH.HK") if s == HSTECH else s): path for s, path in returns.items()}
    assert Flag.SECTOR_PROXY not in ask(other_spelling, STOCK, table(tech=(STOCK,))).flags
    nothing = {symbol: path for symbol, path in returns.items() if symbol != HSTECH}
    assert names(ask(nothing, STOCK, table(tech=(STOCK,)))) == [HSI]


def test_a_named_sector_must_be_another_column() -> None:
    returns = drawn_returns(COUNT)
    with pytest.raises(ValueError, match=r"\^HSI is the market itself, so it cannot be its sector"):
        ask(returns, STOCK, None, HSI)
    with pytest.raises(ValueError, match=r"9988\.HK is the stock itself"):
        ask(returns, STOCK, None, STOCK)
    with pytest.raises(ValueError, match=r"3033\.HK is not in these prices"):
        ask(returns, STOCK, None, TRACKER)


def test_an_index_can_be_looked_at_like_a_stock() -> None:
    assert names(ask(drawn_returns(COUNT), HSTECH, table(tech=(HSTECH,)))) == [HSI]


def unlisted(seed: int = 3) -> dict[Symbol, NDArray[np.float64]]:
    """Five banks that no table knows, and two strangers."""
    random = np.random.default_rng(seed + 100)
    returns = bank_returns(seed=seed)
    strangers = {Symbol(code): returns[HSI] + random.standard_normal(COUNT) for code in ("9992.HK", "0669.HK")}
    return returns | strangers


def test_without_a_group_the_stocks_whose_own_parts_went_along_are_found() -> None:
    returns = unlisted()
    answer = ask(returns, BANKS[0], None)
    market, found = answer.factors
    assert market.name == HSI
    assert found.name.startswith("found:")
    peers = found.name.removeprefix("found:").split(",")
    assert sorted(peers) == sorted(BANKS[1:]), "the four other banks, and neither stranger"
    assert found.return_pct == pytest.approx(median(returns[Symbol(peer)][-1] for peer in peers))
    own = {symbol: path[-251:-1] - path[-251:-1].mean() for symbol, path in returns.items()}
    residuals = {s: r - (own[HSI] @ r) / (own[HSI] @ own[HSI]) * own[HSI] for s, r in own.items()}
    closeness = [np.corrcoef(residuals[BANKS[0]], residuals[Symbol(peer)])[0, 1] for peer in peers]
    assert closeness == sorted(closeness, reverse=True)
    assert min(closeness) >= 0.35


def test_strangers_find_nobody() -> None:
    assert names(ask(unlisted(), Symbol("9992.HK"), None)) == [HSI]
    assert names(ask(unlisted(), BANKS[0], None, "none")) == [HSI]


def test_a_group_of_the_table_comes_before_what_is_found() -> None:
    assert names(ask(unlisted(), BANKS[0], table(lenders=BANKS)))[1] == "peers:lenders"
    too_small = table(lenders=BANKS[:2])
    assert names(ask(unlisted(), BANKS[0], too_small))[1].startswith("found:")


def test_peers_are_found_in_the_window_and_not_in_the_day() -> None:
    returns = unlisted()
    wild = {symbol: path.copy() for symbol, path in returns.items()}
    for symbol in wild:
        wild[symbol][-1] = 8.0
    assert names(ask(wild, BANKS[0], None)) == names(ask(returns, BANKS[0], None))


def test_found_peers_do_with_gaps_in_the_window() -> None:
    bars = bars_of(unlisted())
    for place, bank in enumerate(BANKS[1:], start=1):
        bars[bank] = [bar for number, bar in enumerate(bars[bank]) if number % 40 != place]
    answer = attribute(panel_from_bars(bars), BANKS[0], DAY)
    assert sorted(names(answer)[1].removeprefix("found:").split(",")) == sorted(BANKS[1:])


def test_an_index_that_contains_the_stock_is_said() -> None:
    returns = drawn_returns(COUNT)
    base = table(tech=(STOCK, OTHER))
    inside = SectorTable(base.instruments, base.index_of, {HSI: frozenset({STOCK}), HSTECH: frozenset({OTHER})})
    assert (ask(returns, STOCK, inside).contained_in, ask(returns, OTHER, inside).contained_in) == ((HSI,), (HSTECH,))
    assert Flag.INDEX_CONTAINS_STOCK in ask(returns, OTHER, inside).flags
    assert Flag.INDEX_CONTAINS_STOCK not in ask(returns, OTHER, inside, "none").flags
    assert ask(returns, OTHER, inside, "none").contained_in == ()
    assert Flag.INDEX_CONTAINS_STOCK not in ask(returns, STOCK, base).flags


@given(
    st.integers(3, 9).flatmap(
        lambda width: st.lists(
            st.lists(st.one_of(st.just(float("nan")), st.floats(-50, 50)), min_size=width, max_size=width), min_size=1
        )
    )
)
def test_a_row_median_is_the_median_of_what_is_known(rows: list[list[float]]) -> None:
    for found, row in zip(row_medians(np.array(rows)).tolist(), rows, strict=True):
        known = [value for value in row if not np.isnan(value)]
        if len(known) < 3:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(median(known), abs=1e-12)


def test_the_live_return_of_a_factor() -> None:
    peers = Sector("peers:banks", BANKS[1:])
    now: dict[Symbol, float | None] = {BANKS[0]: 40.0, BANKS[1]: 1.0, BANKS[2]: 2.0, BANKS[3]: 4.0}
    assert peers.return_of(now) == 2.0
    assert peers.return_of(now | {BANKS[4]: 3.0}) == 2.5
    assert peers.return_of(now | {BANKS[3]: None}) is None
    assert Sector(HSTECH, (HSTECH,)).return_of({HSTECH: 3.152}) == 3.152
    assert Sector(HSTECH, (HSTECH,)).return_of({}) is None
