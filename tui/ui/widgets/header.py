"""The one line on top: which list, when, the phase of the day, the indices, the banner, how old and when next.

What does not fit goes whole, the least telling first. Times are Hong Kong's; nothing here changes between two minutes.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple

from tui.domain.market import Quote
from tui.domain.symbol import HSI, HSTECH, short_code
from tui.domain.trading_day import Phase, phase_at, phase_end, phases, to_hkt, weekday_default
from tui.render.glyphs import glyphs
from tui.render.language import Language, Words
from tui.render.numbers import signed
from tui.render.provenance import SAMPLE
from tui.render.tone import Run, Runs, direction
from tui.render.width import cells, cut
from tui.render.words import day_words, phase_words
from tui.ui.model import ViewState
from tui.ui.widgets.one_line import OneLine

# After this many minutes without a newer price the age is said in minutes while the market trades.
_OLD_AFTER_MIN: Final = 3
_DAYS_AHEAD: Final = 15

_STOCKS = Words("stocks", "隻股票")
_UNTIL = Words("until", "至")
_OPENS = Words("opens", "開市")
_AS_OF = Words("as of", "截至")
_STORED = Words("stored", "存檔於")
_OLD = Words("min old", "分鐘前")
_NEXT = Words("next", "下次")


class Piece(NamedTuple):
    """A part of the line. `rank` 0 is never dropped; the highest rank goes first."""

    rank: int
    runs: Runs
    right: bool = False


class Header(OneLine):
    """Shows `header_runs` of the newest state."""

    def runs(self, state: ViewState, width: int) -> Runs:
        return header_runs(state, width)


def header_runs(state: ViewState, width: int) -> Runs:
    """The line in at most `width` cells."""
    pieces = list(_pieces(state))
    while len(pieces) > 1 and _size(pieces) > width:
        worst = max(piece.rank for piece in pieces)
        if worst == 0:
            break
        pieces.remove(next(piece for piece in reversed(pieces) if piece.rank == worst))
    left = _join([piece.runs for piece in pieces if not piece.right])
    right = _join([piece.runs for piece in pieces if piece.right])
    room = width - sum(cells(text) for text, _ in (*left, *right))
    if room < 0:
        return left
    return (*left, (" " * room, "text"), *right)


def _pieces(state: ViewState) -> Iterator[Piece]:
    language = state.look.language
    now = to_hkt(state.now)
    name = cut(state.list_name, 24)
    yield Piece(0, ((f" {name}", "strong"),))
    signs = glyphs(state.look.glyphs)
    yield Piece(6, ((f"{signs.pointer} {len(state.symbols)} {_STOCKS.say(language)}", "muted"),))
    yield Piece(8, ((day_words(now.date(), language), "text"),))
    yield Piece(2, ((f"{now:%H:%M}", "text"),))
    yield Piece(9, (("HKT", "muted"),))
    yield Piece(4, ((phase_text(state), "accent"),))
    indices = {quote.symbol: quote for quote in state.status.indices}
    for rank, symbol in ((3, HSI), (5, HSTECH)):
        if quote := indices.get(symbol):
            yield Piece(rank, _index(quote, signs.minus))
    if state.source == "sample":
        yield Piece(0, ((SAMPLE.say(language), "sample"),), right=True)
    if freshness := _freshness(state):
        # The day of prices that are not today's is as telling as the prices.
        yield Piece(7 if state.earlier_day is None else 1, (freshness,), right=True)
    if state.status.next_refresh is not None and state.status.next_refresh > state.now:
        text = f"{_NEXT.say(language)} {to_hkt(state.status.next_refresh):%H:%M}"
        yield Piece(10, ((text, "muted"),), right=True)


def phase_text(state: ViewState) -> str:
    """The phase and its end: "afternoon until 16:00"; a closed market says when it opens."""
    language = state.look.language
    phase = phase_at(state.now, state.today)
    words = phase_words(phase, language)
    if phase in (Phase.HOLIDAY, Phase.AFTER):
        return f"{words}{_holiday(state, phase)}{_opening(state)}"
    end = phase_end(state.now, state.today)
    if end is None:
        return words
    gap = "" if language == "zh" else " "
    return f"{words} {_UNTIL.say(language)}{gap}{end:%H:%M}"


def _holiday(state: ViewState, phase: Phase) -> str:
    today = state.today
    name = today.name_zh if state.look.language == "zh" else today.name
    return f" ({name})" if phase is Phase.HOLIDAY and name else ""


def _opening(state: ViewState) -> str:
    """ ", opens Mon 9 Mar 09:30"."""
    language: Language = state.look.language
    day = state.today.day
    for _ in range(_DAYS_AHEAD):
        day += timedelta(days=1)
        coming = state.trading_days.get(day) or weekday_default(day)
        if coming.is_open:
            opens = next(start for start, phase in phases(coming.kind) if phase is Phase.MORNING)
            if language == "zh":
                return f"，{day_words(day, language)} {opens:%H:%M} {_OPENS.say(language)}"
            return f", {_OPENS.say(language)} {day_words(day, language)} {opens:%H:%M}"
    return ""


def _index(quote: Quote, minus: str) -> Runs:
    change = quote.change_pct
    return ((f"{short_code(quote.symbol)} ", "muted"), (signed(change, 2, minus), direction(change)))


def _freshness(state: ViewState) -> Run | None:
    """When the newest price was true, with its day where that is not today; in minutes of age once it is old while
    the market trades."""
    as_of, language = state.as_of, state.look.language
    if as_of is None:
        return None
    at, day = to_hkt(as_of), state.earlier_day
    text = f"{at:%H:%M}" if day is None else f"{day_words(day, language)} {at:%H:%M}"
    if state.stored:
        return f"{_STORED.say(language)} {text}", "stale"
    text = f"{_AS_OF.say(language)} {text}"
    age_min = (state.now - as_of) // 60_000
    if age_min >= _OLD_AFTER_MIN and phase_at(state.now, state.today).trading:
        gap = "" if language == "zh" else " "
        return f"{text}, {age_min}{gap}{_OLD.say(language)}", "warn"
    return text, "muted"


def _join(parts: list[Runs]) -> Runs:
    """The parts with two blanks between them."""
    joined: list[Run] = []
    for part in parts:
        if joined:
            joined.append(("  ", "text"))
        joined.extend(part)
    return (*joined, (" ", "text")) if joined else ()


def _size(pieces: list[Piece]) -> int:
    left = _join([piece.runs for piece in pieces if not piece.right])
    right = _join([piece.runs for piece in pieces if piece.right])
    return sum(cells(text) for text, _ in (*left, *right))
