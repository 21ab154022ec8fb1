"""The order of the list: stable, unknown last, and no row jumps under a reader's eyes."""

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.driving import main, order, running, until
from tests.ui.feed_double import hello
from tests.ui.rows import NOW, code, many, row, status
from tests.ui.world import ScriptedLink
from tui.config.state import ScreenState
from tui.domain.clock import FixedClock
from tui.domain.row import Row
from tui.domain.symbol import Symbol
from tui.ui.link import Connected
from tui.ui.ordering import QUIET_S, SORTS, Sort, matches, ordered
from tui.wire import Change, ClockInfo, Snapshot

ROWS = {each.symbol: each for each in many(7)}


@given(st.sampled_from(SORTS), st.booleans(), st.permutations(list(ROWS)))
def test_every_sort_keeps_every_stock_once(name: str, reverse: bool, symbols: list[Symbol]) -> None:
    sort = msgspec.convert({"name": name, "reverse": reverse}, Sort)
    known = {symbol: ROWS[symbol] for symbol in symbols[:5]}
    result = ordered(symbols, known, sort)
    assert sorted(result) == sorted(symbols)
    if name != "list":
        assert set(result[5:]) == set(symbols[5:]), "what is unknown stands last in either direction"


def test_equal_ones_keep_the_lists_order() -> None:
    same = {symbol: row(symbol, 50.0, 49.0) for symbol in ROWS}
    symbols = list(ROWS)
    for reverse in (False, True):
        assert ordered(symbols, same, Sort("change", reverse)) == tuple(symbols)


def test_natural_directions() -> None:
    symbols = tuple(ROWS)
    assert ordered(symbols, ROWS, Sort("change")) == tuple(reversed(symbols))
    assert ordered(symbols, ROWS, Sort("change", reverse=True)) == symbols
    assert ordered(symbols, ROWS, Sort("code")) == symbols
    assert ordered(symbols, ROWS, Sort("name")) == symbols


def test_the_filter_finds_code_name_sector_and_verdict() -> None:
    stock = code(2)
    for wanted in ("0003", "company 2", "公司2", "TECH", "own possible"):
        assert matches(row(stock, number=2), stock, wanted), wanted
    assert matches(None, stock, "0003")
    assert not matches(row(stock, number=2), stock, "company 4")


class Live(ScriptedLink):
    """A link that speaks about three stocks sorted by change."""

    def __init__(self) -> None:
        super().__init__()
        self.seq = 1
        self.say(Connected(msgspec.structs.replace(hello(), clock=ClockInfo("fixed", NOW, 0.0))))
        self.say(Snapshot(1, tuple(self.rows(25.0, 24.0, 23.0)), (), status()))

    @staticmethod
    def rows(*prices: float) -> list[Row]:
        return [row(code(number), price, 20.0, number=number) for number, price in enumerate(prices)]

    def change(self, *prices: float) -> None:
        self.say(Change(self.seq + 1, self.seq, rows=tuple(self.rows(*prices))))
        self.seq += 1


FIRST, SECOND, THIRD = code(0), code(1), code(2)
BY_OWN = ScreenState(sort="own", descending=True)


async def test_rows_stay_until_the_rule_lets_them_move(tmp_path: Path) -> None:
    link, steady = Live(), FixedClock(0)
    lists = {"One": (FIRST, SECOND, THIRD)}
    async with running(tmp_path, link, lists=lists, steady=steady) as (app, pilot):
        view = main(app).watchlist
        await until(pilot, lambda: bool(app.desk.state.rows))
        await pilot.pause()
        main(app).watchlist.sort_by(Sort("change"))
        assert order(app) == (FIRST, SECOND, THIRD)

        async def minute_later() -> None:
            clock = app.desk.clock
            assert isinstance(clock, FixedClock)
            clock.advance(60)
            app.desk.tick()
            app.show_state()
            await pilot.pause()

        # Values change, rows stay; a minute later as well, for a key was pressed just now.
        await pilot.press("g", "j")
        link.change(21.0, 22.0, 29.0)
        await until(pilot, lambda: app.desk.state.versions[THIRD] == 2)
        assert order(app) == (FIRST, SECOND, THIRD)
        await minute_later()
        assert order(app) == (FIRST, SECOND, THIRD)
        assert view.selected == SECOND

        # Quiet for long, but the cursor is not on the first line: they stay, and the frame says so.
        steady.advance(QUIET_S + 1)
        await minute_later()
        assert order(app) == (FIRST, SECOND, THIRD)
        assert "z sorts again" in str(main(app).query_one("#box").border_subtitle)

        # Asked for: sorted at once, the cursor goes with its stock.
        await pilot.press("z")
        assert order(app) == (THIRD, SECOND, FIRST)
        assert view.selected == SECOND
        assert "z sorts again" not in str(main(app).query_one("#box").border_subtitle)

        # On the first line and quiet: the list orders itself, the cursor stays on the first line.
        await pilot.press("g")
        link.change(30.0, 22.0, 21.0)
        await until(pilot, lambda: app.desk.state.versions[FIRST] == 3)
        assert order(app) == (THIRD, SECOND, FIRST)
        steady.advance(QUIET_S + 1)
        await minute_later()
        assert order(app) == (FIRST, SECOND, THIRD)
        assert view.cursor == 0


class Gathering(ScriptedLink):
    """A link whose feed knows prices at first, and the days of its stocks later."""

    def __init__(self) -> None:
        super().__init__()
        self.known = {row.symbol: row for row in Live.rows(21.0, 22.0, 23.0)}
        self.seq = 1
        self.say(Connected(msgspec.structs.replace(hello(), clock=ClockInfo("fixed", NOW, 0.0))))
        self.say(
            Snapshot(1, tuple(msgspec.structs.replace(row, day=None) for row in self.known.values()), (), status())
        )

    def tell(self, symbol: Symbol, own: float) -> None:
        row = self.known[symbol]
        assert row.day is not None
        day = msgspec.structs.replace(row.day, own_pp=own)
        self.say(Change(self.seq + 1, self.seq, rows=(msgspec.structs.replace(row, day=day),)))
        self.seq += 1


async def test_the_list_settles_once_when_every_stock_has_been_told(tmp_path: Path) -> None:
    link = Gathering()
    lists = {"One": (FIRST, SECOND, THIRD)}
    async with running(tmp_path, link, lists=lists, start=BY_OWN) as (app, pilot):
        await until(pilot, lambda: bool(app.desk.state.rows))
        assert order(app) == (FIRST, SECOND, THIRD)
        link.tell(THIRD, 5.0)
        link.tell(FIRST, 1.0)
        await until(pilot, lambda: app.desk.state.versions[FIRST] == 2)
        assert order(app) == (FIRST, SECOND, THIRD), "one is not told yet"
        link.tell(SECOND, 2.0)
        await until(pilot, lambda: order(app) == (THIRD, SECOND, FIRST))
        assert main(app).watchlist.cursor == 0, "the eye falls on the first line"
        link.tell(FIRST, 9.0)
        await until(pilot, lambda: app.desk.state.versions[FIRST] == 3)
        assert order(app) == (THIRD, SECOND, FIRST), "from then on rows stay"


async def test_a_list_in_which_somebody_moved_does_not_settle_by_itself(tmp_path: Path) -> None:
    link = Gathering()
    async with running(tmp_path, link, lists={"One": (FIRST, SECOND, THIRD)}, start=BY_OWN) as (app, pilot):
        await until(pilot, lambda: bool(app.desk.state.rows))
        await pilot.press("j")
        for symbol, own in ((FIRST, 1.0), (SECOND, 2.0), (THIRD, 5.0)):
            link.tell(symbol, own)
        await until(pilot, lambda: app.desk.state.versions[THIRD] == 2)
        await pilot.pause()
        assert order(app) == (FIRST, SECOND, THIRD)
        assert main(app).watchlist.selected == SECOND


async def test_prices_that_are_asked_for_every_five_minutes_are_not_stale_in_between(tmp_path: Path) -> None:
    link = ScriptedLink()
    slow = msgspec.structs.replace(status(), refresh_s=300.0)
    link.say(Connected(msgspec.structs.replace(hello(), clock=ClockInfo("fixed", NOW, 0.0))))
    link.say(Snapshot(1, tuple(Live.rows(21.0, 22.0, 23.0)), (), slow))
    async with running(tmp_path, link, lists={"One": (FIRST, SECOND, THIRD)}) as (app, pilot):
        await until(pilot, lambda: bool(app.desk.state.rows))
        clock = app.desk.clock
        assert isinstance(clock, FixedClock)

        def tones() -> set[str]:
            return {tone for text, tone in main(app).watchlist.line_runs(0, 120) if text.strip()}

        clock.advance(290)
        app.desk.tick()
        app.show_state()
        await pilot.pause()
        assert "stale" not in tones()
        clock.advance(600)
        app.desk.tick()
        app.show_state()
        await pilot.pause()
        assert "stale" in tones(), "two answers missed"
