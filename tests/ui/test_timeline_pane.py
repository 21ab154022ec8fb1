"""The timeline pane: what it shows, how the cursor keeps its place, what its keys ask for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from textual.pilot import Pilot

from tests.ui.detail_stage import ALIBABA, FRIDAY, HSBC, JD, NOTE, Stage, painted, paints, state_of
from tui.domain.event import Event, Scope
from tui.render.tone import plain
from tui.ui.messages import FilterWanted, LinkOpened, NoteWanted, StockOpened, Told
from tui.ui.model import LinkPhase, Look, ViewState
from tui.ui.widgets.timeline import Timeline


@asynccontextmanager
async def timeline(
    state: ViewState, size: tuple[int, int] = (60, 20)
) -> AsyncIterator[tuple[Stage, Timeline, Pilot[int]]]:
    pane = Timeline(id="timeline")
    app = Stage(pane)
    async with app.run_test(size=size) as pilot:
        pane.show(state)
        pane.focus()
        await pilot.pause()
        yield app, pane, pilot


def with_event(state: ViewState, event: Event) -> ViewState:
    return msgspec.structs.replace(state, events=(event, *state.events), events_version=state.events_version + 1)


def key(pane: Timeline) -> tuple[str, str] | None:
    """What the cursor is on."""
    return pane.line.key if pane.line else None


async def test_one_stocks_items_newest_first() -> None:
    async with timeline(state_of()) as (_, pane, _):
        lines = [line.strip() for line in painted(pane)]
        assert lines[0].startswith("Fri 6 Mar  +9.95%  own +6.85")
        assert any("recap Market round-up" in line for line in lines)
        assert "2–6 Mar ◦ Iran conflict weighs on markets from Monday on" in lines
        assert any(line.startswith("note ▸ Own move on the results") for line in lines)
        assert lines.index("Thu 5 Mar") < lines.index("day ▪ JD.com reports fourth-quarter results  JD.com")
        assert not any("Alibaba letter" in line for line in lines)


async def test_all_stocks_by_one_key_and_back_with_the_cursor_on_its_item() -> None:
    async with timeline(state_of()) as (_, pane, pilot):
        await pilot.press("G")
        held = key(pane)
        assert held == ("event", "jd-results")
        scopes = [pane.scope]
        for _ in range(2):
            await pilot.press("e")
            scopes.append(pane.scope)
            assert key(pane) == held
        assert scopes == [JD, None, JD]
        await pilot.press("e")
        assert any("9988 Alibaba letter" in line for line in painted(pane))


async def test_enter_opens_the_day_of_the_line() -> None:
    async with timeline(state_of()) as (app, pane, pilot):
        await pilot.press("G", "enter")
        opened = app.asked[-1]
        assert isinstance(opened, StockOpened)
        assert (opened.symbol, opened.day) == (JD, FRIDAY.replace(day=5))
        pane.select_day(FRIDAY)
        assert pane.line is not None
        assert (pane.line.kind, pane.line.day) == ("day", FRIDAY)


async def test_among_all_stocks_an_event_opens_the_stock_it_names() -> None:
    async with timeline(state_of()) as (app, pane, pilot):
        await pilot.press("e")
        pane.move_to(pane._timeline.find(("event", "alibaba-task-force")) or 0)
        await pilot.press("enter")
        opened = app.asked[-1]
        assert isinstance(opened, StockOpened)
        assert opened.symbol == ALIBABA


async def test_the_cursor_stays_on_its_item_while_news_come() -> None:
    async with timeline(state_of()) as (_, pane, pilot):
        await pilot.press("G")
        held = pane.line
        state = state_of()
        newer = msgspec.structs.replace(state.events[0], id="newer", title="Something newer", scope=Scope.MARKET)
        pane.show(with_event(state, newer))
        await pilot.pause()
        assert pane.line == held
        assert any("Something newer" in line for line in painted(pane))


async def test_the_cursor_never_rests_on_the_heading_of_a_part() -> None:
    state = state_of()
    timed = msgspec.structs.replace(
        state.events[0], id="t", precision="minute", start=state.now, end=state.now, scope=Scope.MARKET
    )
    async with timeline(with_event(state, timed)) as (_, pane, pilot):
        assert "auction" in " ".join(painted(pane))
        await pilot.press("g")
        for _ in range(12):
            assert pane.line is not None
            assert pane.line.kind != "part"
            await pilot.press("j")


async def test_a_filter_shows_what_contains_every_word() -> None:
    async with timeline(state_of()) as (app, pane, pilot):
        await pilot.press("/")
        assert isinstance(app.asked[-1], FilterWanted)
        assert app.asked[-1].view is pane
        pane.set_filter("OIL friday")
        await pilot.pause()
        assert [line.event.title for line in pane._timeline.lines if line.event] == ["Oil eases on Friday"]
        pane.set_filter("[/] nothing")
        await pilot.pause()
        assert "Nothing here contains" in " ".join(painted(pane))
        pane.set_filter("")
        await pilot.pause()
        assert pane.filter_text == ""
        assert len(pane._timeline.lines) > 4


async def test_notes_and_links() -> None:
    state = state_of()
    linked = msgspec.structs.replace(
        state.events[0], id="linked", url="https://example.org/a", title="Linked", scope=Scope.MARKET
    )
    async with timeline(with_event(state, linked)) as (app, pane, pilot):
        pane.move_to(pane._timeline.find(("event", "linked")) or 0)
        await pilot.press("o")
        assert isinstance(app.asked[-1], LinkOpened)
        assert app.asked[-1].url == "https://example.org/a"
        await pilot.press("n")
        assert isinstance(app.asked[-1], NoteWanted)
        assert app.asked[-1].event == linked
        assert app.asked[-1].symbol == JD
        pane.move_to(pane._timeline.find(("note", NOTE.id)) or 0)
        await pilot.press("o")
        assert isinstance(app.asked[-1], Told)
        await pilot.press("n")
        assert isinstance(app.asked[-1], NoteWanted)
        assert app.asked[-1].note == NOTE


async def test_a_link_that_is_none_is_never_opened() -> None:
    state = state_of()
    bad = msgspec.structs.replace(state.events[0], id="bad", url="file:///etc/passwd", scope=Scope.MARKET)
    async with timeline(with_event(state, bad)) as (app, pane, pilot):
        pane.move_to(pane._timeline.find(("event", "bad")) or 0)
        await pilot.press("o")
        assert isinstance(app.asked[-1], Told)


async def test_words_for_every_empty_state() -> None:
    bare = msgspec.structs.replace(state_of(HSBC), events=(), notes=())
    for state, words in (
        (bare, "No news found for 0005: every source was asked."),
        (msgspec.structs.replace(bare, rows={}), "News of 0005 has not been fetched yet."),
        (msgspec.structs.replace(bare, selected=None), "No stock is selected."),
        (msgspec.structs.replace(state_of(link=LinkPhase.STARTING), events=(), notes=()), "Events come with the feed"),
        (msgspec.structs.replace(bare, look=Look("zh")), "0005 未見消息：已查詢所有來源。"),
    ):
        async with timeline(state) as (_, pane, _):
            assert words in " ".join(line.strip() for line in painted(pane))


async def test_hostile_headlines_are_text() -> None:
    state = state_of()
    hostile = msgspec.structs.replace(
        state.events[0], id="x", title="[bold red]up[/] \x1b[31m \u202egnp.exe [@click=app.quit]go[/]",
        source="[/]", scope=Scope.MARKET,
    )  # fmt: skip
    async with timeline(with_event(state, hostile)) as (_, pane, _):
        line = next(line for line in painted(pane) if "bold red" in line)
        assert "[bold red]up[/]" in line
        assert line.isprintable()


async def test_an_equal_state_and_a_price_of_another_stock_send_nothing() -> None:
    async with timeline(state_of(JD, ALIBABA)) as (app, pane, pilot):
        sent = app.sent
        pane.show(state_of(JD, ALIBABA))
        state = state_of(JD, ALIBABA)
        other = msgspec.structs.replace(state.rows[ALIBABA], relative_volume=9.9)
        pane.show(msgspec.structs.replace(state, rows=state.rows | {ALIBABA: other}))
        await pilot.pause()
        assert app.sent == sent


async def test_a_tick_of_the_stock_paints_the_line_of_its_day_only() -> None:
    async with timeline(state_of()) as (_, pane, pilot):
        state = state_of()
        row = state.rows[JD]
        assert row.day is not None
        moved = msgspec.structs.replace(row, day=msgspec.structs.replace(row.day, return_pct=9.9))
        with paints(pane) as painted_lines:
            pane.show(msgspec.structs.replace(state, rows=state.rows | {JD: moved}))
            await pilot.pause()
            assert painted_lines == [0]


async def test_five_thousand_events_format_only_what_is_seen() -> None:
    state = state_of()
    many = tuple(msgspec.structs.replace(state.events[0], id=f"e{n}", title=f"Item {n}") for n in range(5_000))
    async with timeline(msgspec.structs.replace(state, events=many, events_version=2)) as (_, pane, pilot):
        assert pane.line_count() > 5_000
        assert len(pane._strips) < 3 * pane.size.height
        await pilot.press("G")
        assert "Item" in painted(pane)[-1] or "note" in painted(pane)[-1]
        assert plain(pane.line_runs(2_500, 60)).strip()


def title(pane: Timeline) -> str:
    """The title in the border."""
    return str(pane.border_title)


async def test_one_key_for_the_scope_and_one_for_the_type() -> None:
    async with timeline(state_of()) as (_, pane, pilot):
        everything = pane._timeline.items
        assert title(pane) == f"timeline  9618  {everything}"
        await pilot.press("s")
        company = pane._timeline.items
        assert 0 < company < everything
        assert title(pane) == f"9618  company  {company} of {everything}"
        await pilot.press("f")
        assert title(pane) == f"9618  company · results  1 of {everything}"
        assert [line.key[1] for line in pane._timeline.lines if line.chosen] == ["jd-results"]
        pane.set_filter("jd")
        assert title(pane) == f"9618  company · results · 'jd'  1 of {everything}"
        await pilot.press("f")
        assert title(pane) == f"9618  company · 'jd'  1 of {everything}", "no other type says jd"
        await pilot.press("escape")
        assert title(pane) == f"timeline  9618  {everything}"
        assert not pane.asked.filters


async def test_a_filter_stays_from_stock_to_stock_and_says_what_it_hides() -> None:
    async with timeline(state_of()) as (_, pane, pilot):
        await pilot.press("s", "f")
        pane.show(msgspec.structs.replace(state_of(), selected=HSBC))
        await pilot.pause()
        assert "Nothing here is company · results. Esc in this pane shows all" in " ".join(
            " ".join(painted(pane)).split()
        )
        await pilot.press("escape")
        assert any("Iran conflict" in line for line in painted(pane))


async def test_the_filter_speaks_chinese() -> None:
    state = state_of()
    chinese = msgspec.structs.replace(state, look=msgspec.structs.replace(state.look, language="zh"))
    async with timeline(chinese) as (_, pane, pilot):
        await pilot.press("s", "f")
        assert title(pane).startswith("9618  公司 · 業績  1 / ")
