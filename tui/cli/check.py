"""`whymove check`: what is wrong with settings, terminal, files, network and feed, and how to mend it."""

import argparse
import sys
from math import isfinite
from typing import TYPE_CHECKING

from tui.cli.errors import CliError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.cli.checkup.finding import Finding
    from tui.config.paths import Paths

LONGEST_S = 3600.0


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "check",
        help="what is wrong with settings, terminal, files and network, and how to mend it",
        description="One line a finding: ok, note or wrong. Ends with 1 where something is wrong. Nothing is changed, "
        "and no source is asked.",
    )
    parser.add_argument("--pipe", metavar="CMD", help="run this price pipe for a few seconds and judge its lines")
    parser.add_argument("--seconds", type=float, metavar="N", help="how long to read the pipe (default: 5)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 where something is wrong."""
    if args.pipe is not None:
        return _judge_pipe(args.pipe, args.seconds)
    if args.seconds is not None:
        raise CliError("--seconds goes with --pipe", 2)
    from tui.config.paths import Paths

    wrong = 0
    for finding in _findings(args, Paths()):
        wrong += finding.level == "wrong"
        print(f"{finding.level:<6}{finding.topic:<10}{finding.text}")
    if wrong:
        print(f"whymove check: {wrong} {'thing is' if wrong == 1 else 'things are'} wrong", file=sys.stderr)
    return 1 if wrong else 0


def _findings(args: argparse.Namespace, paths: "Paths") -> "Iterator[Finding]":
    import os

    from tui.cli.checkup.network import check_feed, check_network
    from tui.cli.checkup.settings import check_settings, source_of
    from tui.cli.checkup.stores import check_stores
    from tui.cli.checkup.terminal import check_terminal, this_terminal

    yield from check_settings(args.config, paths)
    yield from check_terminal(this_terminal())
    yield from check_stores(paths)
    yield from check_network(os.environ)
    source = source_of(args.config, paths)
    if source != "sample":
        yield from check_feed(source, paths)


def _judge_pipe(line: str, seconds: float | None) -> int:
    """Run the command and print the report; 1 where none of its lines can be used."""
    import asyncio
    import shlex

    from tui.cli.checkup.pipe import SECONDS, PipeError, read_pipe
    from tui.domain.clock import SystemClock

    try:
        command = shlex.split(line)
    except ValueError as error:
        raise CliError(f"--pipe: {error}; quote the command as a shell would", 2) from error
    if not command:
        raise CliError("--pipe needs the command that writes the quotes", 2)
    wanted = SECONDS if seconds is None else seconds
    if not isfinite(wanted) or not 0 < wanted <= LONGEST_S:
        raise CliError(f"--seconds {seconds:g}: give a number of seconds up to {LONGEST_S:.0f}", 2)
    try:
        report = asyncio.run(read_pipe(command, SystemClock(), wanted))
    except PipeError as error:
        raise CliError(str(error)) from error
    for said in report.text():
        print(said)
    if not report.accepted:
        print("whymove check: no line of this pipe can be used; docs/pipe.md describes the format", file=sys.stderr)
        return 1
    return 0
