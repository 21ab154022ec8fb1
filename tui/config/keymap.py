"""The one registry of keys: what each does is named by an id that `[keys]` in config.toml can give other keys.

Pure data and checks; the screens make their bindings from it, and so do the help screen, the footer, the palette and
`whymove check`. A key's context is where it works; two ids may share a key only where their contexts never meet.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from tui.config.schema_words import nearest

NAMED_KEYS: Final = frozenset(
    (
        *("tab", "shift+tab", "enter", "escape", "space", "backspace", "delete", "insert", "home", "end"),
        *("pageup", "pagedown", "up", "down", "left", "right", *(f"f{number}" for number in range(1, 13))),
    )
)
_MODIFIED: Final = re.compile(
    r"ctrl\+([a-z]|up|down|left|right|home|end|pageup|pagedown|delete)|shift\+(up|down|left|right)"
)
# A terminal sends these as other keys, or keeps them, so a binding on them would never fire.
_NOT_SENT: Final = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace"}


class Key(msgspec.Struct, frozen=True):
    """One thing a key does. `footer` above 0 puts it in the footer, smaller numbers first."""

    id: str
    keys: tuple[str, ...]
    group: str
    en: str
    zh: str
    footer: int = 0

    @property
    def context(self) -> str:
        """The screen or widget it works in: the id's first part."""
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        """What it calls there: the id's second part."""
        return self.id.partition(".")[2]

    def say(self, language: str) -> str:
        """What it does, in a word or two."""
        return self.zh if language == "zh" else self.en


GROUPS: Final[dict[str, tuple[str, str]]] = {
    "move": ("Moving", "移動"),
    "list": ("The list", "股票清單"),
    "timeline": ("The timeline", "時間線"),
    "detail": ("One stock", "個股"),
    "note": ("Notes", "筆記"),
    "look": ("Look", "外觀"),
    "app": ("Program", "程式"),
}

KEYS: Final[tuple[Key, ...]] = (
    Key("lines.down", ("j", "down"), "move", "down", "下移"),
    Key("lines.up", ("k", "up"), "move", "up", "上移"),
    Key("lines.page_down", ("pagedown", "ctrl+f", "space"), "move", "page down", "下一頁"),
    Key("lines.page_up", ("pageup", "ctrl+b"), "move", "page up", "上一頁"),
    Key("lines.top", ("g", "home"), "move", "first", "最前"),
    Key("lines.bottom", ("G", "end"), "move", "last", "最後"),
    Key("lines.open", ("enter",), "move", "open", "開啟", footer=1),
    Key("main.next_pane", ("l", "right"), "move", "next pane", "下一格"),
    Key("main.previous_pane", ("h", "left"), "move", "previous pane", "上一格"),
    Key("main.next_list", ("tab",), "list", "next list", "下一清單", footer=5),
    Key("main.previous_list", ("shift+tab",), "list", "previous list", "上一清單"),
    Key("list.filter", ("/",), "list", "filter", "篩選", footer=2),
    Key("filter.drop", ("escape",), "list", "show all again", "取消篩選", footer=1),
    Key("list.sort", ("s",), "list", "sort", "排序", footer=3),
    Key("list.reverse", ("S",), "list", "reverse the order", "反轉次序"),
    Key("list.settle", ("z",), "list", "sort again now", "立即重新排序"),
    Key("list.spark", ("p",), "list", "spark: price or own part", "走勢：股價或個別部分"),
    Key("app.add", ("a",), "list", "add stocks", "加入股票"),
    Key("list.remove", ("x", "delete"), "list", "remove the stock", "移除股票"),
    Key("app.lists", ("m",), "list", "manage lists", "管理清單"),
    Key("app.undo", ("u",), "list", "undo", "還原"),
    Key("timeline.filter", ("/",), "timeline", "filter events", "篩選事件", footer=2),
    Key("timeline.level", ("s",), "timeline", "by scope", "按層面", footer=3),
    Key("timeline.kind", ("f",), "timeline", "by type", "按類型", footer=4),
    Key("timeline.show_all", ("escape",), "timeline", "show all again", "取消篩選"),
    Key("timeline.scope", ("e",), "timeline", "this stock or all", "此股或全部"),
    Key("timeline.open_link", ("o",), "timeline", "open the link", "開啟連結"),
    Key("timeline.note", ("n",), "timeline", "note on the event", "為事件加筆記"),
    Key("list.note", ("n",), "note", "note", "筆記", footer=4),
    Key("list.open_link", ("o",), "timeline", "open the best headline", "開啟首要新聞"),
    Key("app.notes", ("N",), "note", "all notes, search, export", "所有筆記、搜尋、匯出"),
    Key("detail.back", ("escape", "backspace"), "detail", "back to the list", "返回清單", footer=1),
    Key("detail.next_pane", ("tab",), "detail", "next pane", "下一格"),
    Key("detail.previous_pane", ("shift+tab",), "detail", "previous pane", "上一格"),
    Key("detail.older_day", ("h", "left"), "detail", "the day before", "前一日"),
    Key("detail.newer_day", ("l", "right"), "detail", "the day after", "後一日"),
    Key("detail.next_stock", ("]",), "detail", "next stock", "下一隻", footer=3),
    Key("detail.previous_stock", ("[",), "detail", "previous stock", "上一隻"),
    Key("detail.view", ("v",), "detail", "next chart", "下一圖表", footer=2),
    Key("detail.span", ("s",), "detail", "add up from this day", "由此日累計"),
    Key("detail.note", ("n",), "note", "note", "筆記", footer=4),
    Key("detail.edit_note", ("e",), "note", "edit the day's note", "編輯當日筆記"),
    Key("detail.remove_note", ("x", "delete"), "note", "delete the day's note", "刪除當日筆記"),
    Key("detail.open_link", ("o",), "detail", "open the link", "開啟連結", footer=5),
    Key("notes.back", ("escape",), "note", "back", "返回", footer=1),
    Key("notes.search", ("/",), "note", "search the notes", "搜尋筆記", footer=2),
    Key("notes.remove", ("x", "delete"), "note", "delete the note", "刪除筆記", footer=3),
    Key("notes.export", ("E",), "note", "export all notes", "匯出所有筆記", footer=5),
    Key("editor.save", ("ctrl+s",), "note", "save the note", "儲存筆記", footer=1),
    Key("editor.cancel", ("escape",), "note", "leave without saving", "不儲存離開", footer=2),
    Key("dialog.next", ("down", "ctrl+n"), "move", "next choice", "下一項"),
    Key("dialog.previous", ("up",), "move", "previous choice", "上一項"),
    Key("dialog.cancel", ("escape",), "app", "close", "關閉", footer=1),
    Key("help.back", ("escape", "backspace"), "app", "close the help", "關閉說明", footer=1),
    Key("app.colours", ("c",), "look", "next palette", "下一配色"),
    Key("app.theme", ("t",), "look", "next theme", "下一主題"),
    Key("app.language", ("L",), "look", "English or Chinese", "中文或英文"),
    Key("app.unexplained", ("U",), "app", "own moves without news", "未見消息的個別發展"),
    Key("app.ahead", ("A",), "app", "the coming days", "未來數日"),
    Key("app.health", ("H",), "app", "health of feed and sources", "數據程序與來源狀態"),
    Key("unexplained.back", ("escape", "backspace"), "app", "back", "返回", footer=1),
    Key("ahead.back", ("escape", "backspace"), "app", "back", "返回", footer=1),
    Key("health.back", ("escape", "backspace"), "app", "back", "返回", footer=1),
    Key("app.refresh", ("r",), "app", "ask the sources now", "立即更新"),
    Key("app.help", ("?", "f1"), "app", "help", "說明", footer=8),
    Key("app.palette", ("ctrl+p",), "app", "every command", "所有指令"),
    Key("app.redraw", ("ctrl+l",), "app", "paint the screen anew", "重繪畫面"),
    Key("app.suspend", ("ctrl+z",), "app", "to the shell", "暫離"),
    Key("app.quit", ("q", "ctrl+c", "ctrl+q"), "app", "quit", "離開", footer=9),
)

# Which contexts are heard at the same time, innermost first.
CHAINS: Final[tuple[tuple[str, ...], ...]] = (
    ("list", "lines", "main", "app"),
    ("timeline", "lines", "main", "app"),
    ("filter", "main", "app"),
    ("lines", "detail", "app"),
    ("lines", "notes", "app"),
    ("lines", "help", "app"),
    ("lines", "unexplained", "app"),
    ("lines", "ahead", "app"),
    ("lines", "health", "app"),
    ("dialog", "app"),
    ("editor", "app"),
)

Keymap = dict[str, tuple[str, ...]]
KeySetting = str | tuple[str, ...]


def default_keymap() -> Keymap:
    """Every id with its default keys."""
    return {key.id: key.keys for key in KEYS}


def resolve(settings: Mapping[str, KeySetting]) -> tuple[Keymap, list[tuple[str, str]]]:
    """The keys of every id, and what is wrong with the settings as (key of config.toml, reason).

    A setting with a fault keeps its default; of two ids that clash, the one the user set wins and the other's key goes.
    """
    keymap = default_keymap()
    problems: list[tuple[str, str]] = []
    for name, value in settings.items():
        wanted = (value,) if isinstance(value, str) else tuple(value)
        faults = list(_faults(name, wanted, keymap))
        problems += [(f"keys.{name}", fault) for fault in faults]
        if not faults:
            keymap[name] = tuple(dict.fromkeys(wanted))
    # Every clash that is settled changes who owns a key, so the next is looked for afresh.
    while clash := next(_clashes(keymap), None):
        first, second, shared = clash
        loser = second if first in settings else first
        winner = first if loser == second else second
        problems.append((f"keys.{winner}", f'takes "{shared}", which {loser} has: give {loser} another key'))
        keymap[loser] = tuple(key for key in keymap[loser] if key != shared)
    return keymap, problems


def _faults(name: str, wanted: tuple[str, ...], keymap: Keymap) -> Iterator[str]:
    if name not in keymap:
        yield f"is no id of a key{nearest(name, keymap)}"
        return
    if not wanted:
        yield "has no key: name at least one"
    for key in wanted:
        if fault := key_fault(key):
            yield fault


def key_fault(key: str) -> str:
    """Why a text is no key that a terminal sends; "" where it is one."""
    if key in _NOT_SENT:
        return f'names "{key}", which a terminal sends as {_NOT_SENT[key]}'
    if (len(key) == 1 and key.isprintable() and not key.isspace()) or key in NAMED_KEYS or _MODIFIED.fullmatch(key):
        return ""
    return f'names "{key}", which is no key{nearest(key, NAMED_KEYS)}'


def _clashes(keymap: Keymap) -> Iterator[tuple[str, str, str]]:
    """Pairs of ids that are heard together and share a key."""
    contexts = {key.id: key.context for key in KEYS}
    for chain in CHAINS:
        owner: dict[str, str] = {}
        for name in (key.id for context in chain for key in KEYS if contexts[key.id] == context):
            for key in keymap[name]:
                other = owner.setdefault(key, name)
                if other != name:
                    yield other, name, key


def shown(key: str) -> str:
    """A key as help and footer print it: "Enter", "^P", "PgDn"."""
    if key.startswith("ctrl+"):
        return "^" + shown(key[5:])[:1].upper() + shown(key[5:])[1:]
    return _SHOWN.get(key, key)


_SHOWN: Final = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift-Tab",
    "space": "Space",
    "backspace": "Bksp",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "f1": "F1",
}
