"""The files of the bundled week of 6 March 2026, read into domain types.

tables/sample/README.md says which numbers are published facts and which are simulated. A bar's origin is
"published" where its close is a published fact; its open, high, low and volume are simulated like every path.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from tui.config.shipped import shipped
from tui.domain.event import Event
from tui.domain.market import Bar, Instrument, PathPoint
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, TradingDay, from_hkt, weekday_default

PUBLISHED: Final = "published"
SIMULATED: Final = "simulated"
WEEK: Final = "week_2026-03-06.csv"
# Volumes are written in thousands of shares, which keeps the files small enough to be read.
LOT: Final = 1000

Paths = Mapping[date, Mapping[Symbol, tuple[PathPoint, ...]]]
_Table = dict[Symbol, dict[date, float]]


@dataclass(frozen=True)
class Sample:
    """Everything the sample holds, oldest first throughout.

    `asked` names the stocks of whose news every source was asked: none, so that the sample never says "no news".
    """

    folder: Path
    instruments: dict[Symbol, Instrument]
    bars: dict[Symbol, tuple[Bar, ...]]
    events: tuple[Event, ...]
    trading_days: tuple[TradingDay, ...]
    asked: tuple[Symbol, ...] = ()

    @cached_property
    def paths(self) -> Paths:
        """The simulated paths of the week's sessions by day and symbol, read when first asked for."""
        days = (date.fromisoformat(file.stem.removeprefix("path_")) for file in self.folder.glob("path_*.csv"))
        return {day: _read_paths(self.folder, day) for day in sorted(days)}

    def trading_day(self, day: date) -> TradingDay:
        """What `day` is; beyond the sample's own calendar a plain weekday or weekend."""
        place = (day - self.trading_days[0].day).days
        return self.trading_days[place] if 0 <= place < len(self.trading_days) else weekday_default(day)


def load_sample(folder: Path | None = None) -> Sample:
    """Read the sample week; FileNotFoundError where the installation lacks it."""
    folder = folder or shipped("tables/sample")
    bars = _read_bars(folder)
    return Sample(
        folder=folder,
        instruments={
            Symbol(row["symbol"]): Instrument(Symbol(row["symbol"]), row["name_en"], row["name_zh"], row["sector"])
            for row in _rows(folder / "instruments.csv")
        },
        bars=bars,
        events=tuple(_read_event(row) for row in _rows(folder / "events.csv")),
        trading_days=_read_trading_days(folder),
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _read_table(file: Path) -> _Table:
    """A wide file as value by symbol and day; empty cells are left out."""
    table: _Table = {}
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        columns = [table.setdefault(Symbol(name), {}) for name in next(reader)[1:]]
        for day_text, *cells in reader:
            day = date.fromisoformat(day_text)
            for column, cell in zip(columns, cells, strict=True):
                if cell:
                    column[day] = float(cell)
    return table


def _read_bars(folder: Path) -> dict[Symbol, tuple[Bar, ...]]:
    published = _read_table(folder / WEEK)
    opens, highs, lows, closes, lots = (
        _read_table(folder / f"{name}.csv") for name in ("open", "high", "low", "close", "volume")
    )
    actions = {
        (Symbol(row["symbol"]), date.fromisoformat(row["date"])): (float(row["dividend"]), float(row["split"]))
        for row in _rows(folder / "actions.csv")
    }

    def bar(symbol: Symbol, day: date, close: float) -> Bar:
        dividend, split = actions.get((symbol, day), (0.0, 1.0))
        volume = lots.get(symbol, {}).get(day)
        return Bar(
            symbol=symbol,
            day=day,
            close=close,
            open=opens[symbol].get(day),
            high=highs[symbol].get(day),
            low=lows[symbol].get(day),
            volume=None if volume is None else volume * LOT,
            dividend=dividend,
            split=split,
            origin=PUBLISHED if day in published.get(symbol, {}) else SIMULATED,
        )

    return {
        symbol: tuple(bar(symbol, day, close) for day, close in column.items()) for symbol, column in closes.items()
    }


def _read_paths(folder: Path, day: date) -> dict[Symbol, tuple[PathPoint, ...]]:
    """Prices and volumes of one session; a stock that did not trade that day has no path."""
    volumes: dict[Symbol, dict[str, float]] = {}
    for row in _rows(folder / f"traded_{day}.csv"):
        at = row.pop("time")
        for name, cell in row.items():
            if cell:
                volumes.setdefault(Symbol(name), {})[at] = float(cell) * LOT
    points: dict[Symbol, list[PathPoint]] = {}
    for row in _rows(folder / f"path_{day}.csv"):
        at = row.pop("time")
        moment = from_hkt(day, time.fromisoformat(at))
        for name, cell in row.items():
            if cell:
                symbol = Symbol(name)
                traded = volumes.get(symbol, {}).get(at, 0.0)
                points.setdefault(symbol, []).append(PathPoint(moment, float(cell), traded))
    return {symbol: tuple(path) for symbol, path in points.items()}


def _read_event(row: Mapping[str, str]) -> Event:
    return msgspec.convert(
        {
            **row,
            "from": _moment(row["from"]),
            "to": _moment(row["to"]),
            "symbols": row["symbols"].split(),
            "recap": row["recap"] == "yes",
        },
        Event,
    )


def _moment(text: str) -> int:
    """Epoch milliseconds of "2026-03-05T00:00+08:00"."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def _read_trading_days(folder: Path) -> tuple[TradingDay, ...]:
    """Every calendar day that days.csv spans: it names holidays and half-days, the others are plain."""
    named = {date.fromisoformat(row["date"]): row for row in _rows(folder / "days.csv")}
    first, last = min(named), max(named)

    def describe(day: date) -> TradingDay:
        if row := named.get(day):
            return TradingDay(day, DayKind(row["kind"]), row["name_en"], row["name_zh"])
        plain = weekday_default(day)
        return TradingDay(day, plain.kind, plain.name, plain.name_zh)

    return tuple(describe(first + timedelta(days=offset)) for offset in range((last - first).days + 1))
