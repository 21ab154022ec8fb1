"""`whymove` without a command: the watchlist in the terminal."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tui import __version__
from tui.cli.errors import CliError

if TYPE_CHECKING:
    from tui.config import Config
    from tui.config.paths import Paths
    from tui.domain.row import Row
    from tui.domain.symbol import Symbol
    from tui.render.language import Language
    from tui.store.notes import NoteBook
    from tui.ui.world import World


def run(args: argparse.Namespace) -> int:
    """Show the watchlist; a plain table where there is no terminal to paint on."""
    return show(args, args.source)


def show(
    args: argparse.Namespace,
    source: str | None,
    feed_options: Sequence[str] = (),
    more_lists: "Mapping[str, tuple[Symbol, ...]] | None" = None,
) -> int:
    """Show the list of a source. `feed_options` go to the feed that is started for it."""
    from tui.config import ConfigErrors, FileError, load
    from tui.config.paths import Paths
    from tui.ui.environment import can_paint, prepare, wants_mouse

    paths = Paths()
    try:
        config = load(args.config, paths)
    except ConfigErrors as error:
        raise CliError(str(error), 2) from error
    source = source or config.source
    if not can_paint(os.environ, stdin_is_terminal=sys.stdin.isatty(), stdout_is_terminal=sys.stdout.isatty()):
        args.source = source
        code: int = import_module("tui.cli.once").run(args)
        return code
    # What is made before the first paint stays; looking for garbage in it took a tenth of the time until then.
    gc.disable()
    # Textual reads its settings once, when it is first imported.
    prepare(os.environ)
    from tui.ui.start import run_terminal

    log = _log(paths, f"terminal-{source}")
    try:
        world = world_of(config, paths, source, args.config, feed_options, more_lists or {}, args.lang)
        went_well = run_terminal(world, log, mouse=wants_mouse(config.screen.mouse, os.environ))
    except FileError as error:
        raise CliError(str(error)) from error
    if not went_well:
        raise CliError(f"the terminal ended because of an error; what happened stands at the end of {log}")
    return 0


def world_of(
    config: "Config",
    paths: "Paths",
    source: str,
    config_file: Path | None,
    feed_options: Sequence[str],
    more_lists: "Mapping[str, tuple[Symbol, ...]]",
    language: "Language | None" = None,
) -> "World":
    """Put together what the terminal is given. A replay, whose feed is private, has lists of its own; none is kept."""
    from tui.config import keymap
    from tui.config.lists import load_lists, save_lists
    from tui.config.shipped import shipped
    from tui.config.state import ScreenState, load_state, save_state
    from tui.config.tables import sector_table
    from tui.domain.clock import SystemClock
    from tui.ui.environment import colour_depth
    from tui.ui.link import FeedLink, StartFeed
    from tui.ui.memory import start_choices
    from tui.ui.world import World

    replay = source == "sample" or "--private" in feed_options
    keys, key_problems = keymap.resolve(config.keys)
    state, state_said = load_state(paths)
    lists, lists_said = load_lists(config, paths)
    if replay:
        lists = {**config.list.start, **more_lists}
        state = ScreenState(
            theme=state.theme, palette=state.palette, glyphs=state.glyphs, spark=state.spark, language=state.language
        )
    socket = paths.socket(source, os.getpid() if replay else None)
    # -P: nothing is imported from the folder that the command happens to be run in.
    argv = [sys.executable, "-P", "-m", "tui", "feed", "--source", source, "--socket", str(socket), *feed_options]
    if config_file is not None:
        argv += ["--config", str(config_file)]
    key_sentences = [f"config.toml: {key} {reason}" for key, reason in key_problems]
    return World(
        source=source,
        clock=SystemClock(),
        steady=SystemClock(),
        link=FeedLink(socket, __version__, start=StartFeed(tuple(argv), _log(paths, f"feed-{source}"))),
        keymap=keys,
        columns=config.list.columns,
        theme_folders=(shipped("themes"), paths.themes),
        depth=colour_depth(os.environ),
        no_color=bool(os.environ.get("NO_COLOR")),
        start=start_choices(config, state, language),
        palette=config.screen.palette,
        lists=dict(lists),
        instruments=sector_table(config),
        stored_rows=_no_rows if replay else _stored_rows(paths, source),
        open_notes=lambda: _open_notes(paths, source),
        export_notes=lambda book: _export_notes(book, paths),
        save_lists=(lambda mine, _: mine) if replay else (lambda mine, base: dict(save_lists(paths, mine, base))),
        save_state=lambda kept: save_state(paths, kept),
        notices=tuple(filter(None, (*key_sentences, state_said, *lists_said))),
    )


def _no_rows() -> "Sequence[Row]":
    return ()


def _stored_rows(paths: "Paths", source: str) -> "Callable[[], Sequence[Row]]":
    def read() -> "Sequence[Row]":
        from tui.store.cache import Cache

        with closing(Cache.open_reader(paths.cache(source))) as cache:
            return cache.rows()

    return read


def _log(paths: "Paths", name: str) -> Path:
    """Where a process tells what went wrong; nowhere in a home that takes no file, which is no reason not to run."""
    from tui.config import FileError

    try:
        return paths.log(name)
    except FileError:
        return Path(os.devnull)


def _export_notes(book: "NoteBook", paths: "Paths") -> Path:
    from tui.cli.notes import export_file

    return export_file(book, paths)


def _open_notes(paths: "Paths", source: str) -> "NoteBook":
    from tui.store.notes import NoteBook

    return NoteBook(paths.notes(source))
