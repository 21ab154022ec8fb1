"""The split under the list: what it says of the selected stock, and that it repaints only what changed."""

import msgspec
import pytest

from tests.ui.detail_stage import ALIBABA, HSBC, JD, Stage, painted, paints, state_of
from tui.render.tone import plain
from tui.ui.model import LinkPhase, Look, ViewState
from tui.ui.widgets.split_pane import SplitPane


async def lines_of(state: ViewState, size: tuple[int, int] = (100, 12)) -> list[str]:
    pane = SplitPane(id="split")
    pane.styles.height, pane.styles.min_height = "1fr", 0
    async with Stage(pane).run_test(size=size) as pilot:
        pane.show(state)
        await pilot.pause()
        assert all(len(line) <= size[0] for line in painted(pane))
        return [line.strip() for line in painted(pane)]


async def test_an_own_move() -> None:
    lines = await lines_of(state_of())
    assert lines[0] == "own move  the largest in a year  volume 1.84x the usual"
    assert [line.split()[:2] for line in lines[1:5]] == [
        ["index", "+2.41"], ["sector", "+0.69"], ["own", "+6.85"], ["move", "+9.95"],
    ]  # fmt: skip
    assert lines[6] == "▪ JD.com reports fourth-quarter results  possible cause, JD.com, 5 Mar"
    assert "beta HSI 1.40 ± 0.06 · HSTECH 0.73 ± 0.13" in lines[-1]


async def test_an_index_led_move_names_no_cause() -> None:
    lines = await lines_of(state_of(ALIBABA))
    assert lines[0].startswith("index-led  a size that own moves reach nine days in ten")
    assert not any("possible cause" in line for line in lines)
    assert any(line.startswith("▪ Alibaba letter to staff") and "evidence" in line for line in lines)


async def test_no_news_is_said() -> None:
    state = state_of(HSBC)
    row = state.rows[HSBC]
    assert row.day is not None
    bare = msgspec.structs.replace(row, day=msgspec.structs.replace(row.day, candidates=()))
    lines = await lines_of(msgspec.structs.replace(state, rows={HSBC: bare}))
    assert "No news found: every source was asked." in lines
    assert any(line.startswith("sector") and line.endswith("no sector factor") for line in lines)


async def test_in_chinese() -> None:
    lines = await lines_of(state_of(look=Look("zh")))
    assert lines[0] == "個別發展  一年來最大  成交量為平常 1.84x"
    assert [line.split()[0] for line in lines[1:5]] == ["大市", "板塊", "個別", "升跌"]


async def test_why_there_is_no_split() -> None:
    state = state_of()
    row = state.rows[JD]
    no_day = msgspec.structs.replace(row, day=None)
    noted = msgspec.structs.replace(no_day, note="no split: HSI has no price of Fri 6 Mar")
    for changed, words in (
        (msgspec.structs.replace(state, rows={JD: no_day}), "history for its split is still on its way"),
        (msgspec.structs.replace(state, rows={JD: noted}), "no split: HSI has no price of Fri 6 Mar"),
        (msgspec.structs.replace(state, rows={}), "9618 has no price yet"),
        (msgspec.structs.replace(state, selected=None), "a adds stocks to the list"),
        (msgspec.structs.replace(state_of(link=LinkPhase.STARTING), rows={}), "comes with the feed"),
    ):
        assert words in " ".join(await lines_of(changed))


async def test_an_equal_state_and_other_stocks_send_nothing() -> None:
    pane = SplitPane(id="split")
    app = Stage(pane)
    async with app.run_test(size=(100, 12)) as pilot:
        pane.show(state_of())
        await pilot.pause()
        sent = app.sent
        pane.show(state_of())
        state = state_of()
        other = msgspec.structs.replace(state.rows[HSBC], relative_volume=7.0)
        pane.show(msgspec.structs.replace(state, rows=state.rows | {HSBC: other}, events_version=9))
        await pilot.pause()
        assert app.sent == sent


async def test_a_tick_paints_the_lines_that_differ() -> None:
    pane = SplitPane(id="split")
    async with Stage(pane).run_test(size=(100, 12)) as pilot:
        state = state_of()
        pane.show(state)
        await pilot.pause()
        row = state.rows[JD]
        with paints(pane) as lines:
            pane.show(
                msgspec.structs.replace(state, rows=state.rows | {JD: msgspec.structs.replace(row, relative_volume=2)})
            )
            await pilot.pause()
            assert lines == [0]


@pytest.mark.parametrize("size", [(160, 12), (78, 10), (40, 8), (24, 6), (8, 3), (3, 1)])
async def test_any_size(size: tuple[int, int]) -> None:
    lines = await lines_of(state_of(), size)
    assert len(lines) == max(size[1] - 2, 0)


async def test_every_line_is_styled() -> None:
    pane = SplitPane(id="split")
    async with Stage(pane).run_test(size=(80, 10)) as pilot:
        pane.show(state_of())
        await pilot.pause()
        for y in range(pane.size.height):
            strip = pane.render_line(y)
            assert strip.cell_length == pane.size.width
            assert all(segment.style is not None and segment.style.bgcolor is not None for segment in strip)
        assert plain(pane.line_runs(0, 80)).strip()
