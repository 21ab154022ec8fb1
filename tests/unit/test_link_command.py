"""`whymove link` line by line: what is wrong is named with its line, the rest is done."""

import io
import json
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.link import Days, interval, link_lines
from tui.config.aliases import news_table
from tui.domain.trading_day import DayKind, TradingDay, from_hkt
from tui.news.linking import Linker


@cache
def _linker() -> Linker:
    return Linker(news_table())


def _run(lines: list[bytes], days: Days | None = None, *, as_json: bool = True) -> tuple[int, list[str], list[str]]:
    out, talk = io.StringIO(), io.StringIO()
    code = link_lines(lines, out, talk, _linker(), days or Days({}), as_json=as_json)
    return code, out.getvalue().splitlines(), talk.getvalue().splitlines()


def test_good_lines_between_bad_ones() -> None:
    code, out, talk = _run(
        [
            b'{"id": "a", "title": "Tencent buys back shares", "published": "2026-03-06T16:10:00+08:00", "more": 1}\n',
            b"no json\n",
            b"\n",
            b'{"id": "b", "title": "Tencent", "published": "2026-03-06T10:00:00"}\n',
            b'{"id": "c", "title": "Tencent", "published": "2026-02-30"}\n',
            b'{"id": "d", "title": null, "published": "2026-03-06"}\n',
            b'{"id": "e", "title": "Tencent", "published": "0001-01-01"}\n',
            b'{"id": "\xff", "title": "Tencent", "published": "2026-03-06"}\n',
            b'{"id": 7, "title": "", "published": "2026-03-06"}\n',
        ]
    )
    assert code == 1
    assert [json.loads(line) for line in out] == [
        {"id": "a", "symbols": ["0700.HK"], "scope": "company", "session": "2026-03-09", "recap": False},
        {"id": 7, "symbols": [], "scope": "other", "session": "2026-03-09", "recap": False},
    ]
    assert [line.split(":")[1].strip() for line in talk] == [f"line {number}" for number in (2, 4, 5, 6, 7, 8)]
    assert "no time zone" in talk[1]
    assert "'2026-02-30' is no date" in talk[2]
    assert "title" in talk[3]


def test_columns_for_reading() -> None:
    line = b'{"id": "a\\u001b[31m", "title": "Tencent jumps 5%", "published": "2026-03-06"}'
    code, out, _ = _run([line], as_json=False)
    assert (code, out) == (0, ["a\t0700.HK\tcompany\t2026-03-09\trecap"])


@pytest.mark.parametrize(
    ("published", "session"),
    [
        ("2026-02-16T12:09:59+08:00", "2026-02-16"),
        ("2026-02-16T04:10:00Z", "2026-02-20"),
        ("2026-03-05T03:10-05:00", "2026-03-06"),
        ("2026-03-05T16:09:59.999999+08:00", "2026-03-05"),
        ("2025-12-31T23:30:00-05:00", "2026-01-02"),
        ("2026-12-31T12:10:00+08:00", "2027-01-04"),
        ("2026-04-02", "2026-04-08"),
    ],
)
def test_trading_days(published: str, session: str) -> None:
    line = json.dumps({"id": 1, "title": "", "published": published}).encode()
    _, out, _ = _run([line])
    assert json.loads(out[0])["session"] == session


def test_the_users_own_days_outrank_the_calendar() -> None:
    storm = date(2026, 3, 6)
    line = b'{"id": 1, "title": "", "published": "2026-03-06T10:00:00+08:00"}'
    _, out, _ = _run([line], Days({storm: TradingDay(storm, DayKind.CLOSED)}))
    assert json.loads(out[0])["session"] == "2026-03-09"


def test_a_date_is_its_whole_day() -> None:
    assert interval("2026-03-05") == (from_hkt(date(2026, 3, 5)), from_hkt(date(2026, 3, 6)))


@given(st.text(max_size=40) | st.datetimes().map(str) | st.dates().map(str))
def test_any_text_is_a_time_or_a_sentence(published: str) -> None:
    said = ""
    try:
        start, end = interval(published)
        assert start <= end
    except ValueError as error:
        said = str(error)
    assert not said or "published" in said


@given(st.binary(max_size=200))
def test_any_line_is_an_answer_or_a_sentence(line: bytes) -> None:
    code, out, talk = _run([line.replace(b"\n", b" ")])
    assert len(out) + len(talk) <= 1
    assert code == len(talk)
