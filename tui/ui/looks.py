"""Which theme, palette and glyphs are in use, and what the trader's terminal allows. No Textual here."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, get_args

from tui.config.errors import ConfigErrors, ConfigProblem
from tui.config.schema import GlyphSet, Palette
from tui.config.themes import Theme, read_theme, stamp
from tui.ui.environment import ColourDepth

DEFAULT_THEME: Final = "dark"
ANSI_THEME: Final = "ansi"
PALETTES: Final[tuple[Palette, ...]] = get_args(Palette)
GLYPH_SETS: Final[tuple[GlyphSet, ...]] = get_args(GlyphSet)


@dataclass
class Looks:
    """The themes there are and the one in use. At sixteen colours, and where NO_COLOR is set, only those of the
    terminal's own colours are used: others would turn rise and fall into the same grey."""

    themes: dict[str, Theme]
    depth: ColourDepth
    no_color: bool
    stamps: dict[Path, tuple[int, int] | None] = field(default_factory=dict)

    def usable(self) -> list[Theme]:
        """The themes this terminal can show, by name."""
        limited = self.no_color or self.depth == "standard"
        return [theme for _, theme in sorted(self.themes.items()) if theme.ansi or not limited]

    def pick(self, name: str) -> tuple[Theme, str]:
        """The theme of that name, else the next best, and why it is another one."""
        usable = {theme.name: theme for theme in self.usable()}
        if name in usable:
            return usable[name], ""
        if name in self.themes:
            return usable[ANSI_THEME], ""
        reason = f"there is no theme {name}; there are {', '.join(sorted(self.themes))}"
        return usable.get(DEFAULT_THEME, usable[ANSI_THEME]), reason

    def palette(self, wanted: str, theme: Theme) -> Palette:
        """The palette to start with: the one asked for, else the theme's own, else green-up."""
        if self.no_color:
            return "mono"
        for name in (theme.palette if theme.palette == "mono" else "", wanted, theme.palette):
            if name in PALETTES:
                return name
        return "green_up"

    def glyphs(self, wanted: str, theme: Theme) -> GlyphSet:
        """The signs to draw with: the theme's own where it insists, else those asked for."""
        for name in (theme.glyphs, wanted):
            if name in GLYPH_SETS:
                return name
        return "braille"

    def after(self, theme: Theme) -> Theme:
        """The next theme, round and round."""
        usable = self.usable()
        names = [other.name for other in usable]
        return usable[(names.index(theme.name) + 1) % len(usable)] if theme.name in names else usable[0]

    def reread(self, theme: Theme) -> tuple[Theme | None, tuple[ConfigProblem, ...]]:
        """The theme's file again if it was written since the last look; what is wrong with it, where it is bad."""
        now = stamp(theme.path)
        if theme.path not in self.stamps:
            self.stamps[theme.path] = now
        if now is None or now == self.stamps[theme.path]:
            return None, ()
        self.stamps[theme.path] = now
        try:
            fresh = read_theme(theme.path)
        except ConfigErrors as error:
            return None, error.problems
        self.themes[fresh.name] = fresh
        return fresh, ()
