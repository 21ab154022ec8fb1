"""Bytes on the wire, on a real pty against the real app. Bytes are the same on every machine, so they are asserted."""

from pathlib import Path

import pytest

from tests.ui.pty_terminal import PtyTerminal
from tests.ui.rows import code, row, status
from tui.domain.row import Row
from tui.wire import Change

ONE_ROW = 450
TEN_ROWS = 4_500
CURSOR_KEY = 900
# On a wide screen timeline and split follow once the cursor rests.
CURSOR_AND_PANES = 2_400
# What comes and goes costs its own cells: no key that leaves most of the screen as it was paints all of it.
FIRST_PAINTS = 30_000
BORDERS = 5_000
DIALOG = 4_000
LETTER = 300


def ticked(number: int, price: float) -> Row:
    """A stock of the list with another price, and so another move and own part."""
    return row(code(number), price, 20.0, own=2.34, number=number)


@pytest.mark.parametrize(("size", "rows"), [((79, 40), 1000), ((120, 40), 1000), ((200, 36), 1000)])
async def test_the_budgets(tmp_path: Path, size: tuple[int, int], rows: int) -> None:
    async with PtyTerminal(tmp_path, *size, rows=rows) as terminal:
        await terminal.settle(0.6)
        assert await terminal.settle(1.2) == b"", "nothing changes"
        assert 0 < len(await terminal.say(Change(2, 1, rows=(ticked(3, 21.37),)))) <= ONE_ROW
        assert await terminal.say_in_vain(Change(3, 2, rows=(ticked(3, 21.37),), status=status())) == b"", (
            "equal values"
        )
        ten = tuple(ticked(number, 22.5 + number / 10) for number in range(1, 11))
        assert 0 < len(await terminal.say(Change(4, 3, rows=ten))) <= TEN_ROWS
        assert await terminal.say_in_vain(Change(5, 4, rows=(ticked(rows - 1, 25.0),))) == b"", "off the screen"
        key = await terminal.press("j")
        assert 0 < len(key) <= (CURSOR_KEY if size[0] < 80 else CURSOR_AND_PANES)
        assert not any("▸0040" in line for line in terminal.screen())


async def test_ten_rows_a_second_among_a_thousand(tmp_path: Path) -> None:
    """Changes all over the list: only what is on the screen is sent, and no frame is larger than its rows."""
    async with PtyTerminal(tmp_path, 120, 40, rows=1000) as terminal:
        await terminal.settle(0.6)
        before = len(terminal.output)
        for second in range(1, 6):
            changed = tuple(ticked(number, 20 + second / 7 + number / 50) for number in range(second, 1000, 100))
            await terminal.say(Change(second + 1, second, rows=changed))
        assert len(terminal.output) - before <= 5 * TEN_ROWS


async def test_all_stocks_changing_at_once_paint_the_screen_once(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, 120, 40, rows=1000) as terminal:
        await terminal.settle(0.6)
        everything = tuple(ticked(number, 30 + number / 50) for number in range(1000))
        sent = await terminal.say(Change(2, 1, rows=everything))
        visible = sum(line.lstrip("│▸ ")[:4].isdigit() for line in terminal.screen())
        assert visible >= 20
        assert len(sent) <= visible * ONE_ROW


async def test_what_stands_on_the_screen_is_not_sent_again(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, 120, 40, rows=60) as terminal:
        await terminal.settle(0.6)
        assert len(terminal.output) <= FIRST_PAINTS
        assert 0 < len(await terminal.press("l")) <= BORDERS, "another pane"
        assert 0 < len(await terminal.press("h")) <= BORDERS, "and back"
        assert 0 < len(await terminal.press("/")) <= DIALOG, "the filter's line"
        assert 0 < len(await terminal.press("\x1b")) <= DIALOG
        assert 0 < len(await terminal.press("n")) <= DIALOG, "a dialog in the middle of the screen"
        await terminal.press("x")
        assert 0 < len(await terminal.press("y")) <= LETTER
