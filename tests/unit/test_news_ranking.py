"""What is offered as a cause, what only stands beside the day."""

from datetime import date, time, timedelta

import msgspec
import pytest

from tui.domain.attribution import Attribution, Candidate, Leg, Verdict, Window
from tui.domain.event import Event, EventKind, NewsCoverage, Scope
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt, weekday_default
from tui.news.ranking import attach

FRIDAY = date(2026, 3, 6)
STOCK = Symbol("9618.HK")
PEER = Symbol("9988.HK")
DAYS = tuple(weekday_default(date(2026, 2, 20) + timedelta(days=offset)) for offset in range(30))


def _day(rarity: float | None = 0.01) -> Attribution:
    window = Window(length=250, first=None, last=None, used=250)
    return Attribution(symbol=STOCK, date=FRIDAY, verdict=Verdict.OWN, window=window, rarity=rarity)


def _item(
    name: str = "a",
    *,
    at: int | None = None,
    symbols: tuple[Symbol, ...] = (STOCK,),
    scope: Scope = Scope.COMPANY,
    kind: EventKind = EventKind.RESULTS,
    recap: bool = False,
    cluster: str = "",
    source: str = "wire",
) -> Event:
    start = from_hkt(FRIDAY, time(8)) if at is None else at
    return Event(
        id=name,
        start=start,
        end=start,
        precision="second",
        title=name,
        source=source,
        symbols=symbols,
        scope=scope,
        kind=kind,
        recap=recap,
        cluster=cluster,
    )


def _only(day: Attribution) -> Candidate:
    (candidate,) = day.candidates
    return candidate


def test_results_before_the_open_are_a_cause_of_a_rare_own_move() -> None:
    day = attach(_day(), [_item()], asked=False, days=DAYS)
    assert day.news_coverage is NewsCoverage.FOUND
    candidate = _only(day)
    assert candidate.role == "cause"
    assert candidate.why == ("title subject", "results", "before the open")
    assert candidate.start == candidate.end == "2026-03-06T00:00:00Z"


@pytest.mark.parametrize("rarity", [0.05, 0.9, None])
def test_no_cause_where_the_own_move_is_not_rare(rarity: float | None) -> None:
    assert _only(attach(_day(rarity), [_item()], asked=True, days=DAYS)).role == "evidence"


def test_a_recap_is_never_a_cause_and_no_news() -> None:
    day = attach(_day(), [_item(recap=True)], asked=True, days=DAYS)
    assert _only(day).role == "recap"
    assert day.news_coverage is NewsCoverage.NONE


def test_none_is_only_said_where_asked() -> None:
    assert attach(_day(), [], asked=True, days=DAYS).news_coverage is NewsCoverage.NONE
    assert attach(_day(), [], asked=False, days=DAYS).news_coverage is NewsCoverage.NOT_FETCHED


def test_a_market_item_hangs_on_the_index_part_and_is_no_news_of_the_stock() -> None:
    market = _item(symbols=(), scope=Scope.MARKET, kind=EventKind.MACRO)
    day = attach(_day(), [market], asked=False, days=DAYS)
    candidate = _only(day)
    assert (candidate.role, candidate.part) == ("evidence", "market")
    assert candidate.why[0] == "market item: index part"
    assert day.news_coverage is NewsCoverage.NOT_FETCHED


def test_a_market_report_of_the_day_stands_beside_no_stock_it_does_not_name() -> None:
    market = _item(symbols=(), scope=Scope.MARKET, recap=True)
    assert attach(_day(), [market], asked=True, days=DAYS).candidates == ()


@pytest.mark.parametrize("kind", [EventKind.FILING, EventKind.EX_DATE])
def test_routine_returns_and_dividends_are_no_cause(kind: EventKind) -> None:
    assert _only(attach(_day(), [_item(kind=kind)], asked=True, days=DAYS)).role == "evidence"


def test_a_round_up_of_many_stocks_is_no_cause() -> None:
    many = tuple(Symbol(f"{code:04d}.HK") for code in (700, 9618, 9988, 3690))
    candidate = _only(attach(_day(), [_item(symbols=many)], asked=True, days=DAYS))
    assert candidate.role == "evidence"
    assert candidate.why[0] == "one of 4 stocks named"


def _beside_peers(own: dict[Symbol, float], kind: EventKind = EventKind.RESULTS) -> Attribution:
    """A day whose sector part is +1, with news of each of these peers, whose own parts these are."""
    plain = _day()
    moved = {
        peer: msgspec.structs.replace(
            plain, symbol=peer, own_pp=pp, threshold_pp=3.0, rarity=0.01 if abs(pp) > 3 else 0.5
        )
        for peer, pp in own.items()
    }
    items = [_item(peer, symbols=(peer,), kind=kind) for peer in own]
    day = msgspec.structs.replace(plain, own_pp=5.0, sector_pp=1.0)
    return attach(day, items, asked=False, days=DAYS, peers=tuple(own), moved=moved)


def test_a_peers_results_speak_for_the_sector_part_only() -> None:
    day = _beside_peers({PEER: 4.0})
    assert (_only(day).role, _only(day).part, _only(day).of_peer) == ("evidence", "sector", True)
    assert day.news_coverage is NewsCoverage.NOT_FETCHED
    assert day.headlines == ()
    assert _beside_peers({PEER: 4.0}, EventKind.PRODUCT).candidates == ()


@pytest.mark.parametrize("own", [2.0, -8.0])
def test_a_peer_that_did_not_move_or_moved_against_the_sector_speaks_not_for_it(own: float) -> None:
    assert _beside_peers({PEER: own}).candidates == ()


def test_of_two_peers_the_one_that_moved_more_speaks() -> None:
    other = Symbol("0700.HK")
    assert _only(_beside_peers({PEER: 4.0, other: 7.0})).event_id == other
    assert _only(_beside_peers({PEER: 7.0, other: 4.0})).event_id == PEER


def test_a_story_known_before_the_window_is_no_cause() -> None:
    old = _item("old", at=from_hkt(date(2026, 3, 4), time(10)), cluster="c", source="first wire")
    copy = _item("copy", cluster="c", source="second wire")
    candidate = _only(attach(_day(), [copy, old], asked=True, days=DAYS))
    assert candidate.event_id == "copy"
    assert candidate.role == "evidence"
    assert "known since 2026-03-04" in candidate.why


def test_copies_of_one_story_take_one_place_and_count_as_sources() -> None:
    first = _item("first", at=from_hkt(FRIDAY, time(7)), cluster="c", source="one")
    copies = [_item(f"copy{n}", cluster="c", source=f"s{n}") for n in range(4)]
    candidate = _only(attach(_day(), [*copies, first], asked=True, days=DAYS))
    assert (candidate.event_id, candidate.role) == ("first", "cause")
    assert "5 sources" in candidate.why


def test_three_at_most_causes_first_recaps_last_and_two_of_the_market() -> None:
    items = [
        _item("recap", recap=True),
        *(_item(f"macro{n}", symbols=(), scope=Scope.MARKET, kind=EventKind.MACRO) for n in range(3)),
        _item("filing", kind=EventKind.FILING),
        _item("results"),
        _item("product", kind=EventKind.PRODUCT),
    ]
    day = attach(_day(), items, asked=True, days=DAYS)
    assert [candidate.event_id for candidate in day.candidates] == ["results", "product", "filing", "macro0", "macro1"]
    fewer = attach(_day(), [item for item in items if item.id not in ("filing", "macro2")], asked=True, days=DAYS)
    assert [candidate.event_id for candidate in fewer.candidates] == ["results", "product", "macro0", "macro1", "recap"]


def test_an_item_after_the_leg_that_moved_is_no_cause() -> None:
    moved_at_the_open = (Leg("overnight", 6.0, own_pp=5.5), Leg("morning", 0.1, own_pp=0.2))
    late = _item(at=from_hkt(FRIDAY, time(11)))
    candidate = _only(attach(_day(), [late], asked=True, days=DAYS, legs=moved_at_the_open))
    assert candidate.role == "evidence"
    assert "in the morning, after the move" in candidate.why
    assert _only(attach(_day(), [late], asked=True, days=DAYS)).role == "cause"


@pytest.mark.parametrize(
    ("sign", "own", "words"),
    [
        (1, 5.0, "good news"),
        (-1, -5.0, "bad news"),
        (-1, 5.0, "bad news, against the move"),
        (1, -5.0, "good news, against the move"),
    ],
)
def test_the_sign_of_the_news_orders_and_is_said(sign: int, own: float, words: str) -> None:
    told = msgspec.structs.replace(_item("told"), sign=sign)
    plain = _item("plain")
    day = attach(msgspec.structs.replace(_day(), own_pp=own), [plain, told], asked=True, days=DAYS)
    expected = ["told", "plain"] if sign * own > 0 else ["plain", "told"]
    assert [candidate.event_id for candidate in day.candidates] == expected
    assert words in next(candidate.why for candidate in day.candidates if candidate.event_id == "told")


def test_items_of_other_days_and_other_stocks_are_left_out() -> None:
    others = [
        _item("yesterday", at=from_hkt(date(2026, 3, 5), time(16, 9))),
        _item("tonight", at=from_hkt(FRIDAY, time(16, 10))),
        _item("other", symbols=(PEER,)),
    ]
    assert attach(_day(), others, asked=True, days=DAYS).candidates == ()
