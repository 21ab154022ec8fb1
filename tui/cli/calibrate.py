"""`whymove calibrate`: how often the test of an own move cries wolf on a file of closes, and what it can detect."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.errors import CliError

if TYPE_CHECKING:
    from tui.attribution.calibrate import Calibration


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's own arguments."""
    parser = subparsers.add_parser(
        "calibrate",
        help="how often the test cries wolf on a file of closes, and what it can detect",
        description="Judge every stock-day of a wide CSV of closes (date, one column a symbol), none chosen for news.",
    )
    parser.add_argument("--prices", type=Path, required=True, metavar="FILE", help="the CSV of closes")
    parser.add_argument("--market", default="^HSI", metavar="S", help="the index' column (default: ^HSI)")
    parser.add_argument(
        "--sector", default="auto", metavar="S", help="auto (the sector table, with peers), none, or a column"
    )
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the calibration of a price file."""
    from tui.attribution.calibrate import calibrate
    from tui.attribution.panel import panel_from_closes
    from tui.cli.answers import read_settings
    from tui.config.tables import sector_table
    from tui.domain.symbol import SymbolError, parse_symbol
    from tui.sources.closes import PriceFileError, read_closes

    table = sector_table(read_settings(args.config))
    try:
        market = parse_symbol(args.market)
        sector = args.sector if args.sector in ("auto", "none") else parse_symbol(args.sector)
    except SymbolError as error:
        raise CliError(str(error), 2) from error
    try:
        prices = read_closes(args.prices)
        panel = panel_from_closes(prices.dates, prices.closes)
        answer = calibrate(panel, market=market, sector=sector, table=table)
    except (PriceFileError, ValueError) as error:
        raise CliError(str(error)) from error
    if args.json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(asdict(answer)), indent=2).decode())
    else:
        print("\n".join(lines(answer)))
    return 0


def _percent(share: float) -> str:
    return f"{share * 100:.2f} %"


def lines(answer: "Calibration") -> list[str]:
    """The figures as a page of plain text."""
    report = [
        f"{answer.stocks} stocks, {answer.stock_days:,} stock-days, {answer.first} to {answer.last}",
        "",
        "days called unusual, none of them chosen for news",
        f"{'promised':>12}{'rarity':>12}{'t-test':>12}",
    ]
    report += [
        f"{_percent(float(level)):>12}{_percent(share):>12}{_percent(answer.rejection['t'][level]):>12}"
        for level, share in answer.rejection["rarity"].items()
    ]
    fifths = "".join(f"{_percent(share):>10}" for share in answer.rejection_by_volatility_quintile["0.05"])
    report += ["", "at 5 %, from the calmest to the wildest fifth of days", f"  rarity{fifths}"]
    report += ["", "an own move of so many points is found at 5 % on"]
    report += [f"{size:>12} pp {_percent(share):>10} of days" for size, share in answer.power.items()]
    if answer.mae_ratio_to_market_only is not None:
        less = (1 - answer.mae_ratio_to_market_only) * 100
        report += ["", f"mean size of the own part with a sector: {less:.1f} % below that of the market alone"]
    report += ["", "verdicts"] + [f"{verdict:>16} {_percent(share):>10}" for verdict, share in answer.verdicts.items()]
    quantiles = "".join(f"{value:>8.2f}" for value in answer.r2_quantiles.values())
    report += ["", f"R2 of the fits at 5, 25, 50, 75 and 95 %:{quantiles}"]
    return report
