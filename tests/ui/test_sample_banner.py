"""The sample says that it is one, on every screen."""

from pathlib import Path

import pytest

from tests.ui.detail_stage import painted
from tests.ui.driving import main, running, screen, until
from tests.ui.world import ScriptedLink
from tui.render.provenance import FIRST_PUBLISHED
from tui.sources.sample_files import PUBLISHED, load_sample
from tui.ui.screens.help import HelpScreen
from tui.ui.widgets.line_view import LineView
from tui.ui.widgets.status import StatusLine

SMALL = (40, 12)


@pytest.mark.parametrize(
    ("size", "words"), [((100, 30), "SAMPLE: closes before 27 Feb 2026 are simulated"), (SMALL, "SAMPLE")]
)
async def test_every_screen_of_the_sample_says_so(
    tmp_path: Path, link: ScriptedLink, size: tuple[int, int], words: str
) -> None:
    async with running(tmp_path, link, size=size) as (app, pilot):
        for key in ("U", "H", "A", "N", "enter"):
            await pilot.press(key)
            await until(pilot, lambda: screen(app) is not main(app))
            await until(pilot, lambda: words in painted(app.screen.query_one(StatusLine))[0])
            await pilot.press("escape")
            await until(pilot, lambda: screen(app) is main(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert "SAMPLE" in str(app.screen.query_one(LineView).border_subtitle)


def test_the_day_that_is_named_is_the_first_published_one() -> None:
    published = (bar.day for bars in load_sample().bars.values() for bar in bars if bar.origin == PUBLISHED)
    assert min(published) == FIRST_PUBLISHED
