"""What the terminal can do, read from the environment, and what must stand there before Textual is first imported.

No Textual here: it reads its settings once, at import.
"""

from collections.abc import Mapping, MutableMapping
from typing import Final, Literal

from tui.config.schema import Mouse

ColourDepth = Literal["truecolor", "256", "standard"]

# Terminals that show 256 colours and more, whose TERM does not say so once SSH has dropped COLORTERM.
_RICH_TERMS: Final = ("alacritty", "contour", "foot", "iterm", "kitty", "ghostty", "wezterm", "rio", "konsole")
_NO_TERMS: Final = ("", "dumb", "unknown")


def can_paint(environ: Mapping[str, str], *, stdin_is_terminal: bool, stdout_is_terminal: bool) -> bool:
    """Whether there is a terminal to paint on; where there is none, a plain table is the answer."""
    return stdin_is_terminal and stdout_is_terminal and environ.get("TERM", "") not in _NO_TERMS


def colour_depth(environ: Mapping[str, str]) -> ColourDepth:
    """How many colours the terminal shows."""
    term = environ.get("TERM", "").lower()
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolor"
    if "256color" in term or any(name in term for name in _RICH_TERMS):
        return "256"
    return "standard"


def wants_mouse(setting: Mouse, environ: Mapping[str, str]) -> bool:
    """Mouse reports cost bytes for every motion, so over SSH they are only asked for by name."""
    return setting == "on" or (setting == "auto" and not over_ssh(environ))


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether the trader sits at another machine than this process."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def prepare(environ: MutableMapping[str, str]) -> None:
    """Set what Textual reads: the colour depth, no animation, no theme but ours, the terminal's own size."""
    if not environ.get("NO_COLOR"):
        # An empty NO_COLOR asks for nothing (no-color.org); Textual would paint in greys.
        environ.pop("NO_COLOR", None)
    environ.setdefault("TEXTUAL_COLOR_SYSTEM", colour_depth(environ))
    environ["TEXTUAL_ANIMATIONS"] = "none"
    environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    environ.pop("TEXTUAL_THEME", None)
    # Exported sizes outrank the terminal's, so the screen would stay as it was when the window changes.
    environ.pop("COLUMNS", None)
    environ.pop("LINES", None)
