"""`whymove demo`: the sample week, replayed; needs no network."""

import argparse
import csv
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from tui.cli import watch
from tui.cli.errors import CliError
from tui.cli.options import add_language

if TYPE_CHECKING:
    from tui.domain.symbol import Symbol

# The sample's stocks beside the nineteen real ones: one odd day each, simulated throughout.
ODD_LIST = "Odd days"
_ODD_CODES = "9990"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("demo", help="the sample week of 2 to 6 March 2026, replayed; needs no network")
    parser.add_argument("--at", metavar="TIME", help="start here, Hong Kong time, such as 2026-03-05T09:30")
    parser.add_argument("--speed", type=float, metavar="N", help="N seconds of the week a second; 0 lets time stand")
    parser.add_argument(
        "--source",
        choices=("sample", "yahoo"),
        default="sample",
        help="yahoo: its past as a stand-in of Yahoo serves it, for trying the real client without a network",
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Replay the week to this terminal alone; a plain table where there is no terminal to paint on."""
    _check(args)
    options = ["--private"]
    if args.at is not None:
        options += ["--at", args.at]
        if args.source == "sample":
            args.date = datetime.fromisoformat(args.at).date().isoformat()  # for the table of that day
    if args.speed is not None:
        options += ["--speed", str(args.speed)]
    return watch.show(args, args.source, options, {ODD_LIST: _odd_stocks()})


def _check(args: argparse.Namespace) -> None:
    """Say what cannot be meant before the screen opens; the feed has the last word on the rest."""
    if args.at is not None:
        try:
            datetime.fromisoformat(args.at)
        except ValueError as error:
            raise CliError(f"--at {args.at!r} is no time; write it as 2026-03-06T14:31", 2) from error
    if args.speed is not None and not (isfinite(args.speed) and args.speed >= 0):
        raise CliError(f"--speed {args.speed}: give seconds of the week a second, 0 or more", 2)


def _odd_stocks() -> "tuple[Symbol, ...]":
    from tui.config.shipped import shipped
    from tui.domain.symbol import parse_symbol

    with shipped("tables/sample/instruments.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            parse_symbol(row["symbol"]) for row in csv.DictReader(stream) if row["symbol"].startswith(_ODD_CODES)
        )
