"""Which items of a timeline are shown: of one stock or all, of a scope, of a type, with the words of a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from tui.domain.event import Event, EventKind, Note, Scope
from tui.domain.symbol import Symbol
from tui.render.glyphs import BRAILLE, Glyphs
from tui.render.language import Language, Words
from tui.render.words import kind_words, scope_words

Kind = EventKind | Literal["notes"]
Choice = TypeVar("Choice", bound=str)

NOTES: Final = "notes"
_NOTES: Final = Words("notes", "筆記")
_NO_MATCH: Final = Words(
    "Nothing here is {}. {} in this pane shows all {}.", "沒有 {} 的項目。在此按 {} 顯示全部 {} 項。"
)
_NO_TEXT: Final = Words(
    "Nothing here contains {}. {} in this pane shows all {}.", "沒有包含{}的項目。在此按 {} 顯示全部 {} 項。"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items to show: those of one stock with the market's, or all; of those the ones of a scope, of a type, and
    those that hold every word of a text. None and "" ask for nothing.

    The text is looked for in titles, sources and codes, and in the words for scope and type ("market", "recap"). A
    note is of its company, and its type is a note.
    """

    symbol: Symbol | None = None
    text: str = ""
    scope: Scope | None = None
    kind: Kind | None = None

    @property
    def filters(self) -> bool:
        """Whether anything but the stock chooses."""
        return bool(self.text or self.scope or self.kind)

    def near(self, item: Event | Note) -> bool:
        """Whether it is of the stock or of the market, whatever else is wanted."""
        if self.symbol is None:
            return True
        if isinstance(item, Note):
            return item.symbol == self.symbol
        return self.symbol in item.symbols or item.scope is Scope.MARKET

    def holds(self, item: Event | Note) -> bool:
        """Whether it is shown."""
        if not self.near(item):
            return False
        if self.scope is not None and self.scope is not scope_of(item):
            return False
        if self.kind is not None and self.kind != kind_of(item):
            return False
        return not self.text or self._has_words(item)

    def _has_words(self, item: Event | Note) -> bool:
        if isinstance(item, Note):
            fields: Sequence[str] = (item.text, item.event_title, item.symbol, "note", _NOTES.zh)
        else:
            said = (item.scope, scope_words(item.scope, "zh"), kind_words(item.kind), kind_words(item.kind, "zh"))
            recap = "recap 事後報道" if item.recap else ""
            fields = (item.title, item.title_zh, item.source, *item.symbols, *said, recap)
        everything = "\n".join(fields).casefold()
        return all(word in everything for word in self.text.casefold().split())


# Every item of every stock.
ALL_ITEMS: Final = Wanted()


def scope_of(item: Event | Note) -> Scope:
    """The scope of an event; a note is of its company."""
    return Scope.COMPANY if isinstance(item, Note) else item.scope


def kind_of(item: Event | Note) -> Kind:
    """The type of an event, or that it is a note."""
    return NOTES if isinstance(item, Note) else item.kind


def next_scope(wanted: Wanted, items: Iterable[Event | Note]) -> Wanted:
    """The same with the next of the scopes that occur among what else is wanted; after the last one with all."""
    return replace(wanted, scope=_after(scopes_in(wanted, items), wanted.scope))


def next_kind(wanted: Wanted, items: Iterable[Event | Note]) -> Wanted:
    """The same with the next of the types that occur among what else is wanted; after the last one with all."""
    return replace(wanted, kind=_after(kinds_in(wanted, items), wanted.kind))


def scopes_in(wanted: Wanted, items: Iterable[Event | Note]) -> list[Scope]:
    """The scopes that occur among what else is wanted, the company's first."""
    rest = replace(wanted, scope=None)
    found = {scope_of(item) for item in items if rest.holds(item)}
    return [scope for scope in Scope if scope in found]


def kinds_in(wanted: Wanted, items: Iterable[Event | Note]) -> list[Kind]:
    """The types that occur among what else is wanted, results first and notes last."""
    rest = replace(wanted, kind=None)
    found = {kind_of(item) for item in items if rest.holds(item)}
    return [kind for kind in (*EventKind, NOTES) if kind in found]


def _after(choices: Sequence[Choice], current: Choice | None) -> Choice | None:
    """The choice after the current one; None after the last, and where the current one is gone."""
    if current is None:
        return choices[0] if choices else None
    at = choices.index(current) + 1 if current in choices else len(choices)
    return choices[at] if at < len(choices) else None


def type_words(kind: Kind, language: Language = "en") -> str:
    """ "results", "notes"."""
    return kind_words(kind, language) if isinstance(kind, EventKind) else _NOTES.say(language)


def filter_words(wanted: Wanted, language: Language = "en", glyphs: Glyphs = BRAILLE) -> str:
    """What is wanted, as the title says it: "company · results · 'jd'"; "" where nothing is."""
    parts = [scope_words(wanted.scope, language)] if wanted.scope else []
    parts += [type_words(wanted.kind, language)] if wanted.kind else []
    parts += [_quoted(wanted.text, language)] if wanted.text else []
    return (" - " if glyphs.name == "ascii" else " · ").join(parts)


def no_match_words(wanted: Wanted, hidden: int, key: str, language: Language = "en", glyphs: Glyphs = BRAILLE) -> str:
    """That a filter hides all of `hidden` items, and which key shows them."""
    if wanted.scope is None and wanted.kind is None:
        return _NO_TEXT.say(language).format(_quoted(wanted.text, language), key, hidden)
    return _NO_MATCH.say(language).format(filter_words(wanted, language, glyphs), key, hidden)


def _quoted(text: str, language: Language) -> str:
    return f"「{text}」" if language == "zh" else f"'{text}'"
