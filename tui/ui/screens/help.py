"""Help: every key from the registry as it is bound now, and what the signs and words on the screen mean."""

from collections.abc import Hashable, Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui.config.keymap import GROUPS, KEYS, Keymap, shown
from tui.domain.attribution import Verdict
from tui.domain.event import NewsCoverage
from tui.render.day_verdict import SUSPECT, TOO_FEW
from tui.render.glyphs import GlyphName, glyphs
from tui.render.language import Language, Words
from tui.render.provenance import SAMPLE
from tui.render.row import NO_NEWS, WAITING
from tui.render.tone import Runs, Tone
from tui.render.width import cells, pad, wrap
from tui.render.words import COVERAGE, NO_INDEX, NO_PRICE, verdict_short, verdict_tone
from tui.ui.bindings import bindings
from tui.ui.model import Look, ViewState
from tui.ui.textual_private import use_glass
from tui.ui.widgets.line_view import LineView

# Cells of the column of keys and signs, and of what a key does, where the names of the keys have room beside them.
_SIGNS_WIDTH: Final = 24
_NARROW_SIGNS_WIDTH: Final = 15
_WHAT_WIDTH: Final = 30
_ROOM_FOR_NAMES: Final = 80
_INDENT: Final = 3

_TITLE = Words("help", "說明")
_KEYS = Words("keys", "按鍵")
_REMAP = Words(
    "any of them can be changed under [keys] in config.toml, by the name at the right",
    "可於 config.toml 的 [keys] 以右方名稱更改",
)
_MEANING = Words("what the list says", "清單的意思")
_VERDICTS: dict[Verdict, Words] = {
    Verdict.OWN: Words(
        "the own part is larger than on 49 days of 50; its size follows", "個別部分之大，五十日僅一見；其後為幅度"
    ),
    Verdict.OWN_POSSIBLE: Words("larger than on 19 days of 20", "個別部分之大，二十日僅一見"),
    Verdict.MARKET: Words("the index explains at least half of the move", "大市解釋最少一半升跌"),
    Verdict.SECTOR: Words("index and sector do, and the sector has the larger share", "大市與板塊解釋，板塊為主"),
    Verdict.QUIET: Words("a move and an own part of everyday size", "升跌及個別部分均屬平常"),
    Verdict.MIXED: Words("none of these", "以上皆非"),
}
# What stands in the place of a verdict, and beside one.
_LACKING: tuple[tuple[Words, Words], ...] = (
    (TOO_FEW.row, Words("under 60 usable sessions, so there is no split", "可用交易日少於六十日，不作拆分")),
    (NO_PRICE, Words("a price that the day's move needs is missing", "欠缺當日升跌所需股價")),
    (NO_INDEX, Words("the index of that day or minute is missing", "欠缺當日或同一分鐘的指數")),
    (SUSPECT.row, Words("the price looks like an error: check it elsewhere", "價格似屬錯誤，請以其他來源核對")),
    (WAITING, Words("asked for, and not here yet", "已查詢，尚未收到")),
)
_NEWS: tuple[tuple[Words, Words], ...] = (
    (NO_NEWS, Words("an own move, every source was asked, and there is none", "個別發展，已查詢所有來源而未見消息")),
    (
        COVERAGE[NewsCoverage.NONE],
        Words("the same, where there is room", "個別發展，已查詢所有來源而未見消息"),
    ),
    (
        COVERAGE[NewsCoverage.NOT_FETCHED],
        Words("not every source was asked, so nothing can be said", "未查詢所有來源，故無從判斷"),
    ),
)
_RARITY = Words("how rare an own part of this size is: 1 day in 62", "此等個別部分之罕見度：六十二日一次")
_EVENTS = Words("news of the company, beside this day's own part", "與當日個別部分有關的公司消息")
_OTHERS = Words(
    "a recap, which only retells the price; before a title without that word, news of the market or of peers, which can"
    " speak of the index and sector parts alone",
    "事後報道，只覆述股價；標題前沒有此字樣者為大市或同業消息，只關乎大市及板塊部分",
)
_NOTES = Words("a note of yours", "你的筆記")


class HelpLines(LineView):
    """The text; it scrolls, nothing is chosen in it."""

    has_cursor = False

    def __init__(self, keymap: Keymap, look: Look) -> None:
        super().__init__(id="help")
        self._keymap, self._look = keymap, look
        self._lines: tuple[Runs, ...] = ()

    def on_resize(self) -> None:
        """Make the lines for this width."""
        self._lines = tuple(help_lines(self._keymap, self._look.language, self._look.glyphs, self.size.width))
        self.lines_changed()

    def line_count(self) -> int:
        return len(self._lines)

    def line_key(self, index: int) -> Hashable:
        return index

    def line_runs(self, index: int, width: int) -> Runs:
        return self._lines[index]


class HelpScreen(Screen[None], inherit_bindings=False):
    """Escape closes it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, state: ViewState, keymap: Keymap) -> None:
        super().__init__()
        use_glass(self)
        self._look = state.look
        self._keymap = keymap
        self._banner = f"{SAMPLE.say(state.look.language)}  " if state.source == "sample" else ""

    def compose(self) -> ComposeResult:
        yield HelpLines(self._keymap, self._look)

    def on_mount(self) -> None:
        view = self.query_one(HelpLines)
        view.frame(_TITLE.say(self._look.language), f"{self._banner}Esc")
        view.focus()

    def action_back(self) -> None:
        self.dismiss(None)


def help_lines(keymap: Keymap, language: Language, glyph_set: GlyphName, width: int) -> Iterator[Runs]:
    """The lines of the help in `width` cells: meanings first, in the list's own words, then the keys by group."""
    yield ((f" {_MEANING.say(language)}", "header"),)
    for sign, tone, meaning in _meanings(language, glyph_set):
        yield from _explained(sign, tone, meaning, width)
    yield ()
    yield ((f" {_KEYS.say(language)}", "header"),)
    named = width >= _ROOM_FOR_NAMES
    if named:
        for line in wrap(_REMAP.say(language), width - _INDENT):
            yield ((" " * _INDENT + line, "muted"),)
    for group, (english, chinese) in GROUPS.items():
        yield ()
        yield ((f"  {chinese if language == 'zh' else english}", "strong"),)
        for key in KEYS:
            if key.group == group:
                what = key.say(language)
                told = _explained(" ".join(shown(name) for name in keymap[key.id]), "accent", what, width)
                *before, last = told
                yield from before
                yield (*last, (" " * max(_WHAT_WIDTH - cells(what), 0) + f"  {key.id}", "muted")) if named else last


def _meanings(language: Language, glyph_set: GlyphName) -> Iterator[tuple[str, Tone, str]]:
    """What the list says, in which tone, and what it means."""
    for verdict, words in _VERDICTS.items():
        yield verdict_short(verdict, language), verdict_tone(verdict), words.say(language)
    # In Chinese a row and a sentence say "no news" alike.
    for term, meaning in {term.say(language): words.say(language) for term, words in (*_LACKING, *_NEWS)}.items():
        yield term, "muted", meaning
    signs = glyphs(glyph_set)
    for sign, words in (("1/62", _RARITY), (signs.event, _EVENTS), (signs.recap, _OTHERS), (signs.note, _NOTES)):
        yield sign, "text", words.say(language)


def _explained(sign: str, tone: Tone, meaning: str, width: int) -> Iterator[Runs]:
    """A sign or key and what it means, over as many lines as that takes."""
    column = _SIGNS_WIDTH if width >= _ROOM_FOR_NAMES else _NARROW_SIGNS_WIDTH
    lead = " " * _INDENT + sign
    if cells(lead) >= column:
        yield ((lead, tone),)
        lead = ""
    for line in wrap(meaning, max(width - column, 1)):
        yield ((pad(lead, column), tone), (line, "text"))
        lead = ""
