"""Real-time prices for whymove from Futu OpenD: one JSON line a quote on standard output.

Needs `pip install futu-api`, a running OpenD on this machine and quote rights for Hong Kong. In config.toml:

    source = "pipe"
    [pipe]
    command = ["python", "examples/futu_bridge.py", "00700", "09988", "01810"]
"""

import json
import sys
import time

from futu import RET_OK, OpenQuoteContext, StockQuoteHandlerBase, SubType

INDICES = {"HK.800000": "^HSI", "HK.800700": "^HSTECH"}


def write(rows):
    """Print the quotes of one push. Hong Kong times come without a zone, which whymove reads as Hong Kong's."""
    for row in rows.to_dict("records"):
        line = {
            "symbol": INDICES.get(row["code"], row["code"]),
            "price": row["last_price"],
            "time": f"{row['data_date']}T{row['data_time'][:8]}",
            "previous_close": row["prev_close_price"],
            "volume": row["volume"],
            "turnover": row["turnover"],
        }
        print(json.dumps(line), flush=True)


class Handler(StockQuoteHandlerBase):
    """Called by futu-api, in a thread of its own, with every push."""

    def on_recv_rsp(self, rsp_pb):
        code, data = super().on_recv_rsp(rsp_pb)
        if code == RET_OK:
            write(data)
        else:
            print(data, file=sys.stderr)
        return code, data


def main(codes):
    """Subscribe and stay until the pipe is closed."""
    context = OpenQuoteContext(host="127.0.0.1", port=11111)
    context.set_handler(Handler())
    wanted = [f"HK.{code.zfill(5)}" for code in codes] + list(INDICES)
    code, message = context.subscribe(wanted, [SubType.QUOTE])
    if code != RET_OK:
        context.close()
        sys.exit(str(message))
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1:])
