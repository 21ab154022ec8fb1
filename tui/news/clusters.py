"""Copies of one story, found within 48 hours across sources and languages.

Two items tell the same story where they share a stock (or are both of the market) and their titles are near: for
Latin titles the token set ratio, for Chinese ones the Jaccard similarity of character 3-grams. A Latin and a Chinese
title have no words to compare; they tell the same story where stocks, kind and a figure in the titles agree.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from rapidfuzz.fuzz import token_set_ratio

from tui.domain.event import Event, EventKind, Scope
from tui.domain.symbol import Symbol
from tui.news.fold import fold

APART_MS: Final = 48 * 3600 * 1000
LATIN_NEAR: Final = 88.0
CHINESE_NEAR: Final = 0.5

# Every company files these with the same title day after day: no two of them are one story.
_ROUTINE = frozenset({EventKind.FILING, EventKind.EX_DATE, EventKind.BUYBACK})
_SOURCE_SUFFIX = re.compile(r"\s+[-–—|｜_]\s+[^-–—|｜_]{2,30}$")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BETWEEN_LETTERS = re.compile(r"[\W_]+")
# Years and figures of one or two digits stand in unrelated titles, too.
_TELLING_FIGURE = 3
_YEARS = frozenset(str(year) for year in range(1990, 2100))


class _Story(msgspec.Struct, frozen=True):
    """A title made ready to be compared."""

    event: Event
    text: str
    chinese: bool
    grams: frozenset[str]
    figures: frozenset[str]


class Stories:
    """What was told lately. An event's cluster is named after the first of its copies; alone it is its own."""

    def __init__(self) -> None:
        self._told: dict[Symbol | None, list[_Story]] = {}
        self._cluster: dict[str, str] = {}
        self._start: dict[str, int] = {}

    def place(self, event: Event) -> Event:
        """The event with its cluster. Filings that every company repeats belong to none."""
        if event.cluster or event.kind in _ROUTINE:
            return event
        if event.id not in self._cluster:
            story = _story(event)
            twin = self._twin(story)
            self._cluster[event.id] = self._cluster[twin.event.id] if twin else event.id
            self._start[event.id] = event.start
            for key in _keys(event):
                self._told.setdefault(key, []).append(story)
        return msgspec.structs.replace(event, cluster=self._cluster[event.id])

    def forget_before(self, moment: int) -> None:
        """Drop what began before a time; copies come within two days."""
        old = {name for name, start in self._start.items() if start < moment}
        for name in old:
            del self._cluster[name], self._start[name]
        self._told = {
            key: kept for key, told in self._told.items() if (kept := [one for one in told if one.event.id not in old])
        }

    def _twin(self, story: _Story) -> _Story | None:
        near = (other for key in _keys(story.event) for other in self._told.get(key, ()))
        return next((other for other in near if _same(story, other)), None)


def _story(event: Event) -> _Story:
    text = _SOURCE_SUFFIX.sub("", fold(event.title or event.title_zh).text)
    chinese = _HAN.search(text) is not None
    letters = _BETWEEN_LETTERS.sub("", text) if chinese else ""
    grams = frozenset(letters[at : at + 3] for at in range(max(len(letters) - 2, 1)))
    figures = frozenset(figure for figure in _FIGURE.findall(text) if len(figure) >= _TELLING_FIGURE)
    return _Story(event, text, chinese, grams, figures - _YEARS)


def _keys(event: Event) -> Sequence[Symbol | None]:
    """Where an event's twins can be: under its stocks, or among the items of the market."""
    return event.symbols or (None,)


def _same(one: _Story, other: _Story) -> bool:
    first, second = one.event, other.event
    if first.recap != second.recap or max(first.start - second.end, second.start - first.end) > APART_MS:
        return False
    if not first.symbols and (first.scope is Scope.OTHER or first.scope is not second.scope):
        return False
    if one.chinese != other.chinese:
        same_kind = first.kind is second.kind and first.kind is not EventKind.OTHER
        return same_kind and set(first.symbols) == set(second.symbols) and bool(one.figures & other.figures)
    if one.figures and other.figures and not one.figures & other.figures:
        return False
    if one.chinese:
        return len(one.grams & other.grams) >= CHINESE_NEAR * len(one.grams | other.grams)
    return token_set_ratio(one.text, other.text) >= LATIN_NEAR
