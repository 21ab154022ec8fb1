"""Writes notes until it is ended: `python -m tests.faults.notes_writer PATH NAME FIRST [BYTES]`.

Each note is added, edited and, every third one, deleted and restored. Its number is printed once all that has
returned; where something is refused, the sentence is, and the program ends with 3. BYTES limits every file's size.
"""

import resource
import sys
import time
from pathlib import Path

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


def main() -> int:
    """Write note after note."""
    path, name, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    try:
        book = NoteBook(path)
        print("open", *book.notices, flush=True)
        if len(sys.argv) > 4:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))
        while True:
            opened = book.add(draft(name, number))
            book.edit(final(name, number), opened.updated)
            if number % 3 == 0:
                book.delete(opened.id, CREATED + 2)
                book.restore(opened.id)
            print(number, flush=True)
            number += 1
            # A trader types between two notes; without a pause, one writer would shut out the others.
            time.sleep(0.003)
    except NotesError as error:
        print(error, flush=True)
        return 3


if __name__ == "__main__":
    sys.exit(main())
