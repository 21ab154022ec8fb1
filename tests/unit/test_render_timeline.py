"""The timeline: days and their parts, times no more exact than they are known, hostile headlines, many lines."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.render_days import JD
from tui.domain.event import Event, Note, Precision, Scope
from tui.domain.symbol import Symbol
from tui.domain.trading_day import DayKind, TradingDay, from_hkt
from tui.render.glyphs import GlyphName, glyphs
from tui.render.timeline import Part, Timeline, place_of, time_words, timeline_of
from tui.render.timeline_filter import Wanted
from tui.render.timeline_line import line_runs, mark_of
from tui.render.tone import plain
from tui.render.width import cells

JD_CODE, ALIBABA_CODE, XIAOMI_CODE = Symbol("9618.HK"), Symbol("9988.HK"), Symbol("1810.HK")
MON, WED, THU, FRI = (date(2026, 3, day) for day in (2, 4, 5, 6))
SAT = date(2026, 2, 28)
HALF = date(2026, 2, 16)
DAYS = {
    HALF: TradingDay(HALF, DayKind.HALF),
    **{date(2026, 2, day): TradingDay(date(2026, 2, day), DayKind.CLOSED) for day in (17, 18, 19)},
}


def dated(name: str, first: date, last: date | None = None, **fields: object) -> Event:
    end = from_hkt((last or first) + timedelta(days=1))
    return _event(name, from_hkt(first), end, "day", **fields)


def timed(name: str, day: date, hour: int, minute: int, **fields: object) -> Event:
    start = from_hkt(day, time(hour, minute))
    return _event(name, start, start + 60_000, "minute", **fields)


def _event(name: str, start: int, end: int, precision: Precision, **fields: object) -> Event:
    defaults: dict[str, object] = {
        "title": f"{name} title", "source": "Reuters", "symbols": (JD_CODE,), "scope": Scope.COMPANY
    }  # fmt: skip
    return Event(name, start, end, precision, **(defaults | fields))  # type: ignore[arg-type]  # fields of a test


OIL = dated("oil", FRI, title="Oil eases on the Iran conflict", symbols=(), scope=Scope.MARKET)
RESULTS = dated("results", THU, title="Fourth-quarter results", title_zh="第四季業績", source="JD.com")
GEMINI = dated("gemini", date(2026, 3, 3), WED, title="Assistant uses Gemini", source="CNBC", symbols=(XIAOMI_CODE,))
NOTE = Note("n1", JD_CODE, FRI, "own move on results;\nwatch the margin", 0, 0)
ALL = [OIL, RESULTS, GEMINI]


def text(timeline: Timeline, width: int = 60, language: str = "en", **fields: object) -> list[str]:
    said = "zh" if language == "zh" else "en"
    return [
        plain(line_runs(line, width, timeline.time_width, said, **fields)).rstrip()  # type: ignore[arg-type]
        for line in timeline.lines
    ]


def test_days_newest_first_with_honest_times() -> None:
    assert text(timeline_of(ALL, [NOTE], {})) == [
        "Fri 6 Mar",
        "    day ◦ Oil eases on the Iran conflict  Reuters",
        "   note ▸ 9618 own move on results; watch the margin",
        "Thu 5 Mar",
        "    day ▪ 9618 Fourth-quarter results  JD.com",
        "Wed 4 Mar",
        "3–4 Mar ▪ 1810 Assistant uses Gemini  CNBC",
    ]


def test_in_chinese_with_chinese_titles() -> None:
    timeline = timeline_of(ALL, [NOTE], {}, language="zh")
    assert text(timeline, language="zh") == [
        "3月6日 週五",
        "    全日 ◦ Oil eases on the Iran conflict  Reuters",
        "    筆記 ▸ 9618 own move on results; watch the margin",
        "3月5日 週四",
        "    全日 ▪ 9618 第四季業績  JD.com",
        "3月4日 週三",
        "3月3–4日 ▪ 1810 Assistant uses Gemini  CNBC",
    ]


def test_parts_of_a_day_in_order_and_newest_first_inside_them() -> None:
    events = [
        timed("a", FRI, 8, 30),
        timed("b", THU, 18, 5),
        timed("c", FRI, 10, 0),
        timed("d", FRI, 11, 0),
        timed("e", FRI, 12, 30),
        timed("f", FRI, 13, 0),
        timed("g", FRI, 16, 5),
        timed("h", FRI, 17, 0, session=FRI),
    ]
    assert text(timeline_of(events, [], {}), 30) == [
        "Fri 6 Mar",
        "      overnight",
        "08:30 ▪ 9618 a title  Reuters",
        "18:05 ▪ 9618 b title  Reuters",
        "      morning",
        "11:00 ▪ 9618 d title  Reuters",
        "10:00 ▪ 9618 c title  Reuters",
        "      lunch",
        "12:30 ▪ 9618 e title  Reuters",
        "      afternoon",
        "13:00 ▪ 9618 f title  Reuters",
        "      auction",
        "16:05 ▪ 9618 g title  Reuters",
        "      after the close",
        "17:00 ▪ 9618 h title  Reuters",
    ]


@pytest.mark.parametrize(
    ("event", "day", "part"),
    [
        (timed("x", FRI, 9, 29), FRI, "overnight"),
        (timed("x", FRI, 9, 30), FRI, "morning"),
        (timed("x", FRI, 16, 9), FRI, "auction"),
        (timed("x", FRI, 16, 10), date(2026, 3, 9), "overnight"),
        (timed("x", SAT, 10, 0), MON, "overnight"),
        (dated("x", SAT), MON, "undated"),
        (timed("x", HALF, 12, 5), HALF, "auction"),
        # The New Year closure: what comes after the half-day waits for the Friday.
        (timed("x", HALF, 12, 10), date(2026, 2, 20), "overnight"),
        (dated("x", date(2026, 2, 18)), date(2026, 2, 20), "undated"),
    ],
)
def test_where_an_event_stands(event: Event, day: date, part: Part) -> None:
    assert place_of(event, DAYS) == (day, part)


def test_times() -> None:
    assert time_words(timed("x", THU, 18, 5), FRI) == "18:05"
    assert time_words(timed("x", SAT, 10, 5), MON) == "Sat 10:05"
    assert time_words(timed("x", SAT, 10, 5), MON, "zh") == "週六 10:05"
    assert time_words(timed("x", date(2026, 2, 13), 18, 5), date(2026, 2, 20)) == "13 Feb 18:05"
    assert time_words(dated("x", SAT), MON) == "28 Feb"
    assert time_words(dated("x", SAT, MON), MON) == "28 Feb–2 Mar"
    assert time_words(dated("x", SAT, MON), MON, "zh") == "2月28日–3月2日"
    half_an_hour = _event("x", from_hkt(FRI, time(10)), from_hkt(FRI, time(10, 30)) + 1, "minute")
    assert time_words(half_an_hour, FRI) == "10:00–10:30"
    over_midnight = _event("x", from_hkt(THU, time(22)), from_hkt(FRI, time(3)), "minute")
    assert time_words(over_midnight, FRI) == "5–6 Mar"


def test_what_still_goes_on_stands_under_today() -> None:
    running = dated("war", MON, FRI, scope=Scope.MARKET, symbols=())
    assert [line.day for line in timeline_of([running], [], {}, today=WED).lines] == [WED, WED]
    assert [line.day for line in timeline_of([running], [], {}).lines] == [FRI, FRI]


def test_one_stock_keeps_the_markets_items() -> None:
    found = timeline_of(ALL, [NOTE], {}, Wanted(symbol=JD_CODE))
    assert [line.key[1] for line in found.lines if line.chosen] == ["oil", "n1", "results"]
    assert found.items == 3


def test_filters() -> None:
    def ids(wanted: Wanted) -> list[str]:
        return [line.key[1] for line in timeline_of(ALL, [NOTE], {}, wanted).lines if line.chosen]

    assert ids(Wanted(text="GEMINI")) == ["gemini"]
    assert ids(Wanted(text="業績")) == ["results"]
    assert ids(Wanted(text="reuters")) == ["oil"]
    assert ids(Wanted(text="9618")) == ["n1", "results"]
    assert ids(Wanted(text="market")) == ids(Wanted(text="大市")) == ["oil"]
    assert ids(Wanted(text="cnbc company")) == ["gemini"]
    assert ids(Wanted(text="note margin")) == ["n1"]
    assert ids(Wanted(text="[nothing]")) == []


def test_the_days_move_stands_beside_the_day() -> None:
    timeline = timeline_of([OIL], [], {})
    assert text(timeline, days={FRI: JD})[0] == "Fri 6 Mar  +9.95%  own +6.85"
    assert text(timeline, 20, days={FRI: JD})[0] == "Fri 6 Mar  +9.95%"
    assert text(timeline, 10, days={FRI: JD})[0] == "Fri 6 Mar"


def test_scopes_recaps_and_codes() -> None:
    sector = timed("s", FRI, 10, 0, scope=Scope.SECTOR, symbols=(JD_CODE, ALIBABA_CODE, XIAOMI_CODE))
    recap = timed("r", FRI, 11, 0, recap=True, source="finanzen.ch")
    lines = text(timeline_of([sector, recap], [], {}), 60, first=ALIBABA_CODE)
    assert lines[2:] == ["11:00 ▪ 9618 recap r title  finanzen.ch", "10:00 ▫ 9988 +2 s title  Reuters"]
    bare = text(timeline_of([recap], [], {}), 60, with_codes=False)
    assert bare[2] == "11:00 ▪ recap r title  finanzen.ch"
    tones = {tone for _, tone in line_runs(timeline_of([recap], [], {}).lines[2], 60)}
    assert tones <= {"recap", "muted"}
    assert [mark_of(e, glyphs("ascii")) for e in (OIL, RESULTS, sector)] == ["o", "*", "+"]


def test_finding_a_line_and_a_day_again() -> None:
    timeline = timeline_of(ALL, [NOTE], {})
    at = timeline.find(("event", "results"))
    assert at is not None
    assert timeline.lines[at].event == RESULTS
    assert timeline.find(("event", "gone")) is None
    assert timeline.first_of(THU) == 3
    assert timeline.first_of(date(2026, 3, 20)) == 0
    assert timeline.first_of(date(2020, 1, 1)) is None


HOSTILE = st.text(st.sampled_from("ab 京東[/]\x1b\x07\u202e\u200b\ufe0fé\U0001f004、\t\n%$"), max_size=60)


@given(title=HOSTILE, source=HOSTILE, width=st.integers(0, 90), name=st.sampled_from(["braille", "block", "ascii"]))
def test_hostile_headlines_keep_to_the_width_and_stay_printable(
    title: str, source: str, width: int, name: GlyphName
) -> None:
    events = [dated("x", FRI, title=title, source=source), timed("y", SAT, 10, 0, title=title, recap=True)]
    notes = [Note("n", JD_CODE, FRI, title, 0, 0)]
    timeline = timeline_of(events, notes, {})
    for line in timeline.lines:
        painted = plain(line_runs(line, width, timeline.time_width, glyphs=glyphs(name)))
        assert cells(painted) <= width
        assert painted.isprintable()


def test_five_thousand_events_in_a_day_stand_in_one_part_each() -> None:
    events = [timed(f"e{i}", FRI, 9 + i % 7, i % 60) for i in range(5_000)]
    timeline = timeline_of(events, [], {})
    assert timeline.items == 5_000
    assert len({line.key for line in timeline.lines}) == len(timeline.lines)
    ends = [line.event.end for line in timeline.lines if line.event and line.part == "morning"]
    assert ends == sorted(ends, reverse=True)
