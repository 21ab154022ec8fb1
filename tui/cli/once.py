"""`whymove once`: one plain table of a list for a day, for scripts, screen readers and pipes."""

import argparse
import sys

from tui.cli.errors import CliError
from tui.cli.options import add_language, add_source


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's own arguments."""
    parser = subparsers.add_parser(
        "once",
        help="one plain table of a list: every stock's move and what it was made of",
        description="One plain table on stdout, no escapes, the rarest own move first.",
    )
    parser.add_argument("--list", metavar="NAME", help="the list (default: the first)")
    parser.add_argument("--date", metavar="D", help="the session, as 2026-03-06 (default: the last one)")
    add_source(parser)
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="the list of days as JSON, as of `explain --json`")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the table."""
    from shutil import get_terminal_size

    from tui.cli.answers import open_answers, read_day, read_settings, source_of
    from tui.cli.page import write
    from tui.cli.watchlists import list_of, lists_of
    from tui.domain.symbol import short_code
    from tui.render.table import by_rarity, table_lines

    # The bare command comes here, too, where there is no terminal; then it has none of these options.
    wanted = argparse.Namespace(**{"list": None, "date": None, "lang": None, "json": False, **vars(args)})
    day = read_day(wanted.date)
    config = read_settings(args.config)
    source = source_of(args, config)
    lists = lists_of(config, source)
    symbols = next(iter(lists.values())) if wanted.list is None else list_of(wanted.list, lists)
    session = open_answers(args, config).session(symbols, day)
    if session.absent:
        print(f"whymove: {source} has no {', '.join(map(short_code, session.absent))}", file=sys.stderr)
    if session.trouble:
        print(f"whymove: {session.trouble}", file=sys.stderr)
    if not session.rows:
        raise CliError(f"{source} has none of the stocks of this list")
    rows = by_rarity(session.rows)
    if wanted.json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode([row.day for row in rows]), indent=2).decode())
        return 0
    language = wanted.lang or config.language
    banner = session.provenance.of_table(language)
    width = get_terminal_size().columns if sys.stdout.isatty() else None
    write("\n".join(table_lines(session.day, session.indices, rows, banner=banner, width=width, language=language)))
    return 0
