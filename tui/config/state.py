"""What the screen remembers from one day to the next."""

from typing import Any

import msgspec

from tui.config.files import read_toml, write_toml
from tui.config.paths import Paths


class ScreenState(msgspec.Struct, frozen=True):
    """The last choices; an empty word leaves the matter to config.toml."""

    list: str = ""
    sort: str = ""
    descending: bool = False
    theme: str = ""
    palette: str = ""
    glyphs: str = ""
    spark: str = ""
    language: str = ""
    selected: str = ""


def load_state(paths: Paths) -> tuple[ScreenState, str]:
    """The state, and what there is to say about its file. Fields of other versions are ignored."""
    table, said = read_toml(paths.state)
    try:
        return msgspec.convert(table or {}, ScreenState), said
    except msgspec.ValidationError as error:
        return ScreenState(), f"{paths.state} is not understood ({error}): the screen starts afresh"


def save_state(paths: Paths, state: ScreenState) -> None:
    """Remember the choices. Raises FileError where the disk refuses."""
    kept: dict[str, Any] = {name: value for name, value in msgspec.structs.asdict(state).items() if value}
    write_toml(paths.state, kept)
