"""Pictures of one stock's screen and of the panes beside the list, in the states that a change could spoil."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
import pytest
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.pilot import Pilot
from textual.screen import Screen

from tests.ui.detail_stage import ALIBABA, HSBC, JD, Answering, Stage, detail, state_of
from tests.ui.driving import until
from tui.domain.symbol import Symbol
from tui.ui.model import LinkPhase, Look, ViewState
from tui.ui.widgets.split_pane import SplitPane
from tui.ui.widgets.timeline import Timeline


class SnapCompare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: Stage,
        *,
        press: tuple[str, ...] = (),
        terminal_size: tuple[int, int] = ...,
        run_before: Callable[[Pilot[int]], Awaitable[None]] | None = None,
    ) -> bool: ...


class Panes(Screen[None]):
    """The split and the timeline as the main screen places them on a wide terminal."""

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._state = state

    def compose(self) -> ComposeResult:
        with Container(id="panes"):
            with Vertical(id="left"):
                yield SplitPane(id="split")
            yield Timeline(id="timeline")

    def on_mount(self) -> None:
        self.query_one(SplitPane).show(self._state)
        self.query_one(Timeline).show(self._state)
        self.query_one(Timeline).focus()


ZH = Look("zh")
ASCII = Look(glyphs="ascii")
SCREENS: list[tuple[str, tuple[int, int], Callable[[], Stage], tuple[str, ...]]] = [
    ("wide", (160, 50), lambda: Stage(detail(state_of())), ()),
    ("medium-zh", (100, 30), lambda: Stage(detail(state_of(look=ZH), ALIBABA)), ("j", "v")),
    (
        "medium-ascii",
        (100, 30),
        lambda: Stage(detail(state_of(look=ASCII)), theme="mono-ascii", palette="mono"),
        ("v", "v"),
    ),
    ("light-red-up", (120, 40), lambda: Stage(detail(state_of(HSBC), HSBC), theme="light", palette="red_up"), ("tab",)),
    ("narrow", (60, 20), lambda: Stage(detail(state_of())), ()),
    ("narrow-headlines", (60, 20), lambda: Stage(detail(state_of())), ("tab",)),
    ("tiny", (40, 12), lambda: Stage(detail(state_of())), ("j",)),
    ("asking", (100, 30), lambda: Stage(detail(state_of()), answer=False), ()),
    (
        "feed-gone",
        (80, 24),
        lambda: Stage(detail(state_of(link=LinkPhase.LOST), Symbol("0388.HK")), answer=False),
        (),
    ),
    ("panes", (150, 14), lambda: Stage(Panes(state_of())), ("e",)),
    ("panes-zh", (150, 14), lambda: Stage(Panes(state_of(ALIBABA, look=ZH))), ()),
    ("panes-empty", (120, 14), lambda: Stage(Panes(msgspec.structs.replace(state_of(JD), events=(), notes=()))), ()),
]


@pytest.mark.parametrize(("size", "make", "keys"), [case[1:] for case in SCREENS], ids=[case[0] for case in SCREENS])
def test_picture(
    snap_compare: SnapCompare, size: tuple[int, int], make: Callable[[], Stage], keys: tuple[str, ...]
) -> None:
    assert snap_compare(make(), press=keys, terminal_size=size)


def test_picture_of_a_chosen_span(snap_compare: SnapCompare) -> None:
    screen = detail(state_of())

    async def mark(pilot: Pilot[int]) -> None:
        await pilot.press("j", "s", "j", "j", "j")
        await until(pilot, lambda: "[0,+3]" in str(screen.frame.border_subtitle))

    assert snap_compare(Answering(screen), terminal_size=(120, 40), run_before=mark)
