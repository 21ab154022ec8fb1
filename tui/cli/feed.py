"""`whymove feed`: run the feed in the foreground. Terminals start one themselves; this is to look at it."""

import argparse
import os
import sys
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.errors import CliError
from tui.cli.options import add_source

if TYPE_CHECKING:
    from tui.config import Config
    from tui.config.paths import Paths
    from tui.feed.options import FeedOptions


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("feed", help="run the feed that all terminals of a source share, in the foreground")
    add_source(parser)
    parser.add_argument(
        "--at", metavar="TIME", help="replay from here, Hong Kong time: the sample, or a recorded source"
    )
    parser.add_argument("--speed", type=float, metavar="N", help="N seconds of the replay a second; 0 lets time stand")
    parser.add_argument("--socket", type=Path, metavar="PATH", help="listen here instead of the usual place")
    parser.add_argument(
        "--private", action="store_true", help="serve one terminal, store nothing, end with the starter"
    )
    parser.add_argument(
        "--leave-after", type=float, metavar="SECONDS", help="stay this long after the last terminal; 0 stays for ever"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until the last terminal has left; 0 then, 75 where another feed serves this source already."""
    from tui.config import ConfigErrors, FileError, load
    from tui.config.paths import Paths
    from tui.feed.factory import NoSuchWorld
    from tui.feed.lock import AlreadyRunning
    from tui.feed.main import run_feed, stuck_threads
    from tui.wire import EXIT_ALREADY_RUNNING

    paths = Paths()
    try:
        config = load(args.config, paths)
        options = _options(args, config, paths)
        if sys.stderr.isatty():
            print(f"the feed of {options.source} at {options.socket}; end it with Ctrl+C", file=sys.stderr)
        reason = run_feed(options, config, paths)
    except ConfigErrors as error:
        raise CliError(str(error), 2) from error
    except AlreadyRunning as error:
        print(f"whymove: {error}", file=sys.stderr)
        return EXIT_ALREADY_RUNNING
    except (FileError, NoSuchWorld) as error:
        raise CliError(str(error)) from error
    except OSError as error:
        raise CliError(f"the feed cannot start: {error}") from error
    print(f"the feed left: {reason}", file=sys.stderr)
    if stuck_threads():
        # A call to a source hangs in a thread of its own; nothing is left to wait for.
        sys.stderr.flush()
        os._exit(0)
    return 0


def _options(args: argparse.Namespace, config: "Config", paths: "Paths") -> "FeedOptions":
    """What the command line says, over what the settings say. CliError for what cannot be meant."""
    from tui.feed.factory import SAMPLE, moment_of
    from tui.feed.options import DEMO_SPEED, FeedOptions

    source = args.source or config.source
    if source != SAMPLE and args.speed is not None and args.at is None:
        raise CliError(f"--speed needs --at: {source} lives in the present", 2)
    usual_speed = DEMO_SPEED if source == SAMPLE else 1.0
    speed = usual_speed if args.speed is None else args.speed
    if not isfinite(speed) or speed < 0:
        raise CliError(f"--speed {args.speed}: give seconds of the replay a second, 0 or more", 2)
    leave_after = config.feed.leave_after_seconds if args.leave_after is None else args.leave_after
    if not isfinite(leave_after) or leave_after < 0:
        raise CliError(f"--leave-after {args.leave_after}: give seconds, 0 or more", 2)
    try:
        at = None if args.at is None else moment_of(args.at)
    except ValueError as error:
        raise CliError(f"--at {args.at!r} is no time; write it as 2026-03-06T14:31", 2) from error
    return FeedOptions(
        source=source,
        socket=args.socket or paths.socket(source),
        lock=None if args.private else paths.lock(source),
        cache=None if args.private else paths.cache(source),
        ledger=None if args.private or args.at is not None or source == SAMPLE else paths.ledger(source),
        log=_log(paths, source),
        at=at,
        speed=speed,
        private=args.private,
        market=config.attribution.market,
        refresh_s=config.feed.refresh_seconds,
        leave_after_s=leave_after,
        requests_per_minute=config.feed.requests_per_minute,
        requests_in_flight=config.feed.requests_in_flight,
    )


def _log(paths: "Paths", source: str) -> "Path | None":
    """The feed's log; none where the disk refuses one, because prices matter more."""
    from tui.config import FileError

    try:
        return paths.log(f"feed-{source}")
    except FileError:
        return None
