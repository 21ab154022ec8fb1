"""The base of the screens that fill the terminal."""

from textual.screen import Screen


class FullScreen(Screen[None], inherit_bindings=False):
    """Paints only while it can be seen: on top, or under nothing but dialogs.

    Textual also paints a screen that another one covers, and then the whole of the covering one again.
    """

    @property
    def is_current(self) -> bool:
        stack = self.app.screen_stack
        return self in stack and all(above.is_modal for above in stack[stack.index(self) + 1 :])
