"""The watchlists that a command goes over."""

import sys
from collections.abc import Mapping

from tui.cli.errors import CliError
from tui.config import Config
from tui.domain.symbol import Symbol


def lists_of(config: Config, source: str) -> Mapping[str, tuple[Symbol, ...]]:
    """The lists by name. The sample has those that whymove starts with; the others are the user's."""
    from tui.config.lists import load_lists
    from tui.config.paths import Paths

    lists, notices = (config.list.start, ()) if source == "sample" else load_lists(config, Paths())
    for notice in notices:
        print(f"whymove: {notice}", file=sys.stderr)
    return lists


def list_of(name: str, lists: Mapping[str, tuple[Symbol, ...]]) -> tuple[Symbol, ...]:
    """The stocks of one list; CliError names the nearest where there is none of this name."""
    from tui.config.schema_words import nearest

    if name not in lists:
        there_are = f"; there are {', '.join(lists)}"
        raise CliError(f"there is no list {name!r}{nearest(name, lists) or there_are}", 2)
    return lists[name]
