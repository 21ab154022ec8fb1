"""The detail screen's first line: which stock, its price and move, how far to trust it, and the banner."""

from typing import Final

from tui.domain.market import Quality
from tui.domain.row import Row
from tui.domain.symbol import Symbol, short_code
from tui.domain.trading_day import to_hkt
from tui.render.glyphs import glyphs
from tui.render.language import Words
from tui.render.numbers import percent, price_text, signed
from tui.render.provenance import SAMPLE
from tui.render.tone import Run, Runs, direction
from tui.render.width import cells, cut
from tui.render.words import day_words, quality_words
from tui.ui.model import ViewState
from tui.ui.widgets.one_line import OneLine

_NO_PRICE: Final = Words("no price yet", "尚未有股價")
_NAME = 32
_TRUSTED: Final = (Quality.LIVE, Quality.SAMPLE)


class StockLine(OneLine):
    """Shows `stock_runs` of one stock."""

    def __init__(self, symbol: Symbol, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._symbol = symbol

    def show_stock(self, symbol: Symbol) -> None:
        """Another stock."""
        self._symbol = symbol
        self.lines_changed()

    def runs(self, state: ViewState, width: int) -> Runs:
        return stock_runs(state, self._symbol, width)


def stock_runs(state: ViewState, symbol: Symbol, width: int) -> Runs:
    """ "9618  106.60 ▴ +9.65  +9.95%  JD.com 京東集團  Fri 6 Mar 16:08  SAMPLE" in at most `width` cells.

    Code, price and percent always stand; the rest is dropped whole, the least telling first.
    """
    language = state.look.language
    row = state.rows.get(symbol)
    banner = SAMPLE.say(language) if state.source == "sample" else ""
    pieces: list[tuple[int, Run]] = [(0, (f" {short_code(symbol)}", "strong"))]
    pieces += _price(state, row)
    if row is not None:
        first, second = (row.name_zh, row.name_en) if language == "zh" else (row.name_en, row.name_zh)
        names: list[tuple[int, Run]] = [(3, (cut(first, _NAME), "text")), (5, (cut(second, _NAME), "muted"))]
        pieces += [piece for piece in names if piece[1][0]]
    if row is not None and row.quote is not None:
        at = to_hkt(row.quote.exchange_time)
        stamp = f"{day_words(at.date(), language)} {at:%H:%M}"
        pieces.append((2, (stamp, "muted")))
        if row.quote.quality not in _TRUSTED:
            pieces.append((1, (quality_words(row.quote.quality, language), "stale")))
    room = width - (cells(banner) + 3 if banner else 1)
    while len(pieces) > 1 and sum(cells(text) + 2 for _, (text, _) in pieces) - 2 > room:
        worst = max(rank for rank, _ in pieces)
        if worst == 0:
            break
        pieces.remove(next(piece for piece in reversed(pieces) if piece[0] == worst))
    runs: list[Run] = []
    for _, run in pieces:
        if runs:
            runs.append(("  ", "text"))
        runs.append(run)
    used = sum(cells(text) for text, _ in runs)
    if banner and used + cells(banner) + 1 <= width:
        runs += [(" " * (width - used - cells(banner) - 1), "text"), (banner + " ", "sample")]
    return tuple(runs)


def _price(state: ViewState, row: Row | None) -> list[tuple[int, Run]]:
    look = state.look
    if row is None or row.quote is None:
        return [(0, (_NO_PRICE.say(look.language), "muted"))]
    quote, signs = row.quote, glyphs(look.glyphs)
    tone = direction(quote.change_pct)
    sign = {"rise": signs.rise, "fall": signs.fall}.get(tone, signs.flat)
    pieces: list[tuple[int, Run]] = [
        (0, (price_text(quote.price), "strong")),
        (0, (f"{sign} {percent(quote.change_pct, signs.minus)}", tone)),
    ]
    if quote.change is not None:
        pieces.append((4, (signed(quote.change, 3 if quote.price < 0.5 else 2, signs.minus), tone)))
    return pieces
