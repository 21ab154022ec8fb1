"""One line of `whymove check`."""

from typing import Literal

import msgspec

Level = Literal["ok", "note", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """`note` is worth knowing and no fault; `wrong` makes the check fail. `text` names the place and the remedy."""

    level: Level
    topic: str
    text: str
