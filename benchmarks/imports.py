"""What importing costs: each side of the house beside the bare interpreter and an empty Textual."""

from benchmarks.measure import fresh_process_mb, fresh_process_ms

MODULES = (
    ("bare python", "pass"),
    ("textual.app", "import textual.app"),
    ("the terminal (tui.ui.app)", "import tui.ui.app"),
    ("the wire (tui.wire)", "import tui.wire"),
    ("numpy", "import numpy"),
    ("attribution (tui.attribution.book)", "import tui.attribution.book"),
    ("the feed (tui.feed.main)", "import tui.feed.main"),
    ("pandas", "import pandas"),
    ("yfinance", "import yfinance"),
)


def run() -> None:
    """Print milliseconds and peak memory of a fresh process for each import."""
    bare = fresh_process_ms("pass")
    print(f"{'import':38}{'ms':>8}{'x bare':>9}{'MB':>8}")
    for label, code in MODULES:
        took = fresh_process_ms(code)
        print(f"{label:38}{took:8.0f}{took / bare:9.1f}{fresh_process_mb(code):8.0f}")
