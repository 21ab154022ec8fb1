"""`whymove explain` on the sample and on price files: the numbers it promises, and one sentence for every mistake."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.unit.cli_answers import ask, refused
from tui.cli import main
from tui.cli.page import page_for
from tui.config import Config
from tui.config.shipped import shipped
from tui.domain.attribution import Attribution

SAMPLE = ("--source", "sample")


# --- the promise of the sample week


def calibration() -> Iterator[dict[str, str]]:
    with shipped("tables/sample/sample_calibration.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def test_the_sample_has_nineteen_calibrated_stocks() -> None:
    assert len(list(calibration())) == 19


@pytest.fixture(scope="module")
def week() -> dict[str, Attribution]:
    """The nineteen stocks on 6 March, as `once` and `explain` split them."""
    from tui.cli.closed import SampleSessions

    config = Config()
    rows = SampleSessions(config, None, "auto").session(config.list.start["Hong Kong"], None).rows
    return {row.day.symbol: row.day for row in rows if row.day}


@pytest.mark.parametrize("known", calibration(), ids=lambda known: known["symbol"])
def test_the_sample_week_splits_as_the_real_day_did(known: dict[str, str], week: dict[str, Attribution]) -> None:
    told = week[known["symbol"]]
    assert told.date == date(2026, 3, 6)
    for name in ("return_pct", "market_pp", "sector_pp", "own_pp"):
        assert getattr(told, name) == pytest.approx(float(known[name]), abs=0.02), name
    assert told.rarity == pytest.approx(float(known["rarity"]), abs=0.02)
    assert told.verdict == known["verdict"]
    assert sum(filter(None, (told.market_pp, told.sector_pp, told.own_pp))) == pytest.approx(told.return_pct, abs=1e-12)


def test_the_answer_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "9988.HK", *SAMPLE, "--sector", "^HSTECH", "--date", "2026-03-06")
    assert told["own_pp"] == pytest.approx(-0.13, abs=0.02)
    assert told["verdict"] == "market"
    assert (told["schema"], told["symbol"], told["date"]) == (1, "9988.HK", "2026-03-06")
    assert told["window"] == {"length": 250, "first": "2025-02-28", "last": "2026-03-05", "used": 250}
    assert [factor["name"] for factor in told["factors"]] == ["^HSI", "^HSTECH"]
    assert set(told["beta_by_window"]) == {"60", "120", "250"}
    candidate = told["candidates"][0]
    assert (candidate["from"], candidate["to"]) == ("2026-03-04T16:00:00Z", "2026-03-05T16:00:00Z")
    assert candidate["role"] == "evidence"
    assert told["news_coverage"] == "found"


CONTRACT = {
    *("schema", "symbol", "date", "close", "previous_close", "return_pct", "market_pp", "sector_pp", "own_pp"),
    *("factors", "alpha_pct", "r2", "sigma_pp", "forecast_se_pp", "t", "rarity", "threshold_pp", "window"),
    *("beta_by_window", "relative_volume", "verdict", "news_coverage", "candidates", "flags"),
}


def test_json_has_every_field_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "9618", *SAMPLE)
    assert set(told) >= CONTRACT
    assert set(told["candidates"][0]) >= {"event_id", "from", "to", "precision", "title", "source", "role", "why"}
    assert set(told["factors"][0]) == {"name", "return_pct", "residual_pct", "beta", "beta_se", "pp"}


def test_what_is_unknown_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    """The sample's stock without a last bar."""
    told = ask(capsys, "99902", *SAMPLE)
    assert told["verdict"] == "insufficient"
    assert [told[name] for name in ("close", "return_pct", "own_pp", "rarity")] == [None] * 4
    assert "missing_bar" in told["flags"]


def test_a_short_listing_answers_with_its_count(capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "99906", *SAMPLE)
    assert told["verdict"] == "insufficient"
    assert told["window"]["used"] < 60
    assert main(("explain", "99906", *SAMPLE)) == 0
    assert f"{told['window']['used']} usable sessions; a split needs 60." in capsys.readouterr().out


def test_days_are_a_list_newest_first(capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "9618", *SAMPLE, "--days", "3", "--date", "2026-03-05")
    assert [day["date"] for day in told] == ["2026-03-05", "2026-03-04", "2026-03-03"]
    assert isinstance(ask(capsys, "9618", *SAMPLE, "--days", "1"), list)


def test_the_simulated_is_said_beside_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(("explain", "9618", *SAMPLE, "--json"))
    assert "of the window's 250 closes 5 are published, the others simulated" in capsys.readouterr().err


def test_every_spelling_is_the_same_stock(capsys: pytest.CaptureFixture[str]) -> None:
    told = [ask(capsys, text, *SAMPLE) for text in ("700", "00700", "0700.HK", "HK:700", "HK.00700")]
    assert all(day == told[0] for day in told)


def test_sector_none_fits_the_market_alone(capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "9988", *SAMPLE, "--sector", "none")
    assert len(told["factors"]) == 1
    assert told["sector_pp"] == 0


# --- the human answer


def test_people_get_a_few_lines_without_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("explain", "9988", *SAMPLE)) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert told.splitlines()[0] == "9988  Alibaba  阿里巴巴  Fri 6 Mar 2026  130.70  ▴ +3.48%"
    assert "index-led" in told
    assert "anything from −3.6\nto +3.3 pp would fit." in told
    assert "None is offered as a cause" in told
    assert len(told.splitlines()) <= 26


def test_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("explain", "9618", *SAMPLE, "--lang", "zh")) == 0
    told = capsys.readouterr().out
    assert "個別發展" in told
    assert "一年來最大" in told
    assert "京東集團公布第四季業績" in told


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "inked"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({}, False)],
)
def test_colour_is_for_terminals_that_want_it(environ: dict[str, str], inked: bool) -> None:
    page = page_for(Terminal(), environ, Config(), None)
    assert ("\x1b[32m" in page.text([(("▴ +3.48%", "rise"),)])) == inked
    assert not page_for(io.StringIO(), {"TERM": "xterm"}, Config(), None).ink


def test_a_stream_that_lacks_our_signs_gets_ascii() -> None:
    stream = Terminal()
    stream.encoding = "latin-1"
    assert page_for(stream, {}, Config(), None).glyphs.name == "ascii"


def test_forty_columns_and_an_old_encoding() -> None:
    environ = {**os.environ, "COLUMNS": "40", "PYTHONIOENCODING": "latin-1"}
    told = subprocess.run(
        [sys.executable, "-m", "tui", "explain", "9626", *SAMPLE],
        capture_output=True,
        env=environ,
        cwd=ROOT,
        check=True,
    )
    lines = told.stdout.decode("latin-1").splitlines()
    assert max(map(len, lines)) <= 40
    assert any("-8.26" in line for line in lines)


# --- names


@pytest.mark.parametrize(
    ("text", "code"),
    [("tencent", "0700"), ("Jd Logistics", "2618"), ("腾讯", "0700"), ("騰訊控股", "0700"), ("bai", "9888")],
)
def test_a_name_is_as_good_as_a_code(text: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("explain", text, *SAMPLE)) == 0
    assert capsys.readouterr().out.startswith(code)


# --- mistakes


@pytest.mark.parametrize(
    ("argv", "code", "sentence"),
    [
        (("9989", *SAMPLE), 2, "9989.HK is not in the sample week; nearest: 9999 NetEase, 9992 Pop Mart, 9988 Alibaba"),
        (("alibba", *SAMPLE), 2, "ALIBBA is not in the sample week; nearest: 9988 Alibaba"),
        (("京东", *SAMPLE), 2, "'京东' is no symbol; nearest: 9618 JD.com, 2618 JD Logistics"),
        (("ba", *SAMPLE), 2, "BA is not in the sample week; nearest: 9988 Alibaba"),
        (("!!", *SAMPLE), 2, "'!!' is no symbol: write a code such as 700, 0700.HK or HK:00700"),
        (("^HSI", *SAMPLE), 2, "^HSI is the market itself: there is nothing to split"),
        (
            ("9988", *SAMPLE, "--date", "2026-02-17"),
            2,
            "2026-02-17 is no trading day (Chinese New Year); the sessions around it are 2026-02-16 and 2026-02-20",
        ),
        (("9988", *SAMPLE, "--date", "2026-03-01"), 2, "2026-03-01 is no trading day (weekend); the sessions around"),
        (("9988", *SAMPLE, "--date", "2026-12-01"), 2, "2026-12-01 lies after the last session of the sample week"),
        (("9988", *SAMPLE, "--date", "2020-01-01"), 2, "2020-01-01 lies before the first session of the sample week"),
        (("9988", *SAMPLE, "--date", "6 March"), 2, "--date '6 March' is no date; write it as 2026-03-06"),
        (("9988", *SAMPLE, "--days", "0"), 2, "--days '0' is no number of sessions; give 1 to 1000"),
        (("9988", *SAMPLE, "--days", "many"), 2, "--days 'many' is no number of sessions"),
        (("9988", *SAMPLE, "--sector", "atuo"), 2, "the sample week has no ATUO: --sector is auto, none or a symbol"),
        (("9988", *SAMPLE, "--sector", "^HSI"), 2, "^HSI is the market itself, so it cannot be its sector"),
        (("9988", *SAMPLE, "--market", "^HSX"), 1, "the sample week has no ^HSX, the index that moves are measured"),
        (("9988", *SAMPLE, "--prices", "x.csv"), 2, "--prices takes the place of a source"),
        (("9988", "--source", "yahoo", "--sector", "none"), 2, "the feed of yahoo splits by the settings"),
        (("9988", "--prices", "nowhere.csv"), 1, "nowhere.csv: there is no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_one_sentence(
    argv: tuple[str, ...], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, *argv)
    assert told[0] == code
    assert told[1].startswith(f"whymove: {sentence}")


def test_a_misspelt_option_is_a_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(("explain", "9988", "--source", "sampel"))
    assert end.value.code == 2
    assert "invalid choice: 'sampel'" in capsys.readouterr().err


def test_the_settings_are_read_strictly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "config.toml"
    file.write_text('langage = "zh"\n', encoding="utf-8")
    assert main(("--config", str(file), "explain", "9988", *SAMPLE)) == 2
    assert "config.toml: langage is not a setting; did you mean language?" in capsys.readouterr().err


def test_options_may_stand_before_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "config.toml"
    file.write_text('language = "zh"\nsource = "sample"\n', encoding="utf-8")
    assert main(("--config", str(file), "explain", "9988")) == 0
    assert main(("explain", "9988", "--config", str(file))) == 0
    assert capsys.readouterr().out.count("\n跟大市") == 2
    assert main(("--source", "sample", "explain", "9988")) == 0
    assert "index-led" in capsys.readouterr().out


def test_commands_start_without_what_only_answers_need() -> None:
    """numpy and the sources are imported by the answer, not by the command line."""
    code = "import sys; from tui.cli import build_parser; build_parser(); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
