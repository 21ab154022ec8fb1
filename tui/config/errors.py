"""How settings and files of the user go wrong: each with its place and its remedy."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui.domain.text import clean


class ConfigProblem(msgspec.Struct, frozen=True):
    """One thing wrong in a file. `key` is its dotted path, "" where the whole file is meant."""

    file: Path
    key: str
    reason: str

    def __str__(self) -> str:
        """ "config.toml: [feed] refresh_secnds is not a setting; did you mean refresh_seconds?" """
        table, _, name = self.key.rpartition(".")
        place = f"[{table}] {name}" if table else name
        return clean(f"{self.file.name}: {place} {self.reason}" if place else f"{self.file.name}: {self.reason}", 500)


class ConfigErrors(Exception):
    """Everything that is wrong with a file, at once."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class FileError(Exception):
    """A file or folder of the user cannot be read or written; the sentence says which, why and what to do."""
