"""The shipped names, look-alikes and words of headlines as one table, with the user's own names added.

aliases.csv has a line for each stock; lists are divided by "|". A name that ends with "*" counts only as it is
written there, one that ends with "?" only beside a word of [near] in aliases_rules.toml, the stock's code or another
of its names. "@2023-09-10:" and "@:2026-06-30" bound the days of a person or a product.
"""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from tui.config.schema import Config
from tui.config.shipped import shipped
from tui.domain.symbol import Symbol, parse_symbol
from tui.domain.tables import Alias, NewsTable, NewsWords

_NAME_COLUMNS = ("en", "zh", "de", "brands", "people")


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """aliases_rules.toml."""

    look_alikes: tuple[str, ...]
    houses: tuple[Symbol, ...]
    near: dict[str, tuple[str, ...]] = {}
    never: dict[str, tuple[str, ...]] = {}


def news_table(config: Config | None = None) -> NewsTable:
    """What the linker is handed: the shipped table and the names of [news.aliases]."""
    rules = msgspec.convert(_toml(shipped("tables/aliases_rules.toml")), _Rules)
    with shipped("tables/aliases.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    aliases = [Alias(name) for name in rules.look_alikes]
    codes: dict[str, Symbol] = {}
    for row in rows:
        symbol = Symbol(row["symbol"])
        aliases += _aliases(symbol, row, rules)
        codes |= {code: symbol for code in row["codes"].split("|") if code}
    for text, names in config.news.aliases.items() if config else ():
        aliases += (Alias(name, parse_symbol(text)) for name in names)
    words = msgspec.convert(_toml(shipped("tables/news_words.toml")), NewsWords)
    return NewsTable(tuple(aliases), codes, frozenset(rules.houses), words)


def _toml(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return tomllib.load(stream)


def _aliases(symbol: Symbol, row: dict[str, str], rules: _Rules) -> Iterator[Alias]:
    for column in _NAME_COLUMNS:
        for cell in row[column].split("|"):
            if cell:
                yield _alias(symbol, cell, rules)


def _alias(symbol: Symbol, cell: str, rules: _Rules) -> Alias:
    text, _, span = cell.partition("@")
    since, _, until = span.partition(":")
    doubtful = text.endswith("?")
    text = text.removesuffix("?")
    exact = text.endswith("*")
    name = text.removesuffix("*")
    return Alias(
        name=name,
        symbol=symbol,
        exact=exact,
        near=rules.near.get(name, ()) if doubtful else None,
        never=rules.never.get(name, ()),
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
    )
