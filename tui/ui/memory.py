"""From what was remembered (and config.toml where nothing was) to the first view, and back."""

from collections.abc import Callable
from typing import cast, get_args

from tui.config.keymap import shown
from tui.config.schema import Config, GlyphSet, Palette, SortName, SparkKind
from tui.config.state import ScreenState
from tui.domain.symbol import Symbol
from tui.render.language import Language
from tui.ui.desk import MINUTE_MS, Desk
from tui.ui.model import Look, ViewState
from tui.ui.ordering import DESCENDING, SORTS, Sort
from tui.ui.world import Lists, World


def start_choices(config: Config, state: ScreenState, language: Language | None = None) -> ScreenState:
    """What the screen starts with: the language asked for now, the last choice, else the setting."""
    known_sort = state.sort in SORTS
    sort = _sort_name(state.sort) if known_sort else config.list.sort
    return ScreenState(
        list=state.list,
        sort=sort,
        descending=state.descending if known_sort else sort in DESCENDING,
        theme=state.theme or config.screen.theme,
        palette=_known(state.palette, get_args(Palette), ""),
        glyphs=_known(state.glyphs, get_args(GlyphSet), config.screen.glyphs),
        spark=_known(state.spark, get_args(SparkKind), config.list.spark),
        language=_known(language or state.language, get_args(Language), config.language),
        selected=state.selected,
    )


def _sort_name(word: str) -> SortName:
    return next((name for name in SORTS if name == word), "rarity")


def _known(word: str, words: tuple[str, ...], otherwise: str) -> str:
    return word if word in words else otherwise


def start_sort(world: World) -> Sort:
    """The order to start with."""
    name = _sort_name(world.start.sort)
    return Sort(name, world.start.descending != (name in DESCENDING))


def first_desk(world: World, palette: Palette, glyphs: GlyphSet, save_lists: Callable[[Lists], None]) -> Desk:
    """The desk before anything was said."""
    start = world.start
    now = world.clock.now_ms()
    look = Look(
        language=cast(Language, start.language or "en"),
        palette=palette,
        glyphs=glyphs,
        spark=cast(SparkKind, start.spark or "price"),
    )
    state = ViewState(source=world.source, now=now - now % MINUTE_MS, look=look)
    keys = {name: shown(names[0]) for name, names in world.keymap.items() if names}
    desk = Desk(state, dict(world.lists), world.clock, world.instruments, save_lists, keys)
    desk.show_list(start.list if start.list in world.lists else next(iter(world.lists), ""))
    if start.selected:
        desk.select(Symbol(start.selected))
    return desk


def remembered(desk: Desk, sort: Sort, theme: str) -> ScreenState:
    """What to know the next time."""
    state = desk.state
    return ScreenState(
        list=state.list_name,
        sort=sort.name,
        descending=(sort.name in DESCENDING) != sort.reverse,
        theme=theme,
        palette=state.look.palette,
        glyphs=state.look.glyphs,
        spark=state.look.spark,
        language=state.look.language,
        selected=state.selected or "",
    )
