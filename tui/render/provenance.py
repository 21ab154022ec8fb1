"""Where an answer's numbers come from, in one sentence: what is published and what is simulated is never mixed up."""

from datetime import date
from typing import Final, Literal

import msgspec

from tui.domain.trading_day import to_hkt
from tui.render.language import Language, Words
from tui.render.width import cells
from tui.render.words import date_words

# The first published closes of the sample week; tui/tables/sample/README.md says what is simulated.
FIRST_PUBLISHED: Final = date(2026, 2, 27)
SAMPLE: Final = Words("SAMPLE", "樣本")
_BEFORE: Final = Words("SAMPLE: closes before {} are simulated", "樣本：{}前的收市價為模擬")

_ALL_SIMULATED = Words(
    "SAMPLE: every price of this stock is simulated; nobody has issued it.", "樣本：此股全部價格均為模擬，並無此股。"
)
_PARTLY = Words(
    "SAMPLE: {day}; of the window's {total} closes {published} are published, the others simulated.",
    "樣本：{day}；窗口 {total} 個收市價之中 {published} 個為公開數字，其餘為模擬。",
)
_DAY_PUBLISHED = Words("the closes of this move are published", "此升跌的收市價為公開數字")
_DAY_SIMULATED = Words("the closes of this move are simulated", "此升跌的收市價為模擬")
_DAYS = Words(
    "SAMPLE: of these {shown} closes {published} are published; the others, and most behind the splits, are simulated.",
    "樣本：此 {shown} 個收市價之中 {published} 個為公開數字；其餘及拆分所據者大多為模擬。",
)
_FROM_FILE = Words("Closes from {name}, taken as adjusted.", "收市價來自 {name}，視為已調整。")
_FROM_SOURCE = Words("Prices from {name}.", "價格來自 {name}。")
_AS_OF = Words("Prices from {name}, as of {at} HKT.", "價格來自 {name}，截至香港時間 {at}。")
_TABLE_PUBLISHED = Words(
    "SAMPLE: these closes are published, the history behind the splits is simulated.",
    "樣本：收市價為公開數字，拆分所據的歷史為模擬。",
)
_TABLE_PARTLY = Words(
    "SAMPLE: {published} of these {shown} moves rest on published closes; the others, and the history behind the"
    " splits, are simulated.",
    "樣本：此 {shown} 個升跌之中 {published} 個按公開收市價計算；其餘及拆分所據的歷史為模擬。",
)
_TABLE_SIMULATED = Words("SAMPLE: simulated prices.", "樣本：模擬價格。")


def sample_banner(room: int, language: Language = "en") -> str:
    """From when on the sample's closes are published, where `room` cells hold it; else that it is the sample."""
    whole = _BEFORE.say(language).format(date_words(FIRST_PUBLISHED, language))
    return whole if cells(whole) <= room else SAMPLE.say(language)


class Provenance(msgspec.Struct, frozen=True):
    """For a file or a source: its name, and the exchange time (epoch milliseconds) of a source's newest price where
    that is of the day. For the sample: of the `shown` days `shown_published` are moves between two
    published closes, and of the first one's window of `window` closes `window_published` are published; `invented`
    where the stock itself is."""

    kind: Literal["sample", "file", "source"]
    name: str = ""
    as_of: int | None = None
    shown: int = 1
    shown_published: int = 0
    window: int = 0
    window_published: int = 0
    invented: bool = False

    def of_answer(self, language: Language = "en") -> str:
        """Of one stock's days."""
        if self.kind == "file":
            return _FROM_FILE.say(language).format(name=self.name)
        if self.kind == "source":
            if self.as_of is None:
                return _FROM_SOURCE.say(language).format(name=self.name)
            return _AS_OF.say(language).format(name=self.name, at=f"{to_hkt(self.as_of):%H:%M}")
        if self.invented:
            return _ALL_SIMULATED.say(language)
        if self.shown > 1:
            return _DAYS.say(language).format(shown=self.shown, published=self.shown_published)
        day = (_DAY_PUBLISHED if self.shown_published else _DAY_SIMULATED).say(language)
        return _PARTLY.say(language).format(day=day, total=self.window, published=self.window_published)

    def of_table(self, language: Language = "en") -> str:
        """Of a table of many stocks."""
        if self.kind != "sample":
            return self.of_answer(language)
        if not self.shown_published:
            return _TABLE_SIMULATED.say(language)
        words = _TABLE_PUBLISHED if self.shown_published == self.shown else _TABLE_PARTLY
        return words.say(language).format(shown=self.shown, published=self.shown_published)
