"""Writes notes in a process of its own until it is ended, and reports in a file what was saved."""

import resource
import signal
import time
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

import msgspec

from tests.unit.notes_data import CREATED, note
from tui.domain.event import Note
from tui.store.notes import NoteBook, NotesError


def draft(name: str, number: int) -> Note:
    """A writer's note as it is added."""
    return msgspec.structs.replace(note(number, f"draft {number}"), id=f"{name}-{number}")


def final(name: str, number: int) -> Note:
    """The same note as it is left."""
    text = f"draft {number}, final " + "x" * (number * 37 % 3000)
    return msgspec.structs.replace(draft(name, number), text=text, updated=CREATED + 1)


def write_notes(path: Path, name: str, number: int, output: Path, bytes_limit: int | None) -> None:
    """Add and edit note after note; every third one is deleted and restored. No file grows beyond the limit.

    A note's number is reported once all that has returned; where something is refused, the sentence is.
    """
    with output.open("w") as report:
        try:
            book = NoteBook(path)
            _say(report, " ".join(("open", *book.notices)))
            if bytes_limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_limit, bytes_limit))
            while True:
                opened = book.add(draft(name, number))
                book.edit(final(name, number), opened.updated)
                if number % 3 == 0:
                    book.delete(opened.id, CREATED + 2)
                    book.restore(opened.id)
                _say(report, str(number))
                number += 1
                # A trader types between two notes; without a pause, one writer would shut out the others.
                time.sleep(0.003)
        except NotesError as error:
            _say(report, str(error))


def _say(report: TextIO, line: str) -> None:
    print(line, file=report, flush=True)


class Writer:
    """Such a process, once it has opened the notes and found nothing to recover."""

    def __init__(self, path: Path, name: str, first: int, bytes_limit: int | None = None) -> None:
        self._output = path.parent.parent / f"output-{name}-{first}"
        self._output.touch()
        # A fork is there in a moment; a new interpreter would take most of the test's time.
        self._process = get_context("fork").Process(
            target=write_notes, args=(path, name, first, self._output, bytes_limit)
        )
        self._process.start()
        self.wait_for(0)
        assert self._lines()[0] == "open"

    def _lines(self) -> list[str]:
        """The whole lines of its report so far."""
        return [line[:-1] for line in self._output.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def wait_for(self, count: int) -> None:
        """Wait until it has reported so many notes as saved."""
        deadline = time.monotonic() + 30
        while len(self._lines()) <= count:
            assert time.monotonic() < deadline, f"it reports only {self._lines()}"
            assert self._process.is_alive() or len(self._lines()) > count, f"it ended: {self._lines()}"
            time.sleep(0.002)

    def kill(self) -> int:
        """End it now, as kill -9 does; how many notes it has reported as saved."""
        self._process.kill()
        self._process.join(10)
        assert all(line.isdigit() for line in self._lines()[1:])
        return len(self._lines()) - 1

    def refused(self) -> tuple[int, str]:
        """Wait until it is refused; how many notes it has reported as saved, and the sentence."""
        self._process.join(30)
        *reported, sentence = self._lines()[1:]
        assert all(line.isdigit() for line in reported)
        return len(reported), sentence
