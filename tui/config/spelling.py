"""Symbols of the settings in the program's one spelling, whatever spelling the user wrote."""

from collections.abc import Iterable

from msgspec.structs import replace

from tui.config.schema import Config, SectorSettings
from tui.domain.symbol import Symbol, parse_symbol


def with_one_spelling(config: Config) -> Config:
    """Checked settings with every symbol parsed, each once in its list."""
    return replace(
        config,
        list=replace(config.list, start={name: _symbols(symbols) for name, symbols in config.list.start.items()}),
        sectors={name: _sector(sector) for name, sector in config.sectors.items()},
        news=replace(config.news, aliases=_aliases(config.news.aliases)),
        attribution=replace(config.attribution, market=parse_symbol(config.attribution.market)),
    )


def _symbols(texts: Iterable[str]) -> tuple[Symbol, ...]:
    return tuple(dict.fromkeys(map(parse_symbol, texts)))


def _sector(sector: SectorSettings) -> SectorSettings:
    index = None if sector.index is None else parse_symbol(sector.index)
    return SectorSettings(_symbols(sector.members), index)


def _aliases(aliases: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Two spellings of one stock give it the names of both."""
    merged: dict[str, tuple[str, ...]] = {}
    for text, names in aliases.items():
        symbol = parse_symbol(text)
        merged[symbol] = merged.get(symbol, ()) + names
    return merged
