"""Real-time prices for whymove from Longbridge: one JSON line a quote on standard output.

Needs `pip install longbridge` and the SDK's three environment variables (app key, secret, access token).
In config.toml:

    source = "pipe"
    [pipe]
    command = ["python", "examples/longbridge_bridge.py", "700.HK", "9988.HK", "HSI.HK", "HSTECH.HK"]
"""

import json
import sys
import time

from longbridge.openapi import Config, QuoteContext, SubType

INDICES = {"HSI.HK": "^HSI", "HSTECH.HK": "^HSTECH"}


def write(symbol, quote, previous_close):
    """Print one quote; `quote` is a pushed or an asked one, which name the same fields."""
    line = {
        "symbol": INDICES.get(symbol, symbol),
        "price": float(quote.last_done),
        "time": round(quote.timestamp.timestamp() * 1000),
        "previous_close": previous_close,
        "volume": quote.volume,
        "turnover": float(quote.turnover),
    }
    print(json.dumps(line), flush=True)


def main(symbols):
    """Print the quotes of now, then every push, until the pipe is closed."""
    context = QuoteContext(Config.from_apikey_env())
    closes = {}
    for quote in context.quote(symbols):
        closes[quote.symbol] = float(quote.prev_close)
        write(quote.symbol, quote, closes[quote.symbol])
    context.set_on_quote(lambda symbol, push: write(symbol, push, closes.get(symbol)))
    context.subscribe(symbols, [SubType.Quote])
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1:])
