"""What `explain` and `once` ask for, whoever answers: closed sessions in this process, or the feed."""

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from tui.cli.errors import CliError
from tui.domain.attribution import Attribution
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol
from tui.render.provenance import Provenance
from tui.render.table import IndexLine, TableRow

if TYPE_CHECKING:
    from tui.config import Config

MOST_DAYS: Final = 1000


@dataclass(frozen=True)
class Answer:
    """One stock's attributed days, newest first, at least one, and where their numbers come from."""

    instrument: Instrument
    days: tuple[Attribution, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Session:
    """One day of a list. `absent` are the stocks of the list that are not known here, `trouble` is a sentence on why
    others have no split."""

    day: date
    indices: tuple[IndexLine, ...]
    rows: tuple[TableRow, ...]
    provenance: Provenance
    absent: tuple[Symbol, ...] = ()
    trouble: str = ""


class Answers(Protocol):
    """A market that can be asked. Every method raises CliError with one sentence where it has no answer."""

    def explain(self, text: str, day: date | None, count: int) -> Answer:
        """The last `count` sessions up to `day` (the last one) of the stock that a user calls `text`."""

    def session(self, symbols: tuple[Symbol, ...], day: date | None) -> Session:
        """The stocks of a list on a day (the last session)."""

    def histories(self, symbols: tuple[Symbol, ...], count: int) -> dict[Symbol, Answer]:
        """The last `count` sessions of each of these stocks that is known here and has any."""


def read_settings(path: Path | None) -> "Config":
    """The settings; CliError with everything that is wrong with them."""
    from tui.config import ConfigErrors, load

    try:
        return load(path)
    except ConfigErrors as error:
        raise CliError(str(error), 2) from error


def source_of(args: argparse.Namespace, config: "Config") -> str:
    """The source that was asked for, else the settings'."""
    source: str = getattr(args, "source", None) or config.source
    return source


def open_answers(args: argparse.Namespace, config: "Config") -> Answers:
    """Whoever answers for `--prices` or `--source`."""
    from tui.cli.closed import FileSessions, SampleSessions

    if getattr(args, "prices", None) is not None:
        if getattr(args, "source", None):
            raise CliError("--prices takes the place of a source: leave out one of the two", 2)
        return FileSessions(args.prices, config, args.market, args.sector)
    source = source_of(args, config)
    market, sector = getattr(args, "market", None), getattr(args, "sector", "auto")
    if source == "sample":
        return SampleSessions(config, market, sector)
    if market is not None or sector != "auto":
        raise CliError(
            f"the feed of {source} splits by the settings: --market and --sector go with --prices or --source sample", 2
        )
    from tui.cli.asking import FeedSessions, usual_link

    return FeedSessions(source, config, usual_link(source, args.config))


def read_day(text: str | None, option: str = "--date") -> date | None:
    """The day of an option; CliError where it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CliError(f"{option} {text!r} is no date; write it as 2026-03-06", 2) from None


def read_count(text: str | None) -> int | None:
    """A `--days`; CliError where it is none."""
    if text is None:
        return None
    count = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < count <= MOST_DAYS:
        raise CliError(f"--days {text!r} is no number of sessions; give 1 to {MOST_DAYS}", 2)
    return count
