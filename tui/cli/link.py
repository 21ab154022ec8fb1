"""`whymove link`: which stocks a headline means, its scope, its trading day, and whether it is a recap."""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TextIO

import msgspec

from tui.domain.event import Scope
from tui.domain.symbol import Symbol
from tui.domain.text import clean
from tui.domain.trading_day import TradingDay, to_hkt

if TYPE_CHECKING:
    from tui.news.linking import Linker

# Times outside these years are mistakes of the writer, not dates of news.
_YEARS = range(1990, 2100)


class Headline(msgspec.Struct, frozen=True):
    """One line of input. `published` is ISO 8601 with a time zone, or a date alone, which is the whole day."""

    id: str | int
    title: str
    published: str
    summary: str = ""
    source: str = ""
    url: str = ""


class LinkedHeadline(msgspec.Struct, frozen=True):
    """One line of output."""

    id: str | int
    symbols: tuple[Symbol, ...]
    scope: Scope
    session: date
    recap: bool


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's own arguments."""
    parser = subparsers.add_parser(
        "link",
        help="link headlines to stocks and trading days",
        description="Reads headlines as JSON lines (id, title, published; optional summary, source, url) on stdin and "
        "writes a line for each: id, symbols, scope, session, recap.",
    )
    parser.add_argument("--json", action="store_true", help="write JSON lines instead of columns")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Link every line of stdin; 1 where a line could not be read."""
    from tui.config import load
    from tui.config.aliases import news_table
    from tui.news.linking import Linker

    if sys.stdin.isatty():
        print("whymove link: reading headlines as JSON lines from the terminal; Ctrl+D ends", file=sys.stderr)
    config = load(args.config)
    linker = Linker(news_table(config))
    days = Days({day.day: day for day in config.trading_days()})
    return link_lines(sys.stdin.buffer, sys.stdout, sys.stderr, linker, days, as_json=args.json)


class Days:
    """The exchange's calendar, drawn up a year at a time as headlines ask for it."""

    def __init__(self, own: dict[date, TradingDay]) -> None:
        self._own = own
        self._years: dict[int, tuple[TradingDay, ...]] = {}

    def around(self, day: date) -> tuple[TradingDay, ...]:
        """The days of a year with a month before and after it."""
        if day.year not in self._years:
            from tui.sources.calendar import trading_days

            table = trading_days(date(day.year - 1, 12, 1), date(day.year + 1, 1, 31))
            self._years[day.year] = tuple(self._own.get(known.day, known) for known in table)
        return self._years[day.year]


def link_lines(
    lines: Iterable[bytes], out: TextIO, talk: TextIO, linker: "Linker", days: Days, *, as_json: bool
) -> int:
    """Link line by line; what is wrong with a line is said with its number, and the rest is done."""
    from tui.news.window import last_moment, session_of

    decoder = msgspec.json.Decoder(Headline)
    code = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            headline = decoder.decode(line)
            start, end = interval(headline.published)
        except (msgspec.DecodeError, ValueError) as error:
            code = 1
            print(f"whymove link: line {number}: {clean(str(error))}", file=talk)
            continue
        session = session_of(last_moment(start, end), days.around(to_hkt(start).date()))
        linked = linker.link(headline.title, session, summary=headline.summary)
        answer = LinkedHeadline(headline.id, linked.symbols, linked.scope, session, linked.recap)
        print(msgspec.json.encode(answer).decode() if as_json else _columns(answer), file=out)
    return code


def interval(published: str) -> tuple[int, int]:
    """When a headline was published: [start, end) of a day, or an instant twice, in epoch milliseconds.

    ValueError says what is wrong: no ISO 8601, no time zone, a year that cannot be meant.
    """
    from tui.news.window import whole_day

    text = published.strip()
    said = repr(clean(text, 40))
    try:
        alone = date.fromisoformat(text) if len(text) == len("2026-03-06") else None
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"published {said} is no date such as 2026-03-06 or 2026-03-06T16:10+08:00") from error
    if moment.year not in _YEARS:
        raise ValueError(f"published {said} lies outside the years {_YEARS.start} to {_YEARS.stop - 1}")
    if alone is not None:
        return whole_day(alone)
    if moment.tzinfo is None:
        raise ValueError(f"published {said} has no time zone: add one, such as +08:00 or Z")
    milliseconds = (moment - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
    return milliseconds, milliseconds


def _columns(answer: LinkedHeadline) -> str:
    cells = (
        clean(str(answer.id), 80) or "-",
        ",".join(answer.symbols) or "-",
        answer.scope,
        str(answer.session),
        "recap" if answer.recap else "news",
    )
    return "\t".join(cells)
