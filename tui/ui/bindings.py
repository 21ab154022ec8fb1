"""Textual bindings made from the key registry. A widget's BINDINGS is `bindings("its context")`."""

from textual.binding import Binding, BindingType

from tui.config.keymap import KEYS, Keymap
from tui.ui.textual_private import key_name


def bindings(context: str) -> list[BindingType]:
    """The bindings of one context; the action of "list.sort" is `sort` on the widget or screen of that context."""
    return [
        Binding(_joined(key.keys), key.action, key.en, id=key.id, show=False) for key in KEYS if key.context == context
    ]


def textual_keymap(keymap: Keymap) -> dict[str, str]:
    """A resolved keymap as Textual takes it: only what differs from the defaults."""
    defaults = {key.id: key.keys for key in KEYS}
    return {name: _joined(keys) for name, keys in keymap.items() if keys != defaults[name]}


def _joined(keys: tuple[str, ...]) -> str:
    return ",".join(key_name(key) for key in keys)
