"""Themes, palettes and terminals: every tone has its colour, rise and fall always differ, few colours are enough."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pty import Pty
from tests.ui.driving import main, palette, running, said, until
from tests.ui.pty_terminal import ROOT, PtyTerminal
from tests.ui.world import ScriptedLink, Told
from tui.config.shipped import shipped
from tui.config.themes import MIN_CONTRAST, contrast, load_themes
from tui.render.tone import TONES
from tui.ui.environment import can_paint, colour_depth, prepare, wants_mouse
from tui.ui.looks import PALETTES, Looks
from tui.ui.theming import GROUNDS, tone_styles

THEMES, _ = load_themes([shipped("themes")])
SHIPPED = (shipped("themes"),)


@pytest.mark.parametrize("name", sorted(THEMES))
@pytest.mark.parametrize("palette_name", PALETTES)
def test_every_tone_has_a_style_on_every_ground(name: str, palette_name: str) -> None:
    chosen = next(known for known in PALETTES if known == palette_name)
    styles = tone_styles(THEMES[name], chosen, 1)
    for ground in GROUNDS:
        for tone in TONES:
            style = styles.style(tone, ground)
            if not THEMES[name].ansi:
                assert style.color is not None
                assert style.bgcolor is not None
                fore, back = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
                assert contrast(fore, back) >= MIN_CONTRAST, (tone, ground)
        if name != "mono-ascii" and palette_name != "mono":
            assert styles.style("rise", ground).color != styles.style("fall", ground).color
            assert styles.style("rise", ground).color != styles.style("own", ground).color


def test_red_up_is_green_up_turned_round() -> None:
    one, other = (tone_styles(THEMES["dark"], name, 1) for name in ("green_up", "red_up"))
    assert one.style("rise") == other.style("fall")
    assert one.style("fall") == other.style("rise")


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "alacritty"}, "256"),
        ({"TERM": "xterm-ghostty"}, "256"),
        ({"TERM": "xterm"}, "standard"),
        ({"TERM": "linux"}, "standard"),
        ({"TERM": "screen"}, "standard"),
        ({}, "standard"),
    ],
)
def test_colour_depth(environ: dict[str, str], depth: str) -> None:
    assert colour_depth(environ) == depth


def test_what_textual_reads_is_set_before_it_is_imported() -> None:
    environ = {"TERM": "xterm", "TEXTUAL_THEME": "nord", "COLUMNS": "80", "LINES": "24"}
    prepare(environ)
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "standard"
    assert environ["TEXTUAL_ANIMATIONS"] == "none"
    assert not {"TEXTUAL_THEME", "COLUMNS", "LINES"} & set(environ)


def test_mouse_and_terminal() -> None:
    ssh = {"SSH_CONNECTION": "a b c d"}
    assert wants_mouse("auto", {})
    assert not wants_mouse("auto", ssh)
    assert wants_mouse("on", ssh)
    assert not wants_mouse("off", {})
    assert can_paint({"TERM": "xterm"}, stdin_is_terminal=True, stdout_is_terminal=True)
    assert not can_paint({"TERM": "dumb"}, stdin_is_terminal=True, stdout_is_terminal=True)
    assert not can_paint({"TERM": "xterm"}, stdin_is_terminal=True, stdout_is_terminal=False)


def test_few_colours_choose_the_terminals_own() -> None:
    for limited in (Looks(SHIPPED, "standard", no_color=False), Looks(SHIPPED, "truecolor", no_color=True)):
        assert limited.pick("light")[0].name == "ansi"
        assert limited.pick("mono-ascii")[0].name == "mono-ascii"
        assert {theme.name for theme in limited.usable()} == {"ansi", "mono-ascii"}
    assert Looks(SHIPPED, "truecolor", no_color=True).palette("green_up", THEMES["ansi"]) == "mono"


def test_a_theme_that_is_not_there_or_bad_is_said_and_replaced(tmp_path: Path) -> None:
    looks = Looks((*SHIPPED, tmp_path), "truecolor", no_color=False)
    theme, reason = looks.pick("drak")
    assert theme.name == "dark"
    assert reason.startswith("there is no theme drak; there are ansi, colour-blind")
    (tmp_path / "light.toml").write_text('name = "light"\ndark = 1', encoding="utf-8")
    theme, reason = looks.pick("light")
    assert (theme.name, theme.path.parent) == ("light", SHIPPED[0])
    assert "must be true or false" in reason


async def test_a_theme_brings_its_palette_and_takes_it_along(tmp_path: Path, told: dict[str, Told]) -> None:
    async with running(tmp_path, ScriptedLink(told["live"])) as (app, pilot):
        for name, expected in (("colour-blind", "colour_blind"), ("dark", "green_up"), ("mono-ascii", "mono")):
            app.use_theme(THEMES[name])
            assert palette(app) == expected
        assert app.desk.state.look.glyphs == "ascii"
        await pilot.pause()


async def test_a_theme_file_is_reloaded_while_it_is_written(tmp_path: Path, told: dict[str, Told]) -> None:
    themes = tmp_path / "themes"
    shutil.copytree(SHIPPED[0], themes)
    mine = themes / "dark.toml"
    good = mine.read_text(encoding="utf-8")
    async with running(tmp_path, ScriptedLink(told["live"]), theme_folders=(themes,)) as (app, pilot):
        app._look_at_theme()
        mine.write_text(good.replace('green = "#58c98b"', 'green = "#70ffb0"'), encoding="utf-8")
        app._look_at_theme()
        rise = app.tones.style("rise").color
        assert rise is not None
        assert rise.get_truecolor().hex == "#70ffb0"
        mine.write_text(good.replace('green = "#58c98b"', 'green = "grass"  # no colour'), encoding="utf-8")
        app._look_at_theme()
        await until(pilot, lambda: "'grass' is no colour" in said(app))
        assert "dark.toml" in said(app)
        assert app.tones.style("rise").color == rise, "the last good one stays"


SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def codes(output: bytes) -> set[str]:
    """Every number in the styles of an output."""
    return {code.decode() for match in SGR.finditer(output) for code in match[1].split(b";")}


async def test_sixteen_colours_on_the_wire(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20, TERM="xterm", COLORTERM="") as terminal:
        await terminal.settle(1.0)
        seen = codes(terminal.output)
        assert {"32", "33"} <= seen, "rise and own have a colour of their own"
        assert not seen & {"38", "48"}


async def test_no_color_on_the_wire(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20, NO_COLOR="1") as terminal:
        await terminal.settle(1.0)
        colours = {str(code) for base in (30, 40, 90, 100) for code in range(base, base + 9)} - {"39", "49"}
        assert not codes(terminal.output) & colours
        assert not re.search(rb"[34]8;[25]", terminal.output)
        assert any("─" in line for line in terminal.screen()), "frames are drawn in the terminal's own colour"
        assert {"1", "7"} <= codes(terminal.output), "weight and the cursor line are left"
        assert any("▸0" in line for line in terminal.screen())


async def test_an_empty_no_color_asks_for_nothing(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20, NO_COLOR="") as terminal:
        await terminal.settle(1.0)
        assert b"38;2;88;201;139" in terminal.output, "rise in the green of the dark theme"


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"TERM": "xterm"}])
def test_without_a_terminal_the_demo_prints_a_table(environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "demo"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={"PATH": "", "HOME": "/nonexistent", **environ},
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    assert "JD.com" in done.stdout
    assert "\x1b" not in done.stdout


async def test_the_cursor_is_seen_without_colour(tmp_path: Path, told: dict[str, Told]) -> None:
    async with running(tmp_path, ScriptedLink(told["live"])) as (app, _):
        view = main(app).watchlist
        assert view.render_line(view.cursor).text.startswith("▸")
        assert view.render_line(view.cursor + 1).text.startswith(" ")


def test_the_language_asked_for_on_the_command_line_outranks_the_last_one() -> None:
    with Pty(
        [sys.executable, "-m", "tui", "demo", "--at", "2026-03-06T14:31", "--speed", "0", "--lang", "zh"]
    ) as screen:
        screen.until("阿里巴巴")
        screen.until("跟大市")
