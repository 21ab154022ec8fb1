"""What a piece of text means. Themes give each tone its colour and weight; render never knows a colour."""

from collections.abc import Sequence
from typing import Literal, get_args

Tone = Literal[
    # direction
    "rise",
    "fall",
    "flat",
    # verdict
    "own",
    "own_possible",
    "led",
    "mixed",
    "quiet",
    # the parts of a move
    "market",
    "sector",
    # text
    "text",
    "strong",
    "muted",
    "header",
    "accent",
    # timeline
    "event",
    "recap",
    "note",
    # states
    "warn",
    "error",
    "stale",
    "sample",
    # the row under the cursor: a background, laid under the others
    "cursor",
]
TONES: tuple[Tone, ...] = get_args(Tone)

Run = tuple[str, Tone]
Runs = tuple[Run, ...]


def plain(runs: Sequence[Run]) -> str:
    """The text without its tones."""
    return "".join(text for text, _ in runs)


def direction(value: float | None, decimals: int = 2) -> Tone:
    """Rise or fall as it is shown: what rounds to zero is flat, and so is the unknown."""
    shown = 0.0 if value is None else round(value, decimals)
    if shown > 0:
        return "rise"
    return "fall" if shown < 0 else "flat"
