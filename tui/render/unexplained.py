"""Own moves for which no news was found, and what became of those that were listed, as plain lines
for stdout and as runs for the screen."""

from collections.abc import Mapping, Sequence
from typing import Final

from tui.domain.attribution import Attribution
from tui.domain.event import NewsCoverage
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol, short_code
from tui.domain.unexplained import Tally, unexplained
from tui.render.days import day_cell
from tui.render.language import Language, Words
from tui.render.numbers import MINUS, percent, pp, rarity_text, signed, signed_cell
from tui.render.tone import Run, Runs, Tone, direction
from tui.render.width import cells, cut, pad
from tui.render.words import is_own, part_words, verdict_tone, verdict_words

_MINUS: Final = "-"
# Below so many scored moves a share says nothing yet.
FEW: Final = 30

_HEAD: Final = Words(
    "own moves of {stocks} stocks in {days} sessions: {own}, of which {found} with news, {none} without,"
    " {unasked} not asked about",
    "{stocks} 隻股票 {days} 個交易日的個別發展：{own} 次，其中 {found} 次有消息，{none} 次未見消息，{unasked} 次未查詢",
)
_NOT_ASKED: Final = Words(
    "No source was asked for the news of {unasked} of them, so these cannot be called unexplained.",
    "其中 {unasked} 次未向來源查詢消息，故不能稱為未見消息。",
)
_LISTED: Final = Words(
    "ledger: {days} closes, {asked} stock-days with every source asked, {own} own moves, {listed} listed without news",
    "紀錄：{days} 個收市，{asked} 個股日已查詢所有來源，{own} 次個別發展，{listed} 次列為未見消息",
)
_SCORED: Final = Words(
    "scored after five sessions: {scored} ({pending} to come, {lost} never)",
    "五個交易日後評分：{scored} 次（{pending} 次未到期，{lost} 次無法評分）",
)
_FOLLOWED: Final = Words(
    "went on {went_on}, turned back {turned} (chance alone: half each); own move beyond twice its error {large}"
    " (chance alone: {chance:.1f})",
    "延續 {went_on} 次，逆轉 {turned} 次（純屬偶然則各半）；其後超出兩倍誤差 {large} 次（偶然約 {chance:.1f} 次）",
)
_DRIFT: Final = Words(
    "mean own move of the five sessions in the listed direction {drift}, standard error over days {error}",
    "其後五日同向個別升跌平均 {drift}，按日標準誤差 {error}",
)
_FILED: Final = Words(
    "news of the company by then: {filed} of {asked_later} asked about",
    "其後有公司消息：已查詢 {asked_later} 次中 {filed} 次",
)
_TOO_FEW: Final = Words(
    "Fewer than {few} are scored: nothing follows from these figures yet.", "評分少於 {few} 次：尚不能由此推論。"
)
_TALLY: Final = Words(
    "ledger: {listed} listed in {days} closes, {scored} scored: {went_on} went on, {turned} turned"
    " (chance: {half:g} each)",
    "紀錄：{days} 個收市列出 {listed} 次，評分 {scored} 次：延續 {went_on}，逆轉 {turned}（偶然：各 {half:g}）",
)
_TALLY_WAITS: Final = Words(
    "ledger: {listed} listed in {days} closes, none scored yet: that takes five sessions",
    "紀錄：{days} 個收市列出 {listed} 次，尚未評分：須待五個交易日",
)
_FEW_SCORED: Final = Words(": too few yet", "：尚太少")


def unexplained_lines(
    histories: Mapping[Symbol, Sequence[Attribution]],
    instruments: Mapping[Symbol, Instrument],
    language: Language = "en",
) -> list[str]:
    """What was looked at, then the own moves without news, newest first."""
    every = [day for days in histories.values() for day in days]
    own = [day for day in every if is_own(day.verdict)]
    chosen = unexplained(every)
    counts = {coverage: sum(day.news_coverage is coverage for day in own) for coverage in NewsCoverage}
    none, unasked = counts[NewsCoverage.NONE], counts[NewsCoverage.NOT_FETCHED]
    lines = [looked_words(len(histories), len({day.date for day in every}), len(own), none, unasked, language)]
    if unasked:
        lines.append(_NOT_ASKED.say(language).format(unasked=unasked))
    return [*lines, *([""] if chosen else ()), *(_line(day, instruments, language) for day in chosen)]


def looked_words(stocks: int, days: int, own: int, none: int, unasked: int, language: Language = "en") -> str:
    """What was looked at: of `own` own moves `none` are without news and `unasked` were not asked about."""
    found = own - none - unasked
    told = {"stocks": stocks, "days": days, "own": own, "found": found, "none": none, "unasked": unasked}
    return _HEAD.say(language).format(**told)


def move_runs(day: Attribution, name: str, width: int, language: Language = "en", minus: str = MINUS) -> Runs:
    """An own move in at most `width` cells; day, code and own part always stand, the rest is dropped whole."""
    own = f"{part_words('own', language)} {signed(day.own_pp, 2, minus)}"
    move = percent(day.return_pct, minus)
    pieces: list[tuple[int, str, Tone]] = [
        (0, day_cell(day.date, language), "text"),
        (0, pad(short_code(day.symbol), 5), "strong"),
        (1, pad(move, 7, "right"), direction(day.return_pct)),
        (0, pad(own, 11 if language == "zh" else 10), verdict_tone(day.verdict)),
        (2, pad(rarity_text(day.rarity), 5, "right"), "muted"),
        (3, pad(verdict_words(day.verdict, language), 12), verdict_tone(day.verdict)),
        (4, cut(name, 24), "text"),
    ]
    while len(pieces) > 1 and sum(cells(text) + 2 for _, text, _ in pieces) - 2 > width:
        pieces.remove(max(pieces, key=lambda piece: piece[0]))
    runs: list[Run] = []
    for _, text, tone in pieces:
        runs.append((text if not runs else "  " + text, tone))
    return tuple(runs)


def tally_words(tally: Tally, language: Language = "en") -> str:
    """The ledger in one line, beside what chance alone would give."""
    told = {name: getattr(tally, name) for name in tally.__struct_fields__}
    if not tally.scored:
        return _TALLY_WAITS.say(language).format(**told)
    few = _FEW_SCORED.say(language) if tally.scored < FEW else ""
    return _TALLY.say(language).format(**told, half=tally.scored / 2) + few


def _line(day: Attribution, instruments: Mapping[Symbol, Instrument], language: Language) -> str:
    known = instruments.get(day.symbol)
    name = "" if known is None else known.name_zh if language == "zh" and known.name_zh else known.name_en
    fields = (
        day_cell(day.date, language, year=True),
        pad(short_code(day.symbol), 6),
        pad(cut(name, 18), 18),
        pad(percent(day.return_pct, _MINUS), 8, "right"),
        part_words("own", language) + signed_cell(day.own_pp, 8, _MINUS),
        pad(rarity_text(day.rarity), 6, "right"),
        verdict_words(day.verdict, language),
    )
    return "  ".join(fields).rstrip()


def tally_lines(tally: Tally, language: Language = "en") -> list[str]:
    """The ledger counted, beside what chance alone would give."""
    told = {name: getattr(tally, name) for name in tally.__struct_fields__}
    lines = [_LISTED.say(language).format(**told), _SCORED.say(language).format(**told)]
    if tally.scored:
        lines.append(_FOLLOWED.say(language).format(**told, chance=tally.scored / 20))
        drift, error = pp(tally.drift_pp, _MINUS), pp(tally.drift_error_pp, _MINUS).removeprefix("+")
        lines.append(_DRIFT.say(language).format(drift=drift, error=error))
    if tally.asked_later:
        lines.append(_FILED.say(language).format(**told))
    if tally.listed and tally.scored < FEW:
        lines.append(_TOO_FEW.say(language).format(few=FEW))
    return lines
