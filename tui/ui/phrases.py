"""What the terminal answers to a key, in both languages. Braces are filled with codes, names and counts."""

from typing import Final

from tui.render.language import Words

# --- lists
ADDED: Final = Words("added {} to {}", "已將 {} 加入 {}")
ADDED_SHORT: Final = Words("added {}", "加入 {}")
ALREADY_THERE: Final = Words("{} is in {} already", "{} 已在 {}")
FULL: Final = Words("{} holds {} stocks, which is the most", "{} 已有 {} 隻股票，為上限")
NEAREST: Final = Words("; nearest: {}", "；最接近：{}")
NOTHING_ADDED: Final = Words("nothing was added", "沒有加入股票")
REMOVED: Final = Words("removed {} from {}; {} undoes", "已從 {1} 移除 {0}；按 {2} 還原")
REMOVED_SHORT: Final = Words("removed {}", "移除 {}")
LIST_MADE: Final = Words("new list {}: {} adds stocks", "新清單 {}：按 {} 加入股票")
LIST_MADE_SHORT: Final = Words("new list {}", "新清單 {}")
LIST_THERE: Final = Words("there is a list {} already", "已有清單 {}")
LIST_DELETED: Final = Words("deleted list {}; {} undoes", "已刪除清單 {}；按 {} 還原")
LIST_DELETED_SHORT: Final = Words("deleted list {}", "刪除清單 {}")
LAST_LIST: Final = Words("the last list stays", "最後一個清單不能刪除")
AND_MORE: Final = Words("{} and {} more", "{} 及另外 {} 隻")
UNDONE: Final = Words("undone: {}", "已還原：{}")
NOTHING_TO_UNDO: Final = Words("nothing to undo", "沒有可還原的操作")

# --- the feed
REFUSED: Final = Words("the feed refused: {}", "數據程序拒絕：{}")
ASKING: Final = Words("asking the sources", "正在查詢資料來源")
NO_FEED: Final = Words("there is no feed to ask", "沒有數據程序可查詢")

# --- notes
NOTE_SAVED: Final = Words("note on {} saved", "{} 的筆記已儲存")
NOTE_KEPT_TWICE: Final = Words(
    "the note on {} was changed elsewhere meanwhile: both texts are kept", "{} 的筆記同時在別處更改：兩份均已保留"
)
NOTE_DELETED: Final = Words("deleted the note on {}; {} undoes", "已刪除 {} 的筆記；按 {} 還原")
NOTE_DELETED_SHORT: Final = Words("deleted the note on {}", "刪除 {} 的筆記")
NOTES_UNREAD: Final = Words("notes could not be read: {}", "未能讀取筆記：{}")
NOTE_LOST: Final = Words(
    "the note on {} was not saved ({}); its text was:\n{}", "{} 的筆記未能儲存（{}）；內容為：\n{}"
)
NOTE_NOT_DELETED: Final = Words("the note was not deleted: {}", "未能刪除筆記：{}")
NOTE_NOT_RESTORED: Final = Words("the note was not restored: {}", "未能還原筆記：{}")

# --- links
OPENED: Final = Words("opened {}", "已開啟 {}")
SENT_TO_TERMINAL: Final = Words("sent to terminal (its clipboard): {}", "已送往終端機（剪貼簿）：{}")
NO_LINK: Final = Words("this is no web address", "這不是網址")

# --- pickers
COMMANDS: Final = Words("commands", "指令")
NO_COMMAND: Final = Words("no such command", "沒有此指令")
ADD_TO: Final = Words("add stocks to {}", "加入股票至 {}")
ADD_HOW: Final = Words("codes (700 9988) or a name", "代號（700 9988）或名稱")
ADD_EMPTY: Final = Words("type a code such as 700, or a part of a name", "輸入代號（如 700）或部分名稱")
ADD_CODES: Final = Words("add {}", "加入 {}")
LISTS: Final = Words("lists", "清單")
LISTS_HOW: Final = Words("a list, or the name of a new one", "清單，或新清單的名稱")
NEW_LIST: Final = Words("new list {}", "新清單 {}")
DELETE_LIST: Final = Words("delete {}", "刪除 {}")
ONLY: Final = Words("timeline: only {}", "時間線：只顯示{}")
SORT: Final = Words("sort {}", "排序：{}")
LIST: Final = Words("list: {}", "清單：{}")
THEME: Final = Words("theme: {}", "主題：{}")
PALETTE: Final = Words("palette: {}", "配色：{}")
GLYPHS: Final = Words("glyphs: {}", "字符：{}")
