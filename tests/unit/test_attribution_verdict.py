import numpy as np
import pytest

from tui.attribution.rarity import Yardstick, yardstick
from tui.attribution.verdict import decide, is_against_the_tape
from tui.domain.attribution import Verdict

ORDINARY = {"sigma_move": 2.0, "sigma": 1.5}


@pytest.mark.parametrize(
    ("rarity", "market", "sector", "own", "verdict"),
    [
        (0.0199, 1.0, 0.5, 5.0, Verdict.OWN),
        (0.02, 1.0, 0.5, 5.0, Verdict.OWN_POSSIBLE),
        (0.0499, 1.0, 0.5, 5.0, Verdict.OWN_POSSIBLE),
        (0.0499, 0.1, 0.0, 0.1, Verdict.OWN_POSSIBLE),  # rarity is asked before the size of the move
        (0.05, 1.0, 0.4, 0.5, Verdict.QUIET),
        (0.5, 1.0, 0.5, 0.5, Verdict.MARKET),  # a move of exactly sigma_move is not quiet
        (0.5, -2.0, 0.0, 1.5, Verdict.MIXED),  # nor an own part of exactly sigma
        (0.5, 3.0, 0.6, -0.1, Verdict.MARKET),
        (0.5, 0.6, 3.0, -0.1, Verdict.SECTOR),
        (0.5, 1.5, 1.5, 0.0, Verdict.MARKET),  # a tie is the market's
        (0.5, 1.5, 0.0, 1.5, Verdict.MARKET),  # half of the move at most
        (0.5, 1.5, 0.0, 1.51, Verdict.MIXED),
        (0.5, -3.0, 0.4, 0.3, Verdict.MARKET),
        (0.5, -1.0, 0.0, 3.5, Verdict.MIXED),  # index and move point apart
    ],
)
def test_the_first_rule_that_fits(rarity: float, market: float, sector: float, own: float, verdict: Verdict) -> None:
    move = market + sector + own
    assert decide(rarity=rarity, move=move, market=market, sector=sector, own=own, **ORDINARY) is verdict


def test_against_the_tape_needs_opposite_signs_and_the_larger_own_part() -> None:
    assert is_against_the_tape(2.6, -8.3)
    assert not is_against_the_tape(2.6, -2.6)
    assert not is_against_the_tape(2.6, 8.3)
    assert not is_against_the_tape(0.0, -8.3)


def test_rarity_counts_what_is_at_least_as_large() -> None:
    ruler = Yardstick(unit=2.0, ascending=(0.0, 0.5, 1.0, 1.0, 1.5))
    assert ruler.rarity(own_pp=-2.0, leverage=1.0) == (1 + 3) / 6  # z_0 = 1, two ties count
    assert ruler.rarity(own_pp=3.1, leverage=1.0) == 1 / 6
    assert ruler.rarity(own_pp=0.0, leverage=1.0) == 1.0
    assert ruler.rarity(own_pp=4.0, leverage=2.0) == (1 + 3) / 6


def test_each_residual_is_measured_by_the_volatility_before_it() -> None:
    s = 2.0
    ruler = yardstick(np.array([4.0, 1.0]), s)
    variance_1 = 0.94 * 4 + 0.06 * 16
    variance_2 = 0.94 * variance_1 + 0.06 * 1
    assert ruler.ascending == pytest.approx(sorted([4 / 2, 1 / (s * variance_1**0.5) ** 0.5]))
    assert ruler.unit == pytest.approx((s * variance_2**0.5) ** 0.5)


@pytest.mark.parametrize("used", [60, 61, 119, 120, 250])
def test_beyond_the_threshold_rarity_is_at_most_one_in_twenty(used: int) -> None:
    ruler = Yardstick(unit=1.0, ascending=tuple(float(z) for z in range(used)))
    threshold = ruler.threshold(leverage=1.0)
    assert ruler.rarity(threshold + 1e-9, leverage=1.0) <= 0.05
    assert ruler.rarity(threshold, leverage=1.0) + 1 / (used + 1) > 0.05
