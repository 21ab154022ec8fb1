"""The two languages of the program: English and Traditional Chinese as Hong Kong writes it."""

from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec

Language = Literal["en", "zh"]

K = TypeVar("K")


class Words(msgspec.Struct, frozen=True):
    """One thing said in both languages."""

    en: str
    zh: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def say(table: Mapping[K, Words], key: K, language: Language) -> str:
    """The words of a key."""
    return table[key].say(language)
