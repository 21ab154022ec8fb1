"""`whymove explain --prices`: answers from a user's own closes, and what is said of files that are none."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.unit.cli_answers import ask, refused
from tui.cli import main


def write_prices(path: Path, days: int = 130, drop: str = "", hole: int | None = None) -> Path:
    """Weekdays of made-up closes: an index, two stocks."""
    columns = [name for name in ("^HSI", "0700.HK", "9988.HK") if name != drop]
    rows = [",".join(("date", *columns))]
    day = date(2025, 6, 2)
    for number in range(days):
        while day.weekday() > 4:
            day += timedelta(days=1)
        wave = ((number * 7919) % 101 - 50) / 2500
        closes = {"^HSI": 20000 * (1 + wave), "0700.HK": 500 * (1 + 1.2 * wave), "9988.HK": 100 * (1 - wave)}
        cells = ["" if hole == number and name == "^HSI" else f"{closes[name]:.3f}" for name in columns]
        rows.append(",".join((day.isoformat(), *cells)))
        day += timedelta(days=1)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_price_file_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "700", "--prices", str(write_prices(tmp_path / "closes.csv")))
    assert told["window"]["used"] == 128
    assert told["factors"][0]["beta"] == pytest.approx(1.2, abs=0.02)
    assert told["news_coverage"] == "not_fetched"
    assert main(("explain", "700", "--prices", str(tmp_path / "closes.csv"))) == 0
    assert "Closes from closes.csv, taken as adjusted." in capsys.readouterr().out


def test_few_days_are_an_answer_with_the_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "700", "--prices", str(write_prices(tmp_path / "closes.csv", days=40)))
    assert told["verdict"] == "insufficient"
    assert told["window"]["used"] == 38


def test_an_index_that_misses_the_day_is_no_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_prices(tmp_path / "closes.csv", hole=129)
    told = ask(capsys, "700", "--prices", str(file))
    assert told["verdict"] == "insufficient"
    assert told["return_pct"] is not None
    assert told["own_pp"] is None
    assert main(("explain", "700", "--prices", str(file))) == 0
    assert "the index of this day is missing, so there is no split." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("date,", "day,"), "the first column is 'day', not 'date'"),
        (("0700.HK", "Tencent Holdings"), "line 1, column 3: 'Tencent Holdings' is no symbol"),
        (("2025-06-03", "2025-06-02"), "line 3, column date: 2025-06-02 was already on line 2; keep one of them"),
        (("2025-06-03", "2025-05-30"), "line 3, column date: 2025-05-30 comes after 2025-06-02"),
        (("2025-06-03", "03/06/2025"), "line 3, column date: '03/06/2025' is no date"),
    ],
)
def test_a_bad_price_file_is_named_with_its_place(
    change: tuple[str, str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_prices(tmp_path / "closes.csv")
    file.write_text(file.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    code, told = refused(capsys, "700", "--prices", str(file))
    assert code == 1
    assert sentence in told


def test_missing_columns_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_prices(tmp_path / "closes.csv", drop="^HSI")
    assert refused(capsys, "700", "--prices", str(file))[1].startswith("whymove: closes.csv has no ^HSI, the index")
    whole = write_prices(tmp_path / "closes.csv")
    code, told = refused(capsys, "9999", "--prices", str(whole))
    assert (code, told) == (2, "whymove: 9999.HK is not in closes.csv; nearest: 9988 Alibaba")
    code, told = refused(capsys, "700", "--prices", str(whole), "--sector", "^HSTECH")
    assert (code, told[:31]) == (2, "whymove: closes.csv has no ^HST")


def test_a_holiday_is_named_in_price_files_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_prices(tmp_path / "closes.csv")
    text = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in text if "2025-07-01" not in line and "2025-07-03" not in line))
    assert "2025-07-01 is no trading day (" in refused(capsys, "700", "--prices", str(file), "--date", "2025-07-01")[1]
    told = refused(capsys, "700", "--prices", str(file), "--date", "2025-07-03")[1]
    assert told == (
        "whymove: closes.csv has no prices for 2025-07-03; the sessions around it are 2025-07-02 and 2025-07-04"
    )


@pytest.mark.shared_data
def test_real_closes_answer(shared_closes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "1810.HK", "--prices", str(shared_closes), "--date", "2026-02-27")
    assert told["return_pct"] == pytest.approx(-0.796, abs=0.001)
    assert told["market_pp"] + told["sector_pp"] + told["own_pp"] == pytest.approx(told["return_pct"], abs=1e-12)
    assert told["window"]["used"] == 250
