"""What the sample week's dated facts may explain: the answers a trader is promised."""

from datetime import date
from functools import cache

import pytest

from tui.attribution.panel import panel_from_bars
from tui.attribution.split import attribute
from tui.domain.attribution import Attribution, Candidate, Verdict
from tui.domain.event import NewsCoverage
from tui.domain.symbol import HSTECH, Symbol
from tui.news.ranking import attach
from tui.news.window import session_of_event, sessions_met
from tui.sources.sample_files import Sample, load_sample

FRIDAY = date(2026, 3, 6)


@cache
def _sample() -> Sample:
    return load_sample()


@cache
def _day(code: str, day: date = FRIDAY) -> Attribution:
    sample, symbol = _sample(), Symbol(f"{code}.HK")
    panel = panel_from_bars(sample.bars, trading_days=sample.trading_days)
    split = attribute(panel, symbol, day, sector=HSTECH)
    peers = tuple(other for other in sample.instruments if other != symbol)
    speaking = [Symbol("9618.HK"), Symbol("9626.HK")]
    moved = {peer: attribute(panel, peer, day, sector=HSTECH) for peer in speaking if peer != symbol}
    return attach(
        split, sample.events, asked=symbol in sample.asked, days=sample.trading_days, peers=peers, moved=moved
    )


def _by_id(day: Attribution) -> dict[str, Candidate]:
    return {candidate.event_id: candidate for candidate in day.candidates}


def test_alibabas_friday_has_evidence_and_a_recap_but_no_cause() -> None:
    day = _day("9988")
    assert day.rarity is not None
    assert day.rarity > 0.85
    candidates = _by_id(day)
    assert candidates["alibaba-task-force"].role == "evidence"
    assert candidates["finanzen-round-up"].role == "recap"
    assert "qwen-departure" not in candidates
    assert all(candidate.role != "cause" for candidate in day.candidates)
    assert day.news_coverage is NewsCoverage.FOUND


def test_the_resignation_belongs_to_the_fourth() -> None:
    sample = _sample()
    (event,) = (event for event in sample.events if event.id == "qwen-departure")
    assert session_of_event(event, sample.trading_days) == date(2026, 3, 4)
    assert sessions_met(event.start, event.end, sample.trading_days) == (date(2026, 3, 4),)
    assert "qwen-departure" in _by_id(_day("9988", date(2026, 3, 4)))
    assert "qwen-departure" not in _by_id(_day("9988", date(2026, 3, 5)))


@pytest.mark.parametrize(("code", "event"), [("9618", "jd-results"), ("9626", "bilibili-results")])
def test_results_of_the_evening_before_are_offered_as_the_cause(code: str, event: str) -> None:
    day = _day(code)
    assert day.verdict is Verdict.OWN
    assert [candidate.event_id for candidate in day.candidates if candidate.role == "cause"] == [event]
    assert day.candidates[0].why[:2] == ("title subject", "results")


def test_jd_logistics_moved_by_itself_and_its_news_was_not_fetched() -> None:
    day = _day("2618")
    assert day.verdict is Verdict.OWN
    assert day.news_coverage is NewsCoverage.NOT_FETCHED
    assert all(candidate.part != "own" for candidate in day.candidates)


@pytest.mark.parametrize("code", ["2618", "9988", "0981"])
def test_only_the_peer_that_moved_with_the_sector_speaks_for_it(code: str) -> None:
    day = _day(code)
    assert [candidate.event_id for candidate in day.candidates if candidate.part == "sector"] == ["jd-results"]
    assert all(candidate.event_id != "jd-results" for candidate in day.headlines)


def test_results_that_moved_nobody_yet_speak_for_no_sector() -> None:
    assert all(candidate.part != "sector" for candidate in _day("2618", date(2026, 3, 5)).candidates)


@pytest.mark.parametrize("code", ["9988", "9618", "2618", "0005"])
def test_iran_and_oil_hang_on_the_index_part(code: str) -> None:
    candidates = _by_id(_day(code))
    for event in ("iran-conflict", "oil-eases"):
        assert candidates[event].part == "market"
        assert candidates[event].role == "evidence"
        assert candidates[event].why[0] == "market item: index part"


def test_no_stock_of_the_sample_is_said_to_have_no_news() -> None:
    codes = [symbol.removesuffix(".HK") for symbol in _sample().instruments if symbol in _sample().bars]
    codes = [code for code in codes if code.isdigit() and not code.startswith("999")]
    assert len(codes) > 15
    assert all(_day(code).news_coverage is not NewsCoverage.NONE for code in codes)
