"""HKEXnews over real TLS on loopback: no filing is lost, none is promised, and every request is counted."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from tests.world.news_desk import FEED, HOUR, NOW, Desk, rss
from tests.world.press import Exchange, press
from tui.domain.clock import Clock, FixedClock
from tui.domain.event import EventKind
from tui.domain.symbol import HSI, Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import TradingDay, from_hkt
from tui.feed.coverage import Coverage
from tui.feed.news_desk import NewsDesk
from tui.feed.pacing import PoliteDoor
from tui.sources.calendar import trading_days
from tui.sources.hkex import GAP_S, SEARCHES_A_QUESTION
from tui.sources.ports import NewsAnswer, SourceError

TENCENT, OTHER, AIA = Symbol("0700.HK"), Symbol("1234.HK"), Symbol("1299.HK")


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with press(tmp_path) as world:
        for name, value in world.environment.items():
            monkeypatch.setenv(name, value)
        yield Desk(world)
        assert world.refused == [], "the client left the world"


def _paths(desk: Desk) -> list[str]:
    return [asked.partition("?")[0].rpartition("/")[2] for asked in desk.press.asked]


async def test_a_new_stock_is_looked_up_and_then_the_latest_list_is_enough(desk: Desk) -> None:
    exchange = Exchange(desk.press)
    for number in range(150):
        exchange.file(1000 + number, NOW - (200 - number) * 60_000, ["01299"], "Next Day Disclosure Return")
    exchange.file(1, NOW - 200 * HOUR, ["00700"], "Old announcement")
    exchange.filings.sort(
        key=lambda row: (row["relTime"][6:10], row["relTime"][3:5], row["relTime"][:2], row["relTime"])
    )
    exchange.file(
        2000,
        NOW - 60_000,
        ["00700", "80700"],
        "Annual Results",
        category="Announcements and Notices - [Final Results]",
        title_zh="全年業績",
    )
    source = desk.hkex()
    start = NOW - 240 * HOUR
    answer = await source.news([TENCENT, HSI], start, NOW)
    assert (answer.asked, answer.start, answer.end) == ((TENCENT,), start, NOW)
    assert {event.title: event.title_zh for event in answer.events} == {
        "Old announcement": "公告",
        "Annual Results": "全年業績",
    }
    results = next(event for event in answer.events if event.kind is EventKind.RESULTS)
    assert (results.symbols, results.precision, results.session) == ((TENCENT,), "minute", date(2026, 3, 6))
    assert _paths(desk).count("titleSearchServlet.do") == 1
    desk.press.asked.clear()
    exchange.file(2001, NOW, ["00700"], "Voluntary announcement")
    answer = await source.news([TENCENT], NOW - 16 * 60_000, NOW + 60_000)
    assert answer.asked == (TENCENT,)
    assert "Voluntary announcement" in [event.title for event in answer.events]
    assert _paths(desk) == ["lcisehk7relsde_1.json", "lcisehk7relsdc_1.json"]
    await source.close()


async def test_requests_keep_their_distance(desk: Desk) -> None:
    Exchange(desk.press).file(1, NOW - HOUR, ["00700"], "Announcement")
    source = desk.hkex()
    await source.news([TENCENT], NOW - 24 * HOUR, NOW)
    assert len(desk.press.asked) == 7
    assert desk.waited[0] == 0
    assert all(wait == pytest.approx(GAP_S) for wait in desk.waited[1:])
    await source.close()


async def test_a_gap_in_the_latest_list_is_looked_up_again(desk: Desk) -> None:
    exchange = Exchange(desk.press)
    exchange.file(1, NOW - HOUR, ["00700"], "First")
    source = desk.hkex()
    await source.news([TENCENT], NOW - 2 * HOUR, NOW)
    for number in range(900):
        exchange.file(10 + number, NOW + number * 1000, ["01299"], "Next Day Disclosure Return")
    exchange.filings.insert(2, exchange.filings[0] | {"newsId": "5", "title": "Missed"})
    desk.press.asked.clear()
    answer = await source.news([TENCENT], NOW - HOUR, NOW + HOUR)
    assert _paths(desk).count("titleSearchServlet.do") == 1
    assert "Missed" in [event.title for event in answer.events]
    assert answer.asked == (TENCENT,)
    await source.close()


async def test_only_so_many_stocks_a_question_and_none_is_promised_too_early(desk: Desk) -> None:
    exchange = Exchange(desk.press)
    exchange.file(1, NOW - HOUR, ["00700"], "Announcement")
    exchange.stocks |= {f"{number:05d}": (f"STOCK {number}", "") for number in range(1, 15)}
    many = [Symbol(f"{number:04d}.HK") for number in range(1, 15)]
    source = desk.hkex()
    asked: list[int] = []
    for _ in range(3):
        answer = await source.news([*many, TENCENT], NOW - 48 * HOUR, NOW)
        asked.append(len(answer.asked))
        desk.clock.advance(60)
    assert asked == [SEARCHES_A_QUESTION, 2 * SEARCHES_A_QUESTION, 15]
    assert _paths(desk).count("titleSearchServlet.do") == 15
    await source.close()


async def test_a_stock_the_exchange_does_not_list_is_never_said_to_have_no_news(desk: Desk) -> None:
    Exchange(desk.press).file(1, NOW - HOUR, ["00700"], "Announcement")
    source = desk.hkex()
    assert (await source.news([Symbol("9999.HK")], NOW - 48 * HOUR, NOW)).asked == ()
    await source.close()


async def test_what_was_found_before_a_failure_is_told_later(desk: Desk) -> None:
    exchange = Exchange(desk.press)
    exchange.file(1, NOW - HOUR, ["00700"], "Announcement")
    search = "www1.hkexnews.hk/search/titleSearchServlet.do"
    served = desk.press.documents[search]
    desk.press.documents[search] = b"<html>maintenance</html>"
    source = desk.hkex()
    with pytest.raises(SourceError, match="could not be read: JSON is malformed"):
        await source.news([TENCENT], NOW - 48 * HOUR, NOW)
    desk.press.documents[search] = served
    desk.clock.advance(60)
    answer = await source.news([TENCENT], NOW - 48 * HOUR, NOW + 60_000)
    assert [event.title for event in answer.events] == ["Announcement"]
    assert answer.asked == (TENCENT,)
    await source.close()


async def test_a_filing_that_one_language_told_before_the_other_failed_is_not_lost(desk: Desk) -> None:
    exchange = Exchange(desk.press)
    exchange.file(1, NOW - HOUR, ["00700"], "First")
    source = desk.hkex()
    await source.news([TENCENT], NOW - 2 * HOUR, NOW)
    chinese = "www1.hkexnews.hk/ncms/json/eds/lcisehk7relsdc_1.json"
    served = desk.press.documents[chinese]
    assert callable(served)
    before = list(exchange.filings)
    exchange.file(2, NOW, ["00700"], "Second", title_zh="公告")
    desk.press.documents[chinese] = lambda request: web.Response(status=500)
    with pytest.raises(SourceError):
        await source.news([TENCENT], NOW - HOUR, NOW)
    # The Chinese list lags: it is the one of before, the English one is unchanged since the failure.
    old = {"genDate": "0", "maxNumOfFile": 1, "newsInfoLst": [row | {"title": row["title_zh"]} for row in before]}
    desk.press.documents[chinese] = old
    answer = await source.news([TENCENT], NOW - HOUR, NOW + 60_000)
    assert "Second" in [event.title for event in answer.events]
    await source.close()


@pytest.mark.parametrize("moment", [NOW + 48 * HOUR, NOW - 5000 * HOUR], ids=["in two days", "last year"])
async def test_a_filing_of_an_impossible_time_is_counted_and_promises_nothing(desk: Desk, moment: int) -> None:
    exchange = Exchange(desk.press)
    exchange.file(1, NOW - HOUR, ["00700"], "True")
    exchange.file(2, moment, ["00700"], "Impossible")
    source = desk.hkex()
    answer = await source.news([TENCENT], NOW - HOUR, NOW)
    assert [event.title for event in answer.events] == ["True"]
    assert source.dropped["latest list"] == 1
    # Nothing is missed afterwards: a gap is seen where there is one.
    for number in range(600):
        exchange.file(10 + number, NOW + number * 1000, ["01299"], "Next Day Disclosure Return")
    exchange.filings.insert(2, exchange.filings[0] | {"newsId": "5", "title": "Missed"})
    desk.clock.advance(600)
    answer = await source.news([TENCENT], NOW - HOUR, NOW + HOUR)
    assert "Missed" in [event.title for event in answer.events]
    await source.close()


async def test_a_filing_ahead_of_our_clock_is_told_and_hides_no_gap(desk: Desk) -> None:
    exchange = Exchange(desk.press)
    exchange.file(1, NOW - HOUR, ["00700"], "True")
    exchange.file(2, NOW + 2 * HOUR, ["00700"], "Early")
    source = desk.hkex()
    answer = await source.news([TENCENT], NOW - HOUR, NOW)
    assert [event.title for event in answer.events] == ["Early", "True"]
    for number in range(600):
        exchange.file(10 + number, NOW + number * 1000, ["01299"], "Next Day Disclosure Return")
    exchange.filings.insert(2, exchange.filings[0] | {"newsId": "5", "title": "Missed"})
    desk.clock.advance(600)
    answer = await source.news([TENCENT], NOW - HOUR, NOW + HOUR)
    assert "Missed" in [event.title for event in answer.events]
    await source.close()


async def test_the_diaries_are_read_a_few_times_a_day_and_their_failure_keeps_no_news(desk: Desk) -> None:
    Exchange(desk.press).file(1, NOW - HOUR, ["00700"], "Announcement")
    cells = "".join(f"<td>{cell}</td>" for cell in ("18/03/2026", "", "TENCENT", "700", "FIN RES", ""))
    desk.press.documents["www3.hkexnews.hk/reports/bmn/ebmn.htm"] = f"<tr><td>BM Date</td></tr><tr>{cells}</tr>"
    source = desk.hkex()
    for _ in range(3):
        answer = await source.news([TENCENT], NOW - HOUR, NOW)
        meeting = next(event for event in answer.events if event.id.startswith("hkex-board"))
        assert (meeting.kind, meeting.session) == (EventKind.RESULTS, date(2026, 3, 19))
    assert (_paths(desk).count("ebmn.htm"), _paths(desk).count("eent.htm")) == (1, 1)
    assert source.dropped == {"diary": 1}
    assert answer.diary_at is None, "half of the diaries is no diary"
    await source.close()


async def test_the_exchanges_names_are_learned(desk: Desk) -> None:
    Exchange(desk.press).file(1, NOW - HOUR, ["00700"], "Announcement")
    desk.press.documents["feeds.example.org/news.xml"] = rss("Some Words opens a shop")
    feed, source = desk.feed(FEED), desk.hkex()
    assert (await feed.news([OTHER], NOW - 2 * HOUR, NOW)).events == ()
    await source.news([TENCENT], NOW - 48 * HOUR, NOW)
    answer: NewsAnswer = await feed.news([OTHER], NOW - 2 * HOUR, NOW)
    assert [event.symbols for event in answer.events] == [(OTHER,)]
    await feed.close()
    await source.close()


# How many documents come in which minutes of a day in the season of results: most after the close, and once more in
# the five minutes between two questions than one page of the latest list holds.
SEASON = (
    (time(8), time(9), 60),
    (time(12), time(13), 80),
    (time(16, 10), time(16, 40), 330),
    (time(16, 40), time(16, 45), 120),
    (time(16, 45), time(19), 270),
    (time(19), time(22), 40),
)


def _minutes(day: date) -> Counter[int]:
    """The documents of each minute of such a day, spread evenly within each of its parts."""
    filed: Counter[int] = Counter()
    for first, last, count in SEASON:
        start, end = from_hkt(day, first), from_hkt(day, last)
        filed.update(start + (end - start) * number // count // 60_000 * 60_000 for number in range(count))
    return filed


class CountingDoor(PoliteDoor):
    """The polite door, with a list of whom it let through, and when."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        super().__init__(clock, per_minute=per_minute)
        self.admitted: list[tuple[str, float]] = []

    def admit(self, host: str) -> None:
        super().admit(host)
        self.admitted.append((host, self._clock.monotonic()))


async def test_a_day_of_nine_hundred_filings_and_a_feed_in_polite_pacing(desk: Desk) -> None:
    """From 8:00 to 22:00 as often as the feed asks: every filing and headline arrives, none twice, and every request
    is counted, keeps its distance and is within its host's budget."""
    exchange = Exchange(desk.press)
    day = date(2026, 3, 5)
    desk.clock = FixedClock(from_hkt(day, time(8)))
    desk.door = door = CountingDoor(desk.clock, per_minute=30)
    hkex, feed = desk.hkex(), desk.feed(FEED)
    exchange.stocks |= {f"{number:05d}": (f"STOCK {number}", "") for number in range(1, 11)}
    codes = list(exchange.stocks)
    watched = [Symbol(f"{int(code):04d}.HK") for code in codes]
    exchange.file(1, from_hkt(day - timedelta(days=1), time(18)), ["00700"], "Yesterday's")
    news = NewsDesk(SectorTable({}, {}), Coverage(("hkex", "Desk")))
    told: Counter[str] = Counter()
    headlines: list[str] = []
    season = _minutes(day)
    filed, rounds, busiest = 0, 0, 0
    start = from_hkt(day - timedelta(days=9))
    for minute in range(from_hkt(day, time(8)), from_hkt(day, time(22)) + 1, 60_000):
        for _ in range(season[minute]):
            filed += 1
            exchange.file(100 + filed, minute, [codes[filed % len(codes)]], f"Announcement {filed}")
        if minute % HOUR == 0:
            headlines.insert(0, f"Tencent story {len(headlines)}")
            desk.press.documents["feeds.example.org/news.xml"] = rss(*headlines[:5], at=minute)
        if from_hkt(day, time(9)) <= minute < from_hkt(day, time(16, 10)) or minute % 300_000 == 0:
            before, now = len(desk.press.asked), desk.clock.now_ms()
            for source in (hkex, feed):
                answer = await source.news(watched, start, now)
                told.update(event.id if source is hkex else event.title for event in news.take(answer.events, _days()))
                news.coverage.add(source.name, answer.asked, answer.start, answer.end)
                assert rounds == 0 or set(answer.asked) == set(watched)
            busiest = max(busiest, len(desk.press.asked) - before)
            rounds, start = rounds + 1, now - 16 * 60_000
        desk.clock.advance(max(0.0, (minute + 60_000 - desk.clock.now_ms()) / 1000))
    assert filed == 900
    arrived = [*(f"hkex:{row['newsId']}" for row in exchange.filings), *headlines]
    assert told == Counter(arrived)
    pages = Counter(_paths(desk))
    assert pages["lcisehk7relsde_1.json"] == pages["lcisehk7relsdc_1.json"] == pages["news.xml"] == rounds
    assert pages["lcisehk7relsde_2.json"] == pages["lcisehk7relsdc_2.json"] == 1
    assert (pages["activestock_sehk_e.json"], pages["titleSearchServlet.do"]) == (1, len(watched))
    assert (pages["ebmn.htm"], pages["eent.htm"]) == (3, 3)
    assert len(desk.press.asked) == pages.total() == 3 * rounds + 2 + 2 + len(watched) + 6
    assert busiest == 3 + 2 + 2 + SEARCHES_A_QUESTION
    assert [host for host, _ in door.admitted] == [asked.partition("/")[0] for asked in desk.press.asked]
    asked_at = [at for host, at in door.admitted if host.endswith("hkexnews.hk")]
    assert all(later - at >= GAP_S - 1e-6 for at, later in pairwise(asked_at))
    assert all(news.coverage.asked(symbol, from_hkt(day, time(8)), from_hkt(day, time(22))) for symbol in watched)
    await hkex.close()
    await feed.close()


@cache
def _days() -> Sequence[TradingDay]:
    return trading_days(date(2026, 1, 1), date(2026, 12, 31))
