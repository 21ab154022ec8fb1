"""Checked theme data to Textual's theme and to one style per tone. Nothing but widgets and this file knows a Style."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from rich.color import Color
from rich.style import Style
from textual.app import App
from textual.driver import Driver
from textual.theme import Theme as TextualTheme
from textual.widget import Widget

from tui.config.schema import Palette
from tui.config.themes import ANSI_DEFAULT, REVERSE, Theme
from tui.render.glyphs import BRAILLE
from tui.render.tone import TONES, Tone
from tui.ui.glass import Glass
from tui.ui.textual_private import without_colour

Ground = Literal["plain", "cursor", "cursor_idle"]
GROUNDS: Final[dict[Ground, str]] = {
    "plain": "background",
    "cursor": "cursor",
    "cursor_idle": "cursor_idle",
}
_DIRECTIONS: Final[dict[Palette, tuple[str, str]]] = {
    "green_up": ("green", "red"),
    "red_up": ("red", "green"),
    "colour_blind": ("blue", "orange"),
    "mono": ("strong", "text"),
}
# The mono palette knows three greys; what carries meaning elsewhere by hue is carried by sign, glyph and word.
_MONO: Final[dict[str, str]] = {
    **dict.fromkeys(("own", "warn", "error", "sample", "accent"), "strong"),
    **dict.fromkeys(("own_possible", "market", "sector", "event", "note", "led", "mixed", "flat"), "text"),
    **dict.fromkeys(("quiet", "recap", "stale"), "muted"),
}

# Textual derives these from a theme of RGB colours; a theme of the terminal's own sixteen has to name them.
_ANSI_VARIABLES: Final[dict[str, str]] = {
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
    "border-blurred": "ansi_black",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_white",
    "input-cursor-background": "ansi_white",
    "input-cursor-foreground": "ansi_black",
    "input-cursor-text-style": "none",
    "input-selection-background": "ansi_blue",
    "input-selection-foreground": "ansi_white",
    "screen-selection-background": "ansi_blue",
    "screen-selection-foreground": "ansi_white",
}


@dataclass(frozen=True)
class ToneStyles:
    """One style per tone and ground. `version` differs whenever any style does."""

    version: int
    styles: Mapping[tuple[Ground, Tone], Style]

    def style(self, tone: Tone, ground: Ground = "plain") -> Style:
        """The style of a tone on the pane's background or on the line under the cursor."""
        return self.styles[ground, tone]


def tone_styles(theme: Theme, palette: Palette, version: int) -> ToneStyles:
    """The table of a theme under a palette."""
    rise, fall = _DIRECTIONS[palette]
    table: dict[tuple[Ground, Tone], Style] = {}
    for tone in TONES:
        key = {"rise": rise, "fall": fall, "cursor": "text"}.get(tone, tone)
        if palette == "mono":
            key = _MONO.get(key, key)
        weight = theme.weights.get(tone, theme.weights.get(key, ""))
        for ground, ground_key in GROUNDS.items():
            table[ground, tone] = _style(theme.colours[key], theme.colours[ground_key], weight)
    return ToneStyles(version, table)


def _style(colour: str, ground: str, weight: str) -> Style:
    return Style(
        color=_colour(colour),
        bgcolor=None if ground == REVERSE else _colour(ground),
        bold="bold" in weight or None,
        italic="italic" in weight or None,
        reverse=True if ground == REVERSE else None,
    )


def _colour(name: str) -> Color | None:
    if name == ANSI_DEFAULT:
        return None
    return Color.parse(name.removeprefix("ansi_"))


def textual_theme(theme: Theme) -> TextualTheme:
    """What Textual's own widgets (inputs, text areas, the palette) and our style sheets paint with."""
    colours = {k: ANSI_DEFAULT if v == REVERSE else v for k, v in theme.colours.items()}
    variables = {f"wm-{key.replace('_', '-')}": value for key, value in colours.items()}
    if theme.ansi:
        variables |= _ANSI_VARIABLES
    return TextualTheme(
        name=theme.name,
        primary=colours["accent"],
        secondary=colours["market"],
        warning=colours["warn"],
        error=colours["error"],
        success=colours["green"],
        accent=colours["accent"],
        foreground=colours["text"],
        background=colours["background"],
        surface=colours["background"],
        panel=colours["cursor_idle"],
        dark=theme.dark,
        ansi=theme.ansi,
        variables=variables,
    )


class ThemedApp(App[int]):
    """An app whose line views paint with one theme and one palette. Only the theme in use is registered."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, theme: Theme, palette: Palette, driver: type[Driver] | None = None) -> None:
        self._look = theme, palette
        self.glass = Glass()
        """What stands on the terminal."""
        self.tones = tone_styles(theme, palette, 1)
        self.pointer = BRAILLE.pointer
        super().__init__(driver_class=driver)
        self._registered_themes.clear()
        self.register_theme(textual_theme(theme))
        self.theme = theme.name
        self.stylesheet.set_variables(self.get_css_variables())
        if theme.ansi:
            without_colour(self)

    def on_resize(self) -> None:
        """A terminal of another size has moved what stood on it, even where the old size is back by now."""
        self.glass.forget()

    @property
    def theme_in_use(self) -> Theme:
        """The checked theme that is painted now."""
        return self._look[0]

    @property
    def palette(self) -> Palette:
        """Which colours mean rise and fall."""
        return self._look[1]

    def paint_with(self, theme: Theme, palette: Palette) -> None:
        """Change theme or palette; everything repaints once."""
        before = self.theme_in_use
        self._look = theme, palette
        self.tones = tone_styles(theme, palette, self.tones.version + 1)
        if theme != before:
            self.register_theme(textual_theme(theme))
            if theme.name == self.theme:
                self.refresh_css(animate=False)
            self.theme = theme.name
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget):
                widget.refresh()


def themed(widget: Widget) -> ThemedApp:
    """The app a line view lives in."""
    return cast(ThemedApp, widget.app)
