"""How a command ends badly: one sentence on stderr and an exit code."""

from typing import Literal


class CliError(Exception):
    """`code` 1: could not be done; 2: asked wrongly."""

    def __init__(self, message: str, code: Literal[1, 2] = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
