"""Copies of one story, found within 48 hours across sources and languages.

Two items tell the same story where they share a stock (or are both of the market) and their titles are near: for
Latin titles the token set ratio, for Chinese ones the Jaccard similarity of character 3-grams. A Latin and a Chinese
title have no words to compare; they tell the same story where stock, kind and the figures in the titles agree.
"""

import re
from collections.abc import Iterable, Sequence
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
_LETTERS_ONLY = re.compile(r"[\W_]+")
# Years, quarters and single digits stand in unrelated titles, too.
_TELLING_FIGURE = 3


class _Story(msgspec.Struct):
    """A title made ready to be compared."""

    event: Event
    text: str
    chinese: bool
    grams: frozenset[str]
    figures: frozenset[str]
    cluster: str


def cluster(events: Iterable[Event], known: Iterable[Event] = ()) -> tuple[Event, ...]:
    """The new events, each with the cluster it belongs to, and those known ones that got their cluster by them.

    A cluster is named after the first of its items that was seen; an item that stands alone has none.
    """
    before = {event.id: event for event in known}
    stories: dict[Symbol | None, list[_Story]] = {}
    for event in before.values():
        _file(stories, _story(event))
    found: dict[str, str] = {}
    fresh = sorted(events, key=lambda event: (event.start, event.id))
    for event in fresh:
        story = _story(event)
        twin = None if event.kind in _ROUTINE or event.cluster else _twin(story, stories)
        if twin is not None:
            if not twin.cluster:
                twin.cluster = found[twin.event.id] = twin.event.id
            story.cluster = found[event.id] = twin.cluster
        _file(stories, story)
    replaced = [event for event in before.values() if event.id in found]
    return tuple(
        msgspec.structs.replace(event, cluster=found[event.id]) if event.id in found else event
        for event in (*fresh, *replaced)
    )


def _story(event: Event) -> _Story:
    title = event.title or event.title_zh
    text = _SOURCE_SUFFIX.sub("", fold(title).text)
    chinese = _HAN.search(text) is not None
    letters = _LETTERS_ONLY.sub("", text)
    grams = frozenset(letters[at : at + 3] for at in range(max(len(letters) - 2, 1))) if chinese else frozenset()
    figures = frozenset(figure for figure in _FIGURE.findall(text) if len(figure) >= _TELLING_FIGURE)
    return _Story(event, text, chinese, grams, figures - {str(year) for year in range(1990, 2100)}, event.cluster)


def _file(stories: dict[Symbol | None, list[_Story]], story: _Story) -> None:
    for key in _keys(story.event):
        stories.setdefault(key, []).append(story)


def _keys(event: Event) -> Sequence[Symbol | None]:
    """Where an event's twins can be: under its stocks, or among the items of the market."""
    return event.symbols or (None,)


def _twin(story: _Story, stories: dict[Symbol | None, list[_Story]]) -> _Story | None:
    for key in _keys(story.event):
        for other in stories.get(key, ()):
            if _same(story, other):
                return other
    return None


def _same(one: _Story, other: _Story) -> bool:
    first, second = one.event, other.event
    if first.recap != second.recap or second.kind in _ROUTINE:
        return False
    if max(first.start - second.end, second.start - first.end) > APART_MS:
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
