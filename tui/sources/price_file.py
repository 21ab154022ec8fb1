"""Daily history from a CSV of closes, for prices that come by pipe. It has no quotes and no paths."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isnan
from pathlib import Path
from typing import Final

from tui.domain.market import Bar, PathPoint, Quote
from tui.domain.reason import Reason, Why
from tui.domain.row import SourceState
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.sources.closes import read_closes
from tui.sources.ports import SourceError

NAME: Final = "file"


class PriceFile:
    """A price file as the history of a feed. Its closes are taken as adjusted: dividends and splits are in them."""

    name = NAME

    def __init__(self, path: Path) -> None:
        """Read the file; PriceFileError names what is wrong with it."""
        self._path = path
        self._closes = read_closes(path)

    async def quotes(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Quote]:
        """SourceError: a file of closes has no quotes."""
        raise SourceError(SourceState.EMPTY, f"{self._path.name} holds closes, no quotes")

    async def paths(self, symbols: Sequence[Symbol]) -> Mapping[Symbol, Sequence[PathPoint]]:
        """None: the day's path begins with the pipe."""
        return {}

    async def bars(self, symbol: Symbol, since: date) -> Sequence[Bar]:
        """The closes from a day on; SourceError(NO_SUCH_SYMBOL) where the file lacks the column."""
        closes = self._closes.closes.get(symbol)
        if closes is None:
            raise SourceError(SourceState.NO_SUCH_SYMBOL, Reason(Why.NO_COLUMN, clean(self._path.name, 80), symbol))
        return tuple(
            Bar(symbol, day, close, origin=NAME)
            for day, close in zip(self._closes.dates, closes, strict=True)
            if day >= since and not isnan(close)
        )

    async def close(self) -> None:
        """Nothing is held."""
