"""The cache: what goes in comes out, garbage is skipped or refused, and opening it never fails for its content."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.domain.attribution import Attribution, FactorPart, Flag, Verdict, Window
from tui.domain.event import Event, EventKind, NewsCoverage, Scope
from tui.domain.market import Bar, Quality, Quote
from tui.domain.row import Row
from tui.domain.symbol import HSI, Symbol
from tui.domain.trading_day import DayKind, TradingDay
from tui.store.cache import MIGRATIONS, Cache, CacheError

ALIBABA = Symbol("9988.HK")
TENCENT = Symbol("0700.HK")
DAY = date(2026, 3, 6)

prices = st.floats(min_value=0.001, max_value=9_999_999, allow_nan=False)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
some_bars = st.lists(
    st.builds(
        Bar,
        symbol=st.sampled_from([ALIBABA, TENCENT]),
        day=days,
        close=prices,
        open=st.none() | prices,
        volume=st.none() | st.floats(0, 1e12),
        dividend=st.floats(0, 100),
        split=st.floats(0.01, 100),
        origin=st.text(max_size=20).filter(lambda text: text.isprintable()),
    ),
    max_size=20,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "cache-yahoo.sqlite"


@pytest.fixture
def cache(path: Path) -> Iterator[Cache]:
    with closing(Cache.open_writer(path)) as opened:
        yield opened


def row(symbol: Symbol = ALIBABA) -> Row:
    day = Attribution(
        symbol=symbol,
        date=DAY,
        close=130.7,
        previous_close=126.3,
        return_pct=3.484,
        market_pp=2.997,
        sector_pp=0.616,
        own_pp=-0.13,
        factors=(FactorPart("^HSI", 1.722, 1.722, 1.741, 0.075, 2.997),),
        alpha_pct=-0.038,
        r2=0.69,
        sigma_pp=1.747,
        forecast_se_pp=1.76,
        t=-0.07,
        rarity=0.916,
        threshold_pp=2.83,
        window=Window(250, date(2025, 2, 28), date(2026, 3, 5), 250),
        verdict=Verdict.MARKET,
        news_coverage=NewsCoverage.FOUND,
        flags=(Flag.HALF_DAY,),
    )
    quote = Quote(symbol, 130.7, 1_772_784_480_000, 1_772_784_481_000, "yahoo", 126.3, quality=Quality.DELAYED)
    return Row(symbol, "Alibaba", "阿里巴巴", "tech", quote, day, (126.3, None, 130.7), (0.0, None, -0.13), 1.2)


def event(name: str, end: int) -> Event:
    return Event(
        name, end - 1000, end, "minute", "京東 results", "HKEX", symbols=(ALIBABA,), scope=Scope.COMPANY,
        kind=EventKind.RESULTS, session=DAY,
    )  # fmt: skip


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_bars)
def test_bars_come_back_as_they_went_in(path: Path, bars: list[Bar]) -> None:
    path.unlink(missing_ok=True)
    with closing(Cache.open_writer(path)) as cache:
        cache.put_bars(bars)
        cache.put_bars(bars)
        for symbol in (ALIBABA, TENCENT):
            newest = {bar.day: bar for bar in bars if bar.symbol == symbol}
            assert cache.bars(symbol) == tuple(newest[day] for day in sorted(newest))


def test_bars_since_a_day(cache: Cache) -> None:
    bars = [Bar(ALIBABA, DAY - timedelta(days=n), 100.0 + n) for n in range(5)]
    cache.put_bars(bars)
    assert [bar.day for bar in cache.bars(ALIBABA, DAY - timedelta(days=1))] == [DAY - timedelta(days=1), DAY]
    assert cache.bars(TENCENT) == ()


def test_everything_else_comes_back(cache: Cache, path: Path) -> None:
    calendar = (
        TradingDay(date(2026, 2, 16), DayKind.HALF, "Lunar New Year's Eve", "農曆年三十", "table"),
        TradingDay(date(2026, 2, 17), DayKind.CLOSED, origin="user"),
    )
    events = (event("b", 3000), event("a", 2000))
    spans = (("hkex", ALIBABA, 0, 5000), ("hkex", ALIBABA, 7000, 9000), ("rthk", TENCENT, 0, 1))
    cache.put_trading_days(calendar)
    cache.put_events(events)
    cache.put_coverage(spans)
    cache.put_rows([row(TENCENT), row()])
    cache.put_meta("seen", "京東")
    with closing(Cache.open_reader(path)) as reader:
        assert reader.trading_days(date(2026, 2, 1), date(2026, 2, 28)) == calendar
        assert reader.trading_days(date(2026, 2, 17), date(2026, 2, 17)) == calendar[1:]
        assert reader.events() == (events[1], events[0])
        assert reader.events(since=2500) == (events[0],)
        assert reader.coverage() == spans
        assert reader.rows() == (row(TENCENT), row())
        assert (reader.meta("seen"), reader.meta("unknown")) == ("京東", None)
        assert not reader.writable


def test_a_put_is_whole_or_nothing(cache: Cache) -> None:
    def broken() -> Iterator[Bar]:
        yield Bar(ALIBABA, DAY, 130.7)
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError):
        cache.put_bars(broken())
    assert cache.bars(ALIBABA) == ()
    with pytest.raises(CacheError):
        cache.put_bars([Bar(ALIBABA, DAY, 130.7), Bar(HSI, DAY, float("nan"))])
    assert cache.bars(ALIBABA) == ()
    cache.put_bars([Bar(ALIBABA, DAY, 130.7)])
    assert len(cache.bars(ALIBABA)) == 1


def test_rows_and_events_of_another_version_are_left_out(cache: Cache, path: Path) -> None:
    cache.put_rows([row()])
    cache.put_events([event("a", 2000)])
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO rows VALUES ('0001.HK', ?)", (b'{"symbol": 5}',))
        other.execute("INSERT INTO rows VALUES ('0002.HK', ?)", (b"\xff\xfe",))
        other.execute("INSERT INTO events VALUES ('x', 1, ?)", (b"[]",))
        other.commit()
    assert cache.rows() == (row(),)
    assert cache.events() == (event("a", 2000),)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO bars VALUES ('9988.HK', 'yesterday', 1, 1, 1, 1, 1, 0, 1, '')",
        "INSERT INTO bars VALUES ('9988.HK', x'00', 1, 1, 1, 1, 1, 0, 1, '')",
        "INSERT INTO trading_days VALUES ('2026-03-06', 'sometimes', '', '', '')",
    ],
)
def test_days_that_cannot_be_read_are_an_error_with_a_remedy(cache: Cache, path: Path, statement: str) -> None:
    """With a day left out, the next day's move would silently span two."""
    with closing(sqlite3.connect(path)) as other:
        other.execute(statement)
        other.commit()
    with pytest.raises(CacheError, match="delete it"):
        assert cache.bars(ALIBABA) + cache.trading_days(date(2026, 1, 1), date(2026, 12, 31))


def test_only_its_owner_may_read_it(cache: Cache, path: Path) -> None:
    cache.put_meta("a", "b")
    assert {entry.name for entry in path.parent.iterdir()} >= {path.name, f"{path.name}-wal"}
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(CacheError, match="does not exist yet"):
        Cache.open_reader(tmp_path / "absent.sqlite")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(CacheError, match="is empty"):
        Cache.open_reader(tmp_path / "empty.sqlite")
    (tmp_path / "prose.sqlite").write_text("no database" * 100)
    with pytest.raises(CacheError, match="is damaged"):
        Cache.open_reader(tmp_path / "prose.sqlite")


def test_a_reader_does_not_write(cache: Cache, path: Path) -> None:
    with closing(Cache.open_reader(path)) as reader, pytest.raises(CacheError, match="only read"):
        reader.put_meta("a", "b")


def test_a_newer_cache_is_read_and_not_changed(path: Path) -> None:
    with closing(Cache.open_writer(path)) as cache:
        cache.put_rows([row()])
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with closing(Cache.open_writer(path)) as newer:
        assert not newer.writable
        assert newer.notices == ("the cache was written by a newer whymove: it is read and not changed",)
        assert newer.rows() == (row(),)
        with pytest.raises(CacheError, match="newer whymove"):
            newer.put_meta("a", "b")
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.glob("*.damaged*")] == []


def test_a_cache_deleted_under_its_writer_is_made_anew_at_the_next_start(cache: Cache, path: Path) -> None:
    cache.put_rows([row()])
    for entry in path.parent.iterdir():
        entry.unlink()
    cache.put_rows([row(TENCENT)])
    with closing(Cache.open_writer(path)) as fresh:
        assert fresh.notices == ()
        fresh.put_rows([row()])
        assert fresh.rows() == (row(),)
