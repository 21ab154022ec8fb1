"""The app: what keys and panes ask for, each in a line or two."""

from importlib import import_module
from types import ModuleType
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.drivers.linux_driver import LinuxDriver

from tui.render.language import Words
from tui.ui import phrases
from tui.ui.bindings import bindings
from tui.ui.core import TerminalApp
from tui.ui.looks import PALETTES
from tui.ui.messages import (
    HistoryWanted,
    LinkOpened,
    ListTurned,
    NoteDeleted,
    NoteWanted,
    SaveWanted,
    SortChanged,
    SparkTurned,
    StockOpened,
    StockRemoved,
    SymbolSelected,
    Told,
)
from tui.ui.notekeeper import NoteKeeper
from tui.ui.questions import QuestionAsked
from tui.ui.terminal import open_link
from tui.ui.world import World

NOTES_LOOK_S = 60.0


class WhymoveApp(TerminalApp):
    """One terminal. It starts its feed after the first paint and leaves nothing unsaved behind."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    CSS_PATH = "styles/app.tcss"
    TITLE = "whymove"
    ALLOW_SELECT = False

    def __init__(self, world: World, driver: type[LinuxDriver] | None = None) -> None:
        super().__init__(world, driver)
        self.notes = NoteKeeper(self)

    def begin(self) -> None:
        super().begin()
        self.run_worker(self.notes.read(), group="notes", exit_on_error=False)
        self.set_interval(NOTES_LOOK_S, self._look_at_notes)

    def on_app_focus(self) -> None:
        """The trader comes back, perhaps from another terminal."""
        self._look_at_notes()

    def _look_at_notes(self) -> None:
        """Another terminal may have written some."""
        self.run_worker(self.notes.reread(), group="notes", exit_on_error=False)

    async def finish(self) -> None:
        await self.notes.keep_open_ones()
        await super().finish()

    # --- what panes ask for

    @on(HistoryWanted)
    def _history_wanted(self, message: HistoryWanted) -> None:
        self.world.link.ask_history(message.symbol, message.days, message.until)

    @on(QuestionAsked)
    def _question_asked(self, message: QuestionAsked) -> None:
        self.world.link.ask(message.question)

    @on(SymbolSelected)
    def _symbol_selected(self, message: SymbolSelected) -> None:
        self.desk.select(message.symbol)
        self.show_state()
        self.remember()

    @on(StockOpened)
    def _stock_opened(self, message: StockOpened) -> None:
        self._commands.open_stock(self, message.symbol, message.day)
        self._look_at_notes()

    @on(StockRemoved)
    def _stock_removed(self, message: StockRemoved) -> None:
        self.tell(self.desk.remove(message.symbol))
        self.lists_changed()

    @on(ListTurned)
    def _list_turned(self, message: ListTurned) -> None:
        self.desk.next_list(message.step)
        self.lists_changed()

    @on(SortChanged)
    def _sort_changed(self, message: SortChanged) -> None:
        self.sort = message.sort
        self.remember()

    @on(SparkTurned)
    def _spark_turned(self) -> None:
        self.desk.look(spark="own" if self.desk.state.look.spark == "price" else "price")
        self.show_state()
        self.remember()

    @on(Told)
    def _told(self, message: Told) -> None:
        self.tell(message.text, bad=message.bad)

    @on(LinkOpened)
    def _link_opened(self, message: LinkOpened) -> None:
        self.tell(open_link(self, message.url, self.desk.state.look.language))

    @on(NoteWanted)
    def _note_wanted(self, message: NoteWanted) -> None:
        self.notes.open(message)

    @on(SaveWanted)
    def _save_wanted(self, message: SaveWanted) -> None:
        self.run_worker(self.notes.save(message), group="notes", exit_on_error=False)

    @on(NoteDeleted)
    def _note_deleted(self, message: NoteDeleted) -> None:
        self.run_worker(self.notes.delete(message.note), group="notes", exit_on_error=False)

    # --- keys

    @property
    def _commands(self) -> ModuleType:
        """What opens pickers and other screens; not needed for the first paint."""
        return import_module("tui.ui.commands")

    async def action_quit(self) -> None:
        await self.leave()

    def action_help(self) -> None:
        self._commands.open_help(self)

    def action_palette(self) -> None:
        self._commands.open_palette(self)

    def action_add(self) -> None:
        self._commands.add_stocks(self)

    def action_lists(self) -> None:
        self._commands.manage_lists(self)

    def action_notes(self) -> None:
        self._commands.open_notes(self)
        self._look_at_notes()

    def action_unexplained(self) -> None:
        self._commands.open_unexplained(self)

    def action_ahead(self) -> None:
        self._commands.open_ahead(self)

    def action_health(self) -> None:
        self._commands.open_health(self)

    def action_undo(self) -> None:
        self.tell(self.desk.undo())
        self.lists_changed()

    def action_refresh(self) -> None:
        self._commands.refresh(self)

    def action_colours(self) -> None:
        palette = PALETTES[(PALETTES.index(self.palette) + 1) % len(PALETTES)]
        self.use_palette(palette)
        self._say(phrases.PALETTE, palette.replace("_", "-"))

    def action_theme(self) -> None:
        self.use_theme(self.looks.after(self.theme_in_use))
        self._say(phrases.THEME, self.theme_in_use.name)

    def _say(self, words: Words, name: str) -> None:
        self.tell(words.say(self.desk.state.look.language).format(name))

    def action_language(self) -> None:
        self.desk.look(language="en" if self.desk.state.look.language == "zh" else "zh")
        self.show_state()
        self.remember()

    def action_redraw(self) -> None:
        self.paint_anew()

    def action_suspend(self) -> None:
        self.action_suspend_process()
