"""The status line (what a key did, else how feed and sources are) and the footer (at most seven keys)."""

from collections.abc import Sequence
from typing import Final

from textual.timer import Timer

from tui.config.keymap import KEYS, Keymap, shown
from tui.domain.row import SourceHealth, SourceState
from tui.domain.text import clean
from tui.domain.trading_day import to_hkt
from tui.render.language import Language, Words
from tui.render.provenance import sample_banner
from tui.render.reasons import source_words
from tui.render.tone import Run, Runs, Tone
from tui.render.width import cells, cut, pad
from tui.render.words import state_words
from tui.ui.model import LinkPhase, ViewState
from tui.ui.widgets.one_line import OneLine

FOOTER_KEYS: Final = 7
# Seconds for which a sentence about a key stands; twice as long where it went wrong.
TOLD_S: Final = 6.0
_LONG_PAUSE_S: Final = 4
# Blanks beside the banner.
_APART: Final = 3
# Quiet states: the source does what it should, or was never asked.
_WELL: Final = (SourceState.OK, SourceState.RESTING, SourceState.STARTING)

_STARTING = Words("starting the feed", "正在啟動數據程序")
_STORED = Words("starting the feed; the rows are from the last time", "正在啟動數據程序；顯示上次存檔")
_LOST = Words("feed gone", "數據程序中斷")
_STAY = Words("the rows stay as they were", "保留現有數據")
_AGAIN = Words("trying again", "重試中")
_AGAIN_WITHIN = Words("trying again within {} s", "{} 秒內重試")
_AGAIN_AT = Words("next try", "下次重試")
_REFUSED = Words("feed of another version", "數據程序版本不符")
_IN = Words("in {} s", "{} 秒後")
_COLON, _COMMA, _BREAK = Words(": ", "："), Words(", ", "，"), Words("; ", "；")


class StatusLine(OneLine):
    """One sentence. What a key did comes first, for some seconds. On screens of other days than today's, `banner`,
    the right end says of the sample which of its days are simulated."""

    def __init__(self, *, id: str | None = None, banner: bool = False) -> None:
        super().__init__(id=id)
        self._banner = banner
        self._told: Run | None = None
        self._timer: Timer | None = None

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Say what a key did or could not do; "" takes it back."""
        if self._timer is not None:
            self._timer.stop()
        self._told = (clean(text), "error" if bad else "accent") if text else None
        if text:
            self._timer = self.set_timer(TOLD_S * (1 + bad), lambda: self.tell(""))
        self.lines_changed()

    def runs(self, state: ViewState, width: int) -> Runs:
        text, tone = self._told or status_run(state, width - 1)
        if not self._banner or state.source != "sample":
            return ((cut(f" {text}", width), tone),)
        banner = sample_banner(width - cells(text) - _APART, state.look.language)
        room = max(width - cells(banner) - _APART, 0)
        return ((pad(cut(f" {text}", room), room), tone), (f"  {banner} ", "sample"))


class Footer(OneLine):
    """The keys that matter where the focus is."""

    def __init__(self, contexts: tuple[str, ...], keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._contexts = contexts
        self._keymap = keymap

    def use(self, contexts: tuple[str, ...]) -> None:
        """The focus is elsewhere: show the keys of these contexts, innermost first."""
        if contexts != self._contexts:
            self._contexts = contexts
            self.lines_changed()

    def runs(self, state: ViewState, width: int) -> Runs:
        return footer_runs(self._contexts, self._keymap, state.look.language, width)


def footer_runs(contexts: tuple[str, ...], keymap: Keymap, language: Language, width: int) -> Runs:
    """At most seven keys of these contexts in the registry's footer order; what does not fit goes, last first."""
    offered = sorted((key for key in KEYS if key.footer and key.context in contexts), key=lambda key: key.footer)
    keys = [key for key in offered if keymap[key.id]]
    # The last ones by order are help and quit, which stay when others go.
    kept = keys[: FOOTER_KEYS - 2] + keys[-2:] if len(keys) > FOOTER_KEYS else keys
    while True:
        runs: list[Run] = []
        for key in kept:
            runs += [(f" {shown(keymap[key.id][0])} ", "accent"), (f"{key.say(language)} ", "muted")]
        if len(kept) <= 1 or sum(cells(text) for text, _ in runs) <= width:
            return tuple(runs)
        kept = [*kept[:-3], *kept[-2:]] if len(kept) > 2 else kept[:-1]


def link_run(state: ViewState) -> Run:
    """What is to be said of a link that does not live."""
    language = state.look.language
    link = state.link
    if link.phase is LinkPhase.STARTING:
        words = _STORED if state.stored and state.rows else _STARTING
        return words.say(language), "muted"
    words = _LOST if link.phase is LinkPhase.LOST else _REFUSED
    again = _AGAIN.say(language)
    if link.retry_s >= _LONG_PAUSE_S:
        again = _AGAIN_WITHIN.say(language).format(round(link.retry_s))
    return f"{words.say(language)}: {link.reason}; {_STAY.say(language)}; {again}", "warn"


def status_run(state: ViewState, width: int) -> Run:
    """The most telling sentence about feed and sources; `width` is how many cells of it can be seen."""
    if state.link.phase is not LinkPhase.LIVE:
        return link_run(state)
    language = state.look.language
    ill = [source for source in state.status.sources if source.state not in _WELL]
    if ill:
        return _trouble(ill, state, width), "warn"
    if state.status.warnings:
        return "; ".join(state.status.warnings), "warn"
    tone: Tone = "muted"
    doors: set[str] = set()
    return "  ".join(_well(source, doors, language) for source in state.status.sources), tone


def _trouble(ill: Sequence[SourceHealth], state: ViewState, width: int) -> str:
    """Who is ill and when it is tried again, then as many of the reasons as fit: only a reason is ever cut."""
    language = state.look.language
    alike: dict[SourceState, list[SourceHealth]] = {}
    for source in ill:
        alike.setdefault(source.state, []).append(source)
    heads = [_head(sources, state) for sources in alike.values()]
    colon, parted = _COLON.say(language), _BREAK.say(language)
    said = parted.join(heads)
    reasons = dict.fromkeys(filter(None, (source_words(source, language) for source in ill)))
    for number, reason in enumerate(reasons):
        longer = f"{said}{parted if number else colon}{reason}"
        if number and cells(longer) > width:
            break
        said = longer
    return said


def _head(sources: Sequence[SourceHealth], state: ViewState) -> str:
    """ "yahoo, yahoo news: limited, next try in 40 s": the sources of one state, and the earliest next try."""
    language = state.look.language
    comma, names = _COMMA.say(language), ", ".join(source.name for source in sources)
    text = f"{names}{_COLON.say(language)}{state_words(sources[0].state, language)}"
    tries = [source.next_try for source in sources if source.next_try is not None]
    if not tries:
        return text
    at = min(tries)
    if sources[0].state is SourceState.LIMITED and state.seconds_now:
        when = _IN.say(language).format(max(0, (at - state.seconds_now + 999) // 1000))
    else:
        when = f"{to_hkt(at):%H:%M}"
    return f"{text}{comma}{_AGAIN_AT.say(language)} {when}"


def _well(source: SourceHealth, doors: set[str], language: Language) -> str:
    """ "yahoo ok 5/30"; of sources that share a door's budget the first one says its use."""
    text = f"{source.name} {state_words(source.state, language)}"
    told = bool(source.door) and source.door in doors
    doors.add(source.door)
    return f"{text} {source.used}/{source.budget}" if source.budget and not told else text
