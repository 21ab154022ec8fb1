"""The gold set: what `whymove link` reaches on headlines labelled by hand, by language. `-s` prints the table."""

import csv
import io
import json
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tui.cli.link import Days, link_lines
from tui.config.aliases import news_table
from tui.news.linking import Linker

GOLD = Path(__file__).parent.parent / "gold" / "headlines.jsonl"
HELD_OUT = GOLD.with_name("heldout_recaps.csv")
LANGUAGES = ("en", "zh-Hant", "zh-Hans", "de")


@cache
def _pairs() -> tuple[tuple[dict[str, Any], dict[str, Any]], ...]:
    """Each gold headline with the answer of the command."""
    text = GOLD.read_bytes()
    out, talk = io.StringIO(), io.StringIO()
    code = link_lines(text.splitlines(), out, talk, Linker(news_table()), Days({}), as_json=True)
    assert (code, talk.getvalue()) == (0, "")
    gold = [json.loads(line) for line in text.splitlines()]
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["id"] for row in gold] == [row["id"] for row in answers]
    return tuple(zip(gold, answers, strict=True))


def _scores(found: int, wrong: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    return found / (found + wrong), found / (found + missed), 2 * found / (2 * found + wrong + missed)


def test_the_set_is_large_and_has_every_language() -> None:
    languages = [gold["lang"] for gold, _ in _pairs()]
    assert len(languages) >= 300
    assert all(languages.count(language) >= 75 for language in LANGUAGES)
    assert len({gold["title"] for gold, _ in _pairs()}) == len(languages)


def test_companies() -> None:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for gold, answer in _pairs():
        right, given = set(gold["symbols"]), set(answer["symbols"])
        for group in (gold["lang"], "all"):
            for place, number in enumerate((len(right & given), len(given - right), len(right - given))):
                counts[group][place] += number
    print(f"\n{'companies':<10}{'precision':>10}{'recall':>10}{'F1':>10}")
    for group in (*LANGUAGES, "all"):
        precision, recall, f1 = _scores(*counts[group])
        print(f"{group:<10}{precision:>10.3f}{recall:>10.3f}{f1:>10.3f}")
        assert f1 >= 0.99, group


def test_recaps() -> None:
    found = sum(answer["recap"] and gold["recap"] for gold, answer in _pairs())
    wrong = sum(answer["recap"] and not gold["recap"] for gold, answer in _pairs())
    missed = sum(gold["recap"] and not answer["recap"] for gold, answer in _pairs())
    precision, recall, f1 = _scores(found, wrong, missed)
    print(f"\nrecaps    {precision:>10.3f}{recall:>10.3f}{f1:>10.3f}")
    assert f1 >= 0.98


def test_recaps_in_wordings_of_their_own() -> None:
    linker = Linker(news_table())
    with HELD_OUT.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = {row["title"]: linker.link(row["title"], date(2026, 3, 6)).recap for row in rows}
    recaps = [found[row["title"]] for row in rows if row["recap"] == "yes"]
    news = [row["title"] for row in rows if row["recap"] == "no"]
    called = [title for title in news if found[title]]
    print(f"\nrecall {sum(recaps) / len(recaps):.3f} of {len(recaps)}; {len(called)} of {len(news)} wrongly: {called}")
    assert len(called) <= 2
    assert sum(recaps) >= 0.96 * len(recaps)


def test_every_trading_day_is_right() -> None:
    assert [(gold["id"], answer["session"]) for gold, answer in _pairs()] == [
        (gold["id"], gold["session"]) for gold, _ in _pairs()
    ]


def test_scopes() -> None:
    right = sum(gold["scope"] == answer["scope"] for gold, answer in _pairs())
    print(f"\nscopes right: {right} of {len(_pairs())}")
    assert right >= 0.98 * len(_pairs())
