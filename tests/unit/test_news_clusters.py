"""Copies of a story across sources and languages."""

from collections.abc import Iterable

import msgspec

from tui.domain.event import Event, EventKind, Scope
from tui.domain.symbol import Symbol
from tui.news.clusters import APART_MS, Stories

JD = Symbol("9618.HK")
HOUR = 3_600_000


def _item(
    name: str,
    title: str,
    hours: float = 0,
    *,
    symbols: tuple[Symbol, ...] = (JD,),
    kind: EventKind = EventKind.RESULTS,
    scope: Scope = Scope.COMPANY,
    recap: bool = False,
) -> Event:
    at = round(1_772_000_000_000 + hours * HOUR)
    return Event(
        id=name,
        start=at,
        end=at,
        precision="second",
        title=title,
        source=name,
        symbols=symbols,
        scope=scope,
        kind=kind,
        recap=recap,
    )


def _names(events: Iterable[Event]) -> dict[str, str]:
    """The cluster of each, placed in this order."""
    stories = Stories()
    return {event.id: stories.place(event).cluster for event in events}


def test_a_copy_with_its_source_at_the_end_joins_the_first() -> None:
    first = _item("a", "JD.com publishes fourth-quarter results")
    copy = _item("b", "JD.com publishes fourth-quarter results - Some Wire", 2)
    other = _item("c", "JD.com opens a warehouse in Poland", 3)
    assert _names([first, copy, other]) == {"a": "a", "b": "a", "c": "c"}


def test_chinese_copies_in_both_scripts() -> None:
    first = _item("a", "京東集團公布第四季度業績")
    copy = _item("b", "京东集团公布第四季度业绩 收入增长", 1)
    assert _names([first, copy]) == {"a": "a", "b": "a"}


def test_languages_meet_in_stock_kind_and_figures() -> None:
    first = _item("a", "JD.com quarterly revenue rises 13.4%")
    same = _item("b", "京東季度收入增長13.4%", 1)
    other_figure = _item("c", "京東季度收入增長15.1%", 1)
    other_kind = _item("d", "京東減持13.4%股權", 1, kind=EventKind.DEAL)
    assert _names([first, same, other_figure, other_kind]) == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_two_days_are_the_limit() -> None:
    first = _item("a", "JD.com publishes fourth-quarter results")
    at_the_edge = _item("b", "JD.com publishes fourth-quarter results", APART_MS / HOUR)
    late = _item("c", "JD.com publishes fourth-quarter results", 2 * APART_MS / HOUR + 1)
    assert _names([first, at_the_edge, late]) == {"a": "a", "b": "a", "c": "c"}


def test_routine_returns_recaps_and_other_figures_are_no_copies() -> None:
    filing = [_item(f"f{n}", "Next Day Disclosure Return", n, kind=EventKind.FILING) for n in range(3)]
    assert set(_names(filing).values()) == {""}
    story = _item("a", "JD.com quarterly revenue rises 13.4%")
    recap = _item("b", "JD.com quarterly revenue rises 13.4%", 1, recap=True)
    assert _names([story, recap]) == {"a": "a", "b": "b"}
    twice = [_item("x", "JD.com sells 250 million bonds"), _item("y", "JD.com sells 400 million bonds", 1)]
    assert _names(twice) == {"x": "x", "y": "y"}


def test_other_stocks_share_no_story_and_market_items_do() -> None:
    one = _item("a", "Profit warning issued")
    two = _item("b", "Profit warning issued", symbols=(Symbol("0700.HK"),))
    assert _names([one, two]) == {"a": "a", "b": "b"}
    market = [_item(name, "Fed keeps rates unchanged", symbols=(), scope=Scope.MARKET) for name in "cd"]
    assert _names(market) == {"c": "c", "d": "c"}


def test_an_event_keeps_its_place_and_old_ones_are_forgotten() -> None:
    stories = Stories()
    first = stories.place(_item("a", "JD.com publishes fourth-quarter results"))
    assert stories.place(_item("b", "JD.com publishes fourth-quarter results", 1)).cluster == "a"
    assert stories.place(msgspec.structs.replace(first, cluster="", title="A better title")).cluster == "a"
    stories.forget_before(first.start + 1)
    assert stories.place(_item("c", "JD.com publishes fourth-quarter results", 2)).cluster == "a"
    stories.forget_before(first.start + 10 * HOUR)
    assert stories.place(_item("d", "JD.com publishes fourth-quarter results", 2)).cluster == "d"
