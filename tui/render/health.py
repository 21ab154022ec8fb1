"""How the feed and its sources do, in full: each one's state and why, its times, its manners, whose news it knows."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tui.domain.row import FeedStatus, NewsReach, SourceHealth, SourceState
from tui.domain.text import clean
from tui.domain.trading_day import to_hkt
from tui.render.language import Language, Words
from tui.render.reasons import source_words
from tui.render.tone import Runs, Tone
from tui.render.width import cells, cut, wrap
from tui.render.words import day_words, state_words

_FEED: Final = Words("feed", "數據程序")
_SOURCES: Final = Words("sources", "資料來源")
_WARNINGS: Final = Words("warnings", "警告")
_NO_WARNINGS: Final = Words(
    "None. Trouble with the clock, the disk or the feed itself would stand here.",
    "沒有。時鐘、儲存或數據程序如有問題會列於此。",
)
_NO_SOURCES: Final = Words("No source has been heard of yet.", "尚未有來源的消息。")
_THIS: Final = Words("this terminal: version {}", "本終端：版本 {}")
_THAT: Final = Words("version {}, source {}, process {}", "版本 {}，來源 {}，程序編號 {}")
_SINCE: Final = Words("since {}", "自 {}")
_ANSWERED: Final = Words("last answer {}", "上次回覆 {}")
_NEVER: Final = Words("no answer yet", "尚未有回覆")
_NEXT: Final = Words("next try {}", "下次 {}")
_USED: Final = Words("{} of {} requests in the last minute", "過去一分鐘請求 {} / {}")
_SHARED: Final = Words("requests shared with {}", "請求與 {} 共用")
_RESTS: Final = Words("rests", "暫停")
_REACH: Final = Words("news of {} of {} stocks", "已查詢 {} / {} 隻股票的消息")
_NO_REACH: Final = Words("news complete for none of {} stocks", "{} 隻股票的消息均未查詢齊全")
_LEFT_OUT: Final = Words("left out: {}", "略去：{}")
# What an item can lack, by the words in which a source counts it.
_FAULTS: Final = {
    "no title": Words("no title", "沒有標題"),
    "no readable date": Words("no readable date", "日期無法辨認"),
    "dated in the future": Words("dated in the future", "日期在未來"),
    "wrong bytes": Words("wrong bytes", "編碼錯誤"),
    "broken off": Words("broken off", "內容中斷"),
    "another shape": Words("another shape", "格式不符"),
    "no id, title or date": Words("no id, title or date", "欠缺編號、標題或日期"),
    "latest list": Words("rows of the latest list", "最新公告列"),
    "title search": Words("rows of the title search", "搜尋結果列"),
    "diary": Words("a diary or its rows", "日誌或其列"),
}
_UNTIL: Final = Words("asked until {}", "查詢至 {}")

_WELL: Final = (SourceState.OK, SourceState.RESTING)


class Ends(msgspec.Struct, frozen=True):
    """Both ends of the wire: this terminal's version and what became of the link, and the feed's own words of itself,
    None where none has spoken yet."""

    version: str
    link: str
    link_is_well: bool
    feed_version: str | None = None
    source: str = ""
    process: int = 0


def health_lines(status: FeedStatus, ends: Ends, now: int, width: int, language: Language = "en") -> tuple[Runs, ...]:
    """Everything in lines of at most `width` cells; `now` is epoch milliseconds."""
    lines: list[Runs] = [*_ends_lines(ends, width, language), (), _heading(_SOURCES, width, language)]
    owners: dict[str, str] = {}
    for source in status.sources:
        owner = owners.setdefault(source.door, source.name) if source.door else source.name
        lines += _source_lines(source, owner, now, width, language)
    if not status.sources:
        lines += _wrapped(_NO_SOURCES.say(language), width, 2, "muted")
    lines += [(), _heading(_WARNINGS, width, language)]
    for warning in status.warnings:
        lines += _wrapped(clean(warning), width, 2, "warn")
    if not status.warnings:
        lines += _wrapped(_NO_WARNINGS.say(language), width, 2, "muted")
    return tuple(lines)


def _ends_lines(ends: Ends, width: int, language: Language) -> Iterator[Runs]:
    yield _heading(_FEED, width, language)
    yield from _wrapped(clean(ends.link), width, 2, "text" if ends.link_is_well else "warn")
    if ends.feed_version is not None:
        told = _THAT.say(language).format(ends.feed_version, ends.source, ends.process)
        yield from _wrapped(clean(told), width, 2, "muted")
    yield from _wrapped(_THIS.say(language).format(ends.version), width, 2, "muted")


def _source_lines(source: SourceHealth, owner: str, now: int, width: int, language: Language) -> Iterator[Runs]:
    """Name and state; the reason; the times; the requests of each host, unless they stand with their `owner`; whose
    news was asked for."""
    well = source.state in _WELL
    name = cut(source.name, max(width - 2, 1))
    state = "  " + state_words(source.state, language)
    since = (
        "" if source.since is None else "  " + _SINCE.say(language).format(moment_words(source.since, now, language))
    )
    tone: Tone = "text" if well else "muted" if source.state is SourceState.STARTING else "warn"
    told: list[tuple[str, Tone]] = [("  " + name, "strong")]
    for words, its_tone in ((state, tone), (since, "muted")):
        if sum(cells(text) for text, _ in told) + cells(words) <= width:
            told.append((words, its_tone))
        else:
            yield tuple(told)
            told = [(cut("  " + words, width), its_tone)]
    yield tuple(told)
    if reason := source_words(source, language):
        yield from _wrapped(reason, width, 4, tone)
    yield from _wrapped(_times(source, now, language), width, 4, "muted")
    if owner != source.name:
        yield from _wrapped(_SHARED.say(language).format(clean(owner)), width, 4, "muted")
    elif len(source.hosts) > 1:
        for host in source.hosts:
            used = _USED.say(language).format(host.used, source.budget)
            told_of_host = _joined(used, _RESTS.say(language), language) if host.rests else used
            yield from _wrapped(f"{clean(host.host)}: {told_of_host}", width, 4, "warn" if host.rests else "muted")
    elif source.budget:
        where = f"{clean(source.hosts[0].host)}: " if source.hosts else ""
        yield from _wrapped(where + _USED.say(language).format(source.used, source.budget), width, 4, "muted")
    if source.news is not None:
        yield from _wrapped(_reach(source.news, now, language), width, 4, "muted")
        if source.news.left_out:
            yield from _wrapped(_left_out(source.news, language), width, 4, "muted")


def _times(source: SourceHealth, now: int, language: Language) -> str:
    answered = _NEVER.say(language)
    if source.last_success is not None:
        answered = _ANSWERED.say(language).format(moment_words(source.last_success, now, language))
    if source.next_try is None:
        return answered
    return _joined(answered, _NEXT.say(language).format(moment_words(source.next_try, now, language)), language)


def _reach(news: NewsReach, now: int, language: Language) -> str:
    if news.watched and not news.asked:
        # Some may have come all the same: the sample tells chosen news and vouches for no stock.
        return _NO_REACH.say(language).format(news.watched)
    told = _REACH.say(language).format(news.asked, news.watched)
    if news.until is None:
        return told
    return _joined(told, _UNTIL.say(language).format(moment_words(news.until, now, language)), language)


def _left_out(news: NewsReach, language: Language) -> str:
    """ "left out: 3 no readable date, 1 wrong bytes"."""
    told = (
        f"{count} {_FAULTS[what].say(language) if what in _FAULTS else clean(what)}" for what, count in news.left_out
    )
    return _LEFT_OUT.say(language).format(("，" if language == "zh" else ", ").join(told))


def moment_words(moment: int, now: int, language: Language) -> str:
    """ "14:31:20", with its date where that is not today's in Hong Kong."""
    at = to_hkt(moment)
    clock = f"{at:%H:%M:%S}"
    return clock if at.date() == to_hkt(now).date() else f"{day_words(at.date(), language)} {clock}"


def _joined(first: str, second: str, language: Language) -> str:
    return f"{first}，{second}" if language == "zh" else f"{first}, {second}"


def _heading(words: Words, width: int, language: Language) -> Runs:
    return ((cut(" " + words.say(language), width), "header"),)


def _wrapped(text: str, width: int, indent: int, tone: Tone) -> Iterator[Runs]:
    blank = " " * min(indent, max(width - 8, 0))
    for line in wrap(text, max(width - len(blank), 1)):
        yield ((blank + line, tone),)
