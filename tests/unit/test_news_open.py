"""Which news sources a configuration opens, and by which calendar they read."""

from datetime import date, time
from pathlib import Path

import msgspec

from tui.config.schema import Config, NewsFeed, NewsSettings
from tui.domain.clock import FixedClock
from tui.domain.event import Event
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, from_hkt
from tui.feed.pacing import PoliteDoor
from tui.sources.calendar import trading_days
from tui.sources.news import open_news
from tui.sources.news_reader import NewsReader
from tui.sources.yahoo import YahooSource

NOW = from_hkt(date(2026, 3, 6), time(10))
OWN_FEED = NewsFeed(name="Company news", url="https://feeds.example.org/news.xml")


def _opened(config: Config, folder: Path, *, with_yahoo: bool = True) -> tuple[list[str], list[PoliteDoor], PoliteDoor]:
    clock = FixedClock(NOW)
    door = PoliteDoor(clock, 30)
    yahoo = YahooSource(clock, door, folder) if with_yahoo else None
    opened = open_news(config, clock, trading_days, lambda: PoliteDoor(clock, 30), yahoo, door)
    return [source.name for source, _ in opened], [its_door for _, its_door in opened], door


def test_the_configured_sources_each_with_its_door(tmp_path: Path) -> None:
    names, doors, yahoos = _opened(Config(news=NewsSettings(feeds=(OWN_FEED,))), tmp_path)
    assert names == ["hkex", "yahoo", "RTHK", "Company news"]
    assert len({id(door) for door in doors}) == 4
    assert doors[1] is yahoos


def test_no_source_and_no_yahoo(tmp_path: Path) -> None:
    assert _opened(Config(news=NewsSettings(sources=())), tmp_path)[0] == []
    assert _opened(Config(), tmp_path, with_yahoo=False)[0] == ["hkex", "RTHK"]


def _read(config: Config, title: str) -> Event:
    clock = FixedClock(NOW)
    ((source, _),) = open_news(config, clock, trading_days, lambda: PoliteDoor(clock, 30), None, PoliteDoor(clock, 30))
    reader = vars(source)["_reader"]
    assert isinstance(reader, NewsReader)
    return reader.read(Event(id="1", start=NOW, end=NOW, precision="second", title=title, source="s"))


def test_the_users_days_and_names_count() -> None:
    news = NewsSettings(sources=("rthk",), aliases={"0700.HK": ("Some Nickname",)})
    config = Config(news=news, calendar={"2026-03-06": DayKind.CLOSED})
    told = _read(config, "Some Nickname moves house")
    assert (told.symbols, told.session) == ((Symbol("0700.HK"),), date(2026, 3, 9))
    plain = msgspec.structs.replace(config, calendar={}, news=msgspec.structs.replace(news, aliases={}))
    told = _read(plain, "Some Nickname moves house")
    assert (told.symbols, told.session) == ((), date(2026, 3, 6))
