"""The settings: one struct a table of config.toml, one docstring a setting. `config.toml` repeats the defaults."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from tui.domain.row import COLUMN_NAMES, ColumnName
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import DayKind, TradingDay

SourceName = Literal["yahoo", "sample", "pipe"]
Language = Literal["en", "zh"]
SortName = Literal[
    "list", "code", "price", "change", "verdict", "own", "rarity", "name", "events", "volume", "turnover"
]
SparkKind = Literal["price", "own"]
Palette = Literal["green_up", "red_up", "colour_blind", "mono"]
GlyphSet = Literal["braille", "block", "ascii"]
Mouse = Literal["auto", "on", "off"]
NewsSourceName = Literal["hkex", "yahoo", "rthk"]

_START = (
    "9988.HK 1810.HK 0700.HK 3690.HK 9618.HK 2618.HK 9888.HK 9626.HK 1024.HK 9999.HK "
    "9961.HK 0005.HK 1299.HK 0388.HK 1211.HK 0941.HK 0981.HK 0992.HK 9992.HK"
)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all tables share."""


class ListSettings(_Table, frozen=True):
    """[list]: what the watchlist shows."""

    columns: tuple[ColumnName, ...] = COLUMN_NAMES
    """The columns, left to right. Where the window is too narrow the least useful go, whole; code and change stay."""
    sort: SortName = "rarity"
    """The column that orders the list at the start, or "list" for the list's own order."""
    spark: SparkKind = "price"
    """What the small chart of a row shows: the price, or the company's own part of the move."""
    start: dict[str, tuple[Symbol, ...]] = msgspec.field(
        default_factory=lambda: {"Hong Kong": tuple(Symbol(symbol) for symbol in _START.split())}
    )
    """The lists, by name, that whymove starts with; from then on lists.toml holds them."""


class FeedSettings(_Table, frozen=True):
    """[feed]: how the sources are asked."""

    refresh_seconds: Annotated[int, msgspec.Meta(ge=5, le=3600)] = 15
    """Seconds between two questions for quotes while the market trades."""
    leave_after_seconds: Annotated[int, msgspec.Meta(ge=0, le=86400)] = 30
    """Seconds that the feed stays after its last terminal has left."""
    requests_per_minute: Annotated[int, msgspec.Meta(ge=1, le=60)] = 30
    """The most requests that one host gets in a minute."""
    requests_in_flight: Annotated[int, msgspec.Meta(ge=1, le=8)] = 4
    """The most requests that one host is working on at once."""


class ScreenSettings(_Table, frozen=True):
    """[screen]: how it looks."""

    theme: str = "dark"
    """The name of a file in themes/ beside config.toml, or of a shipped theme."""
    palette: Palette = "green_up"
    """The colours of rising and falling."""
    glyphs: GlyphSet = "braille"
    """The signs that charts are drawn with."""
    mouse: Mouse = "auto"
    """The mouse; "auto" is on at the machine itself and off over SSH."""


class SectorSettings(_Table, frozen=True):
    """[sectors.NAME]: a group of stocks that move together, added to the shipped table."""

    members: tuple[Symbol, ...]
    """The stocks of the group. A stock that another group held moves here."""
    index: Symbol | None = None
    """The index that stands for the group; without one, the shipped group's of that name, else the members' median."""


class PipeSettings(_Table, frozen=True):
    """[pipe]: prices from a program of yours, for source = "pipe"."""

    command: tuple[str, ...] = ()
    """The program that writes quotes as JSON lines, and its arguments. No shell is involved."""
    socket: str = ""
    """Or the path of a Unix socket that delivers the same lines."""
    history: str = "yahoo"
    """Where daily history comes from: "yahoo", or the path of a CSV of closes."""


class NewsFeed(_Table, frozen=True):
    """[[news.feeds]]: one RSS or Atom feed."""

    name: str
    """The name under which its headlines are quoted."""
    url: str
    """Its https address."""
    redirect_hosts: tuple[str, ...] = ()
    """Other hosts that it may redirect to."""


class NewsSettings(_Table, frozen=True):
    """[news]: where headlines come from and whom they mean."""

    sources: tuple[NewsSourceName, ...] = ("hkex", "yahoo", "rthk")
    """The built-in sources to ask."""
    feeds: tuple[NewsFeed, ...] = ()
    """More RSS or Atom feeds."""
    aliases: dict[str, tuple[str, ...]] = {}
    """More names of a stock, by symbol."""


class AttributionSettings(_Table, frozen=True):
    """[attribution]: what a move is measured against."""

    market: Symbol = HSI
    """The index that stands for the market."""


class Config(_Table, frozen=True):
    """All settings."""

    source: SourceName = "yahoo"
    """Where prices come from."""
    language: Language = "en"
    """The language of names and words."""
    list: ListSettings = ListSettings()
    feed: FeedSettings = FeedSettings()
    screen: ScreenSettings = ScreenSettings()
    keys: dict[str, str | tuple[str, ...]] = {}
    """Keys by the id of what they do; `whymove check` names an id or a key that does not exist."""
    sectors: dict[str, SectorSettings] = {}
    calendar: dict[str, DayKind] = {}
    """Days on which the exchange does something else than the built-in calendar says, by ISO date."""
    pipe: PipeSettings = PipeSettings()
    news: NewsSettings = NewsSettings()
    attribution: AttributionSettings = AttributionSettings()

    def trading_days(self) -> tuple[TradingDay, ...]:
        """The user's own days, oldest first; they outrank the built-in calendar."""
        return tuple(
            TradingDay(date.fromisoformat(day), kind, origin="user") for day, kind in sorted(self.calendar.items())
        )
