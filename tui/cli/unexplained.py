"""`whymove unexplained`: own moves for which no news was found, and what became of those listed before."""

import argparse
import sys
from typing import Final

from tui.cli.errors import CliError
from tui.cli.options import add_language, add_source
from tui.render.language import Language

USUAL_DAYS: Final = 20


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's own arguments."""
    parser = subparsers.add_parser(
        "unexplained",
        help="own moves for which no news was found, newest first",
        description="Own moves for which every source was asked and none knew anything, newest first; then the ledger:"
        " what was listed at earlier closes, and what the stocks did by themselves in the five sessions after it.",
    )
    parser.add_argument("--days", metavar="N", help=f"look at the last N sessions (default: {USUAL_DAYS})")
    parser.add_argument("--list", metavar="NAME", help="one list (default: all)")
    add_source(parser)
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="the list of days as JSON, as of `explain --json`")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the moves and the tally."""
    from tui.cli.answers import open_answers, read_count, read_settings, source_of
    from tui.cli.page import write
    from tui.cli.watchlists import list_of, lists_of
    from tui.domain.unexplained import unexplained
    from tui.render.provenance import Provenance
    from tui.render.unexplained import unexplained_lines

    count = read_count(args.days) or USUAL_DAYS
    config = read_settings(args.config)
    source = source_of(args, config)
    lists = lists_of(config, source)
    chosen = list(lists.values()) if args.list is None else [list_of(args.list, lists)]
    symbols = tuple(dict.fromkeys(symbol for stocks in chosen for symbol in stocks))
    answers = open_answers(args, config).histories(symbols, count)
    if not answers:
        raise CliError(f"{source} has none of the stocks of {args.list or 'your lists'}")
    histories = {symbol: answer.days for symbol, answer in answers.items()}
    language = args.lang or config.language
    lines = unexplained_lines(histories, {symbol: answer.instrument for symbol, answer in answers.items()}, language)
    if source == "sample":
        told = [answer.provenance for answer in answers.values()]
        shown, published = sum(each.shown for each in told), sum(each.shown_published for each in told)
        print(
            f"whymove: {Provenance('sample', shown=shown, shown_published=published).of_table(language)}",
            file=sys.stderr,
        )
    if args.json:
        import msgspec

        print("\n".join(lines[: lines.index("")] if "" in lines else lines), file=sys.stderr)
        days = unexplained(day for told in histories.values() for day in told)
        print(msgspec.json.format(msgspec.json.encode(days), indent=2).decode())
        return 0
    if source != "sample":
        lines += ["", *ledger_lines(source, language)]
    write("\n".join(lines))
    return 0


def ledger_lines(source: str, language: Language) -> list[str]:
    """The tally of a source's ledger, or why there is none."""
    from tui.attribution.tally import tally
    from tui.config.paths import Paths
    from tui.render.unexplained import tally_lines
    from tui.store.ledger import Ledger, LedgerError

    try:
        ledger = Ledger(Paths().ledger(source), readonly=True)
        try:
            return tally_lines(tally(ledger.days(), ledger.listed(), ledger.outcomes()), language)
        finally:
            ledger.close()
    except LedgerError as error:
        return [str(error)]
