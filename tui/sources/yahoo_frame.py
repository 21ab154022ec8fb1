"""yfinance's daily frame to raw bars."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from tui.domain.market import Bar
from tui.domain.symbol import Symbol


def bars_from_frame(symbol: Symbol, frame: pd.DataFrame, origin: str) -> Sequence[Bar]:
    """Bars of the sessions with a close, oldest first, undone of the split adjustment that Yahoo makes.

    Yahoo's history is adjusted for later splits, except in the hours before it catches up with a new one: where
    the step over the split is nearer to the split than to no change, the earlier prices are still raw.
    """
    days = pd.DatetimeIndex(frame.index).date
    columns = {name: frame[name].to_numpy(dtype=float) for name in ("Open", "High", "Low", "Close", "Volume")}
    dividends, splits = (
        frame[name].to_numpy(dtype=float) if name in frame else np.zeros(len(frame))
        for name in ("Dividends", "Stock Splits")
    )
    closes = columns["Close"]
    bars: list[Bar] = []
    factor = 1.0
    for index in range(len(frame) - 1, -1, -1):
        if _price(closes[index], 1.0) is None or (bars and days[index] == bars[-1].day):
            # A live day can come twice, as the session's bar and as the latest price: the later one counts.
            continue
        split = float(splits[index]) if math.isfinite(splits[index]) and splits[index] > 0 else 1.0
        bars.append(
            Bar(
                symbol=symbol,
                day=days[index],
                close=float(closes[index]) * factor,
                open=_price(columns["Open"][index], factor),
                high=_price(columns["High"][index], factor),
                low=_price(columns["Low"][index], factor),
                volume=_volume(columns["Volume"][index], factor),
                dividend=(_price(dividends[index], factor) or 0.0),
                split=split,
                origin=origin,
            )
        )
        if split != 1.0 and index > 0 and _price(closes[index - 1], 1.0) is not None:
            step = math.log(closes[index] / closes[index - 1])
            if abs(step) < abs(step + math.log(split)):
                factor *= split
    bars.reverse()
    return bars


def _price(value: float, factor: float) -> float | None:
    return float(value) * factor if math.isfinite(value) and value > 0 else None


def _volume(value: float, factor: float) -> float | None:
    return float(value) / factor if math.isfinite(value) and value >= 0 else None
