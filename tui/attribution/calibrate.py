"""How often the test of an own move cries wolf on real closes, and what it can detect.

Every regular stock-day of a panel is judged as `whymove explain` would have judged it that evening, but that stocks
without a group are measured against the market alone, also where `explain` finds peers in the prices. No stock-day is
chosen for having news, so the share of days called unusual should be the share that was promised.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tui.attribution.factors import Sector, SectorChoice, choose_sector
from tui.attribution.panel import Panel
from tui.attribution.rolling import Rarities, Rolling, roll, roll_rarity
from tui.attribution.student import critical
from tui.attribution.verdict import OWN_POSSIBLE_BELOW, decide
from tui.domain.symbol import HSI, Symbol
from tui.domain.tables import SectorTable

Floats = NDArray[np.float64]

LEVELS: Final = {"0.10": 0.10, "0.05": 0.05, "0.01": 0.01, "0.005": 0.005}
INJECTED_PP: Final = (1.0, 2.0, 3.0, 5.0)
QUINTILES: Final = 5
R2_QUANTILES: Final = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The answer of `whymove calibrate --json`; shares are fractions, `power` by injected percentage points.

    `mae_ratio_to_market_only` compares mean |own| with and without the sector on the stock-days that have one; None
    where none has.
    """

    stocks: int
    stock_days: int
    first: date | None
    last: date | None
    rejection: dict[str, dict[str, float]]
    rejection_by_volatility_quintile: dict[str, list[float]]
    power: dict[str, float]
    mae_ratio_to_market_only: float | None
    verdicts: dict[str, float]
    r2_quantiles: dict[str, float]


def calibrate(
    panel: Panel,
    *,
    market: Symbol = HSI,
    sector: SectorChoice = "auto",
    table: SectorTable | None = None,
) -> Calibration:
    """Judge every regular stock-day of the panel. Raises ValueError where there is none, or no market."""
    panel.column(market)
    stocks = [c for c, symbol in enumerate(panel.symbols) if symbol != market and not symbol.startswith("^")]
    sectors = [choose_sector(panel, panel.symbols[column], sector, table, market) for column in stocks]
    rolled = roll(panel, market, stocks, sectors)
    judged = ~np.isnan(rolled.own)
    if not judged.any():
        raise ValueError(
            f"no stock has a day to judge: {len(panel.dates)} sessions of {len(stocks)} stocks, and a judged day needs"
            " 250 sessions before it, 120 of them with every return"
        )
    rarities = roll_rarity(panel, market, rolled, sectors)
    rarity = rarities.rarity[judged]
    days = [panel.dates[row] for row in np.flatnonzero(judged.any(axis=1))]
    return Calibration(
        stocks=int(judged.any(axis=0).sum()),
        stock_days=int(judged.sum()),
        first=days[0],
        last=days[-1],
        rejection={
            "t": _t_rejection(rolled, judged),
            "rarity": {name: _share(rarity < level) for name, level in LEVELS.items()},
        },
        rejection_by_volatility_quintile={"0.05": _by_quintile(rarities, judged)},
        power=_power(panel, market, rolled, sectors, judged),
        mae_ratio_to_market_only=_mae_ratio(panel, market, rolled, sectors),
        verdicts=_verdicts(panel, market, rolled, rarities, judged),
        r2_quantiles={f"{q:.2f}": float(np.quantile(rolled.r2[judged], q)) for q in R2_QUANTILES},
    )


def _share(yes: NDArray[np.bool_]) -> float:
    return float(np.mean(yes))


def _t_rejection(rolled: Rolling, judged: NDArray[np.bool_]) -> dict[str, float]:
    t, freedom = np.abs(rolled.t[judged]), rolled.freedom[judged]
    kinds = np.unique(freedom)
    shares = {}
    for name, level in LEVELS.items():
        limits = np.array([critical(level, float(kind)) for kind in kinds])
        shares[name] = _share(t > limits[np.searchsorted(kinds, freedom)])
    return shares


def _by_quintile(rarities: Rarities, judged: NDArray[np.bool_]) -> list[float]:
    """Rejection at 5 % from the calmest to the wildest fifth of stock-days by sigma_0 / s."""
    ratio, rarity = rarities.volatility_ratio[judged], rarities.rarity[judged]
    edges = np.quantile(ratio, np.linspace(0, 1, QUINTILES + 1)[1:-1])
    fifth = np.searchsorted(edges, ratio, side="right")
    return [_share(rarity[fifth == number] < OWN_POSSIBLE_BELOW) for number in range(QUINTILES)]


def _power(
    panel: Panel, market: Symbol, rolled: Rolling, sectors: Sequence[Sector | None], judged: NDArray[np.bool_]
) -> dict[str, float]:
    """The share of stock-days called unusual at 5 % once an own move of so many points is added, up and down alike."""
    found = {}
    for size in INJECTED_PP:
        shares = []
        for sign in (1, -1):
            moved = replace(rolled, own=rolled.own + sign * size)
            shares.append(_share(roll_rarity(panel, market, moved, sectors).rarity[judged] < OWN_POSSIBLE_BELOW))
        found[f"{size:g}"] = sum(shares) / len(shares)
    return found


def _mae_ratio(panel: Panel, market: Symbol, rolled: Rolling, sectors: Sequence[Sector | None]) -> float | None:
    """Mean |own| of the stocks with a sector factor, over that of the market alone on the same stock-days."""
    with_sector = [number for number, sector in enumerate(sectors) if sector is not None]
    if not with_sector:
        return None
    alone = roll(panel, market, [rolled.stocks[number] for number in with_sector], [None] * len(with_sector))
    own = rolled.own[:, with_sector]
    both = ~np.isnan(own) & ~np.isnan(alone.own)
    if not both.any():
        return None
    return float(np.mean(np.abs(own[both])) / np.mean(np.abs(alone.own[both])))


def _verdicts(
    panel: Panel, market: Symbol, rolled: Rolling, rarities: Rarities, judged: NDArray[np.bool_]
) -> dict[str, float]:
    counts: Counter[str] = Counter()
    moves = panel.returns[:, list(rolled.stocks)]
    market_parts = rolled.market_beta * panel.returns[:, panel.column(market), None]
    columns = (rarities.rarity, moves, market_parts, rolled.own, rolled.sigma_move, rolled.sigma)
    for rarity, move, market_part, own, sigma_move, sigma in np.stack([m[judged] for m in columns], axis=1).tolist():
        counts[
            decide(
                rarity=rarity,
                move=move,
                market=market_part,
                sector=move - market_part - own,
                own=own,
                sigma_move=sigma_move,
                sigma=sigma,
            )
        ] += 1
    total = sum(counts.values())
    return {verdict: count / total for verdict, count in counts.most_common()}
