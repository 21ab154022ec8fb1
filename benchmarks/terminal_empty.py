"""What the terminal's first paint is measured against: `python -m benchmarks.terminal_empty WORDS`.

A Textual app with one Static, and nothing imported beside what that needs.
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """One Static."""

    def compose(self) -> ComposeResult:
        yield Static(sys.argv[1])


if __name__ == "__main__":
    Empty().run()
