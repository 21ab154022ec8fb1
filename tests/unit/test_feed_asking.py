"""Who is asked first, how many at a time, and what becomes of what sources and parts of the feed raise."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tui.domain.clock import FixedClock, ReplayClock
from tui.domain.row import SourceState
from tui.feed import mending
from tui.feed.asking import Asker, Urgency
from tui.feed.health import Health
from tui.feed.mending import Mender, give_back
from tui.feed.pacing import PoliteDoor
from tui.sources.ports import SourceError

NOON = 1_772_769_600_000


def nothing(answer: object) -> None:
    return


async def until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not seen():
            await asyncio.sleep(0.005)


async def test_the_most_urgent_goes_first_and_a_doubled_question_goes_once() -> None:
    clock = FixedClock(NOON)
    asker, health = Asker(clock, 1), Health("yahoo", clock)
    order: list[str] = []

    def question(name: str) -> Callable[[], Awaitable[str]]:
        async def ask() -> str:
            order.append(name)
            return name

        return ask

    asker.ask("late", Urgency.HISTORY, health, question("late"), nothing)
    asker.ask("news", Urgency.NEWS, health, question("news"), nothing)
    asker.ask("quotes", Urgency.QUOTES, health, question("quotes"), nothing)
    asker.ask("late", Urgency.PATHS, health, question("never"), nothing)
    task = asyncio.create_task(asker.run())
    await until(lambda: len(order) == 3)
    task.cancel()
    assert order == ["quotes", "late", "news"]


async def test_a_question_that_is_out_is_not_asked_again() -> None:
    clock = FixedClock(NOON)
    asker, health = Asker(clock, 4), Health("yahoo", clock)
    asked, answers = 0, asyncio.Event()

    async def slow() -> None:
        nonlocal asked
        asked += 1
        await answers.wait()

    first = asker.ask("bars", Urgency.HISTORY, health, slow, nothing)
    task = asyncio.create_task(asker.run())
    await until(lambda: asked)
    assert asker.ask("bars", Urgency.HISTORY, health, slow, nothing) is first
    answers.set()
    await first.done.wait()
    assert asked == 1
    task.cancel()


async def test_no_more_than_in_flight_are_out_and_the_budget_holds() -> None:
    clock = ReplayClock(NOON, 60.0)
    door = PoliteDoor(clock, 10)
    asker, health = Asker(clock, 3), Health("yahoo", clock, door)
    out, most, sent = 0, 0, list[float]()

    async def question() -> None:
        nonlocal out, most
        door.admit("host.example")
        sent.append(clock.monotonic())
        out += 1
        most = max(most, out)
        await asyncio.sleep(0.002)
        door.observe("host.example", 200, {})
        out -= 1

    for number in range(25):
        asker.ask(number, Urgency.QUOTES, health, question, nothing)
    task = asyncio.create_task(asker.run())
    await until(lambda: len(sent) == 25)
    task.cancel()
    assert most <= 3
    for number, moment in enumerate(sent):
        assert sum(moment - 60 < other <= moment for other in sent[: number + 1]) <= 10
    assert health.state is SourceState.OK, "waiting for one's turn is no failure"


async def test_what_is_less_urgent_leaves_the_budget_to_quotes() -> None:
    clock = FixedClock(NOON)
    door = PoliteDoor(clock, 12)
    asker, health = Asker(clock, 1), Health("yahoo", clock, door)
    sent: list[str] = []

    def question(name: str) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            door.admit("host.example")
            sent.append(name)

        return ask

    for number in range(12):
        asker.ask(number, Urgency.HISTORY, health, question("bars"), nothing)
    task = asyncio.create_task(asker.run())
    await until(lambda: len(sent) == 4)
    await asyncio.sleep(0.05)
    assert sent == ["bars"] * 4, "eight of the minute are kept"
    asker.ask("quotes", Urgency.QUOTES, health, question("quotes"), nothing)
    await until(lambda: "quotes" in sent)
    task.cancel()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SourceError(SourceState.OFFLINE, "no route"), SourceState.OFFLINE),
        (TimeoutError(), SourceState.HUNG),
        (ZeroDivisionError("oops"), SourceState.BAD_DATA),
    ],
)
async def test_whatever_is_raised_is_a_named_state(error: Exception, state: SourceState) -> None:
    clock = FixedClock(NOON)
    told: list[SourceState] = []
    health = Health("yahoo", clock)
    asker = Asker(clock, 1, lambda: told.append(health.state))
    failures: list[SourceError] = []

    async def question() -> None:
        raise error

    errand = asker.ask("x", Urgency.QUOTES, health, question, nothing, failures.append)
    task = asyncio.create_task(asker.run())
    async with asyncio.timeout(5):
        await errand.done.wait()
    task.cancel()
    assert failures[0].state is health.state is state
    assert told == [state]


async def test_an_answer_that_cannot_be_taken_is_the_sources_bad_data() -> None:
    clock = FixedClock(NOON)
    asker, health = Asker(clock, 1), Health("yahoo", clock)

    async def question() -> int:
        return 1

    def take(answer: int) -> None:
        raise KeyError(answer)

    errand = asker.ask("x", Urgency.QUOTES, health, question, take)
    task = asyncio.create_task(asker.run())
    async with asyncio.timeout(5):
        await errand.done.wait()
    task.cancel()
    assert health.state is SourceState.BAD_DATA


async def test_a_part_that_fails_is_started_again_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "PAUSES_S", (0.001,))
    clock = FixedClock(NOON)
    mender = Mender(clock)
    runs = 0

    async def part() -> None:
        nonlocal runs
        runs += 1
        if runs < 4:
            raise RuntimeError("a part broke")

    await mender.keep_going(part)
    assert runs == 4
    assert "RuntimeError" in mender.recent_fault()
    clock.advance(601)
    assert mender.recent_fault() == ""


async def test_a_source_that_does_not_close_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "CLOSING_S", 0.01)

    async def hang() -> None:
        await asyncio.Event().wait()

    async def fail() -> None:
        raise RuntimeError("no")

    async with asyncio.timeout(5):
        await give_back(hang)
        await give_back(fail)
