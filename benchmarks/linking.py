"""Headlines linked a second of one core: names, scope, kind, sign and recap of the gold set over and over."""

import json
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from tui.config.aliases import news_table
from tui.news.linking import Linker

GOLD = Path(__file__).parent.parent / "tests" / "gold" / "headlines.jsonl"
LANGUAGES = ("en", "zh-Hant", "zh-Hans", "de")
ROUNDS = 40


def run() -> None:
    """Print the rate of each language and of all."""
    start = perf_counter()
    table = news_table()
    linker = Linker(table)
    ready = perf_counter() - start
    print(f"{len(table.aliases):,} names ready in {ready * 1000:.0f} ms (budget of the rate: 20,000 a second)")
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    day = date(2026, 3, 6)
    for language in (*LANGUAGES, "all"):
        titles = [row["title"] for row in rows if language in (row["lang"], "all")]
        for title in titles:
            linker.link(title, day)
        start = process_time()
        for _ in range(ROUNDS):
            for title in titles:
                linker.link(title, day)
        rate = ROUNDS * len(titles) / (process_time() - start)
        print(f"{language:<8} {len(titles):>4} headlines {rate:>10,.0f} a second")
