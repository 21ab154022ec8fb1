"""Pictures of the timeline's filter, and of the coming days as the exchange's diaries tell them."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from tests.snapshots.test_pictures import CHOICES, JD, Compare, Stage, picture
from tests.ui.driving import main, until
from tests.ui.test_panels import AskedLink
from tests.ui.world import Told, make_world
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable
from tui.domain.trading_day import from_hkt
from tui.feed.coverage import Coverage
from tui.feed.news_desk import NewsDesk
from tui.render.language import Language
from tui.sources.calendar import trading_days
from tui.sources.hkex_diary import board_meetings, ex_dates
from tui.ui.app import WhymoveApp
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.timeline import Timeline
from tui.wire import Ahead, AskAhead

FILTERS: dict[str, tuple[tuple[int, int], Language, str]] = {
    "wide": ((160, 50), "en", "jd"),
    "hides-all": ((80, 24), "en", "nothing"),
    "hides-all-zh": ((80, 24), "zh", "沒有"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_the_timeline_filtered(snap_compare: Compare, tmp_path: Path, told: dict[str, Told], name: str) -> None:
    size, language, text = FILTERS[name]
    stage = Stage(tmp_path, told["live"], start={"language": language})

    async def before(pilot: Pilot[int]) -> None:
        await stage.rows(pilot)
        watchlist = main(stage.app).watchlist
        watchlist.move_to(watchlist.order.index(JD))
        timeline = stage.app.screen.query_one(Timeline)
        await until(pilot, lambda: timeline.scope == JD)
        timeline.focus()
        await pilot.press("s", "f")
        timeline.set_filter(text)
        await pilot.pause()

    picture(snap_compare, stage, size, before)


# The diaries of a Wednesday before the New Year, of stocks that exist only in the sample.
INVENTED = tuple(Symbol(f"9990{number}.HK") for number in (1, 2, 3, 4, 7))
WEDNESDAY = from_hkt(date(2026, 2, 11), time(10))
MEETINGS = (
    ("11/02/2026", "99901", "FIN RES/DIV", "Y.E.31/12/25"),
    ("12/02/2026", "99903", "QTR RES", "3 MTHS ENDED 31/12/25"),
    ("20/02/2026", "99902", "INT RES", "6 MTHS ENDED 31/12/25"),
)
MOVED = (*MEETINGS[:2], ("24/02/2026", *MEETINGS[2][1:]))
RIGHTS = (
    ("SAMPLE EX-DIVIDEND (99904)", "FINAL DIVIDEND HKD0.50 PER SHARE", "13/02"),
    ("SAMPLE SHARE SPLIT (99907)", "SUBDIVISION OF 1 SHARE INTO 2", "16/02"),
)


def _page(date_line: str, column: str, rows: Iterable[Sequence[str]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows)
    return f"<html>{date_line}<table><tr><td>{column}</tr>{lines}</table></html>"


def _ahead() -> Ahead:
    """What a feed says that has read the diaries twice, a meeting having been moved meanwhile."""
    days = trading_days(date(2026, 1, 1), date(2026, 6, 30))
    desk = NewsDesk(SectorTable({}, {}), Coverage(()))
    for meetings in (MEETINGS, MOVED):
        rows = ((day, "", "SAMPLE", code, purpose, period) for day, code, purpose, period in meetings)
        desk.take(board_meetings(_page("", "BM Date", rows)), days)
    rights = (("", name, "", description, day, "") for name, description, day in RIGHTS)
    desk.take(ex_dates(_page("Date : 11/02/2026", "Ex-Date", rights)), days)
    return Ahead(desk.ahead(INVENTED, days, WEDNESDAY), fetched=True)


@pytest.mark.parametrize(
    ("size", "language"), [((160, 50), "en"), ((80, 24), "zh"), ((40, 12), "en")], ids=["wide", "medium-zh", "small"]
)
def test_the_coming_days_of_the_diaries(
    snap_compare: Compare, tmp_path: Path, told: dict[str, Told], size: tuple[int, int], language: Language
) -> None:
    link = AskedLink(told["live"], lambda question: _ahead() if isinstance(question, AskAhead) else None)
    start = msgspec.structs.replace(CHOICES, language=language)
    app = WhymoveApp(make_world(tmp_path, link, start=start, lists={"Sample": INVENTED}))

    async def before(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: bool(app.desk.state.rows))
        await pilot.press("A")
        await until(pilot, lambda: app.screen is not main(app) and app.screen.query(LineView).first().line_count() > 8)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)
