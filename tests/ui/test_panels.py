"""Health, own moves without news, the coming days, effects of events, links: real keys in the real app."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from tests.ui.detail_stage import painted, paints
from tests.ui.driving import main, running, said, screen, until
from tests.ui.world import ScriptedLink, Told
from tui.config.state import ScreenState
from tui.domain.ahead import Coming, When
from tui.domain.effect import Effect
from tui.domain.event import Event, EventKind, NewsCoverage
from tui.domain.reason import Reason, Why
from tui.domain.row import HostUse, NewsReach, SourceHealth, SourceState
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, TradingDay, from_hkt
from tui.domain.unexplained import Tally
from tui.ui.app import WhymoveApp
from tui.ui.link import Connected, Lost
from tui.ui.questions import FeedAnswer, Question
from tui.ui.screens.ahead import AheadScreen
from tui.ui.screens.detail import DetailScreen
from tui.ui.screens.health import HealthScreen
from tui.ui.screens.unexplained import UnexplainedScreen
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.timeline import Timeline
from tui.wire import Ahead, AskAhead, AskEffect, AskUnexplained, Change, Effects, Unexplained

JD, LOGISTICS, HSBC = Symbol("9618.HK"), Symbol("2618.HK"), Symbol("0005.HK")
FRIDAY = date(2026, 3, 6)
NOON = from_hkt(FRIDAY, time(12))
ZH = ScreenState(sort="rarity", theme="dark", palette="green_up", glyphs="braille", spark="price", language="zh")
SMALL = (40, 12)


class AskedLink(ScriptedLink):
    """A link whose feed answers each question as the test says."""

    def __init__(self, told: Told, answer: Callable[[Question], FeedAnswer | None] = lambda question: None) -> None:
        super().__init__(told)
        self.questions: list[Question] = []
        self._answer = answer

    def ask(self, question: Question) -> bool:
        self.questions.append(question)
        if answer := self._answer(question):
            self.say(answer)
        return True


def moves(told: Told) -> Unexplained:
    """JD Logistics as the feed tells it, HSBC as if every source had been asked about it."""
    days = {row.symbol: row.day for row in told.snapshot.rows if row.day}
    none = msgspec.structs.replace(days[HSBC], verdict=days[LOGISTICS].verdict, news_coverage=NewsCoverage.NONE)
    counted = Tally(12, 200, 14, 9, 3, 0, 6, 4, 2, 1, 0.4, 0.9, 5, 2)
    return Unexplained((none,), (days[LOGISTICS],), own=3, stocks=19, sessions=20, waiting=(JD,), tally=counted)


def coming() -> Ahead:
    monday = date(2026, 3, 9)
    results = Event("r", from_hkt(FRIDAY), from_hkt(date(2026, 3, 7)), "day", "Board meeting on results", "hkex",
                    title_zh="董事會會議：業績", symbols=(HSBC,), kind=EventKind.RESULTS)  # fmt: skip
    half = TradingDay(monday, DayKind.HALF, "Eve of a feast", "節日前夕")
    days = (Coming(FRIDAY, When.TONIGHT, results), Coming(monday, When.LATER, trading_day=half))
    return Ahead(days, fetched=True)


def lines(app: WhymoveApp) -> list[str]:
    """The screen's own view as it is painted."""
    return painted(app.screen.query(LineView).first())


async def opened(app: WhymoveApp, pilot: Pilot[int], key: str, kind: type) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, kind))
    await pilot.pause()


# --- health


async def test_health_opens_by_key_and_follows_the_feed(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"])
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "H", HealthScreen)
        assert "  sample  ok  since 14:31:00" in lines(app)
        assert any(f"process {told['live'].hello.pid}" in line for line in lines(app))
        now = told["live"].snapshot.status.as_of or 0
        limited = SourceHealth("yahoo", SourceState.LIMITED, "too many requests", since=now, used=31, budget=30,
                               hosts=(HostUse("query1.finance.yahoo.com", 30, rests=True),),
                               news=NewsReach(3, 19, now))  # fmt: skip
        status = msgspec.structs.replace(
            told["live"].snapshot.status, sources=(limited,), warnings=("prices are not stored: the disk is full",)
        )
        link.say(Change(2, 1, status=status))
        await until(pilot, lambda: any("too many requests" in line for line in lines(app)))
        assert "  prices are not stored: the disk is full" in lines(app)
        assert "    news of 3 of 19 stocks, asked until 14:31:00" in lines(app)
        link.say(Lost("the feed hung up", 15.0))
        await until(pilot, lambda: any("the feed hung up" in line for line in lines(app)))
        await pilot.press("escape")
        assert screen(app) is main(app)


async def test_health_in_chinese_on_the_smallest_screen_scrolls(tmp_path: Path, told: dict[str, Told]) -> None:
    async with running(tmp_path, AskedLink(told["live"]), SMALL, start=ZH) as (app, pilot):
        await opened(app, pilot, "H", HealthScreen)
        before = lines(app)
        assert any("資料來源" in line for line in before)
        await pilot.press("G")
        await pilot.pause()
        assert lines(app) != before
        assert all(len(line) <= SMALL[0] for line in lines(app))


async def test_an_equal_status_paints_nothing(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"])
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "H", HealthScreen)
        with paints(app.screen.query(LineView).first()) as asked:
            link.say(Change(2, 1, status=msgspec.structs.replace(told["live"].snapshot.status)))
            await pilot.pause(0.05)
        assert asked == []


# --- own moves without news


async def test_unexplained_moves_and_those_nobody_was_asked_about(tmp_path: Path, told: dict[str, Told]) -> None:
    def answer(question: Question) -> FeedAnswer | None:
        return moves(told["live"]) if isinstance(question, AskUnexplained) else None

    link = AskedLink(told["live"], answer)
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: any("0005" in line for line in lines(app)))
        (question,) = link.questions
        assert isinstance(question, AskUnexplained)
        assert question.symbols == app.desk.state.symbols
        text = lines(app)
        assert text[0].startswith(" own moves of 19 stocks in 20 sessions: 3, of which 1 with news, 1 without")
        assert any("ledger: 9 listed in 12 closes" in line for line in text)
        assert " without a history yet: 9618" in text
        heading = text.index(" news not fetched, so nothing can be said")
        assert text.index(next(line for line in text if "0005" in line)) < heading
        assert text.index(next(line for line in text if "2618" in line)) > heading
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert isinstance(app.screen, DetailScreen)
        assert (app.screen.symbol, app.screen._wanted_day or FRIDAY) == (LOGISTICS, FRIDAY)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, UnexplainedScreen))
        assert "▸" in next(line for line in lines(app) if "2618" in line), "the cursor is where it was"
        await pilot.press("backspace")
        await until(pilot, lambda: app.screen is main(app))


async def test_unexplained_in_chinese_on_the_smallest_screen(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"], lambda question: moves(told["live"]))
    async with running(tmp_path, link, SMALL, start=ZH) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: bool(app.screen.query(LineView).first().line_count()))
        await pilot.press("G")
        await pilot.pause()
        assert any("2618" in line and "個別" in line for line in lines(app))


async def test_a_question_is_put_once_and_again_when_the_feed_is_back(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"])
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: len(link.questions) == 1)
        status = told["live"].snapshot.status
        link.say(Change(2, 1, status=msgspec.structs.replace(status, next_refresh=1)))
        await pilot.pause(0.05)
        assert len(link.questions) == 1, "another status asks nothing anew"
        link.say(Lost("the feed hung up", 15.0))
        await until(pilot, lambda: "feed gone" in said(app))
        link.say(Connected(told["live"].hello), told["live"].snapshot)
        await until(pilot, lambda: len(link.questions) == 2)


async def test_the_next_question_waits_for_the_last_answer(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"])
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: len(link.questions) == 1)
        for number in range(3):
            event = Event(f"e{number}", NOON, NOON, "minute", f"Item {number}", "test", symbols=(JD,))
            link.say(Change(number + 2, number + 1, events=(event,)))
            await pilot.pause(0.02)
        assert len(link.questions) == 1
        link.say(moves(told["live"]))
        await until(pilot, lambda: len(link.questions) == 2)
        link.say(moves(told["live"]))
        await pilot.pause(0.05)
        assert len(link.questions) == 2, "nothing has changed since"


async def test_why_there_is_no_tally_is_said_in_the_terminals_language(tmp_path: Path, told: dict[str, Told]) -> None:
    answer = Unexplained(no_tally="this feed keeps no ledger", why_no_tally=Reason(Why.NO_LEDGER))
    link = AskedLink(told["live"], lambda question: answer)
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: any("this feed keeps no ledger" in line for line in lines(app)))
        app.desk.look(language="zh")
        app.show_state()
        await until(pilot, lambda: any("此數據程序不保存紀錄" in line for line in lines(app)))


async def test_where_there_is_no_move_there_is_no_cursor(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"], lambda question: Unexplained(stocks=19, sessions=20, no_tally="no ledger yet"))
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: any("no ledger yet" in line for line in lines(app)))
        await pilot.press("j", "enter")
        assert not any(line.startswith("▸") for line in lines(app))
        assert isinstance(app.screen, UnexplainedScreen)


async def test_a_feed_without_an_answer_says_why(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"], lambda question: Unexplained(error="the answer could not be \x1b[31mcomputed"))
    async with running(tmp_path, link, (100, 30)) as (app, pilot):
        await opened(app, pilot, "U", UnexplainedScreen)
        await until(pilot, lambda: any("the answer could not be computed" in line for line in lines(app)))


# --- the coming days


@pytest.mark.parametrize("size", [(100, 30), SMALL])
async def test_the_coming_days_open_a_stock(tmp_path: Path, told: dict[str, Told], size: tuple[int, int]) -> None:
    link = AskedLink(told["live"], lambda question: coming())
    async with running(tmp_path, link, size) as (app, pilot):
        await opened(app, pilot, "A", AheadScreen)
        await until(pilot, lambda: any("Board meeting" in line for line in lines(app)))
        assert isinstance(link.questions[0], AskAhead)
        text = lines(app)
        assert (text[0], text[2]) == (" tonight  Fri 6 Mar", " Mon 9 Mar")
        assert text[1].startswith("▸  0005  results  Board meeting")
        assert text[3].startswith("   half-day: the morning only")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert isinstance(app.screen, DetailScreen)
        assert app.screen.symbol == HSBC


async def test_the_coming_days_in_chinese_and_when_nothing_is_known(tmp_path: Path, told: dict[str, Told]) -> None:
    answers = [coming(), Ahead(fetched=True), Ahead()]
    link = AskedLink(told["live"], lambda question: answers.pop(0) if answers else None)
    async with running(tmp_path, link, SMALL, start=ZH) as (app, pilot):
        await opened(app, pilot, "A", AheadScreen)
        await until(pilot, lambda: any("今晚" in line for line in lines(app)))
        assert any("半日市" in line for line in lines(app))
        await pilot.press("escape")
        await opened(app, pilot, "A", AheadScreen)
        await until(pilot, lambda: any("沒有已知事項" in line for line in lines(app)))
        await pilot.press("escape")
        await opened(app, pilot, "A", AheadScreen)
        await until(pilot, lambda: any("未查詢業績" in line for line in lines(app)))


# --- what an event did


def effects(question: Question) -> FeedAnswer | None:
    if not isinstance(question, AskEffect):
        return None
    known = Effect(question.symbol, question.day, 0, 1, 6.85, 2.1, 3.26, 0.001)
    early = Effect(question.symbol, question.day, 0, 5, missing="too_early", to_come=5)
    return Effects(question.symbol, question.day, (known, early))


async def test_what_the_selected_event_did_is_asked_at_rest_and_once(tmp_path: Path, told: dict[str, Told]) -> None:
    link = AskedLink(told["live"], effects)
    async with running(tmp_path, link, (160, 50)) as (app, pilot):
        main(app).watchlist.move_to(main(app).watchlist.order.index(JD))
        view = main(app).query_one(Timeline)
        await until(pilot, lambda: view.scope == JD)
        assert link.questions == [], "nothing is asked before the timeline has the keyboard"
        await pilot.press("l", "G")
        await until(pilot, lambda: "own [0,+1] +6.85" in str(view.border_subtitle))
        assert str(view.border_subtitle).endswith("[0,+5] too early")
        assert link.questions == [AskEffect(JD, FRIDAY)], "the session of the results, although told the day before"
        await pilot.press("g")
        await until(pilot, lambda: not str(view.border_subtitle))
        await pilot.press("G")
        await until(pilot, lambda: "own [0,+1] +6.85" in str(view.border_subtitle))
        await pilot.pause(0.4)
        assert len(link.questions) == 1, "what is known is not asked again"
        with paints(view) as asked:
            answer = effects(link.questions[0])
            assert answer is not None
            link.say(answer)
            await pilot.pause(0.05)
        assert asked == [], "an equal answer paints nothing"


# --- the palette


@pytest.mark.parametrize(
    ("typed", "kind"), [("health", HealthScreen), ("without news", UnexplainedScreen), ("coming", AheadScreen)]
)
async def test_the_palette_opens_each(tmp_path: Path, told: dict[str, Told], typed: str, kind: type) -> None:
    async with running(tmp_path, AskedLink(told["live"])) as (app, pilot):
        await pilot.press("ctrl+p", *typed, "enter")
        await until(pilot, lambda: isinstance(app.screen, kind))


# --- links


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
async def test_over_ssh_no_browser_is_started(
    tmp_path: Path, told: dict[str, Told], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    import subprocess

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a browser over SSH")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv(variable, "somewhere")
    linked = linked_told(told["live"], "https://example.org/results")
    async with running(tmp_path, ScriptedLink(linked)) as (app, pilot):
        main(app).watchlist.move_to(main(app).watchlist.order.index(JD))
        await pilot.press("o")
        await until(pilot, lambda: said(app).startswith("sent to terminal"))
        assert said(app).endswith("https://example.org/results")
        assert app.clipboard == "https://example.org/results"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/x", "https://a b"])
async def test_other_than_web_addresses_are_not_opened(tmp_path: Path, told: dict[str, Told], url: str) -> None:
    async with running(tmp_path, ScriptedLink(linked_told(told["live"], url))) as (app, pilot):
        main(app).watchlist.move_to(main(app).watchlist.order.index(JD))
        await pilot.press("o")
        await until(pilot, lambda: said(app).startswith("no headline with a link"))
        assert app.clipboard == ""


def linked_told(told: Told, url: str) -> Told:
    """The same words, with an address beside JD.com's headlines."""
    rows = tuple(
        msgspec.structs.replace(
            row,
            day=msgspec.structs.replace(
                row.day, candidates=tuple(msgspec.structs.replace(each, url=url) for each in row.day.candidates)
            ),
        )
        if row.day and row.symbol == JD
        else row
        for row in told.snapshot.rows
    )
    return Told(told.hello, msgspec.structs.replace(told.snapshot, rows=rows), told.histories)
