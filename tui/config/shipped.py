"""Where the files that ship with the program lie: the checkout's own, else the installed package's."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _checkout() -> Path | None:
    """The root of the checkout this package runs from, None where it is installed."""
    root = _PACKAGE.parent
    try:
        project = (root / "pyproject.toml").read_text(encoding="utf-8")
    except OSError:
        return None
    return root if 'name = "whymove"' in project.splitlines() else None


def shipped(name: str) -> Path:
    """The path of a shipped file or folder: "config.toml", "themes", "tables/sectors.toml".

    Raises FileNotFoundError where the installation lacks it.
    """
    root = _checkout()
    places = ([root] if root else []) + [_PACKAGE / "shipped", _PACKAGE]
    for place in places:
        if (place / name).exists():
            return place / name
    raise FileNotFoundError(f"{name} is missing from this installation of whymove: install it again")
