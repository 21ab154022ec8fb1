"""Theme files: read and checked before anything paints with them, so that a bad one is a sentence and not a crash.

A theme is one TOML file: `name`, `dark`, optionally `ansi`, `palette`, `glyphs`, and the tables `[colours]` (every key
of COLOURS) and `[weights]` (a tone to "bold" or "italic"). Colours are "#rrggbb"; a theme with `ansi = true` names the
terminal's own sixteen instead, whose contrast only the terminal knows. Otherwise every text colour must reach
MIN_CONTRAST on the background and on the cursor line.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, get_args

import msgspec

from tui.config.errors import ConfigErrors, ConfigProblem
from tui.config.reading import read_table
from tui.config.schema import GlyphSet, Palette
from tui.config.schema_words import nearest

MIN_CONTRAST: Final = 4.5

GROUNDS: Final = ("background", "cursor", "cursor_idle")
LINES: Final = ("border", "focus")
# The four of direction: a palette decides which two of them mean rise and fall.
DIRECTIONS: Final = ("green", "red", "blue", "orange")
TEXTS: Final = (
    *("text", "strong", "muted", "header", "accent", "flat"),
    *("own", "own_possible", "led", "mixed", "quiet", "market", "sector"),
    *("event", "recap", "note", "warn", "error", "stale", "sample"),
)
COLOURS: Final = (*GROUNDS, *LINES, *DIRECTIONS, *TEXTS)
PALETTES: Final = get_args(Palette)
GLYPHS: Final = get_args(GlyphSet)
WEIGHTS: Final = ("bold", "italic", "bold italic")
ANSI_COLOURS: Final = tuple(
    f"ansi_{bright}{colour}"
    for bright in ("", "bright_")
    for colour in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)
ANSI_DEFAULT: Final = "ansi_default"
# Only a ground of an ansi theme may be this: the line under the cursor swaps its two colours.
REVERSE: Final = "reverse"

_TOP_KEYS: Final = {"name": str, "dark": bool, "ansi": bool, "palette": str, "glyphs": str}
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_SIZE_LIMIT: Final = 64 * 1024


class Theme(msgspec.Struct, frozen=True):
    """A checked theme. `palette` and `glyphs` are what it starts with where it has a preference, else ""."""

    name: str
    dark: bool
    colours: dict[str, str]
    weights: dict[str, str] = {}
    ansi: bool = False
    palette: str = ""
    glyphs: str = ""
    path: Path = Path()


def load_themes(folders: Iterable[Path]) -> tuple[dict[str, Theme], tuple[ConfigProblem, ...]]:
    """Every good theme by name, and what is wrong with the others; a later folder's theme replaces an earlier one's."""
    themes: dict[str, Theme] = {}
    problems: list[ConfigProblem] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read_theme(path)
            except ConfigErrors as error:
                problems.extend(error.problems)
            else:
                themes[theme.name] = theme
    return themes, tuple(problems)


def read_theme(path: Path) -> Theme:
    """The theme in a file; ConfigErrors names every fault at once."""
    data = read_table(path, _SIZE_LIMIT)
    faults = [ConfigProblem(path, key, reason) for key, reason in _faults(data)]
    if faults:
        raise ConfigErrors(faults)
    return Theme(
        name=data["name"],
        dark=data["dark"],
        colours={key: value.lower() for key, value in data["colours"].items()},
        weights=data.get("weights", {}),
        ansi=data.get("ansi", False),
        palette=data.get("palette", ""),
        glyphs=data.get("glyphs", ""),
        path=path,
    )


def _faults(data: dict[str, object]) -> Iterable[tuple[str, str]]:
    """Key and reason of everything wrong with a theme's content."""
    for key, value in data.items():
        if key in ("colours", "weights"):
            if not isinstance(value, dict):
                yield key, "must be a table"
        elif key not in _TOP_KEYS:
            yield key, "is unknown" + nearest(key, (*_TOP_KEYS, "colours", "weights"))
        elif not isinstance(value, _TOP_KEYS[key]):
            yield key, "must be a text" if _TOP_KEYS[key] is str else "must be true or false"
    for key in ("name", "dark", "colours"):
        if key not in data:
            yield key, "is missing"
    name = data.get("name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield "name", f"{name!r} must be lower-case letters, digits and hyphens, at most 32"
    for key, known in (("palette", PALETTES), ("glyphs", GLYPHS)):
        value = data.get(key, "")
        if isinstance(value, str) and value and value not in known:
            yield key, f"{value!r} is none of {', '.join(known)}"
    colours, weights = data.get("colours"), data.get("weights", {})
    if isinstance(colours, dict):
        yield from _colour_faults(colours, ansi=data.get("ansi") is True)
    if isinstance(weights, dict):
        for key, value in weights.items():
            if key not in (*TEXTS, "rise", "fall"):
                yield f"weights.{key}", "is unknown" + nearest(key, (*TEXTS, "rise", "fall"))
            elif value not in WEIGHTS:
                yield f"weights.{key}", f"{value!r} is none of {', '.join(WEIGHTS)}"


def _colour_faults(colours: dict[str, object], *, ansi: bool) -> Iterable[tuple[str, str]]:
    for key, value in colours.items():
        if key not in COLOURS:
            yield f"colours.{key}", "is unknown" + nearest(key, COLOURS)
        elif not isinstance(value, str):
            yield f"colours.{key}", "must be a text"
        elif ansi and not (value in (*ANSI_COLOURS, ANSI_DEFAULT) or (key in GROUNDS and value == REVERSE)):
            yield f"colours.{key}", f"{value!r} is none of the sixteen{nearest(value, (*ANSI_COLOURS, ANSI_DEFAULT))}"
        elif not ansi and not _HEX.fullmatch(value):
            yield f"colours.{key}", f"{value!r} is no colour: write #rrggbb"
    for key in COLOURS:
        if key not in colours:
            yield f"colours.{key}", "is missing"
    if not ansi:
        yield from _contrast_faults({k: v for k, v in colours.items() if isinstance(v, str) and _HEX.fullmatch(v)})


def _contrast_faults(colours: dict[str, str]) -> Iterable[tuple[str, str]]:
    for ground in GROUNDS:
        for key in (*DIRECTIONS, *TEXTS):
            if ground in colours and key in colours:
                ratio = contrast(colours[key], colours[ground])
                if ratio < MIN_CONTRAST:
                    yield f"colours.{key}", f"has contrast {ratio:.2f} on {ground}, needs {MIN_CONTRAST}"


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two "#rrggbb" colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def stamp(path: Path) -> tuple[int, int] | None:
    """What changes when a file is written: its time and size; None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
