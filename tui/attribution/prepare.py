"""A stock's fit as of a day: everything the day's split needs that was known the evening before."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from tui.attribution.factors import Sector, SectorChoice, choose_sector
from tui.attribution.fit import Regression, regress
from tui.attribution.panel import PERCENT, Panel
from tui.attribution.rarity import Yardstick, yardstick
from tui.attribution.session import NIGHT, night_share
from tui.domain.attribution import Flag, Window
from tui.domain.symbol import HSI, Symbol
from tui.domain.tables import SectorTable

Floats = NDArray[np.float64]

LENGTH: Final = 250
LEAST_USED: Final = 60
FULL_USED: Final = 120
SENSITIVITY: Final = (60, 120, 250)
# A shorter window tells its own beta only where it is nearly whole.
WHOLE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Gap:
    """The sessions just before the day on which the stock was not traded, and what the factors did on them."""

    sessions: int
    market_pct: float | None
    sector_pct: float | None
    flag: Flag


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Slopes, noise and yardstick of one stock from the sessions before `day`.

    `stock`, `market_returns` and `sector_returns` are the window's returns [day], percent, NaN where unknown.
    `regression` and `yardstick` are None where fewer than 60 sessions are known, or nothing moved in them.
    `last_close` is the last traded one, raw HKD; `gap` is what came between it and `day`, None as a rule.
    `contained_in` are the factors of which the stock is a heavy part by the table.
    `night_share` is how much of the own part's variance came before the open: w_on of `session.py`.
    """

    symbol: Symbol
    day: date
    market: Symbol
    sector: Sector | None
    window: Window
    last_close: float | None
    gap: Gap | None
    flags: tuple[Flag, ...]
    contained_in: frozenset[str]
    stock: Floats
    market_returns: Floats
    sector_returns: Floats | None
    regression: Regression | None = None
    yardstick: Yardstick | None = None
    beta_by_window: dict[str, float | None] = field(default_factory=dict)
    night_share: float = NIGHT

    def without_sector(self) -> "Fit":
        """The fit on the market alone, for a day on which the sector has no return."""
        if self.sector is None:
            return self
        flags = tuple(flag for flag in self.flags if flag is not Flag.SECTOR_PROXY)
        gap = None if self.gap is None else replace(self.gap, sector_pct=None)
        return _fitted(replace(self, sector=None, sector_returns=None, gap=gap, flags=flags))


def prepare(
    panel: Panel,
    symbol: Symbol,
    day: date,
    *,
    market: Symbol = HSI,
    sector: SectorChoice = "auto",
    table: SectorTable | None = None,
) -> Fit:
    """Fit a stock on the 250 sessions [i - 250, i) that end before `day`, which need not be in the panel yet.

    A session is used where stock, market and sector each have a return of exactly that session. A sector factor
    that would leave too few sessions is not used. Raises ValueError for a symbol that is not in the panel, for the
    market itself, and for a sector that cannot be one.
    """
    column = panel.column(symbol)
    if symbol == market:
        raise ValueError(f"{symbol} is the market itself: there is nothing to split")
    end = panel.sessions_before(day)
    rows = slice(max(end - LENGTH, 0), end)
    stock = panel.returns[rows, column]
    market_returns = panel.returns[rows, panel.column(market)] if market in panel else np.full(stock.size, np.nan)
    chosen = choose_sector(panel, symbol, sector, table, market, rows)
    sector_returns = None if chosen is None else chosen.returns(panel, rows)
    if sector_returns is not None and _starves(stock, market_returns, sector_returns):
        chosen = sector_returns = None
    dates = panel.dates[rows]
    last = _last_traded(panel, column, end)
    slept = last is not None and last < end - 1
    fit = _fitted(
        Fit(
            symbol=symbol,
            day=day,
            market=market,
            sector=chosen,
            window=Window(len(dates), dates[0] if dates else None, dates[-1] if dates else None, used=0),
            last_close=None if last is None else float(panel.closes[last, column]),
            gap=_gap(panel, column, slice(last + 1, end), market, chosen) if last is not None and slept else None,
            flags=(Flag.SECTOR_PROXY,) if chosen is not None and chosen.proxy else (),
            contained_in=_containing(symbol, table),
            stock=stock,
            market_returns=market_returns,
            sector_returns=sector_returns,
        )
    )
    return replace(fit, night_share=_night_share(panel, fit, column, rows))


def _fitted(fit: Fit) -> Fit:
    """The fit with everything that follows from its window's returns."""
    stock, market, sector = fit.stock, fit.market_returns, fit.sector_returns
    usable = ~np.isnan(stock) & ~np.isnan(market)
    if sector is not None:
        usable &= ~np.isnan(sector)
    used = int(np.count_nonzero(usable))
    regression = None
    if used >= LEAST_USED:
        regression = regress(
            stock[usable], market[usable], None if sector is None else sector[usable], shrink=used < FULL_USED
        )
    standing = tuple(flag for flag in fit.flags if flag is not Flag.SHORT_WINDOW)
    return replace(
        fit,
        sector=fit.sector if regression is None or regression.sector is not None else None,
        window=msgspec.structs.replace(fit.window, used=used),
        regression=regression,
        yardstick=None if regression is None else yardstick(regression.residuals, regression.sigma),
        beta_by_window=_betas(stock, market, usable),
        flags=(*standing, Flag.SHORT_WINDOW) if used < FULL_USED else standing,
    )


def _night_share(panel: Panel, fit: Fit, column: int, rows: slice) -> float:
    if fit.regression is None:
        return NIGHT
    return night_share(
        fit.stock,
        fit.market_returns,
        panel.overnights[rows, column],
        panel.overnights[rows, panel.column(fit.market)],
        fit.regression.market.value,
    )


def _containing(symbol: Symbol, table: SectorTable | None) -> frozenset[str]:
    """The indices of which the stock is a heavy part."""
    known = {} if table is None else table.constituents
    return frozenset(index for index, members in known.items() if symbol in members)


def _starves(stock: Floats, market: Floats, sector: Floats) -> bool:
    """True where asking for the sector too would turn a full window into a short one, or a short one into none."""
    usable = ~np.isnan(stock) & ~np.isnan(market)
    alone = np.count_nonzero(usable)
    together = np.count_nonzero(usable & ~np.isnan(sector))
    return bool(together < (FULL_USED if alone >= FULL_USED else LEAST_USED))


def _betas(stock: Floats, market: Floats, usable: NDArray[np.bool_]) -> dict[str, float | None]:
    """The market's slope, unshrunk, on the usable ones of the last 60, 120 and 250 sessions; None where few are."""
    used = np.flatnonzero(usable)
    r, m = stock[used], market[used]
    betas: dict[str, float | None] = {}
    for length in SENSITIVITY:
        first = int(np.searchsorted(used, stock.size - length))
        count = used.size - first
        betas[str(length)] = _beta(r[first:], m[first:]) if count >= WHOLE * length else None
    return betas


def _beta(r: Floats, m: Floats) -> float | None:
    m = m - m.sum() / m.size
    square = float(m @ m)
    return float(m @ r) / square if square > 0 else None


def _last_traded(panel: Panel, column: int, end: int) -> int | None:
    """The row of the last close before row `end`; None where there is none."""
    for row in range(end - 1, -1, -1):
        if not np.isnan(panel.closes[row, column]):
            return row
    return None


def _gap(panel: Panel, column: int, missed: slice, market: Symbol, sector: Sector | None) -> Gap:
    """What the stock slept through: a half-day whose price the source left out, else a halt."""
    rows = range(missed.start, missed.stop)
    half = all(panel.untraded[row, column] and panel.dates[row] in panel.half_days for row in rows)
    return Gap(
        sessions=len(rows),
        market_pct=compound(panel.returns[missed, panel.column(market)]) if market in panel else None,
        sector_pct=None if sector is None else compound(sector.returns(panel, missed)),
        flag=Flag.MISSING_BAR if half else Flag.HALT,
    )


def compound(returns_pct: Floats) -> float | None:
    """Several sessions' returns as one, percent; None where one of them is unknown."""
    total = (float(np.prod(1 + returns_pct / PERCENT)) - 1) * PERCENT
    return None if np.isnan(total) else total
