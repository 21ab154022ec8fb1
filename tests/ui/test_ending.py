"""The end of the terminal, on a real pty: signals, a terminal that vanishes, one that takes nothing, and `q`."""

import asyncio
import os
import signal
import termios
from pathlib import Path

import pytest

from tests.ui.pty_terminal import PtyTerminal
from tests.ui.rows import code, row
from tui.wire import Change

LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"


def restored(terminal: PtyTerminal) -> bool:
    """Whether the shell would find its screen, its cursor and its line discipline as they were."""
    same = termios.tcgetattr(terminal._slave)[:4] == terminal.attributes[:4]
    return same and terminal.output.rfind(LEAVES_ALTERNATE_SCREEN) > 0 and terminal.output.rfind(SHOWS_CURSOR) > 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_a_signal_ends_it_with_the_screen_restored(tmp_path: Path, number: signal.Signals) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        terminal.signal(number)
        assert await terminal.ended() == 0
        assert restored(terminal)


@pytest.mark.parametrize("key", ["q", "\x03", "\x11"])
async def test_a_key_ends_it(tmp_path: Path, key: str) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        os.write(terminal.master, key.encode())
        assert await terminal.ended() == 0
        assert restored(terminal)


async def test_a_note_that_no_disk_takes_is_given_back_to_the_shell(tmp_path: Path) -> None:
    (tmp_path / "notes.sqlite").mkdir()
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        await terminal.press("n")
        await terminal.press("worth keeping")
        terminal.signal(signal.SIGTERM)
        assert await terminal.ended() == 0
        assert restored(terminal)
        _, _, after = terminal.output.rpartition(LEAVES_ALTERNATE_SCREEN)
        assert b"was not saved" in after
        assert b"worth keeping" in after


async def test_the_log_is_the_traders_alone(tmp_path: Path) -> None:
    log = tmp_path / "terminal.log"
    log.touch(0o644)
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
    assert log.stat().st_mode & 0o777 == 0o600


async def test_the_terminal_vanishes(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        terminal.hang_up()
        assert await terminal.ended() in (0, 128 + signal.SIGHUP)


async def test_the_terminal_vanishes_and_hangups_are_ignored(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20, TEST_IGNORE_HUP="1") as terminal:
        await terminal.settle()
        terminal.hang_up()
        assert await terminal.ended() in (0, 128 + signal.SIGHUP)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_while_the_terminal_takes_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """Nobody reads the pty: the app's output blocks, its loop with it, and the signal still ends it."""
    async with PtyTerminal(tmp_path, rows=200) as terminal:
        await terminal.settle()
        assert terminal.talk is not None
        for sequence in range(200):
            rows = tuple(row(code(n), 21 + sequence % 7 + n / 9, 20.0, number=n) for n in range(36))
            terminal.talk.say(Change(sequence + 2, sequence + 1, rows=rows))
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        terminal.signal(number)
        for _ in range(80):
            if terminal.exit_code() is not None:
                break
            await asyncio.sleep(0.1)
        assert terminal.exit_code() == 128 + number
        await terminal.settle(0.2)
        assert restored(terminal)


async def test_it_outlives_a_resize_storm(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=100) as terminal:
        await terminal.settle()
        for width, height in [(20, 5), (200, 60), (1, 1), (79, 24), (3, 3), (120, 40), (40, 12)] * 4:
            terminal.resize(width, height)
            await terminal.read(0.02)
        await terminal.settle(1.0)
        assert terminal.exit_code() is None
        terminal.output = terminal.output[-200_000:]
        assert any("0001" in line for line in terminal.screen())


async def test_suspend_gives_the_terminal_back_and_resume_paints_again(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        await terminal.press("\x1a")
        assert terminal.output.rfind(LEAVES_ALTERNATE_SCREEN) > 0
        assert "T" in Path(f"/proc/{terminal.pid}/stat").read_text(encoding="ascii").split(")")[1].split()[0]
        before = len(terminal.output)
        terminal.signal(signal.SIGCONT)
        await terminal.settle(1.0)
        again = terminal.output[before:]
        assert b"\x1b[?1049h" in again
        assert b"0001" in again


async def test_a_key_paints_over_what_a_foreign_program_wrote(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        before = terminal.screen()
        terminal.output += b"\x1b[5;1Hbroadcast message from the machine\x1b[12;3Hgoing down"
        assert terminal.screen() != before
        await terminal.press("\x0c")
        assert terminal.screen() == before
