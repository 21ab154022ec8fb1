"""The watchlists: read from lists.toml, which the program writes, and merged where two terminals change them."""

from collections.abc import Iterable, Mapping

from tui.config.checks import LIST_LIMIT, NAME_LIMIT, name_problem
from tui.config.errors import FileError
from tui.config.files import read_toml, write_toml
from tui.config.locking import locked
from tui.config.paths import Paths, private_folder
from tui.config.schema import Config
from tui.domain.symbol import Symbol, SymbolError, parse_symbol
from tui.domain.text import clean

Lists = Mapping[str, tuple[Symbol, ...]]


def load_lists(config: Config, paths: Paths) -> tuple[Lists, tuple[str, ...]]:
    """The lists, and what there is to say: those of lists.toml, or of config.toml where there is no such file."""
    lists, notices = _read(paths)
    return (lists or config.list.start), notices


def save_lists(paths: Paths, lists: Lists, base: Lists | None = None) -> Lists:
    """Write lists.toml; the lists as they now stand there.

    `base` is what this terminal had read or saved before: what another terminal changed since is then kept as well.
    Raises FileError where the disk refuses; the file is then as it was.
    """
    private_folder(paths.lists.parent)
    try:
        with locked(paths.lists):
            theirs, _ = _read(paths)
            if base is not None and theirs is not None:
                lists = merge(base, lists, theirs)
            write_toml(paths.lists, {"lists": {name: list(symbols) for name, symbols in lists.items()}})
    except OSError as error:
        raise FileError(f"{paths.lists} could not be written ({error.strerror}): try again in a moment") from error
    return lists


def merge(base: Lists, mine: Lists, theirs: Lists) -> Lists:
    """Both sides' additions and removals since `base`, in my order. A list that one side changed outlives the other's
    removing it.
    """
    merged: dict[str, tuple[Symbol, ...]] = {}
    for name in dict.fromkeys((*mine, *theirs)):
        before, here, there = base.get(name), mine.get(name), theirs.get(name)
        if here is None or there is None:
            one = there if here is None else here
            if one is not None and one != before:
                merged[name] = one
            continue
        known = frozenset(before or ())
        kept = tuple(symbol for symbol in here if symbol in there or symbol not in known)
        new = tuple(symbol for symbol in there if symbol not in known and symbol not in here)
        merged[name] = kept + new
    return merged


def _read(paths: Paths) -> tuple[Lists | None, tuple[str, ...]]:
    """What lists.toml holds, None where there is no usable file."""
    table, said = read_toml(paths.lists)
    notices = [said] if said else []
    if table is None:
        return None, tuple(notices)
    stored = table.get("lists")
    lists: dict[str, tuple[Symbol, ...]] = {}
    for name, symbols in stored.items() if isinstance(stored, dict) else ():
        if not isinstance(symbols, list) or name_problem(name):
            notices.append(f"{paths.lists}: the list {clean(name, NAME_LIMIT)!r} is not understood and left out")
            continue
        good: list[Symbol] = []
        for text in symbols[:LIST_LIMIT]:
            try:
                good.append(parse_symbol(str(text)))
            except SymbolError as error:
                notices.append(f"{paths.lists}: {name}: {error}; it is left out")
        lists[name] = _unique(good)
    return lists or None, tuple(notices)


def _unique(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    return tuple(dict.fromkeys(symbols))
