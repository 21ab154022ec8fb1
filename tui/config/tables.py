"""The sector table: the shipped groups, and the user's own over them."""

from typing import Final

import msgspec

from tui.config.files import SIZE_LIMIT
from tui.config.schema import Config
from tui.config.shipped import shipped
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol
from tui.domain.tables import SectorTable

FILE: Final = "tables/sectors.toml"

_Line = tuple[Symbol, str, str]


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One [sectors.NAME] of the shipped file."""

    name_en: str
    name_zh: str
    members: tuple[_Line, ...]
    index: Symbol | None = None


class _Others(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[others]: stocks that are in no group."""

    members: tuple[_Line, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """sectors.toml."""

    sectors: dict[str, _Group]
    others: _Others
    constituents: dict[Symbol, frozenset[Symbol]] = {}


def sector_table(config: Config | None = None) -> SectorTable:
    """Who belongs together: the shipped table with the groups of [sectors] laid over it."""
    with shipped(FILE).open("rb") as stream:
        shipped_file = msgspec.toml.decode(stream.read(SIZE_LIMIT), type=_File)
    instruments = {line[0]: Instrument(*line) for line in shipped_file.others.members}
    for sector, group in shipped_file.sectors.items():
        instruments.update({line[0]: Instrument(*line, sector) for line in group.members})
    index_of = {sector: group.index for sector, group in shipped_file.sectors.items() if group.index}
    for sector, own in (config.sectors if config else {}).items():
        # The user's members stand first: the first of a group are the most telling.
        moved = {member: instruments.pop(member, Instrument(member)) for member in own.members}
        regrouped = {symbol: msgspec.structs.replace(known, sector=sector) for symbol, known in moved.items()}
        instruments = {**regrouped, **instruments}
        if own.index is not None:
            index_of[sector] = own.index
    return SectorTable(instruments, index_of, shipped_file.constituents)
