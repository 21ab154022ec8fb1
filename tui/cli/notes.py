"""`whymove notes`: add, list, search and export notes without the screen."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tui.cli.errors import CliError
from tui.cli.options import add_config, add_source

if TYPE_CHECKING:
    from tui.config import Config
    from tui.config.paths import Paths
    from tui.domain.event import Note
    from tui.domain.symbol import Symbol
    from tui.store.notes import NoteBook

# The exchange is closed for some days at most; a calendar of this length always holds a session.
_LOOK_BACK_DAYS = 30


class _WordsAnywhere(argparse.ArgumentParser):
    """Takes the words of a note behind an option, too: argparse has `nargs="*"` end at the first one."""

    def parse_known_args(  # type: ignore[override]  # the overloads narrow the namespace's type only
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        known, rest = super().parse_known_args(args, namespace)
        if hasattr(known, "text"):
            known.text = [*known.text, *(word for word in rest if _is_word(word))]
            rest = [word for word in rest if not _is_word(word)]
        return known, rest


def _is_word(text: str) -> bool:
    return text == "-" or not text.startswith("-")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("notes", help="add, list, search or export your notes")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_WordsAnywhere)

    add = actions.add_parser("add", help="write a note on a stock's day")
    add.add_argument("symbol", metavar="SYMBOL", help="the stock, or an index such as ^HSI")
    add.add_argument("text", metavar="TEXT", nargs="*", help="the note; without it, or as -, it is read from stdin")
    add.add_argument("--date", metavar="D", help="the trading day it is about (default: the last one)")

    show = actions.add_parser("list", help="notes, newest day first")
    show.add_argument("symbol", metavar="SYMBOL", nargs="?", help="only those on this stock")
    show.add_argument("--first", metavar="D", help="from this day")
    show.add_argument("--last", metavar="D", help="to this day")

    search = actions.add_parser("search", help="notes that hold every one of some words, newest day first")
    search.add_argument("words", metavar="WORDS", nargs="+", help="words, the beginnings of words, a code or a day")

    export = actions.add_parser("export", help="every note, on stdout")
    export.add_argument("--format", choices=("jsonl", "md"), default="jsonl", help="JSON lines (default) or Markdown")

    for action in (show, search):
        action.add_argument(
            "--json", action="store_true", help="one JSON object a line, with everything about each note"
        )
    for action in (add, show, search, export):
        add_config(action)
        add_source(action)
        action.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked with the notes of a source."""
    from tui.cli.answers import read_settings, source_of
    from tui.config.paths import Paths

    config = read_settings(args.config)
    source = source_of(args, config)
    with _notebook(Paths(), source) as book:
        if args.action == "add":
            _add(args, book, config, source)
        elif args.action == "list":
            _print(_chosen(args, book), as_json=args.json)
        elif args.action == "search":
            _print(book.search(" ".join(args.words)), as_json=args.json)
        else:
            _export(args, book)
    return 0


def export_file(book: "NoteBook", paths: "Paths") -> Path:
    """Write every note to a Markdown file beside the notes, and say which. Raises OSError, StoreError or FileError."""
    from tui.config.files import write_bytes
    from tui.config.paths import private_folder
    from tui.store.note_export import markdown

    path = private_folder(paths.data_dir) / f"{book.path.stem}.md"
    write_bytes(path, "".join(f"{line}\n" for line in markdown(book.list())).encode())
    return path


@contextmanager
def _notebook(paths: "Paths", source: str) -> "Iterator[NoteBook]":
    """The notes, open; what was odd about the file goes to stderr."""
    from tui.store.database import StoreError
    from tui.store.notes import NoteBook

    try:
        with closing(NoteBook(paths.notes(source))) as book:
            for notice in book.notices:
                print(f"whymove: {notice}", file=sys.stderr)
            yield book
    except StoreError as error:
        raise CliError(str(error)) from error


def _add(args: argparse.Namespace, book: "NoteBook", config: "Config", source: str) -> None:
    """Save one note and say where it stands."""
    from tui.cli.answers import read_day
    from tui.domain.clock import SystemClock
    from tui.domain.event import Note
    from tui.domain.symbol import short_code

    symbol = _symbol(args.symbol, source)
    now = SystemClock().now_ms()
    day = _trading_day(read_day(args.date), config, source, now)
    text = _text(args.text)
    note = book.add(Note(id=str(uuid4()), symbol=symbol, day=day, text=text, created=now, updated=now))
    print(f"saved: {short_code(note.symbol)} {note.day}", file=sys.stderr)


def _chosen(args: argparse.Namespace, book: "NoteBook") -> "Sequence[Note]":
    """The notes on a stock, or all, between two days."""
    from tui.cli.answers import read_day

    symbol = _symbol(args.symbol, "") if args.symbol else None
    return book.list(symbol, read_day(args.first, "--first"), read_day(args.last, "--last"))


def _print(notes: "Sequence[Note]", *, as_json: bool) -> None:
    from tui.store.note_export import json_lines

    for line in json_lines(notes) if as_json else map(_line, notes):
        print(line)
    if not notes:
        print("whymove: no notes", file=sys.stderr)


def _line(note: "Note") -> str:
    """One line a note, whatever stands in it: the day, the code, the text and what it is about."""
    from tui.domain.symbol import short_code
    from tui.domain.text import clean

    about = f"  ({clean(note.event_title)})" if note.event_title else ""
    return f"{note.day}  {short_code(note.symbol):<5}  {clean(note.text, len(note.text))}{about}"


def _export(args: argparse.Namespace, book: "NoteBook") -> None:
    from tui.store.note_export import json_lines, markdown

    for line in (markdown if args.format == "md" else json_lines)(book.list()):
        print(line)


def _symbol(text: str, source: str) -> "Symbol":
    """A stock or an index; in the sample, one that it has."""
    from tui.domain.symbol import SymbolError, is_hk_stock, nearest_symbols, parse_symbol, short_code

    try:
        symbol = parse_symbol(text)
    except SymbolError as error:
        raise CliError(str(error), 2) from error
    if not is_hk_stock(symbol) and not symbol.startswith("^"):
        raise CliError(f"{symbol} is neither a Hong Kong stock nor an index", 2)
    if source == "sample":
        from tui.sources.sample_files import load_sample

        known = load_sample().bars
        if symbol not in known:
            near = ", ".join(map(short_code, nearest_symbols(text, known)))
            raise CliError(f"the sample has no {symbol}" + (f"; nearest: {near}" if near else ""), 2)
    return symbol


def _trading_day(day: date | None, config: "Config", source: str, now_ms: int) -> date:
    """The day a note is about: one on which the exchange traded, none to come; the last one by default."""
    from tui.domain.trading_day import to_hkt

    if source == "sample":
        from tui.sources.sample_files import load_sample

        sample = load_sample()
        last = max(sample.paths)
        days = {each.day: each for each in sample.trading_days}
    else:
        from tui.sources.calendar import trading_days

        last = to_hkt(now_ms).date()
        first = (day or last) - timedelta(days=_LOOK_BACK_DAYS)
        days = {each.day: each for each in trading_days(first, last)}
        days |= {each.day: each for each in config.trading_days() if first <= each.day <= last}
    if day is not None and day > last:
        raise CliError(f"--date {day} is still to come: the last day is {last}", 2)
    until = day or last
    sessions = [each for each in sorted(days) if days[each].is_open and each <= until]
    if not sessions:
        raise CliError(f"--date {day} is before the first day there is: {min(days)}", 2)
    if day is not None and sessions[-1] != day:
        name = days[day].name if day in days else ""
        raise CliError(
            f"--date {day} is no trading day{f' ({name})' if name else ''}: the one before is {sessions[-1]}", 2
        )
    return sessions[-1]


def _text(words: list[str]) -> str:
    """The note's text, from the command line or stdin, without control characters."""
    from tui.domain.text import NOTE_LIMIT, clean_lines

    text = " ".join(words)
    if words in ([], ["-"]):
        if sys.stdin.isatty():
            print("write the note, then press Ctrl-D on a line of its own", file=sys.stderr)
        content = sys.stdin.buffer.read(NOTE_LIMIT * 4 + 1)
        try:
            text = content.decode("utf-8") if len(content) <= NOTE_LIMIT * 4 else "x" * (NOTE_LIMIT + 1)
        except UnicodeDecodeError as error:
            raise CliError("the note on stdin is no UTF-8 text: nothing was saved", 2) from error
    if len(text) > NOTE_LIMIT:
        raise CliError(f"a note holds at most {NOTE_LIMIT:,} characters: nothing was saved, shorten it", 2)
    cleaned = clean_lines(text).strip()
    if not cleaned:
        raise CliError("the note is empty: nothing was saved", 2)
    return cleaned
