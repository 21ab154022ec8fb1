"""The sample week as a terminal that knows all of it sees it, and an app that holds one pane or screen."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from functools import cache
from pathlib import Path, PurePath
from typing import Any, ClassVar, Final

import pytest
from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui import ui
from tui.attribution.book import Book
from tui.attribution.legs import Mark, legs
from tui.attribution.panel import panel_from_bars
from tui.config.keymap import default_keymap
from tui.config.schema import Palette
from tui.config.shipped import shipped
from tui.config.tables import sector_table
from tui.config.themes import read_theme
from tui.domain.attribution import Attribution, Leg, LegName
from tui.domain.event import Note
from tui.domain.market import PathPoint, Quality, Quote
from tui.domain.row import FeedStatus, Row, SourceHealth, SourceState
from tui.domain.symbol import HSI, HSTECH, Symbol
from tui.domain.trading_day import from_hkt
from tui.news.ranking import attach
from tui.render.glyphs import ASCII
from tui.sources.sample import load_sample
from tui.sources.sample_files import Sample
from tui.ui.messages import (
    FilterWanted,
    HistoryArrived,
    HistoryWanted,
    LinkOpened,
    NoteDeleted,
    NoteWanted,
    StockOpened,
    Told,
)
from tui.ui.model import LinkPhase, LinkView, Look, ViewState
from tui.ui.questions import AnswerArrived, QuestionAsked
from tui.ui.screens.detail import DetailScreen
from tui.ui.theming import ThemedApp
from tui.ui.widgets.line_view import LineView
from tui.wire import AskEffect, Effects, History

JD, ALIBABA, HSBC, XIAOMI = (Symbol(f"{code}.HK") for code in ("9618", "9988", "0005", "1810"))
FRIDAY: Final = date(2026, 3, 6)
LOOK: Final = Look()
CLOSE: Final = from_hkt(FRIDAY, time(16, 8))
NOTE: Final = Note("n1", JD, FRIDAY, "Own move on the results; margin guidance to check.", CLOSE, CLOSE)
_MARKS: Final[tuple[tuple[LegName, time], ...]] = (
    ("overnight", time(9, 30)),
    ("morning", time(12, 0)),
    ("afternoon", time(16, 0)),
    ("auction", time(16, 10)),
)


@cache
def sample() -> Sample:
    return load_sample()


@cache
def book() -> Book:
    return Book(panel_from_bars(sample().bars, trading_days=sample().trading_days), sector_table())


@cache
def days_of(symbol: Symbol) -> tuple[Attribution, ...]:
    """The stock's 250 days to the Friday with their headlines, newest first."""
    asked = sample().events
    days = book().days(symbol, 250)
    return tuple(
        attach(day, asked, asked=day.date == FRIDAY and symbol == HSBC, days=sample().trading_days)
        if day.date >= date(2026, 3, 2)
        else day
        for day in days
    )


@cache
def legs_of(symbol: Symbol) -> tuple[Leg, ...]:
    """The parts of the Friday, from the sample's paths."""
    paths = sample().paths[FRIDAY]
    marks = []
    for name, until in _MARKS:
        moment = from_hkt(FRIDAY, until)
        stock, market, sector = (_move(paths, part, moment) for part in (symbol, HSI, HSTECH))
        marks.append(Mark(name, stock, market, sector))
    return legs(book().fit(symbol, FRIDAY), marks)


def _move(paths: Mapping[Symbol, tuple[PathPoint, ...]], symbol: Symbol, moment: int) -> float:
    """The return since Thursday's close at a moment, percent."""
    price = [point.price for point in paths[symbol] if point.time <= moment][-1]
    return (price / sample().bars[symbol][-2].close - 1) * 100


def history_of(symbol: Symbol, count: int = 250) -> History:
    return History(symbol, days_of(symbol)[:count], {FRIDAY: legs_of(symbol)})


def row_of(symbol: Symbol) -> Row:
    """The stock after Friday's close."""
    known = sample().instruments[symbol]
    bars = sample().bars[symbol]
    quote = Quote(
        symbol, bars[-1].close, CLOSE, CLOSE, "sample", previous_close=bars[-2].close, quality=Quality.SAMPLE
    )  # fmt: skip
    return Row(symbol, known.name_en, known.name_zh, known.sector, quote, days_of(symbol)[0], relative_volume=1.84)


def state_of(
    *symbols: Symbol,
    look: Look = LOOK,
    notes: tuple[Note, ...] = (NOTE,),
    link: LinkPhase = LinkPhase.LIVE,
    selected: Symbol | None = None,
) -> ViewState:
    """What a terminal with these stocks in its list knows on Friday after the close."""
    shown = symbols or (JD, ALIBABA, HSBC)
    return ViewState(
        source="sample",
        now=CLOSE,
        rows={symbol: row_of(symbol) for symbol in shown},
        versions=dict.fromkeys(shown, 1),
        events=tuple(sorted(sample().events, key=lambda event: -event.end)),
        events_version=1,
        status=FeedStatus(day=FRIDAY, as_of=CLOSE, sources=(SourceHealth("sample", SourceState.OK),)),
        trading_days={day.day: day for day in sample().trading_days},
        notes=notes,
        link=LinkView(link, "" if link is LinkPhase.LIVE else "the feed was killed"),
        look=look,
        list_name="Tech",
        symbols=shown,
        selected=selected or shown[0],
    )


class Stage(ThemedApp):
    """An app around one screen or widget: it answers `HistoryWanted` if told to, and keeps what else it was asked.

    `sent` counts the updates that would go to the terminal.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [Path(ui.__file__).parent / "styles" / "app.tcss"]

    def __init__(
        self,
        content: Screen[None] | Widget,
        *,
        theme: str = "dark",
        palette: Palette = "green_up",
        answer: bool = True,
        count: int = 250,
    ) -> None:
        super().__init__(read_theme(shipped("themes") / f"{theme}.toml"), palette)
        if theme == "mono-ascii":
            self.add_class("-ascii")
            self.pointer = ASCII.pointer
        self._content = content
        self._answer = answer
        self._count = count
        self.asked: list[Message] = []
        self.sent = 0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        self.sent += renderable is not None
        super()._display(screen, renderable)

    def compose(self) -> ComposeResult:
        if not isinstance(self._content, Screen):
            yield self._content

    async def on_mount(self) -> None:
        if isinstance(self._content, Screen):
            await self.push_screen(self._content)

    @on(HistoryWanted)
    def _history_wanted(self, message: HistoryWanted) -> None:
        self.asked.append(message)
        if self._answer:
            self.screen.post_message(HistoryArrived(history_of(message.symbol, self._count)))

    @on(NoteWanted)
    @on(NoteDeleted)
    @on(StockOpened)
    @on(LinkOpened)
    @on(Told)
    @on(FilterWanted)
    def _asked_for(self, message: Message) -> None:
        self.asked.append(message)


class Answering(Stage):
    """A stage whose feed tells what a span did, from the sample's own book."""

    def __init__(self, content: Screen[None]) -> None:
        super().__init__(content)
        self.questions: list[AskEffect] = []

    @on(QuestionAsked)
    def _question(self, message: QuestionAsked) -> None:
        question = message.question
        assert isinstance(question, AskEffect)
        self.questions.append(question)
        told = tuple(book().effect(question.symbol, question.day, *span) for span in question.spans)
        self.screen.post_message(AnswerArrived(Effects(question.symbol, question.day, told)))


def detail(state: ViewState, symbol: Symbol = JD, day: date | None = None) -> DetailScreen:
    """The detail screen as the app opens it."""
    return DetailScreen(state, default_keymap(), symbol, day)


def painted(view: LineView) -> list[str]:
    """The text of a view's lines as they stand on the screen."""
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


@contextmanager
def paints(view: LineView) -> Iterator[list[int]]:
    """The lines that Textual asks a view for."""
    lines: list[int] = []
    render_line = view.render_line

    def counted(y: int) -> Strip:
        lines.append(y)
        return render_line(y)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view, "render_line", counted)
        yield lines


def text(screen: DetailScreen, kind: type[LineView]) -> str:
    return "\n".join(painted(screen.query_one(kind)))


def shown_day(screen: DetailScreen) -> date:
    assert screen.day is not None
    return screen.day.date


def focus_of(screen: DetailScreen) -> str | None:
    return screen.focused.id if screen.focused else None


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
    await pilot.pause()
