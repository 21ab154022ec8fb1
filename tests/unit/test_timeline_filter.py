"""The timeline's filter: scope, type and text together, in both languages, and what is said where nothing is left."""

from datetime import date

import pytest

from tui.domain.event import Event, EventKind, Note, Scope
from tui.domain.symbol import Symbol
from tui.render.glyphs import ASCII
from tui.render.timeline import timeline_of
from tui.render.timeline_filter import (
    NOTES,
    Wanted,
    filter_words,
    kinds_in,
    next_kind,
    next_scope,
    no_match_words,
    scopes_in,
    type_words,
)
from tui.render.words import kind_words

JD, OTHER = Symbol("9618.HK"), Symbol("0700.HK")
AT = 1_772_700_000_000


def _event(name: str, scope: Scope, kind: EventKind, *symbols: Symbol) -> Event:
    return Event(name, AT, AT, "second", f"Title {name}", "Desk", symbols=symbols, scope=scope, kind=kind)


RESULTS = _event("results", Scope.COMPANY, EventKind.RESULTS, JD)
BUYBACK = _event("buyback", Scope.COMPANY, EventKind.BUYBACK, JD)
PEERS = _event("peers", Scope.SECTOR, EventKind.REGULATION, JD, OTHER)
OIL = _event("oil", Scope.MARKET, EventKind.MACRO)
ELSEWHERE = _event("elsewhere", Scope.COMPANY, EventKind.RATING, OTHER)
NOTE = Note("n1", JD, date(2026, 3, 5), "margin", AT, AT)
ITEMS = (RESULTS, BUYBACK, PEERS, OIL, ELSEWHERE, NOTE)


def _shown(wanted: Wanted) -> set[str]:
    return {item.id for item in ITEMS if wanted.holds(item)}


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Wanted(JD), {"results", "buyback", "peers", "oil", "n1"}),
        (Wanted(JD, scope=Scope.COMPANY), {"results", "buyback", "n1"}),
        (Wanted(JD, scope=Scope.MARKET), {"oil"}),
        (Wanted(kind=EventKind.RATING), {"elsewhere"}),
        (Wanted(JD, kind=EventKind.RATING), set()),
        (Wanted(JD, kind=NOTES), {"n1"}),
        (Wanted(JD, scope=Scope.COMPANY, kind=EventKind.RESULTS, text="desk"), {"results"}),
        (Wanted(JD, scope=Scope.COMPANY, text="margin"), {"n1"}),
        (Wanted(text="回購"), {"buyback"}),
        (Wanted(text="業績 公司"), {"results"}),
    ],
)
def test_scope_type_and_text_are_asked_for_together(wanted: Wanted, shown: set[str]) -> None:
    assert _shown(wanted) == shown
    line_ids = {line.key[1] for line in timeline_of(ITEMS[:-1], [NOTE], {}, wanted).lines if line.chosen}
    assert line_ids == shown
    assert timeline_of(ITEMS[:-1], [NOTE], {}, wanted).of == len(_shown(Wanted(wanted.symbol)))


def test_a_key_goes_through_what_occurs_and_back_to_all() -> None:
    wanted = Wanted(JD)
    scopes = []
    while (wanted := next_scope(wanted, ITEMS)).scope:
        scopes.append(wanted.scope)
        assert _shown(wanted)
    assert scopes == [Scope.COMPANY, Scope.SECTOR, Scope.MARKET] == scopes_in(wanted, ITEMS)
    wanted = Wanted(JD, scope=Scope.COMPANY)
    kinds = []
    while (wanted := next_kind(wanted, ITEMS)).kind:
        kinds.append(wanted.kind)
        assert _shown(wanted), "a key never leads to nothing"
    assert kinds == [EventKind.RESULTS, EventKind.BUYBACK, NOTES] == kinds_in(wanted, ITEMS)
    assert wanted == Wanted(JD, scope=Scope.COMPANY)


def test_from_a_type_that_is_gone_the_next_is_all() -> None:
    assert next_kind(Wanted(JD, kind=EventKind.RATING), ITEMS).kind is None
    assert next_scope(Wanted(JD, text="nothing"), ITEMS).scope is None


def test_the_words_of_a_filter() -> None:
    wanted = Wanted(JD, "jd", Scope.COMPANY, EventKind.RESULTS)
    assert filter_words(wanted) == "company · results · 'jd'"
    assert filter_words(wanted, "zh") == "公司 · 業績 · 「jd」"
    assert filter_words(wanted, glyphs=ASCII).isascii()
    assert filter_words(Wanted(JD, kind=NOTES), "zh") == "筆記"
    assert filter_words(Wanted(JD)) == ""
    assert not Wanted(JD).filters
    assert {kind_words(kind) for kind in EventKind}.isdisjoint({type_words(NOTES)})


def test_what_hides_everything_says_so_and_the_way_out() -> None:
    wanted = Wanted(JD, "", Scope.COMPANY, EventKind.RATING)
    assert no_match_words(wanted, 5, "Esc") == "Nothing here is company · ratings. Esc in this pane shows all 5."
    assert no_match_words(Wanted(JD, "x"), 5, "Esc") == "Nothing here contains 'x'. Esc in this pane shows all 5."
    assert no_match_words(wanted, 5, "Esc", "zh") == "沒有 公司 · 評級 的項目。在此按 Esc 顯示全部 5 項。"
