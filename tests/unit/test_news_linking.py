"""Linking, trap by trap: look-alikes, short names, codes, longest match, days, hostile text."""

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.aliases import news_table
from tui.domain.event import Event, EventKind, Scope
from tui.domain.market import Instrument
from tui.domain.symbol import Symbol
from tui.domain.trading_day import from_hkt, weekday_default
from tui.news.linking import Linker
from tui.news.names import with_list_names

DAY = date(2026, 3, 6)


@cache
def _linker() -> Linker:
    return Linker(news_table())


def _codes(title: str, day: date = DAY) -> list[str]:
    return [symbol.removesuffix(".HK") for symbol in _linker().link(title, day).symbols]


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Tencent Music opens an office", ["1698"]),
        ("Tencent opens an office", ["0700"]),
        ("Alibaba Health and Alibaba agree on a service fee", ["0241", "9988"]),
        ("京東物流與京東健康公布業績", ["2618", "6618"]),
        ("小米粥的做法", []),
        ("小米新機發布", ["1810"]),
        ("山西小米喜獲豐收", []),
        ("JD Sports opens a store", []),
        ("JD opens a store", ["9618"]),
        ("jd opens a store", []),
        ("MTR fares", ["0066"]),
        ("mtr of the valve", []),
        ("The link road", []),
        ("USD/CLP falls", []),
        ("People's Bank of China sets the rate", []),
        ("Bank of China sets the fee", ["3988"]),
        ("中國銀行業協會", []),
        ("中國銀行公布業績", ["3988"]),
        ("社交行業", []),
        ("理想與現實", []),
        ("理想汽車交付", ["2015"]),
        ("Maiaia and AIAs", ["1299"]),
        ("Alibabas Plan", ["9988"]),
        ("Pop-Mart-Laden", ["9992"]),
        ("BYDs Werk", ["1211"]),
        ("HSBC raises Tencent target price", ["0700"]),
        ("HSBC raises its dividend", ["0005"]),
    ],
)
def test_names(title: str, codes: list[str]) -> None:
    assert _codes(title) == codes


@pytest.mark.parametrize(
    "title",
    [
        "（９９８８）公告",
        "(09988) 公告",
        "09988 公告",
        "9988.HK 公告",
        "09988.HK 公告",
        "HK:9988 notice",
        "HK.09988 notice",
        "SEHK: 9988 notice",
        "股份代號：9988",
        "9988 HK Equity",
        "BABA notice",
        "NYSE: BABA notice",
        "阿里巴巴－ＳＷ",
        "ALIBABA-W",
        "89988.HK notice",
    ],
)
def test_every_form_of_the_code(title: str) -> None:
    assert _codes(title) == ["9988"]


@pytest.mark.parametrize(
    "title", ["in (2020) and 2015", "9988 people came", "room 09988a", "$LI", "(LI)", "700 HK dollars", "No. 0700-1"]
)
def test_numbers_that_are_no_codes(title: str) -> None:
    assert _codes(title) == (["2015"] if title == "$LI" else [])


def test_a_year_is_a_code_only_beside_the_name() -> None:
    assert _codes("理想(2015)公布定價") == ["2015"]
    assert _codes("回顧(2015)公布定價") == []


def test_the_subject_stands_first() -> None:
    assert _codes("Meituan and JD.com follow Alibaba") == ["3690", "9618", "9988"]


def test_people_count_while_they_hold_the_post() -> None:
    assert _codes("Noel Quinn speaks", date(2024, 9, 2)) == ["0005"]
    assert _codes("Noel Quinn speaks", date(2024, 9, 3)) == []
    assert _codes("Georges Elhedery speaks", date(2024, 9, 1)) == []


@pytest.mark.parametrize(
    ("title", "scope"),
    [
        ("恒指收升300點 騰訊領漲", Scope.MARKET),
        ("騰訊領漲 恒指收升300點", Scope.COMPANY),
        ("Autobauer BYD plant Werk", Scope.COMPANY),
        ("Autobauer wie BYD planen Werke", Scope.SECTOR),
        ("Chip stocks rise, SMIC up", Scope.SECTOR),
        ("港股半導體板塊走強", Scope.SECTOR),
        ("Tencent, Alibaba, Meituan and JD.com named", Scope.SECTOR),
        ("Fed keeps rates", Scope.MARKET),
        ("A day at the zoo", Scope.OTHER),
    ],
)
def test_scopes(title: str, scope: Scope) -> None:
    assert _linker().link(title, DAY).scope is scope


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("JD.com reports fourth-quarter results", EventKind.RESULTS),
        ("騰訊發盈喜", EventKind.GUIDANCE),
        ("Next Day Disclosure Return - Share buyback", EventKind.FILING),
        ("AIA buys back shares", EventKind.BUYBACK),
        ("Anta kauft Beteiligung", EventKind.DEAL),
        ("HSBC names new head of wealth", EventKind.MANAGEMENT),
        ("攜程被立案調查", EventKind.REGULATION),
        ("大行降美團目標價", EventKind.RATING),
        ("小米發布新機", EventKind.PRODUCT),
        ("Xpeng places convertible bonds", EventKind.CAPITAL),
        ("CNOOC goes ex-dividend", EventKind.EX_DATE),
        ("Hang Seng waits", EventKind.MACRO),
        ("Baidu hosts a dinner", EventKind.OTHER),
    ],
)
def test_kinds(title: str, kind: EventKind) -> None:
    assert _linker().link(title, DAY).kind is kind


@pytest.mark.parametrize(
    "title",
    [
        "Shares of Tencent jump 3 %",
        "Tencent falls on profit taking",
        "Tencent up 3.5%",
        "Alibaba steigt 3,48 Prozent",
        "BYD-Aktie legt zu",
        "SMIC bricht um 7 Prozent ein",
        "騰訊漲3.5%",
        "阿里收漲3%",
        "小米急升",
        "港交所股價創新高",
        "恒指跌穿25000點",
        "Hang Seng closes lower",
        "BABA ADR sinks overnight",
    ],
)
def test_recaps(title: str) -> None:
    assert _linker().link(title, DAY).recap


@pytest.mark.parametrize(
    "title",
    [
        "Tencent revenue rises 13%",
        "Tencent raises dividend by 10%",
        "Xiaomi raises phone prices 5%",
        "BYD steigert Absatz um 20 Prozent",
        "JD.com: Gewinn sinkt um 5 Prozent",
        "小米漲價100元",
        "友邦新業務價值升15%",
        "國泰2月載客量升18%",
        "騰訊業務升級",
        "Oil jumps 6%",
        "Wall Street closes lower",
        "Anta steigt bei Ausrüster ein",
        "HSBC steps up hiring",
        "Broker lifts Baidu target to HK$150, up 10%",
    ],
)
def test_news_of_figures_is_no_recap(title: str) -> None:
    assert not _linker().link(title, DAY).recap


@pytest.mark.parametrize(
    ("title", "sign"),
    [
        ("JD.com earnings beat estimates", 1),
        ("Tencent buys back shares", 1),
        ("Trip.com under antitrust investigation", -1),
        ("小米發盈喜", 1),
        ("攜程被立案調查", -1),
        ("小鵬虧損收窄", 1),
        ("BYD ruft Autos zurück: Rückruf", -1),
        ("JD.com beats estimates, CEO steps down", 0),
        ("Tencent to publish results", 0),
    ],
)
def test_the_sign_of_news(title: str, sign: int) -> None:
    assert _linker().link(title, DAY).sign == sign


def test_a_summary_speaks_only_where_the_title_names_nobody() -> None:
    link = _linker().link
    assert link("The week ahead", DAY, summary="Tencent will report.").symbols == (Symbol("0700.HK"),)
    assert link("The week ahead", DAY, summary="Tencent and Alibaba will report.").symbols == ()
    assert link("AIA reports", DAY, summary="Tencent will report.").symbols == (Symbol("1299.HK"),)


def test_what_a_source_states_stands() -> None:
    start = from_hkt(DAY)
    days = tuple(weekday_default(date(2026, 3, day)) for day in range(2, 14))
    filing = Event(
        id="1",
        start=start,
        end=start,
        precision="minute",
        title="Announcement on Tencent",
        source="HKEXnews",
        symbols=(Symbol("1234.HK"),),
        scope=Scope.COMPANY,
    )
    told = _linker().annotate(filing, days)
    assert (told.symbols, told.scope, told.session) == ((Symbol("1234.HK"),), Scope.COMPANY, DAY)
    headline = Event(id="2", start=start, end=start, precision="second", title="AIA buys back shares", source="s")
    told = _linker().annotate(headline, days)
    assert (told.symbols, told.kind) == ((Symbol("1299.HK"),), EventKind.BUYBACK)


def test_the_exchanges_list_and_the_user_add_names() -> None:
    listed = (
        Instrument(Symbol("1234.HK"), "SOME WORDS-W", "某某公司－Ｗ"),
        Instrument(Symbol("1235.HK"), "MEMORY", "回憶"),
        Instrument(Symbol("0700.HK"), "ANYTHING ELSE", ""),
    )
    linker = Linker(with_list_names(news_table(), listed))
    assert linker.link("Some words of thanks", DAY).symbols == (Symbol("1234.HK"),)
    assert linker.link("某某公司公告", DAY).symbols == (Symbol("1234.HK"),)
    assert linker.link("Memory and anything else", DAY).symbols == ()
    assert linker.link("(1235) notice", DAY).symbols == (Symbol("1235.HK"),)


HOSTILE = st.text(max_size=400) | st.lists(
    st.sampled_from(
        [
            "騰訊",
            "Tencent",
            "\x1b[31m",
            "\u202e",
            "[/]",
            "(",
            "9988",
            "%",
            "升",
            "up",
            " ",
            "ß",
            "\u0130",
            "\ud800",
            "\0",
        ]
    )
).map("".join)


@given(HOSTILE, HOSTILE)
def test_hostile_text_is_only_text(title: str, summary: str) -> None:
    linked = _linker().link(title, DAY, summary=summary)
    assert len(set(linked.symbols)) == len(linked.symbols)


def test_a_megabyte_is_cut_and_still_linked() -> None:
    assert _codes("Tencent " + "x" * 1_000_000) == ["0700"]


def test_escapes_and_bidi_do_not_hide_a_name() -> None:
    assert _codes("\x1b[31mTen\u202ecent\x1b[0m [/] (00700)") == ["0700"]
