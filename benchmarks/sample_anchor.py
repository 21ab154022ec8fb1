"""What the sample must reproduce, and the fit of one stock-day written once more, apart from tui.attribution.

The tests hold the two against each other: an error in either shows as a difference.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.sample_draw import Vector, least_squares, with_constant
from tui.domain.symbol import Symbol

_EWMA: Final = 0.94
_LEAST_SESSIONS: Final = 60


@dataclass(frozen=True)
class Calibration:
    """One stock's fit on 28 February 2025 to 5 March 2026 and its split of 6 March, as published with the project."""

    symbol: Symbol
    name_en: str
    name_zh: str
    sector: str
    alpha: float
    beta: float
    sector_beta: float | None
    sigma: float
    market_pp: float
    sector_pp: float
    own_pp: float
    rarity: float
    forecast_se: float
    verdict: str


# The window's market: mean and standard deviation of HSI, and HSTECH on HSI.
HSI_MEAN: Final = 0.037
HSI_SD: Final = 1.469
HSTECH_INTERCEPT: Final = -0.1091
HSTECH_SLOPE: Final = 1.3446


@dataclass(frozen=True)
class Answer:
    """A stock-day's parts in percentage points, and how unusual its own part is."""

    market_pp: float
    sector_pp: float
    own_pp: float
    sigma: float
    forecast_se: float
    largest_residual: float
    rarity: float
    verdict: str


def read_calibration(folder: Path) -> tuple[Calibration, ...]:
    with (folder / "sample_calibration.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Calibration(
                symbol=Symbol(row["symbol"]),
                name_en=row["name_en"],
                name_zh=row["name_zh"],
                sector=row["sector"],
                alpha=float(row["alpha_pct"]),
                beta=float(row["beta"]),
                sector_beta=float(row["sector_beta"]) if row["sector_beta"] else None,
                sigma=float(row["sigma_pct"]),
                market_pp=float(row["market_pp"]),
                sector_pp=float(row["sector_pp"]),
                own_pp=float(row["own_pp"]),
                rarity=float(row["rarity"]),
                forecast_se=float(row["forecast_se_pp"]),
                verdict=row["verdict"],
            )
            for row in csv.DictReader(lines)
        )


def read_week(folder: Path) -> dict[Symbol, Vector]:
    """The published closes by symbol: 27 February and the five sessions after it."""
    with (folder / "week_2026-03-06.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    return {
        Symbol(name): np.array([float(row[column]) for row in rows]) for column, name in enumerate(header) if column
    }


def sector_square_sum(calibrations: tuple[Calibration, ...], hsi: Vector, today: tuple[float, float]) -> float:
    """The residual sum of squares of HSTECH on HSI that the published forecast errors imply.

    `hsi` is the window's HSI, `today` the HSI and HSTECH return of 6 March. With the residualised factor
    orthogonal to the market, (forecast_se / sigma)^2 = 1 + x_m^2 / S_m + x_s^2 / S_s.
    """
    market, tech = today
    market_term = market**2 / float(np.sum((hsi - hsi.mean()) ** 2))
    residual = tech - HSTECH_INTERCEPT - HSTECH_SLOPE * market
    implied = [
        residual**2 / ((known.forecast_se / known.sigma) ** 2 - 1 - market_term)
        for known in calibrations
        if known.sector_beta is not None
    ]
    return float(np.median(implied))


def answer(stock: Vector, market: Vector, sector: Vector | None) -> Answer:
    """Split the last return of a stock by the fit on all the returns before it."""
    factors, today = [market[:-1]], [market[-1]]
    if sector is not None:
        coefficients, residuals = least_squares(sector[:-1], with_constant(len(market) - 1, market[:-1]))
        factors.append(residuals)
        today.append(sector[-1] - coefficients[0] - coefficients[1] * market[-1])
    x0 = np.array(today)
    matrix = np.column_stack(factors)
    slopes, errors = least_squares(stock[:-1], with_constant(len(stock) - 1, *factors))
    parts = slopes[1:] * x0
    own = float(stock[-1] - parts.sum())
    count = len(errors)
    variance = float(errors @ errors) / (count - len(slopes))
    centred = matrix - matrix.mean(axis=0)
    reach = float(np.sqrt(1 + x0 @ np.linalg.inv(centred.T @ centred) @ x0))
    sigma = variance**0.5
    rarity = _rarity(errors, own / reach, sigma)
    return Answer(
        market_pp=float(parts[0]),
        sector_pp=float(parts[1:].sum()),
        own_pp=own,
        sigma=sigma,
        forecast_se=sigma * reach,
        largest_residual=float(np.abs(errors).max()),
        rarity=rarity,
        verdict=_verdict(float(stock[-1]), [float(part) for part in parts], own, sigma, stock[:-1], rarity),
    )


def _rarity(errors: Vector, own: float, sigma: float) -> float:
    """The share of days whose residual, in units of the volatility of its time, was at least this large."""
    variance = sigma**2
    scaled = []
    for error in errors:
        scaled.append(abs(error) / np.sqrt(sigma * np.sqrt(variance)))
        variance = _EWMA * variance + (1 - _EWMA) * error**2
    now = abs(own) / np.sqrt(sigma * np.sqrt(variance))
    return (1 + sum(bool(value >= now) for value in scaled)) / (len(scaled) + 1)


def _verdict(move: float, parts: list[float], own: float, sigma: float, before: Vector, rarity: float) -> str:
    if len(before) < _LEAST_SESSIONS:
        return "insufficient"
    if rarity < 0.02:
        return "own"
    if rarity < 0.05:
        return "own_possible"
    if abs(move) < np.std(before, ddof=1) and abs(own) < sigma:
        return "quiet"
    if sum(parts) * move > 0 and abs(own) <= abs(move) / 2:
        return "sector" if len(parts) > 1 and abs(parts[1]) > abs(parts[0]) else "market"
    return "mixed"
