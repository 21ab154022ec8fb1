"""Pictures of the timeline's filter: what is left, and what is said where nothing is."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.snapshots.test_pictures import JD, Compare, Stage, picture
from tests.ui.driving import main, until
from tests.ui.world import Told
from tui.render.language import Language
from tui.ui.widgets.timeline import Timeline

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
