"""Which theme, palette and glyphs are in use, and what the trader's terminal allows. No Textual here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, get_args

from tui.config.errors import ConfigErrors, ConfigProblem
from tui.config.schema import GlyphSet, Palette
from tui.config.themes import Theme, load_themes, read_theme, stamp
from tui.ui.environment import ColourDepth

DEFAULT_THEME: Final = "dark"
ANSI_THEME: Final = "ansi"
PALETTES: Final[tuple[Palette, ...]] = get_args(Palette)
GLYPH_SETS: Final[tuple[GlyphSet, ...]] = get_args(GlyphSet)


@dataclass
class Looks:
    """The themes of some folders, the last folder the strongest; only the one in use is read at the start.

    At sixteen colours, and where NO_COLOR is set, only themes of the terminal's own colours are used: others would
    turn rise and fall into the same grey.
    """

    folders: Sequence[Path]
    depth: ColourDepth
    no_color: bool
    _themes: dict[str, Theme] | None = None
    _stamps: dict[Path, tuple[int, int] | None] = field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Whether this terminal shows only its own colours."""
        return self.no_color or self.depth == "standard"

    def all(self) -> dict[str, Theme]:
        """Every good theme by name; bad files are named by `whymove check`."""
        if self._themes is None:
            self._themes, _ = load_themes(self.folders)
        return self._themes

    def usable(self) -> list[Theme]:
        """The themes this terminal can show, by name."""
        return [theme for _, theme in sorted(self.all().items()) if theme.ansi or not self.limited]

    def pick(self, name: str) -> tuple[Theme, str]:
        """The theme of that file, else the next best, and why it is another one."""
        theme, reason = self._read(name)
        if theme is None:
            theme, _ = self._read(DEFAULT_THEME)
        if theme is None or (self.limited and not theme.ansi):
            theme, _ = self._read(ANSI_THEME)
        if theme is None:
            raise FileNotFoundError(f"{ANSI_THEME}.toml is missing from this installation of whymove: install it again")
        return theme, reason

    def _read(self, name: str) -> tuple[Theme | None, str]:
        """The theme in the strongest file of that name that is good, and what is wrong with a stronger one."""
        said = ""
        for folder in reversed(self.folders):
            path = folder / f"{name}.toml"
            if path.exists():
                try:
                    return read_theme(path), said
                except ConfigErrors as error:
                    said = said or str(error.problems[0])
        return None, said or f"there is no theme {name}; there are {', '.join(sorted(self.all()))}"

    def palette(self, wanted: str, theme: Theme) -> Palette:
        """The palette for a theme: its own where it has one, else the one wanted."""
        if self.no_color:
            return "mono"
        return next((name for choice in (theme.palette, wanted) for name in PALETTES if name == choice), "green_up")

    def glyphs(self, wanted: str, theme: Theme) -> GlyphSet:
        """The signs for a theme: its own where it insists, else those wanted."""
        return next((name for choice in (theme.glyphs, wanted) for name in GLYPH_SETS if name == choice), "braille")

    def after(self, theme: Theme) -> Theme:
        """The next theme, round and round."""
        usable = self.usable()
        names = [other.name for other in usable]
        return usable[(names.index(theme.name) + 1) % len(usable)] if theme.name in names else usable[0]

    def reread(self, theme: Theme) -> tuple[Theme | None, tuple[ConfigProblem, ...]]:
        """The theme's file again if it was written since the last look; what is wrong with it, where it is bad."""
        now = stamp(theme.path)
        if theme.path not in self._stamps:
            self._stamps[theme.path] = now
        if now is None or now == self._stamps[theme.path]:
            return None, ()
        self._stamps[theme.path] = now
        try:
            fresh = read_theme(theme.path)
        except ConfigErrors as error:
            return None, error.problems
        if self._themes is not None:
            self._themes[fresh.name] = fresh
        return fresh, ()
