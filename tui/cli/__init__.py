"""The command `whymove`. stdout is data, stderr is talk. Exit 0 done, 1 could not, 2 misused.

Each command is a module of this package with `add_parser(subparsers)` and `run(args) -> int`; what a command
alone needs is imported inside its `run`, so that every other command starts without it.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from tui import __version__
from tui.cli.errors import CliError
from tui.cli.options import SHARED, add_config, add_language, add_source

# How a write fails where there is no room, no more quota, or no working disk.
_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

COMMANDS = (
    "demo",
    "once",
    "explain",
    "link",
    "calibrate",
    "unexplained",
    "notes",
    "import_",
    "check",
    "paths",
    "feed",
)


def build_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line with these of its commands."""
    parser = argparse.ArgumentParser(
        prog="whymove",
        description="A terminal watchlist for Hong Kong stocks that says why each one moved.",
        epilog="Without a command: the watchlist.",
    )
    parser.add_argument("--version", action="version", version=f"whymove {__version__}")
    for add in (add_config, add_source, add_language):
        add(parser, None)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in commands:
        import_module(f"tui.cli.{name}").add_parser(subparsers)
    for command in subparsers.choices.values():
        add_config(command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    args = build_parser(_needed(argv)).parse_args(argv)
    try:
        run = args.run if args.command else import_module("tui.cli.watch").run
        code: int = run(args)
        sys.stdout.flush()
    except CliError as error:
        print(f"whymove: {error.message}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe left.
        _drop_stdout()
        return 0
    except OSError as error:
        # Only what a stream without a name refuses: every other file has its own sentence.
        if error.filename is not None or error.errno not in _NOT_WRITTEN:
            raise
        _drop_stdout()
        print(f"whymove: the output cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return code


def _needed(argv: Sequence[str]) -> Sequence[str]:
    """The commands that a command line can mean: to declare all would cost the screen a tenth of its start."""
    if not any(argument.startswith(("-h", "--h")) for argument in argv):
        words = [word for before, word in pairwise(("", *argv)) if not word.startswith("-") and before not in SHARED]
        named = [name for name in COMMANDS if words and name.rstrip("_") == words[0]]
        if named or not words:
            return named
    return COMMANDS


def _drop_stdout() -> None:
    """What is still buffered must not raise again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
