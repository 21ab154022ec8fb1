"""Events and notes by trading day, newest first, and within a day by its parts: what came overnight, in the morning,
over lunch, in the afternoon, in the closing auction and after it.

A time is shown as well as it is known and no better: "10:05" for a minute, "day" for an item of which only the date
is known, "3–4 Mar" for one that lies somewhere in two days.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from tui.domain.event import Event, Note, Precision
from tui.domain.trading_day import Phase, TradingDay, close_time, phase_at, to_hkt, weekday_default
from tui.render.language import Language, Words
from tui.render.timeline_filter import ALL_ITEMS, Wanted
from tui.render.width import cells
from tui.render.words import day_words

Part = Literal["undated", "overnight", "morning", "lunch", "afternoon", "auction", "after", "notes"]
_PART_ORDER: Final[dict[Part, int]] = {
    "undated": 0,
    "overnight": 1,
    "morning": 2,
    "lunch": 3,
    "afternoon": 4,
    "auction": 5,
    "after": 6,
    "notes": 7,
}
_PART_OF: Final[dict[Phase, Part]] = {
    Phase.MORNING: "morning",
    Phase.LUNCH: "lunch",
    Phase.AFTERNOON: "afternoon",
    Phase.AUCTION: "auction",
    Phase.AFTER: "after",
}
_DAY = Words("day", "全日")
_ONE_DAY = timedelta(days=1)
_MINUTE_MS = 60_000
_EVENING = 12  # no news window of a trading day opens before noon of the day before
_LONGEST_CLOSURE = 30
TIME_WIDTH: Final = 5


class TimelineLine(msgspec.Struct, frozen=True):
    """One line: the heading of a day, that of a part of it, an event or a note."""

    kind: Literal["day", "part", "event", "note"]
    day: date
    part: Part = "undated"
    event: Event | None = None
    note: Note | None = None
    count: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while the lines around it change: kind and id."""
        if self.event is not None:
            return "event", self.event.id
        if self.note is not None:
            return "note", self.note.id
        return self.kind, f"{self.day} {self.part}"

    @property
    def chosen(self) -> bool:
        """Whether it is something that happened or was written, not a heading."""
        return self.kind in ("event", "note")


class Timeline(msgspec.Struct, frozen=True):
    """The lines from top to bottom, the width of the column of times, how many items are shown, and of how many."""

    lines: tuple[TimelineLine, ...] = ()
    time_width: int = TIME_WIDTH
    items: int = 0
    of: int = 0

    def find(self, key: tuple[str, str]) -> int | None:
        """Where a line stands."""
        return next((at for at, line in enumerate(self.lines) if line.key == key), None)

    def first_of(self, day: date) -> int | None:
        """The heading of a day, or of the first older day that has one."""
        return next((at for at, line in enumerate(self.lines) if line.kind == "day" and line.day <= day), None)


def timeline_of(
    events: Iterable[Event],
    notes: Iterable[Note],
    trading_days: Mapping[date, TradingDay],
    wanted: Wanted = ALL_ITEMS,
    language: Language = "en",
    today: date | None = None,
) -> Timeline:
    """The lines of what is wanted, for one paint or many: a line is only formatted when it is seen.

    What is still going on stands under `today`.
    """
    by_day: dict[date, list[TimelineLine]] = {}
    time_width = TIME_WIDTH
    of = 0
    for event in events:
        of += wanted.near(event)
        if not wanted.holds(event):
            continue
        day, part = place_of(event, trading_days)
        if today is not None and event.precision == "day" and day > today and to_hkt(event.start).date() <= today:
            day = today
        by_day.setdefault(day, []).append(TimelineLine("event", day, part, event=event))
        if part in ("undated", "overnight") or event.end - event.start > _MINUTE_MS:
            time_width = max(time_width, cells(time_words(event, day, language)))
    for note in notes:
        of += wanted.near(note)
        if wanted.holds(note):
            by_day.setdefault(note.day, []).append(TimelineLine("note", note.day, "notes", note=note))
    lines: list[TimelineLine] = []
    for day in sorted(by_day, reverse=True):
        found = sorted(by_day[day], key=_within_day)
        lines.append(TimelineLine("day", day, count=len(found)))
        before: Part = "undated"
        for line in found:
            if line.part != before and line.part != "notes":
                lines.append(TimelineLine("part", day, line.part))
            before = line.part
            lines.append(line)
    return Timeline(tuple(lines), time_width, sum(map(len, by_day.values())), of)


def _within_day(line: TimelineLine) -> tuple[int, int, str]:
    """By part, and inside a part the newest first, as the days are."""
    moment = line.event.end if line.event else line.note.updated if line.note else 0
    return _PART_ORDER[line.part], -moment, line.key[1]


def place_of(event: Event, trading_days: Mapping[date, TradingDay]) -> tuple[date, Part]:
    """The trading day an event stands under and the part of it that it could move first.

    An item known by its date stands under that date (the last one of several), or under the next trading day where
    the exchange was closed. One with a time stands under the first session that closes after it.
    """
    moment = event.end - 1 if event.end > event.start else event.end
    last = to_hkt(moment)
    own_day = trading_days.get(last.date()) or weekday_default(last.date())
    if event.precision == "day":
        return _open_from(last.date(), trading_days), "undated"
    session = event.session
    if session is None:
        closed = not own_day.is_open or last.time() >= close_time(own_day.kind)
        session = _open_from(last.date() + _ONE_DAY if closed else last.date(), trading_days)
    if session != last.date():
        return session, "overnight"
    return session, _PART_OF.get(phase_at(moment, own_day), "overnight")


def _open_from(day: date, trading_days: Mapping[date, TradingDay]) -> date:
    """The first trading day from `day` on; `day` itself where no table says that the exchange opens again."""
    for ahead in range(_LONGEST_CLOSURE):
        candidate = day + _ONE_DAY * ahead
        if (trading_days.get(candidate) or weekday_default(candidate)).is_open:
            return candidate
    return day


def time_words(event: Event, day: date, language: Language = "en") -> str:
    """When an event happened, as it stands under `day`."""
    return when_words(event.start, event.end, event.precision, day, language)


def when_words(start_ms: int, end_ms: int, precision: Precision, day: date, language: Language = "en") -> str:
    """A time as well as it is known: "10:05", "day", "3–4 Mar", "10:05–10:30".

    Another date than `day` is named ("Sat 10:05"), but for the evening before, which only the night can hold.
    """
    start, end = to_hkt(start_ms), to_hkt(end_ms - 1 if end_ms > start_ms else end_ms)
    if start.date() != end.date():
        return _span(start.date(), end.date(), language)
    if precision == "day":
        return _DAY.say(language) if end.date() == day else _short(end.date(), language)
    clock = f"{end:%H:%M}" if end_ms - start_ms <= _MINUTE_MS else f"{start:%H:%M}–{end:%H:%M}"
    ago = day - end.date()
    if not ago or (ago == _ONE_DAY and start.hour >= _EVENING):
        return clock
    if _ONE_DAY <= ago < _ONE_DAY * 7:
        words = day_words(end.date(), language)
        return f"{words.split(' ')[1 if language == 'zh' else 0]} {clock}"
    return f"{_short(end.date(), language)} {clock}"


def _short(day: date, language: Language) -> str:
    words = day_words(day, language)
    return words.partition(" ")[0 if language == "zh" else 2]


def _span(first: date, last: date, language: Language) -> str:
    """ "3–4 Mar", "28 Feb–2 Mar"; "3月3–4日" in Chinese."""
    same_month = (first.year, first.month) == (last.year, last.month)
    if language == "zh":
        return (
            f"{first.month}月{first.day}–{last.day}日" if same_month else f"{_short(first, 'zh')}–{_short(last, 'zh')}"
        )
    return f"{first.day if same_month else _short(first, 'en')}–{_short(last, 'en')}"
