"""`whymove import FILE`: watchlists of other programs into lists.toml."""

import argparse
import sys
from pathlib import Path

from tui.cli.errors import CliError

_SHOWN = 10


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "import",
        help="take over watchlists from a TradingView export, a Yahoo CSV or ticker's YAML",
        description="Add the Hong Kong stocks of another program's export to your lists; stocks you have stay.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the export")
    parser.add_argument("--name", metavar="NAME", help="put all of them into this list")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Add the lists of a file to the user's and say what came of it."""
    from tui.config import ConfigErrors, FileError, load
    from tui.config.checks import LIST_LIMIT, name_problem
    from tui.config.imports import import_lists
    from tui.config.lists import load_lists, save_lists
    from tui.config.paths import Paths

    if args.name is not None and (problem := name_problem(args.name)):
        raise CliError(f"--name {problem}", 2)
    paths = Paths()
    try:
        found = import_lists(args.file)
        known, notices = load_lists(load(args.config, paths), paths)
        lists = dict(known)
        report = []
        for name, symbols in found.lists.items():
            title = args.name or name
            held = lists.get(title, ())
            new = tuple(symbol for symbol in symbols if symbol not in held)
            if len(held) + len(new) > LIST_LIMIT:
                raise CliError(f"{title} would hold {len(held) + len(new)} stocks; a list holds at most {LIST_LIMIT}")
            lists[title] = held + new
            report.append(f"{title}: {len(new)} added" + (f", {len(symbols) - len(new)} were there" if held else ""))
        save_lists(paths, lists, known)
    except ConfigErrors as error:
        raise CliError(str(error), 2) from error
    except FileError as error:
        raise CliError(str(error)) from error
    for notice in (*notices, *found.left_out[:_SHOWN]):
        print(f"whymove: {notice}", file=sys.stderr)
    if len(found.left_out) > _SHOWN:
        print(f"whymove: and {len(found.left_out) - _SHOWN} more were left out", file=sys.stderr)
    print("\n".join(report))
    return 0
