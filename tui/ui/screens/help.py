"""Help: every key from the registry as it is bound now, and what the signs and words on the screen mean."""

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui.config.keymap import GROUPS, KEYS, Keymap, shown
from tui.domain.attribution import Verdict
from tui.render.glyphs import GlyphName, glyphs
from tui.render.language import Language, Words
from tui.render.provenance import SAMPLE
from tui.render.tone import Runs
from tui.render.width import cut, pad
from tui.render.words import verdict_tone, verdict_words
from tui.ui.bindings import bindings
from tui.ui.model import ViewState
from tui.ui.textual_private import use_glass
from tui.ui.widgets.line_view import LineView

_KEYS_WIDTH, _WHAT_WIDTH = 24, 30
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
    Verdict.INSUFFICIENT: Words(
        "under 60 usable sessions; also: no price, no index",
        "可用交易日少於六十日；另有：欠缺股價、欠缺指數",
    ),
}
_RARITY = Words("how rare an own part of this size is: 1 day in 62", "此等個別部分之罕見度：六十二日一次")
_EVENTS = Words("news beside this day's own part", "與當日個別部分有關的消息")
_RECAPS = Words("a recap: it only retells the price", "事後報道：只覆述股價")
_NOTES = Words("a note of yours", "你的筆記")


class HelpLines(LineView):
    """The text; it scrolls, nothing is chosen in it."""

    has_cursor = False

    def __init__(self, lines: list[Runs]) -> None:
        super().__init__(id="help")
        self._lines = lines

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
        self._language = state.look.language
        self._banner = f"{SAMPLE.say(self._language)}  " if state.source == "sample" else ""
        self._lines = list(help_lines(keymap, self._language, state.look.glyphs))

    def compose(self) -> ComposeResult:
        yield HelpLines(self._lines)

    def on_mount(self) -> None:
        view = self.query_one(HelpLines)
        view.frame(_TITLE.say(self._language), f"{self._banner}Esc")
        view.lines_changed()
        view.focus()

    def action_back(self) -> None:
        self.dismiss(None)


def help_lines(keymap: Keymap, language: Language, glyph_set: GlyphName) -> Iterator[Runs]:
    """The lines of the help: meanings first, then the keys by group."""
    signs = glyphs(glyph_set)
    yield ((f" {_MEANING.say(language)}", "header"),)
    for verdict, words in _VERDICTS.items():
        yield (
            ("   " + pad(verdict_words(verdict, language), _KEYS_WIDTH - 3), verdict_tone(verdict)),
            (words.say(language), "text"),
        )
    for sign, meaning in (("1/62", _RARITY), (signs.event, _EVENTS), (signs.recap, _RECAPS), (signs.note, _NOTES)):
        yield (("   " + pad(sign, _KEYS_WIDTH - 3), "text"), (meaning.say(language), "text"))
    yield ()
    yield ((f" {_KEYS.say(language)}", "header"), (f"   {_REMAP.say(language)}", "muted"))
    for group, (english, chinese) in GROUPS.items():
        yield ()
        yield ((f"  {chinese if language == 'zh' else english}", "strong"),)
        for key in KEYS:
            if key.group == group:
                keys = " ".join(shown(name) for name in keymap[key.id])
                yield (
                    ("   " + pad(keys, _KEYS_WIDTH - 3), "accent"),
                    (pad(cut(key.say(language), _WHAT_WIDTH), _WHAT_WIDTH), "text"),
                    (f"  {key.id}", "muted"),
                )
