"""A feed's outside world by the name of its source. What a source alone needs is imported when it is chosen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tui.config.adr import dual_listings
from tui.config.paths import Paths
from tui.config.schema import Config
from tui.config.tables import sector_table
from tui.domain.clock import Clock, FixedClock, ReplayClock, SystemClock
from tui.domain.symbol import HSTECH, Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import HKT, TradingDay, from_hkt, weekday_default
from tui.feed.options import DEMO_START, FeedOptions
from tui.feed.pacing import PoliteDoor
from tui.feed.parties import NewsParty, Parties, PastPaths
from tui.sources.ports import PriceSource

if TYPE_CHECKING:
    from tui.sources.sample import Sample

SAMPLE: Final = "sample"
# The replay stands still here, when everything of its last day is known.
REPLAY_STOPS: Final = time(17, 0)


class NoSuchWorld(Exception):
    """A source that cannot be opened as it is configured, and how to mend it."""


def moment_of(text: str) -> int:
    """A time as a user writes it, "2026-03-06T10:30", of Hong Kong where it names no zone; else ValueError."""
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=HKT)).timestamp() * 1000)


def open_world(options: FeedOptions, config: Config, paths: Paths) -> tuple[Clock, Parties]:
    """The clock and the parties of a source. Raises NoSuchWorld."""
    if options.source == SAMPLE:
        return _sample(options, config)
    clock = SystemClock() if options.at is None else _replay(options.at, options.speed)
    return clock, _live(options, config, paths, clock)


def _replay(at: int, speed: float, end: int | None = None) -> Clock:
    return FixedClock(at) if speed == 0 else ReplayClock(at, speed, end)


# --- the sample week ---


class SampleArchive:
    """The sample's paths of past days."""

    def __init__(self, sample: "Sample") -> None:
        self._sample = sample

    async def past_paths(self, symbol: Symbol, before: date) -> PastPaths:
        """Those of the week's sessions before a day."""
        return {day: paths[symbol] for day, paths in self._sample.paths.items() if day < before and symbol in paths}


def sample_sectors(sample: "Sample", shipped: SectorTable) -> SectorTable:
    """The sample's own stocks and its one group, with what the shipped table knows of the indices."""
    return msgspec.structs.replace(shipped, instruments=sample.instruments, index_of={"tech": HSTECH})


def _sample(options: FeedOptions, config: Config) -> tuple[Clock, Parties]:
    from tui.sources.sample import SampleSource, load_sample

    sample = load_sample()
    at = moment_of(DEMO_START) if options.at is None else options.at
    end = max(from_hkt(max(sample.paths), REPLAY_STOPS), at)
    clock = _replay(at, options.speed, end)
    source = SampleSource(clock, sample)
    everything = len(sample.bars)
    return clock, Parties(
        prices=source,
        sectors=sample_sectors(sample, sector_table(config)),
        calendar=_from(sample.trading_days),
        news=(NewsParty(source),),
        archive=SampleArchive(sample),
        instruments=sample.instruments,
        quotes_per_call=everything,
        paths_per_call=everything,
    )


def _from(days: Sequence[TradingDay]) -> Callable[[date, date], Sequence[TradingDay]]:
    """A table that knows these days and takes all others for plain ones."""
    known = {day.day: day for day in days}

    def table(first: date, last: date) -> list[TradingDay]:
        span = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
        return [known.get(day) or weekday_default(day) for day in span]

    return table


# --- the present ---


def _live(options: FeedOptions, config: Config, paths: Paths, clock: Clock) -> Parties:
    if options.source not in ("yahoo", "pipe"):
        raise NoSuchWorld(f"there is no source {options.source!r}: use yahoo, pipe or sample")
    from tui.sources.calendar import trading_days
    from tui.sources.news import open_news
    from tui.sources.yahoo import QUOTES_PER_CALL, SPARKS_PER_CALL, YahooSource
    from tui.sources.yahoo_archive import YahooArchive

    def new_door() -> PoliteDoor:
        return PoliteDoor(clock, options.requests_per_minute)

    door = PoliteDoor(clock, options.requests_per_minute, name="yahoo", as_one=True)
    yahoo = YahooSource(clock, door, paths.yahoo(), threads=options.requests_in_flight)
    news = []
    for news_source, its_door in open_news(config, clock, trading_days, new_door, yahoo, door):
        its_door.name = its_door.name or news_source.name
        news.append(NewsParty(news_source, its_door))
    parties = Parties(
        prices=yahoo,
        sectors=sector_table(config),
        calendar=trading_days,
        door=door,
        news=tuple(news),
        archive=YahooArchive(yahoo),
        listings=dual_listings(),
        overrides=config.trading_days(),
        quotes_per_call=QUOTES_PER_CALL,
        paths_per_call=SPARKS_PER_CALL,
        problems=yahoo.problems.get,
        notice=yahoo.notice,
    )
    return _with_pipe(parties, yahoo, config, clock) if options.source == "pipe" else parties


def _with_pipe(parties: Parties, yahoo: PriceSource, config: Config, clock: Clock) -> Parties:
    """Quotes by the trader's own program; bars, and the paths before its first quote, from elsewhere."""
    from tui.sources.pipe import MAX_SYMBOLS, PipeSource

    pipe = config.pipe
    if bool(pipe.command) == bool(pipe.socket):
        raise NoSuchWorld("config.toml: [pipe] needs either command or socket, see docs/pipe.md")
    socket = Path(pipe.socket).expanduser() if pipe.socket else None
    of_yahoo = pipe.history == "yahoo"
    history = yahoo if of_yahoo else _price_file(pipe.history)
    source = PipeSource(clock, history, command=pipe.command, socket=socket)
    return replace(
        parties,
        prices=source,
        door=None,
        history=history.name,
        history_door=parties.door if of_yahoo else None,
        archive=parties.archive if of_yahoo else None,
        quotes_per_call=MAX_SYMBOLS,
        pushed=source.changed,
        problems=source.problem,
        notice=lambda: None,
    )


def _price_file(path: str) -> PriceSource:
    from tui.sources.closes import PriceFileError
    from tui.sources.price_file import PriceFile

    try:
        return PriceFile(Path(path).expanduser())
    except (PriceFileError, OSError) as error:
        raise NoSuchWorld(f"config.toml: [pipe] history: {error}") from error
