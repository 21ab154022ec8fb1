"""`whymove paths`: where everything lies."""

import argparse
from pathlib import Path

from tui.cli.errors import CliError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("paths", help="where settings, lists, notes, cache and logs lie")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line a place: what it is, and where."""
    from tui.config import FileError, config_file
    from tui.config.paths import Paths
    from tui.config.shipped import shipped

    paths = Paths()
    try:
        in_use = config_file(args.config, paths)
        shipped_settings = shipped("config.toml")
    except (FileError, FileNotFoundError) as error:
        raise CliError(str(error)) from error
    lines: list[tuple[str, Path]] = [
        ("settings in use", in_use),
        ("your settings", paths.config_file),
        ("every setting, with its default", shipped_settings),
        ("your themes", paths.themes),
        ("lists", paths.lists),
        ("notes", paths.notes("yahoo")),
        ("notes of the demo", paths.notes("sample")),
        *((f"ledger of {source}", paths.ledger(source)) for source in ("yahoo", "pipe")),
        ("what the screen remembers", paths.state),
        *((f"cache of {source}", paths.cache(source)) for source in ("yahoo", "pipe", "sample")),
        ("logs", paths.log_dir),
        ("sockets and locks", paths.runtime_dir),
    ]
    width = max(len(what) for what, _ in lines)
    for what, path in lines:
        print(f"{what:<{width}}  {path}")
    return 0
