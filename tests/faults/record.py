"""What a fault did, measured: what it cost in requests, what the screen said, what was lost.

No line stands in the table whose losses were not counted, and whose screen was not compared with its picture in
`screens/` (`pytest --snapshot-update` paints those anew).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

SCREENS: Final = Path(__file__).parent / "screens"

Holdings = Mapping[str, Mapping[str, float]]
"""What there is to lose: of each kind ("prices", "notes") a number by name. What is gone or smaller is lost."""

# What depends on the second at which a screen is looked at, and nothing else.
_VOLATILE: Final = (
    (re.compile(r"(?:(?<=Mar  )|(?<=stocks  )|(?<=as of )|(?<=next )|(?<=next try ))\d\d:\d\d"), "hh:mm"),
    (re.compile(r"(?<=next try in )\d+(?= s)"), "N"),
    (re.compile(r"(?:(?<= ok )|(?<= resting ))\d+(?=/\d)"), "N"),
    (re.compile(r"(?<=, )\d+(?= min old)"), "NN"),
    (re.compile(r"(?<=  )[ \d]\dm(?=  )"), "NNm"),
    (re.compile(r"(?<=clock is )\d+(?= s )"), "N"),
    (re.compile(r"(?<=query)\d(?=\.finance)"), "N"),
    (re.compile(r"\((?:Operation not permitted|Permission denied)\)[^╯]*"), "(refused)"),
    (re.compile(r"(?<=damaged-)\d+"), "N"),
    (re.compile(r"(?<=said nothing for )\d+(?= s)|(?<= sent )\d+(?= bad lines)"), "N"),
    (re.compile(r"(?<=/whymove-)\w{8}"), "xxxxxxxx"),
)


@dataclass(frozen=True)
class Seen:
    """A screen, the two lines of it that the table shows, and what the program holds at that moment."""

    lines: Sequence[str]
    row: str
    status: str
    holds: Holdings


@dataclass(frozen=True)
class Line:
    """One fault of the table."""

    fault: str
    requests: int | None
    lost: str
    row: str
    status: str


def losses(before: Holdings, after: Holdings) -> tuple[int, str]:
    """How much is lost, and of each kind how much of how much."""
    counted: list[str] = []
    total = 0
    for kind, held in before.items():
        kept = after.get(kind, {})
        gone = sum(kept.get(name, float("-inf")) < worth for name, worth in held.items())
        total += gone
        if held:
            counted.append(f"{gone} of {len(held)} {kind}")
    assert counted, "a test in which there is nothing to lose shows nothing"
    return total, ", ".join(counted)


def steady(lines: Sequence[str]) -> str:
    """A screen as text, without what depends on the second."""
    told = []
    for line in lines:
        for pattern, instead in _VOLATILE:
            line = pattern.sub(instead, line)
        told.append(line.rstrip())
    return "\n".join(told) + "\n"


def picture_of(fault: str) -> Path:
    """Where the screen of a fault is kept."""
    return SCREENS / (re.sub(r"[^a-z0-9]+", "-", fault.lower()).strip("-") + ".txt")


def compare(fault: str, lines: Sequence[str], *, update: bool) -> None:
    """The screen is the one that is kept, letter by letter."""
    picture, shown = picture_of(fault), steady(lines)
    if update:
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(shown)
    assert picture.exists(), f"there is no picture of {fault!r} yet: run this test with --snapshot-update"
    pairs = zip_longest(picture.read_text().splitlines(), shown.splitlines())
    differs = [f"-{was}\n+{now}" for was, now in pairs if was != now]
    assert not differs, "the screen is not its picture:\n" + "\n".join(differs)
