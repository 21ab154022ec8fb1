"""Prices of another day than today carry that day, at any width."""

from datetime import date

import msgspec
import pytest

from tests.ui.world import at_ms
from tui.domain.market import Quality, Quote
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.render.columns import head_runs, layout
from tui.render.language import Language
from tui.render.tone import plain
from tui.ui.model import Look, ViewState
from tui.ui.widgets.header import header_runs

CLOSE = at_ms("2026-03-05T16:08")


def index(symbol: Symbol) -> Quote:
    return Quote(symbol, 25_321.0, CLOSE, CLOSE, "sample", 25_250.0, quality=Quality.SAMPLE)


def state(now: str, language: Language = "en") -> ViewState:
    status = FeedStatus(as_of=CLOSE, next_refresh=at_ms("2026-03-06T09:00"), indices=(index(HSI), index(HSTECH)))
    return ViewState("sample", at_ms(now), status=status, look=Look(language), list_name="Tech")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_before_the_open_the_prices_carry_yesterdays_day(width: int) -> None:
    line = plain(header_runs(state("2026-03-06T08:52"), width))
    assert "as of Thu 5 Mar 16:08" in line
    assert "截至 3月5日 週四 16:08" in plain(header_runs(state("2026-03-06T08:52", "zh"), width))


def test_prices_of_today_carry_the_hour_alone() -> None:
    line = plain(header_runs(state("2026-03-05T16:20"), 120))
    assert "as of 16:08" in line


def test_stored_prices_carry_their_day() -> None:
    rows = {Symbol("9988.HK"): Row(Symbol("9988.HK"), quote=index(Symbol("9988.HK")))}
    stored = msgspec.structs.replace(state("2026-03-07T12:00"), stored=True, rows=rows)
    assert stored.earlier_day == date(2026, 3, 5)
    assert "stored Thu 5 Mar 16:08" in plain(header_runs(stored, 60))


def test_the_columns_of_an_earlier_day_are_headed_by_it() -> None:
    columns = layout(78)
    thursday = state("2026-03-06T08:52").earlier_day
    assert plain(head_runs(columns, "en", None, thursday)).split()[2:4] == ["%", "Thu"]
    assert "週四%" in plain(head_runs(columns, "zh", None, thursday))
    assert "% day" in plain(head_runs(columns, "en", None, state("2026-03-05T16:20").earlier_day))
