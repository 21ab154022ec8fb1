from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import wire
from tui.domain.attribution import Attribution, Leg, Verdict, Window
from tui.domain.event import Event, Scope
from tui.domain.market import Quote
from tui.domain.row import FeedStatus, Row
from tui.domain.symbol import Symbol

ALIBABA = Symbol("9988.HK")
DAY = date(2026, 3, 6)
QUOTE = Quote(ALIBABA, 130.7, 1, 2, "sample", previous_close=126.3)
ANSWER = Attribution(ALIBABA, DAY, Verdict.MARKET, Window(250, date(2025, 2, 28), date(2026, 3, 5), 250), own_pp=-0.13)
EVENT = Event("e1", 1, 2, "day", "a title", "a paper", symbols=(ALIBABA,), scope=Scope.COMPANY)
ROW = Row(ALIBABA, "Alibaba", "阿里巴巴", "tech", QUOTE, ANSWER, (126.3, None, 130.7))

FEED_FRAMES: list[wire.FeedFrame] = [
    wire.Hello(wire.PROTOCOL, "0.1.0", "sample", 42, wire.ClockInfo("replay", 5, 60.0)),
    wire.Snapshot(3, (ROW,), (EVENT,), FeedStatus(day=DAY)),
    wire.Change(4, 3, rows=(ROW,)),
    wire.History(ALIBABA, (ANSWER,), {DAY: (Leg("overnight", 0.5),)}),
    wire.Refused("ask_history", "no such symbol"),
    wire.Bye("idle"),
]
TERMINAL_FRAMES: list[wire.TerminalFrame] = [
    wire.Greeting(wire.PROTOCOL, "0.1.0"),
    wire.Watch((ALIBABA,), (ALIBABA,)),
    wire.AskHistory(ALIBABA, 20, DAY),
    wire.AskRefresh(),
    wire.AskSnapshot(),
    wire.AskLeave("0.2.0"),
]


@pytest.mark.parametrize("frame", FEED_FRAMES, ids=lambda frame: type(frame).__name__)
def test_feed_frames_travel(frame: wire.FeedFrame) -> None:
    line = wire.encode(frame)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert wire.decode_feed(line) == frame


@pytest.mark.parametrize("frame", TERMINAL_FRAMES, ids=lambda frame: type(frame).__name__)
def test_terminal_frames_travel(frame: wire.TerminalFrame) -> None:
    assert wire.decode_terminal(wire.encode(frame)) == frame


def test_a_newer_side_may_add_fields() -> None:
    line = b'{"frame":"bye","reason":"idle","mood":"fine"}\n'
    assert wire.decode_feed(line) == wire.Bye("idle")


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"{}", b"[]", b"null", b'{"frame":"nonsense"}', b'{"frame":"change"}', b"\xff\xfe", b"[" * 100_000],
)
def test_garbage_is_named(line: bytes) -> None:
    with pytest.raises(wire.FrameError, match="not a frame"):
        wire.decode_feed(line)
    with pytest.raises(wire.FrameError, match="not a frame"):
        wire.decode_terminal(line)


@given(st.binary(max_size=400), st.sampled_from(FEED_FRAMES), st.integers(0, 400))
def test_damaged_lines_never_raise_anything_else(noise: bytes, frame: wire.FeedFrame, at: int) -> None:
    line = wire.encode(frame)
    for damaged in (noise, line[:at] + noise, line[:at] + noise + line[at:]):
        for decode in (wire.decode_feed, wire.decode_terminal):
            try:
                decode(damaged)
            except wire.FrameError:
                continue
