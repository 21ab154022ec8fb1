"""A price pipe without a broker: random walks in the shape that whymove reads, for trying a pipe out.

    whymove check --pipe "python examples/simulator.py 00700 09988 ^HSI ^HSTECH"

Name the indices too: without them no move can be split. Prices are invented. Times are now's, so the list shows them
as live while the exchange's day lasts.
"""

import argparse
import json
import random
import time
from datetime import UTC, datetime


def main() -> None:
    """Print `--rate` quotes a second until the pipe is closed, or `--count` of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symbols", nargs="+", help="codes such as 00700 or ^HSI")
    parser.add_argument("--rate", type=float, default=2.0, help="quotes a second")
    parser.add_argument("--count", type=int, default=0, help="stop after this many quotes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    closes = {symbol: round(draw.uniform(5, 500), 2) for symbol in options.symbols}
    prices = dict(closes)
    volumes = dict.fromkeys(options.symbols, 0)
    sent = 0
    while not options.count or sent < options.count:
        symbol = options.symbols[sent] if sent < len(options.symbols) else draw.choice(options.symbols)
        prices[symbol] = round(prices[symbol] * (1 + draw.gauss(0, 0.0005)), 3)
        volumes[symbol] += draw.randrange(100, 10_000, 100)
        line = {
            "symbol": symbol,
            "price": prices[symbol],
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "previous_close": closes[symbol],
            "volume": volumes[symbol],
        }
        print(json.dumps(line), flush=True)
        sent += 1
        time.sleep(1 / options.rate)


if __name__ == "__main__":
    main()
