"""Why a source or a row does not have what it should, as a sentence without its full stop."""

from typing import Final

from tui.domain.reason import Reason, Why
from tui.domain.row import Row, SourceHealth
from tui.domain.text import clean
from tui.domain.trading_day import to_hkt
from tui.render.language import Language, Words
from tui.render.words import NO_INDEX, NO_PRICE, day_words

_REASONS: Final[dict[str, Words]] = {
    Why.SAID: Words("{detail}", "{detail}"),
    Why.LIMITS: Words("{who} limits us ({number})", "{who} 限制請求（{number}）"),
    Why.OVERLOADED: Words("{who} is overloaded ({number})", "{who} 負荷過重（{number}）"),
    Why.REFUSES: Words("{who} refuses us ({number})", "{who} 拒絕請求（{number}）"),
    Why.REFUSES_COOKIE: Words("{who} refuses our cookie ({number})", "{who} 不接受 cookie（{number}）"),
    Why.UNKNOWN_SYMBOL: Words("{who} does not know this symbol", "{who} 沒有此代號"),
    Why.ERROR: Words("{who} answers with an error ({number})", "{who} 回覆錯誤（{number}）"),
    Why.NO_DOCUMENT: Words("{who} has no such document ({number})", "{who} 沒有此文件（{number}）"),
    Why.RIGHT_BACK: Words("{who} says it will be right back", "{who} 表示稍後恢復"),
    Why.PAGE: Words("{who} sends a page instead of data", "{who} 回覆網頁而非數據"),
    Why.NO_ANSWER: Words("{who} did not answer in time", "{who} 未有及時回覆"),
    Why.ALL_WAITING: Words("all {number} connections to {who} are waiting", "通往 {who} 的 {number} 條連線均在等候"),
    Why.UNRESOLVED: Words("the name {who} could not be resolved", "未能解析名稱 {who}"),
    Why.NO_PROXY: Words("the proxy did not lead to {who}: {detail}", "代理伺服器未能連接 {who}：{detail}"),
    Why.UNTRUSTED: Words("no trusted connection to {who}: {detail}", "與 {who} 的連線不可信：{detail}"),
    Why.BROKE_OFF: Words("{who} broke off in the middle of its answer", "{who} 的回覆中途中斷"),
    Why.UNREACHABLE: Words("{who} could not be reached", "未能連接 {who}"),
    Why.TROUBLE: Words("{who}: {detail}", "{who}：{detail}"),
    Why.UNREADABLE: Words("{who}'s answer could not be read: {detail}", "未能讀取 {who} 的回覆：{detail}"),
    Why.OTHER_SHAPE: Words("{who}'s answer has another shape ({detail})", "{who} 的回覆格式有變（{detail}）"),
    Why.NO_SENSE: Words("{who} sent something that makes no sense", "{who} 的回覆不合理"),
    Why.TOO_LARGE: Words("{who} sends more than {number} MB", "{who} 的回覆超過 {number} MB"),
    Why.REDIRECTS: Words("{who} redirects more than {number} times", "{who} 轉址超過 {number} 次"),
    Why.NOT_FOLLOWED: Words(
        "not followed: {detail} is no https address of this source", "不予跟隨：{detail} 並非此來源的 https 網址"
    ),
    Why.UNFORESEEN: Words(
        "{who} failed in a way nobody foresaw ({detail}); the log has more",
        "{who} 出現未預計的錯誤（{detail}），詳見記錄",
    ),
    Why.NOTHING: Words("{who} has nothing for this symbol", "{who} 沒有此代號的數據"),
    Why.NO_PRICES: Words("{who} has no prices of {detail} since {date}", "{who} 自 {date} 起沒有 {detail} 的股價"),
    Why.NO_COLUMN: Words("{who} has no column {detail}", "{who} 沒有 {detail} 一欄"),
    Why.NO_SECTOR_INDEX: Words(
        "{who} has no history of the technology index or its tracker", "{who} 沒有科技指數或其追蹤基金的歷史"
    ),
    Why.STOPPED: Words("{who} has stopped", "{who} 已停止"),
    Why.ASKS_FEWER: Words("{who} asks for fewer requests", "{who} 要求減少請求"),
    Why.MINUTE_USED: Words("{who} has had its requests of this minute", "{who} 本分鐘的請求已用完"),
    Why.BY_SPARK: Words(
        "quotes come by a second address; the first refuses our cookie and is tried again at {at}",
        "報價改由另一網址取得；原網址不接受 cookie，{at} 再試",
    ),
    Why.PIPE_QUIET: Words("the pipe ({who}) has said nothing yet", "管道（{who}）尚未有輸出"),
    Why.PIPE_SILENT: Words("the pipe ({who}) has said nothing for {number} s", "管道（{who}）已 {number} 秒沒有輸出"),
    Why.PIPE_NOT_OPENED: Words("the pipe ({who}) could not be opened: {detail}", "未能開啟管道（{who}）：{detail}"),
    Why.PIPE_ENDED: Words("the pipe ({who}) ended with code {number}", "管道（{who}）已結束，代碼 {number}"),
    Why.PIPE_COMPLAINED: Words(
        "the pipe ({who}) ended with code {number}: {detail}", "管道（{who}）已結束，代碼 {number}：{detail}"
    ),
    Why.PIPE_CLOSED: Words("the pipe ({who}) was closed by the other side", "管道（{who}）已被對方關閉"),
    Why.PIPE_BABBLES: Words(
        "the pipe ({who}) sent {number} bad lines in a row; {detail}", "管道（{who}）連續 {number} 行無效；{detail}"
    ),
    Why.NO_QUOTE: Words("the pipe ({who}) has sent no price of this symbol", "管道（{who}）未有此代號的報價"),
    Why.NO_PRICE_FIELD: Words("no usable price ({detail})", "沒有可用的股價（{detail}）"),
    Why.NO_TIME_FIELD: Words("no usable time ({detail})", "沒有可用的時間（{detail}）"),
    Why.BAD_PRICE: Words("{who} sent a price of {detail}", "{who} 送來股價 {detail}"),
    Why.FUTURE_PRICE: Words("{who} sent a price from the future", "{who} 送來未來的股價"),
    Why.JUMP: Words(
        "{who} sent {number} after {detail}; shown when it says so again",
        "{who} 由 {detail} 變為 {number}；再次確認才顯示",
    ),
    Why.NO_INDEX_PRICE: Words("no split: {who} has no price of {day}", "無法拆分：{who} 沒有 {day} 的價格"),
    Why.NO_TRADE_SINCE: Words("no trade since {date}", "自 {date} 起沒有成交"),
    Why.NO_COMMON_MINUTE: Words(
        "no split: no minute in which both {who} and the stock have a price", "無法拆分：{who} 與股份沒有同一分鐘的價格"
    ),
    Why.HISTORY_ENDS: Words("the history of {who} ends {date}", "{who} 的歷史止於 {date}"),
    Why.INDEX_OLDER: Words("split as of {number} min earlier: {who} is older", "按 {number} 分鐘前拆分：{who} 較舊"),
    Why.STOCK_OLDER: Words(
        "split as of {number} min earlier: the stock's last trade is older", "按 {number} 分鐘前拆分：股份最後成交較舊"
    ),
    Why.NO_LEDGER: Words("this feed keeps no ledger", "此數據程序不保存紀錄"),
    Why.LEDGER_TO_COME: Words(
        "there is no ledger yet: it begins when the feed runs at a close",
        "尚無紀錄：數據程序於收市時運行，紀錄便會開始",
    ),
}

# As a row says it: in ten cells beside a price without a split, in eight beside marks; a sentence would be cut.
_SHORT: Final[dict[str, Words]] = {
    Why.UNKNOWN_SYMBOL: Words("unknown", "代號不明"),
    Why.NOTHING: Words("no data", "沒有數據"),
    Why.NO_PRICES: Words("no history", "欠缺歷史"),
    Why.NO_COLUMN: Words("no history", "欠缺歷史"),
    Why.NO_QUOTE: Words("no quote", "沒有報價"),
    Why.NO_PRICE_FIELD: NO_PRICE,
    Why.NO_TIME_FIELD: Words("no time", "欠缺時間"),
    Why.BAD_PRICE: Words("suspect", "價格存疑"),
    Why.FUTURE_PRICE: Words("suspect", "價格存疑"),
    Why.JUMP: Words("suspect", "價格存疑"),
    Why.NO_INDEX_PRICE: NO_INDEX,
    Why.NO_COMMON_MINUTE: NO_INDEX,
    Why.NO_TRADE_SINCE: Words("no trade", "沒有成交"),
    Why.HISTORY_ENDS: Words("old data", "歷史過時"),
    Why.INDEX_OLDER: Words("old HSI", "指數過時"),
}

_IN_DOUBT: Final = frozenset({Why.NO_PRICE_FIELD, Why.NO_TIME_FIELD, Why.BAD_PRICE, Why.FUTURE_PRICE, Why.JUMP})


def is_in_doubt(row: Row) -> bool:
    """True where the price shown is an older one, because the newest cannot be used."""
    return row.why is not None and row.why.code in _IN_DOUBT


def source_words(source: SourceHealth, language: Language = "en") -> str:
    """Why a source is as it is; "" where there is nothing to say. An older feed says it in English only."""
    return clean(source.reason) if source.why is None else reason_words(source.why, language)


def row_words(row: Row, language: Language = "en") -> str:
    """What is odd about a row; "" where nothing is."""
    return clean(row.note) if row.why is None else reason_words(row.why, language)


def row_words_short(row: Row, language: Language = "en") -> str:
    """What is odd about a row in a word or two, where there is one; else ""."""
    words = None if row.why is None else _SHORT.get(row.why.code)
    return "" if words is None else words.say(language)


def reason_words(reason: Reason, language: Language = "en") -> str:
    """A sentence in one line; what a newer feed says in a code of its own is told by its details."""
    words = _REASONS.get(reason.code)
    number = "" if reason.number is None else f"{reason.number:g}"
    if words is None:
        return clean(" ".join(filter(None, (reason.who, reason.detail, number))))
    at = "" if reason.until is None else f"{to_hkt(reason.until):%H:%M}"
    day = "" if reason.day is None else day_words(reason.day, language)
    date = "" if reason.day is None else day_words(reason.day, language, year=True)
    said = words.say(language).format(who=reason.who, detail=reason.detail, number=number, day=day, date=date, at=at)
    return clean(said)
