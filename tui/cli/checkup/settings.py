"""config.toml, the keys, the themes, the lists and the shipped files."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which
from typing import Final

from tui.cli.checkup.finding import Finding
from tui.config import Config, ConfigErrors, FileError, config_file, load
from tui.config.keymap import KeySetting, resolve
from tui.config.lists import load_lists
from tui.config.paths import Paths
from tui.config.reading import read_table
from tui.config.schema_words import nearest
from tui.config.shipped import shipped
from tui.config.state import load_state
from tui.config.themes import load_themes
from tui.domain.text import clean

_SHIPPED: Final = ("config.toml", "themes", "tables/sectors.toml", "tables/aliases.csv", "tables/sample")


def check_settings(file: Path | None, paths: Paths) -> Iterator[Finding]:
    """Everything about the files that the user or the installation wrote."""
    missing = list(_installation())
    yield from missing
    if missing:
        return
    try:
        in_use = config_file(file, paths)
        table = read_table(in_use)
    except ConfigErrors as error:
        yield from (Finding("wrong", "settings", str(problem)) for problem in error.problems)
        return
    except FileError as error:
        yield Finding("wrong", "settings", clean(str(error), 400))
        return
    config = None
    try:
        config = load(file, paths)
    except ConfigErrors as error:
        yield from (Finding("wrong", "settings", str(problem)) for problem in error.problems)
    else:
        whose = "" if in_use == file or in_use == paths.config_file else f"; yours would be {paths.config_file}"
        yield Finding("ok", "settings", f"{in_use}{whose}")
    # A fault elsewhere in the file is no reason to be silent about its keys and its theme.
    yield from _keys(in_use, config.keys if config else _raw_keys(table.get("keys")))
    yield from _themes(in_use, config.screen.theme if config else _raw_theme(table), paths)
    if config is not None:
        yield from _lists(config, paths)
        yield from _pipe(in_use, config)


def _installation() -> Iterator[Finding]:
    for name in _SHIPPED:
        try:
            shipped(name)
        except FileNotFoundError as error:
            yield Finding("wrong", "program", str(error))


def _raw_keys(keys: object, before: str = "") -> dict[str, KeySetting]:
    """The readable part of [keys], whose ids stand there with quotes or without."""
    found: dict[str, KeySetting] = {}
    for name, value in keys.items() if isinstance(keys, dict) else ():
        if isinstance(value, str):
            found[before + name] = value
        elif isinstance(value, list) and all(isinstance(key, str) for key in value):
            found[before + name] = tuple(value)
        else:
            found |= _raw_keys(value, f"{before}{name}.")
    return found


def _raw_theme(table: Mapping[str, object]) -> str:
    screen = table.get("screen")
    theme = screen.get("theme", "") if isinstance(screen, dict) else ""
    return theme if isinstance(theme, str) else ""


def _keys(file: Path, settings: Mapping[str, KeySetting]) -> Iterator[Finding]:
    keymap, problems = resolve(settings)
    for key, reason in problems:
        yield Finding("wrong", "keys", clean(f"{file.name}: {key} {reason}"))
    if not problems:
        changed = f", {len(settings)} of them changed by you" if settings else ""
        yield Finding("ok", "keys", f"{len(keymap)} keys{changed}")


def _themes(file: Path, wanted: str, paths: Paths) -> Iterator[Finding]:
    themes, problems = load_themes((shipped("themes"), paths.themes))
    for problem in problems:
        yield Finding("wrong", "themes", clean(f"{problem.file}: {problem.key} {problem.reason}", 400))
    if wanted and wanted not in themes:
        near = nearest(wanted, themes) or f"; there are {', '.join(sorted(themes))}"
        yield Finding("wrong", "themes", f'{file.name}: there is no theme "{clean(wanted, 40)}"{near}')
    elif not problems:
        yield Finding("ok", "themes", ", ".join(sorted(themes)))


def _lists(config: Config, paths: Paths) -> Iterator[Finding]:
    lists, notices = load_lists(config, paths)
    _, said = load_state(paths)
    for notice in (*notices, *((said,) if said else ())):
        yield Finding("wrong", "lists", clean(notice, 400))
    if not notices:
        stocks = len({symbol for symbols in lists.values() for symbol in symbols})
        origin = "" if paths.lists.exists() else ", those of the settings until you change one"
        yield Finding("ok", "lists", f"{_count(len(lists), 'list')} of {_count(stocks, 'stock')}{origin}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _pipe(file: Path, config: Config) -> Iterator[Finding]:
    """What `source = "pipe"` rests on; `--pipe` looks at the lines themselves."""
    if config.source != "pipe":
        return
    pipe = config.pipe
    if pipe.command:
        found = which(pipe.command[0])
        if found is None:
            yield Finding(
                "wrong", "pipe", f"{file.name}: [pipe] command: there is no program {clean(pipe.command[0], 200)}"
            )
        else:
            yield Finding("ok", "pipe", f"the command {found}; `whymove check --pipe CMD` looks at what it writes")
    else:
        socket = Path(pipe.socket).expanduser()
        try:
            listens = stat.S_ISSOCK(socket.stat().st_mode)
        except OSError as error:
            yield Finding("wrong", "pipe", f"{file.name}: [pipe] socket: {socket} ({error.strerror}): start its server")
        else:
            said = "is a socket" if listens else "is no socket: name the one that your program listens on"
            yield Finding("ok" if listens else "wrong", "pipe", f"{socket} {said}")
    if pipe.history != "yahoo" and not Path(pipe.history).expanduser().is_file():
        yield Finding("wrong", "pipe", f'{file.name}: [pipe] history: no file {pipe.history}; or write "yahoo"')


def source_of(file: Path | None, paths: Paths) -> str:
    """The source that the settings name, "yahoo" where they cannot be read."""
    try:
        return load(file, paths).source
    except (ConfigErrors, FileError, FileNotFoundError):
        return "yahoo"
