"""The shipped table of dual listings."""

from typing import Final

import msgspec

from tui.config.files import SIZE_LIMIT
from tui.config.shipped import shipped
from tui.domain.adr import DualListing
from tui.domain.symbol import Symbol

FILE: Final = "tables/adr.toml"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """adr.toml."""

    listings: tuple[tuple[Symbol, Symbol, float], ...]


def dual_listings() -> dict[Symbol, DualListing]:
    """The dual listings by their Hong Kong symbol."""
    with shipped(FILE).open("rb") as stream:
        table = msgspec.toml.decode(stream.read(SIZE_LIMIT), type=_File)
    return {line[0]: DualListing(*line) for line in table.listings}
