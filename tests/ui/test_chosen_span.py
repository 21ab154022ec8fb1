"""A marked day and the cursor choose the sessions over which the own part is added up."""

from datetime import date

from tests.ui.detail_stage import FRIDAY, JD, XIAOMI, Answering, book, detail, painted, press, state_of
from tests.ui.driving import until
from tui.ui.messages import Told
from tui.ui.screens.detail import DetailScreen
from tui.wire import AskEffect

MONDAY = date(2026, 3, 2)


def frame(screen: DetailScreen) -> str:
    return str(screen.frame.border_subtitle)


async def test_from_the_marked_day_to_the_selected_one() -> None:
    screen = detail(state_of())
    app = Answering(screen)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "s")
        await until(pilot, lambda: "own [0,0] +6.85 pp" in frame(screen))
        assert painted(screen.table)[0].startswith("▸▹")
        await press(pilot, "j", "j", "j", "j")
        whole = book().effect(JD, MONDAY, 0, 4)
        assert whole.own_pp is not None
        await until(pilot, lambda: f"own [0,+4] {whole.own_pp:+.2f} pp, t +{whole.t:.1f}" in frame(screen))
        assert frame(screen).endswith("250 sessions")
        assert app.questions == [AskEffect(JD, FRIDAY, ((0, 0),)), AskEffect(JD, MONDAY, ((0, 4),))], "asked at rest"
        assert painted(screen.table)[0].startswith(" ▹")


async def test_another_stock_over_the_same_sessions() -> None:
    screen = detail(state_of(JD, XIAOMI))
    app = Answering(screen)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "j", "s", "k")
        await until(pilot, lambda: "own [0,+1]" in frame(screen))
        jd = frame(screen)
        await press(pilot, "]")
        await until(pilot, lambda: "own [0,+1]" in frame(screen) and frame(screen) != jd)
        assert app.questions[-1].symbol == XIAOMI


async def test_the_mark_is_let_go_of_by_its_key_and_by_escape() -> None:
    screen = detail(state_of())
    app = Answering(screen)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "s")
        await until(pilot, lambda: "own [0,0]" in frame(screen))
        await press(pilot, "s")
        assert frame(screen) == "250 sessions"
        await press(pilot, "s", "escape")
        assert frame(screen) == "250 sessions"
        assert "▹" not in painted(screen.table)[0]
        assert app.screen is screen
        await press(pilot, "escape")
        assert app.screen is not screen


async def test_a_narrow_frame_says_it_shorter() -> None:
    screen = detail(state_of())
    async with Answering(screen).run_test(size=(60, 24)) as pilot:
        await press(pilot, "s", "j", "j")
        await until(pilot, lambda: "[0,+2]" in frame(screen))
        assert "chance" not in frame(screen)
        assert len(frame(screen)) <= 56


async def test_a_screen_without_frames_says_it_in_the_status_line() -> None:
    screen = detail(state_of())
    app = Answering(screen)
    async with app.run_test(size=(40, 12)) as pilot:
        await press(pilot, "s", "j", "j")
        await until(pilot, lambda: any(isinstance(said, Told) and "[0,+2]" in said.text for said in app.asked))
