"""`make bench`: every benchmark after the other. They print medians and ratios, and assert nothing.

`python -m benchmarks NAME ...` runs some of them.
"""

import sys
from importlib import import_module

BENCHMARKS = ("imports", "attribution", "market", "linking", "feed", "terminal")


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"\n== {name}")
        import_module(f"benchmarks.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
