"""The life of the terminal: first paint, the feed heard, the newest state shown, the look, the end."""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from typing import Any

from textual import on, work
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

from tui.config.schema import GlyphSet, Palette
from tui.config.themes import Theme
from tui.domain.symbol import Symbol
from tui.render.glyphs import glyphs
from tui.ui.bindings import textual_keymap
from tui.ui.disk import Disk
from tui.ui.listkeeper import ListKeeper
from tui.ui.looks import PALETTES, Looks
from tui.ui.memory import first_desk, remembered, start_sort
from tui.ui.messages import HistoryArrived, LeaveWanted, LinkSaid, StateChanged, VisibleChanged
from tui.ui.questions import AnswerArrived
from tui.ui.screens.main import MainScreen
from tui.ui.terminal import give_back_memory, settle
from tui.ui.theming import ThemedApp
from tui.ui.widgets.status import StatusLine
from tui.ui.world import Lists, World
from tui.wire import Ahead, Effects, History, Unexplained

TICK_S = 1.0
THEME_LOOK_S = 2.0
# After this long the feed has spoken and every cache is filled.
SETTLED_S = 5.0
GIVE_BACK_S = 20.0

log = logging.getLogger(__name__)


class TerminalApp(ThemedApp):
    """What the app knows and shows; `WhymoveApp` adds what keys ask for."""

    def __init__(self, world: World, driver: type[LinuxDriver] | None = None) -> None:
        self.world = world
        self.looks = Looks(world.theme_folders, world.depth, no_color=world.no_color)
        theme, said = self.looks.pick(world.start.theme)
        self.chosen_palette: str = world.start.palette or world.palette
        """What the trader chose; a theme with a palette of its own has its way while it is in use."""
        remembered_palette = next((name for name in PALETTES if name == world.start.palette), None)
        palette = remembered_palette or self.looks.palette(world.palette, theme)
        super().__init__(theme, palette, driver)
        self.desk = first_desk(world, palette, self.looks.glyphs(world.start.glyphs, theme), self._save_lists)
        self.pointer = glyphs(self.desk.state.look.glyphs).pointer
        self.sort = start_sort(world)
        self.disk = Disk(lambda reason: self.tell(reason, bad=True))
        self.list_keeper = ListKeeper(self)
        self._notices = [*world.notices, *filter(None, [said])]
        self._shown = self.desk.state
        self._taken = asyncio.Event()
        self._leaving = False
        self.leaving: Callable[[], None] = lambda: None
        """Told that the end has begun."""
        self.set_keymap(textual_keymap(world.keymap))

    # --- from the first paint to the end

    def get_default_screen(self) -> Screen[Any]:
        try:
            self.desk.take_stored(self.world.stored_rows())
        except Exception as error:  # a cache that cannot be read costs the first paint its rows, nothing else
            log.warning("no stored rows: %s", error)
        self._shown = self.desk.state
        return MainScreen(self.desk.state, self.world, self.sort)

    def on_mount(self) -> None:
        self.set_class(self.desk.state.look.glyphs == "ascii", "-ascii")
        self.app_resume_signal.subscribe(self, self._resumed)
        self.call_after_refresh(self.begin)

    def _resumed(self, _: object) -> None:
        """Back from the shell: time has passed."""
        self._tick()
        self.paint_anew()

    def paint_anew(self) -> None:
        """Send the whole screen: what stood on the terminal is gone, or somebody wrote over it."""
        self.glass.forget()
        self.screen.refresh(layout=True)

    def begin(self) -> None:
        """After the first paint: start the feed, let time pass, collect garbage again (see `tui.cli.watch`)."""
        gc.freeze()
        gc.enable()
        self._listen()
        self.set_interval(TICK_S, self._tick)
        self.set_timer(SETTLED_S, settle)
        self.set_interval(GIVE_BACK_S, give_back_memory)
        self.set_interval(THEME_LOOK_S, self._look_at_theme)
        if self._notices:
            self.tell("; ".join(self._notices), bad=True)

    @work(group="link", exit_on_error=False)
    async def _listen(self) -> None:
        """Hear the feed for as long as the app runs."""
        self._watch()
        async for event in self.world.link.events():
            self._taken.clear()
            self.post_message(LinkSaid(event))
            await self._taken.wait()

    @on(LeaveWanted)
    async def leave(self) -> None:
        """End: what is remembered is on disk when the terminal is given back."""
        if not self._leaving:
            self._leaving = True
            self.leaving()
            await self.finish()
            self.exit()

    def ask_to_leave(self) -> None:
        """Ask for the end from another thread."""
        self.post_message(LeaveWanted())

    async def finish(self) -> None:
        """What must be done before the end."""
        await self.disk.close()

    def _tick(self) -> None:
        self.desk.tick()
        self.show_state()

    # --- what is shown

    def show_state(self) -> None:
        """Send the newest state to the screens, if it is another one."""
        state = self.desk.state
        if state is not self._shown:
            self._shown = state
            self._to_screens(lambda: StateChanged(state))

    def _to_screens(self, message: Any) -> None:
        for screen in self.screen_stack:
            screen.post_message(message())

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Say a sentence in the status line of the screen."""
        for line in self.screen.query(StatusLine):
            line.tell(text, bad=bad)

    def remember(self) -> None:
        """Write the choices down, soon."""
        state = remembered(self.desk, self.sort, self.theme_in_use.name)
        self.disk.later("state", lambda: self.world.save_state(state))

    def _save_lists(self, lists: Lists) -> None:
        self.list_keeper.save(lists)

    def lists_changed(self) -> None:
        """Another list, or other stocks in it: show it and tell the feed."""
        self.show_state()
        self._watch()
        self.remember()

    def show_list(self, name: str) -> None:
        """Make a list the current one."""
        self.desk.show_list(name)
        self.lists_changed()

    @property
    def main(self) -> MainScreen | None:
        """The main screen, once there is one."""
        return next((screen for screen in self.screen_stack if isinstance(screen, MainScreen)), None)

    @on(VisibleChanged)
    def _watch(self) -> None:
        visible: Sequence[Symbol] = self.main.watchlist.visible_symbols if self.main and self.main.is_mounted else ()
        self.world.link.watch(self.desk.symbols, tuple(visible))

    @on(LinkSaid)
    def _link_said(self, message: LinkSaid) -> None:
        if isinstance(message.event, History):
            history = message.event
            self._to_screens(lambda: HistoryArrived(history))
        elif isinstance(message.event, Effects | Ahead | Unexplained):
            answer = message.event
            self._to_screens(lambda: AnswerArrived(answer))
        elif refusal := self.desk.take(message.event):
            self.tell(refusal, bad=True)
        self.show_state()
        self._taken.set()

    # --- the look

    def use_theme(self, theme: Theme) -> None:
        """Paint with a theme from now on."""
        self.paint_with(theme, self.looks.palette(self.chosen_palette, theme))
        self.use_glyphs(self.looks.glyphs(self.desk.state.look.glyphs, theme))

    def use_palette(self, palette: Palette) -> None:
        """Let other colours mean rise and fall."""
        self.chosen_palette = palette
        self.paint_with(self.theme_in_use, palette)
        self.desk.look(palette=palette)
        self.show_state()
        self.remember()

    def use_glyphs(self, name: GlyphSet) -> None:
        """Draw with another set of signs."""
        self.pointer = glyphs(name).pointer
        self.desk.look(glyphs=name, palette=self.palette)
        self.set_class(name == "ascii", "-ascii")
        self.show_state()
        self.remember()

    def _look_at_theme(self) -> None:
        """Take in a theme file that was written meanwhile, or say what is wrong with it."""
        fresh, problems = self.looks.reread(self.theme_in_use)
        if fresh is not None:
            self.paint_with(fresh, self.palette)
        elif problems:
            self.tell(str(problems[0]), bad=True)
