"""The list of unexplained moves and the tally as a reader of stdout sees them."""

import json
from datetime import date

import pytest

from tui.cli import main
from tui.cli.unexplained import ledger_lines
from tui.config.paths import Paths
from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.event import NewsCoverage
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol
from tui.domain.unexplained import LedgerDay, Listed, Outcome, Tally
from tui.render.unexplained import tally_lines, unexplained_lines
from tui.store.ledger import Ledger

JD, HSBC = Symbol("9618.HK"), Symbol("0005.HK")
FRIDAY, THURSDAY = date(2026, 3, 6), date(2026, 3, 5)
NAMES = {JD: Instrument(JD, "JD.com", "京東集團"), HSBC: Instrument(HSBC, "HSBC", "滙豐控股")}


def day(symbol: Symbol, on: date, verdict: Verdict, coverage: NewsCoverage) -> Attribution:
    return Attribution(
        symbol,
        on,
        verdict,
        Window(250, None, None, 250),
        return_pct=-4.46,
        own_pp=-8.26,
        rarity=3 / 251,
        news_coverage=coverage,
    )


def test_the_list_is_newest_first_under_what_was_looked_at() -> None:
    histories = {
        JD: [
            day(JD, FRIDAY, Verdict.OWN, NewsCoverage.FOUND),
            day(JD, THURSDAY, Verdict.OWN_POSSIBLE, NewsCoverage.NONE),
        ],
        HSBC: [
            day(HSBC, FRIDAY, Verdict.OWN, NewsCoverage.NONE),
            day(HSBC, THURSDAY, Verdict.QUIET, NewsCoverage.NONE),
        ],
    }
    assert unexplained_lines(histories, NAMES) == [
        "own moves of 2 stocks in 2 sessions: 3, of which 1 with news, 2 without, 0 not asked about",
        "",
        "Fri 6 Mar 2026   0005    HSBC                  -4.46%  own   -8.26    1/83  own move",
        "Thu 5 Mar 2026   9618    JD.com                -4.46%  own   -8.26    1/83  own?",
    ]
    chinese = unexplained_lines(histories, NAMES, "zh")
    assert chinese[0] == "2 隻股票 2 個交易日的個別發展：3 次，其中 1 次有消息，2 次未見消息，0 次未查詢"
    assert "滙豐控股" in chinese[2]


def test_moves_nobody_asked_about_are_not_called_unexplained() -> None:
    histories = {JD: [day(JD, FRIDAY, Verdict.OWN, NewsCoverage.NOT_FETCHED)]}
    assert unexplained_lines(histories, NAMES) == [
        "own moves of 1 stocks in 1 sessions: 1, of which 0 with news, 0 without, 1 not asked about",
        "No source was asked for the news of 1 of them, so these cannot be called unexplained.",
    ]


TALLY = Tally(
    days=40,
    asked=700,
    own=60,
    listed=41,
    pending=5,
    lost=1,
    scored=35,
    went_on=15,
    turned=20,
    large=3,
    drift_pp=-0.31,
    drift_error_pp=0.62,
    asked_later=30,
    filed=9,
)


def test_the_tally_stands_beside_what_chance_gives() -> None:
    assert tally_lines(TALLY) == [
        "ledger: 40 closes, 700 stock-days with every source asked, 60 own moves, 41 listed without news",
        "scored after five sessions: 35 (5 to come, 1 never)",
        "went on 15, turned back 20 (chance alone: half each); own move beyond twice its error 3 (chance alone: 1.8)",
        "mean own move of the five sessions in the listed direction -0.31 pp, standard error over days 0.62 pp",
        "news of the company by then: 9 of 30 asked about",
    ]
    assert len(tally_lines(TALLY, "zh")) == 5


def test_few_scores_are_said_to_be_few() -> None:
    young = Tally(1, 19, 1, 1, 1, 0, 0, 0, 0, 0, None, None, 0, 0)
    assert tally_lines(young) == [
        "ledger: 1 closes, 19 stock-days with every source asked, 1 own moves, 1 listed without news",
        "scored after five sessions: 0 (1 to come, 0 never)",
        "Fewer than 30 are scored: nothing follows from these figures yet.",
    ]


def test_the_sample_says_that_no_source_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["unexplained", "--source", "sample", "--days", "10"]) == 0
    told = capsys.readouterr()
    assert "0 without" in told.out
    assert "No source was asked for the news of" in told.out
    assert told.err.startswith("whymove: SAMPLE")


def test_json_is_the_list_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["unexplained", "--source", "sample", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert "not asked about" in told.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [(["--days", "0"], "--days '0'"), (["--list", "Nope"], "there is no list 'Nope'")],
)
def test_mistakes_are_one_sentence(capsys: pytest.CaptureFixture[str], argv: list[str], words: str) -> None:
    assert main(["unexplained", "--source", "sample", *argv]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.count("\n") == 1


def test_the_users_ledger_is_counted() -> None:
    assert ledger_lines("yahoo", "en") == [
        "there is no ledger yet (ledger-yahoo.sqlite): it begins when the feed runs at a close"
    ]
    ledger = Ledger(Paths().ledger("yahoo"))
    ledger.freeze(LedgerDay(FRIDAY, 1, 19, 19, 1), [Listed(FRIDAY, JD, Verdict.OWN, 9.95, 6.85, 1 / 251)])
    ledger.score(Outcome(FRIDAY, JD, 2, date(2026, 3, 13), 1.0, 2.0))
    ledger.close()
    assert ledger_lines("yahoo", "en")[1] == "scored after five sessions: 1 (0 to come, 0 never)"
