"""Whatever a terminal saw last, the next change brings it to the newest state."""

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.event import Event
from tui.domain.market import Quote
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol
from tui.feed.state import EVENTS_KEPT, State

A, B, C = Symbol("0001.HK"), Symbol("0002.HK"), Symbol("0003.HK")


def row(symbol: Symbol, price: float) -> Row:
    return Row(symbol, quote=Quote(symbol, price, 1, 1, "sample"))


def event(number: int, title: str = "t") -> Event:
    return Event(f"e{number}", number, number + 1, "second", title, "s")


def test_nothing_is_published_where_nothing_changed() -> None:
    state = State()
    assert not state.publish()
    assert state.put_row(row(A, 1.0))
    assert state.publish()
    assert not state.put_row(row(A, 1.0)), "an equal row is no change"
    assert not state.put_events([])
    assert not state.put_status(FeedStatus())
    assert not state.publish()
    assert state.seq == 1


def test_a_change_holds_what_differs_from_its_base_and_no_more() -> None:
    state = State()
    state.put_row(row(A, 1.0))
    state.put_row(row(B, 1.0))
    state.publish()
    state.put_row(row(A, 2.0))
    state.put_events([event(1)])
    state.publish()
    state.put_row(row(A, 3.0))
    state.publish()
    change = state.change(2)
    assert (change.seq, change.base, change.rows, change.events) == (3, 2, (row(A, 3.0),), ())
    assert state.change(1).events == (event(1),)
    assert {r.symbol for r in state.change(0).rows} == {A, B}


def test_what_is_not_published_yet_is_in_no_change() -> None:
    state = State()
    state.put_row(row(A, 1.0))
    state.publish()
    state.put_row(row(A, 2.0))
    assert state.change(0).rows == ()
    state.publish()
    assert state.change(0).rows == (row(A, 2.0),)


def test_a_terminal_gets_only_what_it_watches() -> None:
    state = State()
    for symbol in (A, B, C):
        state.put_row(row(symbol, 1.0))
    state.publish()
    assert [r.symbol for r in state.snapshot(frozenset({B})).rows] == [B]
    assert [r.symbol for r in state.change(0, frozenset({A, C})).rows] == [A, C]
    state.keep_rows([A])
    assert [r.symbol for r in state.snapshot().rows] == [A]


def test_the_oldest_events_give_way() -> None:
    state = State()
    state.put_events([event(number) for number in range(EVENTS_KEPT + 10)])
    assert len(state.events) == EVENTS_KEPT
    assert state.events[0].id == f"e{EVENTS_KEPT + 9}"


actions = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([A, B, C]), st.integers(1, 3)),
        st.just("publish"),
        st.just("read"),
        st.tuples(st.just("event"), st.integers(0, 3), st.sampled_from("xy")),
    ),
    max_size=40,
)


@given(actions)
def test_snapshot_and_changes_lead_to_the_same_state(steps: list[object]) -> None:
    """A terminal that reads at any moments ends with the rows and events of the newest publication."""
    state = State()
    snapshot = state.snapshot()
    rows, events, seen = {r.symbol: r for r in snapshot.rows}, {e.id: e for e in snapshot.events}, snapshot.seq
    for step in [*steps, "publish", "read"]:
        match step:
            case "publish":
                state.publish()
            case "read":
                change = state.change(seen)
                assert change.base == seen
                rows.update({r.symbol: r for r in change.rows})
                events.update({e.id: e for e in change.events})
                seen = change.seq
            case ("event", int(number), str(title)):
                state.put_events([event(number, title)])
            case (str(symbol), int(price)):
                state.put_row(row(Symbol(symbol), float(price)))
    newest = state.snapshot()
    assert rows == {r.symbol: r for r in newest.rows}
    assert events == {e.id: e for e in newest.events}
