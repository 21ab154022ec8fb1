"""Textual bindings made from the key registry. A widget's BINDINGS is `bindings("its context")`."""

from textual.binding import Binding, BindingType

from tui.config.keymap import KEYS


def bindings(context: str) -> list[BindingType]:
    """The bindings of one context; the action of "list.sort" is `sort` on the widget or screen of that context."""
    return [
        Binding(",".join(key.keys), key.action, key.en, id=key.id, show=False) for key in KEYS if key.context == context
    ]
