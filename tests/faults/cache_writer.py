"""Writes to a cache until it is ended: `python -m tests.faults.cache_writer PATH FIRST [BYTES]`.

Each batch is one call: BARS bars of a symbol named after its number. Once the call has returned, the number is
printed; where it is refused, the sentence is, and the program ends with 3. BYTES limits every file's size.
"""

import resource
import sys
from datetime import date, timedelta
from pathlib import Path

from tui.domain.market import Bar
from tui.domain.symbol import Symbol
from tui.store.cache import Cache, CacheError

BARS = 60
FIRST_DAY = date(2025, 1, 2)


def symbol(number: int) -> Symbol:
    """The symbol of a batch."""
    return Symbol(f"{number:04d}.HK")


def batch(number: int) -> list[Bar]:
    """The bars of a batch; their closes tell them from any other's."""
    return [Bar(symbol(number), FIRST_DAY + timedelta(days=n), 1 + number + n / 100) for n in range(BARS)]


def main() -> int:
    """Write batch after batch."""
    path, number = Path(sys.argv[1]), int(sys.argv[2])
    try:
        cache = Cache.open_writer(path)
        print("open", *cache.notices, flush=True)
        if len(sys.argv) > 3:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
        while True:
            cache.put_bars(batch(number))
            print(number, flush=True)
            number += 1
    except CacheError as error:
        print(error, flush=True)
        return 3


if __name__ == "__main__":
    sys.exit(main())
