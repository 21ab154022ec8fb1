"""`whymove explain SYMBOL`: the answer without a screen, for people or as JSON."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.options import add_language, add_source

if TYPE_CHECKING:
    from tui.cli.answers import Answer

_EPILOG = """\
examples:
  whymove explain 9988 --source sample                   the sample week's last session, no network
  whymove explain 1810 --prices closes.csv --json        your own closes: date, ^HSI, ^HSTECH, 1810.HK, ...
  whymove explain 9618 --source sample --days 5          the last five sessions, one a line
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's own arguments."""
    parser = subparsers.add_parser(
        "explain",
        help="why one stock moved: index, sector, own, and how unusual that is",
        description="Split a stock's moves into index, sector and own part, and say how unusual the own part is.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("symbol", metavar="SYMBOL", help="700, 0700.HK, HK:00700 and tencent are the same stock")
    parser.add_argument("--date", metavar="D", help="the session, as 2026-03-06 (default: the last one)")
    parser.add_argument("--days", metavar="N", help="the last N sessions up to that one, newest first")
    parser.add_argument("--prices", type=Path, metavar="FILE", help="a wide CSV of closes: date, one column a symbol")
    parser.add_argument("--market", metavar="S", help="the index to measure against (default: the settings', ^HSI)")
    parser.add_argument(
        "--sector", default="auto", metavar="S", help="auto (the sector table, with peers), none, or a symbol"
    )
    add_source(parser)
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="full precision, as JSON; a list with --days")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the answer."""
    from tui.cli.answers import open_answers, read_count, read_day, read_settings
    from tui.cli.page import page_for, write
    from tui.render.explain import days_lines, explain_lines

    day, count = read_day(args.date), read_count(args.days)
    config = read_settings(args.config)
    answer = open_answers(args, config).explain(args.symbol, day, count or 1)
    if args.json:
        _print_json(answer, as_list=count is not None)
        return 0
    page = page_for(sys.stdout, os.environ, config, args.lang)
    look = (page.width, page.language, page.glyphs)
    if count is None:
        lines = explain_lines(answer.days[0], answer.instrument, answer.provenance, *look)
    else:
        lines = days_lines(answer.days, answer.instrument, answer.provenance, *look)
    write(page.text(lines))
    return 0


def _print_json(answer: "Answer", as_list: bool) -> None:
    import msgspec

    days = answer.days if as_list else answer.days[0]
    if answer.provenance.kind == "sample":
        # The contract of the JSON has no place for it, and a simulated number must not pass for a real one.
        print(f"whymove: {answer.provenance.of_answer()}", file=sys.stderr)
    print(msgspec.json.format(msgspec.json.encode(days), indent=2).decode())
