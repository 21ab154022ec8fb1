"""`whymove once`: a plain table of a list, the same for scripts and people."""

import json
from pathlib import Path

import pytest

from tui.cli import main
from tui.render.width import cells

SAMPLE = ("--source", "sample")


def once(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    assert main(("once", *argv)) == 0
    return capsys.readouterr().out.splitlines()


def test_the_table_of_the_sample_week(capsys: pytest.CaptureFixture[str]) -> None:
    told = once(capsys, *SAMPLE)
    assert told[:6] == [
        "Fri 6 Mar 2026",
        "SAMPLE: these closes are published, the history behind the splits is simulated.",
        "HSI    25757.29    +1.72%",
        "HSTECH  4947.50    +3.15%",
        "own at 1-in-20: 4 of 19, usual 1",
        "",
    ]
    rows = {line.split()[0]: line for line in told[7:]}
    assert len(rows) == 19
    assert list(rows)[:4] == ["2618", "9618", "9626", "9961"]
    assert rows["9618"].endswith("106.60   +9.95  +2.41  +0.69  +6.85  1/251 own move")
    assert rows["9988"].split()[-1] == "index-led"
    assert not any("\x1b" in line for line in told)


def test_rows_are_ordered_by_rarity(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("once", *SAMPLE, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    rarities = [day["rarity"] for day in told]
    assert rarities == sorted(rarities)
    assert {day["symbol"] for day in told} >= {"9988.HK", "0992.HK"}


def test_another_day_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    told = once(capsys, *SAMPLE, "--date", "2026-02-16", "--lang", "zh")
    assert told[0] == "2026年2月16日 週一"
    assert told[1] == "樣本：模擬價格。"
    head = told[6]
    at = cells(head[: head.index("收市") + 2])
    rows = [line for line in told[7:] if line]
    assert len(rows) == 19
    # Every price ends under its title, whatever the width of the name before it.
    assert all("." in line and _cell_of_last_digit_of_price(line) == at for line in rows)


def _cell_of_last_digit_of_price(line: str) -> int:
    return cells(line[: line.index(".") + 3])


def test_the_bare_command_without_a_terminal_is_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("--source", "sample")) == 0
    bare = capsys.readouterr().out
    assert main(("demo",)) == 0
    assert capsys.readouterr().out == bare
    assert "own at 1-in-20: 4 of 19, usual 1" in bare


def config(tmp_path: Path, *symbols: str) -> str:
    file = tmp_path / "config.toml"
    listed = ", ".join(f'"{symbol}"' for symbol in symbols)
    file.write_text(f'source = "sample"\n[list.start]\n"Mine" = [{listed}]\n', encoding="utf-8")
    return str(file)


def test_stocks_that_the_source_lacks_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("once", "--config", config(tmp_path, "700", "1", "99902"))) == 0
    told = capsys.readouterr()
    assert told.err == "whymove: sample has no 0001\n"
    codes = [line.split()[0] for line in told.out.splitlines() if line]
    assert codes[codes.index("code") + 1 :] == ["0700", "99902"]
    assert main(("once", "--config", config(tmp_path, "1"))) == 1
    assert capsys.readouterr().err.endswith("whymove: sample has none of the stocks of this list\n")


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("--list", "Hong Kon"), "there is no list 'Hong Kon'; did you mean Hong Kong?"),
        (("--list", "Banks"), "there is no list 'Banks'; there are Hong Kong"),
        (("--date", "2026-02-18"), "2026-02-18 is no trading day (The second day of Chinese New Year)"),
        (("--date", "tomorrow"), "--date 'tomorrow' is no date"),
    ],
)
def test_a_mistake_is_one_sentence(argv: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("once", *SAMPLE, *argv)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
