"""Pictures of the screens beside the list: health, own moves without news, the coming days, what an event did."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from tests.ui.driving import main, until
from tests.ui.test_panels import FRIDAY, JD, AskedLink, coming, effects, moves
from tests.ui.world import Told, at_ms, make_world
from tui.config.state import ScreenState
from tui.domain.reason import Reason, Why
from tui.domain.row import HostUse, NewsReach, SourceHealth, SourceState
from tui.ui.app import WhymoveApp
from tui.ui.questions import FeedAnswer, Question
from tui.ui.screens.health import HealthLines
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.timeline import Timeline
from tui.wire import AskAhead, AskUnexplained, Change

Compare = Callable[..., bool]
MEDIUM = (100, 30)
NOW = at_ms("2026-03-06T14:31")
CHOICES = ScreenState(sort="rarity", theme="dark", palette="green_up", glyphs="braille", spark="price", language="en")
SOURCES = (
    SourceHealth(
        "yahoo",
        SourceState.LIMITED,
        "query1.finance.yahoo.com limits us (429)",
        since=NOW - 60_000,
        last_success=NOW - 75_000,
        next_try=NOW + 240_000,
        used=12,
        budget=30,
        hosts=(HostUse("query1.finance.yahoo.com", 12, rests=True), HostUse("query2.finance.yahoo.com", 3)),
        why=Reason(Why.LIMITS, "query1.finance.yahoo.com", number=429),
        door="yahoo",
    ),
    SourceHealth(
        "hkex news",
        SourceState.OK,
        since=NOW - 3_600_000,
        last_success=NOW - 20_000,
        next_try=NOW + 40_000,
        used=2,
        budget=30,
        hosts=(HostUse("www1.hkexnews.hk", 2),),
        door="hkex",
        news=NewsReach(17, 19, NOW - 20_000),
    ),
)


def answers(told: Told) -> Callable[[Question], FeedAnswer | None]:
    """A feed that answers every question."""

    def answer(question: Question) -> FeedAnswer | None:
        if isinstance(question, AskUnexplained):
            return moves(told)
        return coming() if isinstance(question, AskAhead) else effects(question)

    return answer


def picture(
    compare: Compare,
    folder: Path,
    told: Told,
    what: Callable[[WhymoveApp, AskedLink, Pilot[int]], Awaitable[None]],
    size: tuple[int, int] = MEDIUM,
    **choices: Any,
) -> None:
    # The number of the feed's process is another one each time.
    told = Told(msgspec.structs.replace(told.hello, pid=4321), told.snapshot, told.histories)
    link = AskedLink(told, answers(told))
    app = WhymoveApp(make_world(folder, link, start=msgspec.structs.replace(CHOICES, **choices)))

    async def before(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: bool(app.desk.state.rows) and app.desk.state.selected is not None)
        await pilot.pause()
        await what(app, link, pilot)
        await pilot.pause()

    assert compare(app, terminal_size=size, run_before=before)


def lines(app: WhymoveApp) -> int:
    return app.screen.query(LineView).first().line_count()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_health(snap_compare: Compare, tmp_path: Path, told: dict[str, Told], language: str) -> None:
    async def opened(app: WhymoveApp, link: AskedLink, pilot: Pilot[int]) -> None:
        status = msgspec.structs.replace(
            told["live"].snapshot.status, sources=SOURCES, warnings=("this machine's clock is 95 s behind",)
        )
        link.say(Change(2, 1, status=status))
        await pilot.press("H")
        await until(pilot, lambda: bool(app.screen.query(HealthLines)) and lines(app) > 15)

    picture(snap_compare, tmp_path, told["live"], opened, language=language)


def test_own_moves_without_news(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    async def opened(app: WhymoveApp, link: AskedLink, pilot: Pilot[int]) -> None:
        await pilot.press("U")
        await until(pilot, lambda: app.screen is not main(app) and lines(app) > 4)

    picture(snap_compare, tmp_path, told["live"], opened)


def test_the_coming_days(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    async def opened(app: WhymoveApp, link: AskedLink, pilot: Pilot[int]) -> None:
        await pilot.press("A")
        await until(pilot, lambda: app.screen is not main(app) and lines(app) == 4)

    picture(snap_compare, tmp_path, told["live"], opened)


def test_what_an_event_did(snap_compare: Compare, tmp_path: Path, told: dict[str, Told]) -> None:
    async def rested(app: WhymoveApp, link: AskedLink, pilot: Pilot[int]) -> None:
        main(app).watchlist.move_to(main(app).watchlist.order.index(JD))
        view = main(app).query_one(Timeline)
        await until(pilot, lambda: view.scope == JD and app.desk.state.session_day == FRIDAY)
        await pilot.press("l", "G")
        await until(pilot, lambda: bool(view.border_subtitle))

    picture(snap_compare, tmp_path, told["live"], rested, (160, 40))
