"""Notes as text: JSON lines for programs, Markdown for people."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from tui.domain.event import Note
from tui.domain.symbol import short_code
from tui.domain.text import is_web_link
from tui.domain.trading_day import to_hkt, to_iso


def json_lines(notes: Iterable[Note]) -> Iterator[str]:
    """One object a note, with the fields of Note; times are UTC in ISO 8601, an unknown one is null."""
    for note in notes:
        fields = msgspec.to_builtins(note)
        times = {
            name: to_iso(fields[name]) for name in ("created", "updated", "event_time") if fields[name] is not None
        }
        yield msgspec.json.encode({**fields, **times}).decode()


def markdown(notes: Iterable[Note]) -> Iterator[str]:
    """A page with a heading a day, in the order of the notes; Hong Kong time."""
    yield "# Notes"
    for day, of_day in groupby(notes, key=lambda note: note.day):
        yield f"\n## {day:%a} {day.day} {day:%B %Y}"
        for note in of_day:
            yield f"\n### {short_code(note.symbol)}"
            if note.event_title:
                yield f"\n*{_about(note)}*"
            yield f"\n{note.text}"
            yield f"\nwritten {to_hkt(note.created):%Y-%m-%d %H:%M}{_changed(note)}"


def _about(note: Note) -> str:
    """What the note is about: its event, with its day and link."""
    title = note.event_title.replace("*", "\\*").replace("[", "\\[").replace("]", "\\]")
    text = f"[{title}](<{note.event_url}>)" if is_web_link(note.event_url) and ">" not in note.event_url else title
    return text if note.event_time is None else f"{text}, {to_hkt(note.event_time):%Y-%m-%d}"


def _changed(note: Note) -> str:
    return "" if note.updated == note.created else f", changed {to_hkt(note.updated):%Y-%m-%d %H:%M}"
