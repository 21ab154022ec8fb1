"""Every key of the look and of the program, and that no key of the registry is left out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.driving import enter, look, main, palette, running, said, screen, until
from tests.ui.world import ScriptedLink
from tui.config.keymap import KEYS, resolve
from tui.domain.symbol import Symbol
from tui.render.tone import plain
from tui.ui.screens.help import HelpLines, HelpScreen
from tui.ui.screens.picker import Choices

JD, ALIBABA, TENCENT = Symbol("9618.HK"), Symbol("9988.HK"), Symbol("0700.HK")


# --- the look and the program


async def test_palettes_themes_and_languages_turn(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        palettes = []
        for _ in range(4):
            await pilot.press("c")
            palettes.append(app.palette)
            assert said(app) == f"palette: {app.palette.replace('_', '-')}"
        assert palettes == ["red_up", "colour_blind", "mono", "green_up"]
        themes = []
        for _ in range(6):
            await pilot.press("t")
            themes.append(app.theme_in_use.name)
            assert said(app) == f"theme: {app.theme_in_use.name}"
        assert themes == ["light", "mono-ascii", "ansi", "colour-blind", "contrast", "dark"]
        await pilot.press("L")
        assert look(app).language == "zh"
        await pilot.press("L")
        assert look(app).language == "en"


async def test_refresh_asks_the_feed(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press("r")
        assert link.refreshes == 1
        assert said(app) == "asking the sources"


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_lists_every_key(tmp_path: Path, link: ScriptedLink, key: str) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and bool(app.screen.query_one(HelpLines)._lines))
        text = "\n".join(plain(line) for line in app.screen.query_one(HelpLines)._lines)
        assert all(each.id in text for each in KEYS)
        await pilot.press("G", "g", "pagedown", "j", "k", "escape")
        assert screen(app) is main(app)


async def test_the_palette_offers_and_does_what_can_be_done(tmp_path: Path, link: ScriptedLink) -> None:
    async with running(tmp_path, link) as (app, pilot):
        commands: list[tuple[str, Callable[[], bool]]] = [
            ("by change", lambda: app.sort.name == "change"),
            ("theme: light", lambda: app.theme_in_use.name == "light"),
            ("palette: mono", lambda: palette(app) == "mono"),
            ("glyphs: ascii", lambda: look(app).glyphs == "ascii"),
            ("spark", lambda: look(app).spark == "own"),
            ("ask the sources", lambda: link.refreshes == 1),
        ]
        for typed, done in commands:
            await pilot.press("ctrl+p")
            await enter(app, pilot, typed)
            await until(pilot, done)
        await pilot.press("ctrl+p", *"zzzz")
        assert app.screen.query_one(Choices).line_count() == 0
        await pilot.press("escape")
        assert screen(app) is main(app)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_quit(tmp_path: Path, link: ScriptedLink, key: str) -> None:
    async with running(tmp_path, link) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: app._exit)
        assert not app.return_code


async def test_remapped_keys_work_and_the_old_ones_do_not(tmp_path: Path, link: ScriptedLink) -> None:
    keymap, problems = resolve({"list.sort": "/", "list.filter": ("s", "f5"), "app.colours": "ctrl+o"})
    assert problems == []
    async with running(tmp_path, link, keymap=keymap) as (app, pilot):
        await pilot.press("slash")
        assert app.sort.name == "name"
        await pilot.press("c")
        assert palette(app) == "green_up"
        await pilot.press("ctrl+o")
        assert palette(app) == "red_up"
        await pilot.press("f5", *"jd", "enter")
        assert len(main(app).watchlist.order) == 2


def test_every_key_of_the_registry_is_pressed_by_a_test() -> None:
    """One default key of each id stands, as it is pressed, in a test of the terminal."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    names = {"/": "slash", "?": "question_mark", "ctrl+z": "\\x1a", "ctrl+l": "\\x0c"}
    for key in KEYS:
        assert any(f'"{names.get(name, name)}"' in text for name in key.keys), key.id
