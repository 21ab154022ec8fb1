"""The ledger of unexplained moves on a real disk: written once, never changed, never lost; and its tally."""

import sqlite3
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.unit.attribution_data import OTHER, STOCK, bars_of, drawn_returns
from tui.attribution.book import Book
from tui.attribution.panel import panel_from_bars
from tui.attribution.tally import score, tally
from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.event import NewsCoverage
from tui.domain.symbol import HSI, Symbol
from tui.domain.unexplained import LedgerDay, Listed, Outcome, Tally, is_unexplained, unexplained
from tui.store.ledger import MIGRATIONS, Ledger, LedgerError

DAY = date(2026, 3, 6)
CLOSE = LedgerDay(DAY, 1_772_800_000_000, 19, 17, 3)
MOVES = (
    Listed(DAY, STOCK, Verdict.OWN, 9.5, 6.85, 1 / 251),
    Listed(DAY, OTHER, Verdict.OWN_POSSIBLE, -4.0, -3.25, 0.04),
)
OUTCOME = Outcome(DAY, STOCK, 1_773_400_000_000, date(2026, 3, 13), -2.5, 4.0, "", 1, "Voluntary announcement")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "state" / "ledger-yahoo.sqlite")
    yield opened
    opened.close()


def test_what_was_frozen_is_read_as_it_was(ledger: Ledger) -> None:
    assert ledger.freeze(CLOSE, MOVES)
    assert ledger.score(OUTCOME)
    again = Ledger(ledger.path, readonly=True)
    assert again.days() == (CLOSE,)
    assert again.listed() == tuple(sorted(MOVES, key=lambda move: move.symbol))
    assert again.outcomes() == (OUTCOME,)
    assert again.unscored() == (MOVES[1],)
    again.close()
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600


def test_a_day_is_written_once(ledger: Ledger) -> None:
    assert ledger.freeze(CLOSE, MOVES[:1])
    hindsight = msgspec.structs.replace(CLOSE, listed_at=CLOSE.listed_at + 1, asked=19)
    assert not ledger.freeze(hindsight, MOVES)
    assert (ledger.days(), ledger.listed()) == ((CLOSE,), MOVES[:1])


def test_an_outcome_is_written_once_and_only_of_what_was_listed(ledger: Ledger) -> None:
    ledger.freeze(CLOSE, MOVES[:1])
    assert ledger.score(OUTCOME)
    assert not ledger.score(msgspec.structs.replace(OUTCOME, own_pp=99.0))
    assert not ledger.score(msgspec.structs.replace(OUTCOME, symbol=OTHER))
    assert ledger.outcomes() == (OUTCOME,)


def test_a_day_without_moves_is_written_too(ledger: Ledger) -> None:
    assert ledger.freeze(CLOSE, ())
    assert (ledger.days(), ledger.listed()) == ((CLOSE,), ())


def test_a_move_of_another_day_is_refused_with_its_whole_day(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="another day"):
        ledger.freeze(CLOSE, [msgspec.structs.replace(MOVES[0], day=DAY - timedelta(1))])
    assert ledger.days() == ()


def test_a_move_listed_twice_takes_its_day_with_it(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="only written once"):
        ledger.freeze(CLOSE, [MOVES[0], MOVES[0]])
    assert (ledger.days(), ledger.listed()) == ((), ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE days SET own = 0",
        "DELETE FROM days",
        "UPDATE listed SET own_pp = 0",
        "DELETE FROM listed",
        "UPDATE outcomes SET own_pp = 9",
        "DELETE FROM outcomes",
        "INSERT OR REPLACE INTO days SELECT day, 0, 0, 0, 0 FROM days",
        "REPLACE INTO listed SELECT day, symbol, verdict, 0, 0, 0 FROM listed",
        "REPLACE INTO outcomes SELECT day, symbol, 0, until, 9, 1, '', 0, '' FROM outcomes",
    ],
)
def test_the_file_itself_refuses_every_change(ledger: Ledger, statement: str) -> None:
    ledger.freeze(CLOSE, MOVES)
    ledger.score(OUTCOME)
    connection = sqlite3.connect(ledger.path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="only written once"):
        connection.execute(statement)
    connection.close()
    assert (ledger.days(), ledger.outcomes()) == ((CLOSE,), (OUTCOME,))
    assert len(ledger.listed()) == 2


def test_a_damaged_file_is_kept_and_what_can_be_read_is_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger-yahoo.sqlite"
    Ledger(path).close()
    connection = sqlite3.connect(path)
    for step in range(300):
        day = (DAY + timedelta(step)).isoformat()
        connection.execute("INSERT INTO days VALUES (?, 1, 19, 17, 3)", (day,))
        for move in MOVES:
            values = (day, move.symbol, move.verdict.value, move.return_pct, move.own_pp, move.rarity)
            connection.execute("INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?)", values)
    connection.commit()
    connection.close()
    content = bytearray(path.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    last = len(content) // page - 1
    content[last * page : (last + 1) * page] = b"\xff" * page
    path.write_bytes(bytes(content))

    mended = Ledger(path)
    (kept,) = tmp_path.glob("*.damaged-*")
    assert kept.read_bytes() == bytes(content)
    assert len(mended.notices) == 1
    assert kept.name in mended.notices[0]
    carried = mended.listed()
    assert 300 < len(mended.days()) + len(carried) < 900
    assert all((move.return_pct, move.own_pp) in ((9.5, 6.85), (-4.0, -3.25)) for move in carried)
    assert mended.freeze(msgspec.structs.replace(CLOSE, day=date(2030, 1, 2)), ())
    mended.close()


def test_a_file_that_is_no_database_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "ledger-yahoo.sqlite"
    path.write_bytes(b"not a database at all, but somebody's file" * 40)
    ledger = Ledger(path)
    assert ledger.days() == ()
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1
    ledger.close()


def test_a_newer_programs_ledger_is_only_read(ledger: Ledger) -> None:
    ledger.freeze(CLOSE, MOVES)
    connection = sqlite3.connect(ledger.path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    newer = Ledger(ledger.path)
    assert not newer.writable
    assert newer.days() == (CLOSE,)
    with pytest.raises(LedgerError, match="newer whymove"):
        newer.freeze(msgspec.structs.replace(CLOSE, day=DAY + timedelta(1)), ())
    newer.close()


def test_without_a_ledger_a_reader_says_when_it_begins(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="begins when the feed runs at a close"):
        Ledger(tmp_path / "ledger-yahoo.sqlite", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_is_none_is_said(ledger: Ledger) -> None:
    connection = sqlite3.connect(ledger.path, isolation_level=None)
    connection.execute("INSERT INTO days VALUES ('2026-99-99', 1, 1, 1, 1)")
    connection.close()
    with pytest.raises(LedgerError, match="holds a line that is none"):
        ledger.days()


# --- what is unexplained, and what became of it ---


def answer(day: date, symbol: str, verdict: Verdict, coverage: NewsCoverage, rarity: float = 0.01) -> Attribution:
    window = Window(250, None, None, 250)
    return Attribution(Symbol(symbol), day, verdict, window, rarity=rarity, news_coverage=coverage)


def test_only_own_moves_without_news_are_unexplained_newest_and_rarest_first() -> None:
    none = NewsCoverage.NONE
    wanted = [
        answer(DAY, "0700.HK", Verdict.OWN, none, 0.004),
        answer(DAY, "9988.HK", Verdict.OWN_POSSIBLE, none, 0.04),
        answer(DAY - timedelta(1), "0005.HK", Verdict.OWN, none, 0.001),
    ]
    others = [
        answer(DAY, "1810.HK", Verdict.OWN, NewsCoverage.NOT_FETCHED),
        answer(DAY, "3690.HK", Verdict.OWN, NewsCoverage.FOUND),
        answer(DAY, "1299.HK", Verdict.QUIET, none),
    ]
    assert unexplained([wanted[2], *others, wanted[1], wanted[0]]) == tuple(wanted)
    assert not any(map(is_unexplained, others))


def test_a_move_is_scored_by_the_five_sessions_after_it_with_the_slopes_of_its_day() -> None:
    panel = panel_from_bars(bars_of(drawn_returns(270)))
    book = Book(panel, None, HSI, "none")
    move = msgspec.structs.replace(MOVES[0], day=panel.dates[-7])
    outcome = score(book, move, 5)
    assert outcome is not None
    assert (outcome.until, outcome.scored_at, outcome.lost, outcome.filings) == (panel.dates[-2], 5, "", None)
    fit = book.fit(STOCK, move.day)
    assert fit.regression is not None
    rows = slice(-6, -1)
    own = (
        panel.returns[rows, panel.column(STOCK)] - fit.regression.market.value * panel.returns[rows, panel.column(HSI)]
    )
    assert outcome.own_pp == pytest.approx(own.sum())


def test_what_cannot_be_scored_yet_is_not_scored() -> None:
    panel = panel_from_bars(bars_of(drawn_returns(270)))
    book = Book(panel, None, HSI, "none")
    move = msgspec.structs.replace(MOVES[0], day=panel.dates[-5])
    assert score(book, move, 5) is None, "the fifth session is yet to come"
    assert score(book, msgspec.structs.replace(move, symbol=Symbol("0001.HK")), 5) is None
    assert score(book, msgspec.structs.replace(move, day=date(2024, 1, 1)), 5) is None
    young = score(book, msgspec.structs.replace(move, day=panel.dates[30]), 5)
    assert young is not None
    assert (young.own_pp, young.lost) == (None, "no_fit")


def test_the_tally_counts_what_followed_in_the_moves_own_direction() -> None:
    later = DAY + timedelta(1)
    listed = [
        *MOVES,
        Listed(later, STOCK, Verdict.OWN, 3.0, 3.0, 0.01),
        Listed(later, OTHER, Verdict.OWN, 3.0, 3.0, 0.01),
    ]
    outcomes = [
        Outcome(DAY, STOCK, 1, DAY, 5.0, 2.0, "", 2, "x"),
        Outcome(DAY, OTHER, 1, DAY, 1.0, 4.0, "", 0),
        Outcome(later, STOCK, 1, DAY, None, None, "no_price", None),
    ]
    assert tally([CLOSE], listed, outcomes) == Tally(
        days=1,
        asked=17,
        own=3,
        listed=4,
        pending=1,
        lost=1,
        scored=2,
        went_on=1,
        turned=1,
        large=1,
        drift_pp=2.0,
        drift_error_pp=None,
        asked_later=2,
        filed=1,
    )


def test_the_drifts_error_is_that_of_days_not_of_moves() -> None:
    days = [DAY + timedelta(step) for step in range(4)]
    listed = [Listed(day, Symbol(f"{n}.HK"), Verdict.OWN, 1.0, 1.0, 0.01) for day in days for n in range(10)]
    followed = dict(zip(days, (1.0, 2.0, 3.0, 4.0), strict=True))
    outcomes = [Outcome(move.day, move.symbol, 1, DAY, followed[move.day], 1.0) for move in listed]
    told = tally([], listed, outcomes)
    assert told.drift_pp == pytest.approx(2.5)
    assert told.drift_error_pp == pytest.approx((5 / 3) ** 0.5 / 2)


def test_an_empty_ledger_has_an_empty_tally() -> None:
    told = tally([], [], [])
    assert (told.listed, told.scored, told.drift_pp, told.drift_error_pp) == (0, 0, None, None)
