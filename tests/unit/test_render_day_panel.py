"""One day in a few lines: what stays and what goes as the height shrinks."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import ALIBABA, INSUFFICIENT, JD, LEGS, any_day
from tui.domain.attribution import Attribution, Flag
from tui.domain.event import NewsCoverage
from tui.render.day_panel import Section, day_lines, stack, verdict_line
from tui.render.flags import flag_lines
from tui.render.tone import Runs, plain
from tui.render.width import cells


def text(lines: tuple[Runs, ...]) -> list[str]:
    return [plain(line).rstrip() for line in lines]


def first_words(lines: tuple[Runs, ...]) -> list[str]:
    return [line.split(" ")[0] for line in text(lines)]


def test_the_verdict_line() -> None:
    assert plain(verdict_line(JD, 80, "en", 2.31)) == "own move  the largest in a year  volume 2.31x the usual"
    assert plain(verdict_line(JD, 40, "en", 2.31)) == "own move  the largest in a year"
    assert plain(verdict_line(ALIBABA, 80, "zh")) == "跟大市  個別升跌十日有九日達到的幅度"
    alone = msgspec.structs.replace(JD, candidates=(), news_coverage=NewsCoverage.NONE, rarity=1 / 83)
    assert plain(verdict_line(alone, 80)) == "own, no news found  about 1 day in 83"
    assert plain(verdict_line(INSUFFICIENT, 80)) == "too little history"


def test_full_height_tells_everything_with_air() -> None:
    day = msgspec.structs.replace(JD, flags=(Flag.INDEX_CONTAINS_STOCK,))
    lines = day_lines(day, 84, 24, legs=LEGS, candidates=1, fit=3)
    assert first_words(lines) == [
        "own", "", "index", "sector", "own", "move", "", "▪", "",
        "overnight", "morning", "lunch", "afternoon", "auction", "", "The", "", "fit", "own", "beta",
    ]  # fmt: skip


def test_what_goes_first() -> None:
    day = msgspec.structs.replace(JD, flags=(Flag.AGAINST_THE_TAPE, Flag.INDEX_CONTAINS_STOCK))
    assert first_words(day_lines(day, 100, 9, candidates=2)) == [
        "own", "index", "sector", "own", "move", "", "▪", "Against", "fit",
    ]  # fmt: skip
    assert first_words(day_lines(day, 100, 7, candidates=2)) == [
        "own",
        "index",
        "sector",
        "own",
        "move",
        "▪",
        "Against",
    ]
    assert first_words(day_lines(day, 100, 5, legs=LEGS)) == ["own", "index", "sector", "own", "move"]
    assert first_words(day_lines(day, 100, 4)) == ["index", "sector", "own", "move"]
    assert day_lines(day, 100, 3) == ()


def test_no_news_is_said_where_headlines_would_stand() -> None:
    day = msgspec.structs.replace(JD, candidates=(), news_coverage=NewsCoverage.NONE)
    assert "No news found: every source was asked." in text(day_lines(day, 100, 10, candidates=3))


def test_too_little_history_says_what_a_split_needs() -> None:
    assert text(day_lines(INSUFFICIENT, 60, 6))[-1] == "43 usable sessions; a split needs 60"


def test_no_split_is_not_spoken_of() -> None:
    window = msgspec.structs.replace(INSUFFICIENT.window, used=250)
    flags = (Flag.HALF_DAY, Flag.STALE_INDEX, Flag.INDEX_CONTAINS_STOCK, Flag.SHORT_WINDOW)
    day = msgspec.structs.replace(INSUFFICIENT, window=window, flags=flags)
    told = " ".join(text(day_lines(day, 90, 24)))
    assert told.startswith("no index that day")
    assert "no split: no index that day" in told
    assert "Half-day" in told
    for said in ("too little history", "older than", "heavy part", "Short history"):
        assert said not in told


def test_the_feeds_note_about_a_split() -> None:
    lines = text(day_lines(JD, 60, 12, notes=["stock and index compared at 14:15"]))
    assert "stock and index compared at 14:15" in lines


def test_flags_that_cast_doubt_warn() -> None:
    assert flag_lines(JD, (Flag.SUSPECT_PRICE,), 80)[0][0][1] == "warn"
    assert flag_lines(JD, (Flag.HALF_DAY,), 80)[0][0][1] == "muted"


def test_an_ex_dividend_day_says_both_moves() -> None:
    """Without the dividend of 1.30 the price went from 45.00 to 43.08."""
    day = msgspec.structs.replace(
        JD, close=43.08, previous_close=45.0, dividend=1.3, return_pct=-1.378, flags=(Flag.EX_DIVIDEND,)
    )
    (line,) = flag_lines(day, day.flags, 200)
    assert plain(line) == (
        "Ex-dividend: the price alone moved −4.27%; with the dividend of 1.3 HKD added back it is −1.38%."
    )
    (line,) = flag_lines(day, day.flags, 200, "zh")
    assert plain(line) == "除淨日：股價本身升跌 −4.27%；加回股息 1.3 港元，升跌為 −1.38%。"


@pytest.mark.parametrize(
    ("inside", "words", "zh"),
    [
        (("^HSI",), "HSI: some of its own move sits in the index part.",
         "此股佔 HSI 比重高：部分個別升跌計入大市部分。"),
        (("^HSTECH",), "HSTECH: some of its own move sits in the sector part.",
         "此股佔 HSTECH 比重高：部分個別升跌計入板塊部分。"),
        (("^HSI", "^HSTECH"), "HSI and HSTECH: some of its own move sits in the index and sector parts.",
         "此股佔 HSI 及 HSTECH 比重高：部分個別升跌計入大市及板塊部分。"),
        ((), "an index: some of its own move sits in its part.",
         "此股佔指數比重高：部分個別升跌計入該指數的部分。"),
    ],
)  # fmt: skip
def test_a_heavy_part_of_an_index_says_which_and_where_it_shows(inside: tuple[str, ...], words: str, zh: str) -> None:
    day = msgspec.structs.replace(JD, contained_in=inside)
    assert plain(flag_lines(day, (Flag.INDEX_CONTAINS_STOCK,), 200)[0]) == f"The stock is a heavy part of {words}"
    assert plain(flag_lines(day, (Flag.INDEX_CONTAINS_STOCK,), 200, "zh")[0]) == zh


def test_every_flag_has_its_sentence() -> None:
    for flag in Flag:
        assert flag_lines(JD, (flag,), 200)
        assert flag_lines(JD, (flag,), 200, "zh")


def test_stacking() -> None:
    line: Runs = (("x", "text"),)
    sections = (Section(0, (line,)), Section(2, (line, line), apart=2), Section(1, (line,), apart=1))
    assert [len(stack(sections, height)) for height in range(8)] == [0, 1, 2, 3, 4, 5, 6, 6]
    assert stack(sections, 5) == (line, line, line, (), line)


@given(day=any_day(), width=st.integers(0, 130), height=st.integers(0, 30), zh=st.booleans())
def test_lines_keep_to_width_and_height(day: Attribution, width: int, height: int, zh: bool) -> None:
    lines = day_lines(day, width, height, "zh" if zh else "en", legs=LEGS, candidates=3, fit=3, relative_volume=2.0)
    assert len(lines) <= height
    assert all(cells(plain(line)) <= width for line in lines)


def test_where_not_every_warning_has_room_the_first_stands() -> None:
    day = msgspec.structs.replace(JD, flags=(Flag.SUSPECT_PRICE, Flag.HALF_DAY))
    told = [" ".join(text(day_lines(day, 60, height))) for height in range(1, 20)]
    assert any("Suspect price" in each and "Half-day" not in each for each in told)
    assert not any("Half-day" in each and "Suspect price" not in each for each in told)
