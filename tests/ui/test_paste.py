"""Pasted text is text: on a real terminal, and in the parser however the terminal cuts it."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tests.ui.pty_terminal import PtyTerminal
from tui.domain.text import clean_paste
from tui.store.notes import NoteBook
from tui.ui import textual_private
from tui.ui.textual_private import PasteParser

START, END = "\x1b[200~", "\x1b[201~"
HOSTILE = {
    "AAA \x1b[31mBBB CCC": "AAA BBB CCC",
    "AAA " + "\x1b" * 4 + "q" * 42: "AAA " + "q" * 42,
}


def notes(folder: Path) -> list[str]:
    with closing(NoteBook(folder / "notes.sqlite")) as book:
        return [note.text for note in book.list()]


@pytest.mark.parametrize("pasted", HOSTILE)
async def test_a_paste_into_a_note_is_its_text_and_presses_no_key(tmp_path: Path, pasted: str) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        await terminal.press("n")
        await terminal.press(START + pasted + END)
        await terminal.until(lambda lines: any("AAA" in line for line in lines))
        await terminal.press("\x13")
        await terminal.until(lambda lines: any("saved" in line for line in lines))
        assert notes(tmp_path) == [HOSTILE[pasted]]


async def test_a_paste_without_an_end_gives_the_keys_back(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        await terminal.press("n")
        await terminal.press(START + "AAA BBB")
        await terminal.until(lambda lines: any("AAA BBB" in line for line in lines))
        await terminal.press(" CCC\x13")
        await terminal.until(lambda lines: any("saved" in line for line in lines))
        assert notes(tmp_path) == ["AAA BBB CCC"]


async def test_a_byte_that_is_no_text_does_not_end_it(tmp_path: Path) -> None:
    async with PtyTerminal(tmp_path, rows=20) as terminal:
        await terminal.settle()
        await terminal.press("n")
        os.write(terminal.master, START.encode() + b"caf\xe9 AAA" + END.encode())
        await terminal.until(lambda lines: any("AAA" in line for line in lines))
        assert terminal.exit_code() is None


def pieces(text: str, cuts: list[int]) -> Iterator[str]:
    at = 0
    for cut in sorted({min(cut, len(text)) for cut in cuts}):
        if cut > at:
            yield text[at:cut]
            at = cut
    if at < len(text):
        yield text[at:]


@given(st.text(alphabet="a\x1b[]20~1q\n\x00京;m"), st.lists(st.integers(0, 60)))
def test_however_it_is_cut_a_paste_is_one_text_between_two_keys(text: str, cuts: list[int]) -> None:
    pasted = text.replace(END, "")
    parser = PasteParser()
    whole = f"x{START}{pasted}{END}y"
    said = [message for piece in pieces(whole, cuts) for message in parser.feed(piece)]
    assert [message.text for message in said if isinstance(message, events.Paste)] == [clean_paste(pasted)]
    assert [message.key for message in said if isinstance(message, events.Key)] == ["x", "y"]


def test_keys_and_commands_leave_a_paste() -> None:
    assert clean_paste("AAA\x13\x11\x03\x1a BBB\r\n\x1b[200~\tCCC \x1b]0;DDD") == "AAA BBB\n\tCCC ]0;DDD"


@given(st.text())
def test_a_cleaned_paste_holds_no_control_character(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", clean_paste(text))
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)
    assert clean_paste(plain) == plain


def test_a_paste_keeps_no_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual_private, "PASTE_LIMIT", 100)
    parser = PasteParser()
    said = [message for piece in (START, *["a" * 40] * 9, END, "q") for message in parser.feed(piece)]
    assert [message.text for message in said if isinstance(message, events.Paste)] == ["a" * 120]
    assert [message.key for message in said if isinstance(message, events.Key)] == ["q"]
