"""How settings and files of the user go wrong: each with its place and its remedy."""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui.domain.text import clean

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_KEY = re.compile(r'(?:(.+)\.)?((?:"[^"]*"|[^."]*)(?: \(item \d+\))?)')


def dotted(table: str, name: str) -> str:
    """The path of a key in a table, quoted where TOML needs it: `list.start."Hong Kong"`."""
    plain = name if _BARE.fullmatch(name) else '"' + name.replace('"', "'") + '"'
    return f"{table}.{plain}" if table else plain


class ConfigProblem(msgspec.Struct, frozen=True):
    """One thing wrong in a file. `key` is its dotted path, "" where the whole file is meant."""

    file: Path
    key: str
    reason: str

    def __str__(self) -> str:
        """ "config.toml: [feed] refresh_secnds is not a setting; did you mean refresh_seconds?" """
        match = _KEY.fullmatch(self.key)
        place = f"[{match[1]}] {match[2]}" if match and match[1] else self.key
        return clean(f"{self.file.name}: {place} {self.reason}" if place else f"{self.file.name}: {self.reason}", 500)


class ConfigErrors(Exception):
    """Everything that is wrong with a file, at once."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class FileError(Exception):
    """A file or folder of the user cannot be read or written; the sentence says which, why and what to do."""
