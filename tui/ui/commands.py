"""Every command by name: the palette, and the pickers that some keys open."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from tui.config.keymap import KEYS, shown
from tui.domain.symbol import Symbol, SymbolError, parse_symbol, short_code
from tui.domain.text import clean
from tui.render.language import Words
from tui.render.timeline_filter import kinds_in, scopes_in, type_words
from tui.render.words import scope_words
from tui.ui import phrases
from tui.ui.looks import GLYPH_SETS, PALETTES
from tui.ui.model import replace
from tui.ui.ordering import SORTS, Sort, sort_words
from tui.ui.screens.main import MainScreen
from tui.ui.screens.picker import Choice, Picker, best
from tui.ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from tui.ui.app import WhymoveApp

_FOUND_LIMIT = 50


def say(app: "WhymoveApp", words: Words, *values: object) -> str:
    """A phrase in the language of the screen."""
    return words.say(app.desk.state.look.language).format(*values)


def open_palette(app: "WhymoveApp") -> None:
    """Offer what can be done here and now."""
    actions = dict(_commands(app))
    _pick(app, say(app, phrases.COMMANDS), list(actions), lambda choice: actions[choice]())


def _commands(app: "WhymoveApp") -> Iterator[tuple[Choice, Callable[[], None]]]:
    yield from _keys(app)
    language = app.desk.state.look.language
    screen = app.screen
    if isinstance(screen, MainScreen):
        for sort_name in SORTS:
            sort = Sort(sort_name)
            title = say(app, phrases.SORT, sort_words(sort, language))
            yield Choice(f"sort {sort_name}", title), _call(screen.watchlist.sort_by, sort)
        timeline = screen.query_one(Timeline)
        asked, items = timeline.asked, timeline.items
        for scope in scopes_in(asked, items):
            only = dataclasses.replace(asked, scope=scope)
            title = say(app, phrases.ONLY, scope_words(scope, language))
            yield Choice(f"scope {scope}", title), _call(timeline.show_only, only)
        for kind in kinds_in(asked, items):
            only = dataclasses.replace(asked, kind=kind)
            title = say(app, phrases.ONLY, type_words(kind, language))
            yield Choice(f"type {kind}", title), _call(timeline.show_only, only)
        for name in app.desk.lists:
            if name != app.desk.state.list_name:
                yield Choice(f"list {name}", say(app, phrases.LIST, clean(name))), _call(app.show_list, name)
    for theme in app.looks.usable():
        if theme.name != app.theme_in_use.name:
            yield Choice(f"theme {theme.name}", say(app, phrases.THEME, theme.name)), _call(app.use_theme, theme)
    for palette in PALETTES:
        if palette != app.palette:
            yield (
                Choice(f"palette {palette}", say(app, phrases.PALETTE, palette.replace("_", "-"))),
                _call(app.use_palette, palette),
            )
    for glyph_set in GLYPH_SETS:
        if glyph_set != app.desk.state.look.glyphs:
            yield Choice(f"glyphs {glyph_set}", say(app, phrases.GLYPHS, glyph_set)), _call(app.use_glyphs, glyph_set)


def _keys(app: "WhymoveApp") -> Iterator[tuple[Choice, Callable[[], None]]]:
    """The keys that are heard now, each with where it works."""
    language = app.desk.state.look.language
    offered = {binding.binding.id: binding for binding in app.screen.active_bindings.values()}
    for key in KEYS:
        if key.id in offered and key.group != "move" and key.id != "app.palette":
            node = offered[key.id].node
            hint = " ".join(shown(name) for name in app.world.keymap[key.id])

            def run(action: str = key.action, node: object = node) -> None:
                app.call_later(app.run_action, action, node)

            yield Choice(key.id, key.say(language), hint), run


def _call(what: Callable[..., object], *values: object) -> Callable[[], None]:
    def call() -> None:
        what(*values)

    return call


def _pick(app: "WhymoveApp", title: str, choices: list[Choice], then: Callable[[Choice], None]) -> None:
    by_id = {choice.id: choice for choice in choices}

    def chosen(name: str | None) -> None:
        if name is not None:
            then(by_id[name])

    app.push_screen(Picker(title, choices, empty=say(app, phrases.NO_COMMAND)), chosen)


class AddStocks(Picker):
    """Codes typed as they are, or a name looked up in English or Chinese."""

    def find(self, typed: str) -> list[Choice]:
        words = typed.replace(",", " ").split()
        found = list(best(self._choices, typed))[:_FOUND_LIMIT] if typed.strip() else []
        codes = _codes(words)
        if codes and not any(choice.id in codes for choice in found[:1]):
            found.insert(
                0,
                Choice(
                    " ".join(codes),
                    phrases.ADD_CODES.say(self.language).format(", ".join(map(short_code, codes))),
                    "Enter",
                ),
            )
        return found


def _codes(words: list[str]) -> list[Symbol]:
    """The words as symbols; empty unless every word is a code with a digit or an index."""
    symbols: list[Symbol] = []
    for word in words:
        try:
            symbol = parse_symbol(word)
        except SymbolError:
            return []
        if not (any(character.isdigit() for character in word) or word.startswith("^")):
            return []
        symbols.append(symbol)
    return symbols


def open_stock(app: "WhymoveApp", symbol: Symbol, day: date | None) -> None:
    """Every day of one stock."""
    from tui.ui.screens.detail import DetailScreen  # not needed for the first paint

    app.desk.select(symbol)
    if app.main is not None:
        app.desk.state = replace(app.desk.state, order=app.main.watchlist.order)
    app.show_state()
    app.push_screen(DetailScreen(app.desk.state, app.world.keymap, symbol, day))


def open_help(app: "WhymoveApp") -> None:
    """The keys and what the words mean."""
    from tui.ui.screens.help import HelpScreen  # not needed for the first paint

    app.push_screen(HelpScreen(app.desk.state, app.world.keymap))


def open_notes(app: "WhymoveApp") -> None:
    """Every note."""
    from tui.ui.screens.notes import NotesScreen  # not needed for the first paint

    app.push_screen(NotesScreen(app.desk.state, app.world.keymap, app.notes))


def open_unexplained(app: "WhymoveApp") -> None:
    """Own moves without news."""
    from tui.ui.screens.unexplained import UnexplainedScreen

    app.push_screen(UnexplainedScreen(app.desk.state, app.world.keymap))


def open_ahead(app: "WhymoveApp") -> None:
    """The coming days."""
    from tui.ui.screens.ahead import AheadScreen

    app.push_screen(AheadScreen(app.desk.state, app.world.keymap))


def open_health(app: "WhymoveApp") -> None:
    """How the feed and its sources do."""
    from tui.ui.screens.health import HealthScreen

    app.push_screen(HealthScreen(app.desk.state, app.world.keymap))


def refresh(app: "WhymoveApp") -> None:
    """Ask the sources now."""
    app.tell(say(app, phrases.ASKING if app.world.link.ask_refresh() else phrases.NO_FEED))


def add_stocks(app: "WhymoveApp") -> None:
    """Ask which stocks to add to the current list."""
    language = app.desk.state.look.language
    choices = [
        Choice(symbol, f"{short_code(symbol)}  {known.name_en}  {known.name_zh}", known.sector.replace("_", " "))
        for symbol, known in app.world.instruments.instruments.items()
    ]

    def chosen(text: str | None) -> None:
        if text:
            app.tell(app.desk.add(text))
            app.lists_changed()

    title = say(app, phrases.ADD_TO, app.desk.state.list_name)
    picker = AddStocks(title, choices, placeholder=say(app, phrases.ADD_HOW), empty=say(app, phrases.ADD_EMPTY))
    picker.language = language
    app.push_screen(picker, chosen)


class ListPicker(Picker):
    """The lists, and a new one named by what is typed."""

    def find(self, typed: str) -> list[Choice]:
        found = list(best(self._choices, typed))
        name = clean(typed.strip(), 40)
        if name and name not in {choice.title for choice in self._choices}:
            found.append(Choice(f"new {name}", phrases.NEW_LIST.say(self.language).format(name)))
        return found


def manage_lists(app: "WhymoveApp") -> None:
    """Show a list, make one, delete one."""
    lists = app.desk.lists
    choices = [Choice(f"show {name}", clean(name), f"{len(symbols)}") for name, symbols in lists.items()]
    choices += [
        Choice(f"delete {name}", say(app, phrases.DELETE_LIST, clean(name))) for name in lists if len(lists) > 1
    ]

    def chosen(text: str | None) -> None:
        what, _, name = (text or "").partition(" ")
        if what == "show":
            app.show_list(name)
        elif what == "new":
            app.tell(app.desk.new_list(name))
            app.lists_changed()
        elif what == "delete":
            app.tell(app.desk.delete_list(name))
            app.lists_changed()

    picker = ListPicker(say(app, phrases.LISTS), choices, placeholder=say(app, phrases.LISTS_HOW))
    picker.language = app.desk.state.look.language
    app.push_screen(picker, chosen)
