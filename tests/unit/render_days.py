"""Days for the tests of render: the two of the week of 6 March 2026 everybody asks about, and random ones."""

from datetime import date

import msgspec
from hypothesis import strategies as st

from tui.domain.attribution import Attribution, Candidate, FactorPart, Flag, Leg, Verdict, Window
from tui.domain.event import NewsCoverage
from tui.domain.symbol import Symbol

ALIBABA = Attribution(
    symbol=Symbol("9988.HK"),
    date=date(2026, 3, 6),
    verdict=Verdict.MARKET,
    window=Window(250, date(2025, 2, 28), date(2026, 3, 5), 250),
    close=130.70,
    previous_close=126.30,
    return_pct=3.484,
    market_pp=2.997,
    sector_pp=0.617,
    own_pp=-0.130,
    factors=(
        FactorPart("^HSI", 1.722, 1.722, 1.741, 0.0752, 2.997),
        FactorPart("^HSTECH", 3.152, 0.946, 0.651, 0.16, 0.617),
    ),
    alpha_pct=-0.038,
    r2=0.690,
    sigma_pp=1.747,
    sigma_move_pp=3.125,
    forecast_se_pp=1.76,
    t=-0.07,
    rarity=0.916,
    threshold_pp=2.83,
    beta_by_window={"60": 1.69, "120": 1.72, "250": 1.741},
    news_coverage=NewsCoverage.FOUND,
)
RESULTS = Candidate(
    event_id="jd-results",
    start="2026-03-04T16:00:00Z",
    end="2026-03-05T16:00:00Z",
    precision="day",
    title="JD.com reports fourth-quarter results",
    source="JD.com",
    role="cause",
    why=("title subject", "results", "hour not known"),
    title_zh="京東公布第四季業績",
)
JD = msgspec.structs.replace(
    ALIBABA,
    symbol=Symbol("9618.HK"),
    verdict=Verdict.OWN,
    close=106.60,
    previous_close=96.95,
    return_pct=9.954,
    market_pp=2.151,
    sector_pp=0.953,
    own_pp=6.850,
    rarity=1 / 251,
    threshold_pp=3.02,
    candidates=(RESULTS,),
)
NO_SECTOR = msgspec.structs.replace(
    ALIBABA, verdict=Verdict.QUIET, return_pct=0.97, market_pp=1.5, sector_pp=0.0, own_pp=-0.53, rarity=0.6,
    threshold_pp=2.0, factors=ALIBABA.factors[:1],
)  # fmt: skip
INSUFFICIENT = Attribution(
    symbol=Symbol("2618.HK"),
    date=date(2026, 3, 6),
    verdict=Verdict.INSUFFICIENT,
    window=Window(250, date(2026, 1, 2), date(2026, 3, 5), 43),
    close=12.63,
    previous_close=10.27,
    return_pct=22.98,
)
LEGS = (
    Leg("overnight", 4.1, 0.8, 0.2, 3.1, 1.0),
    Leg("morning", -2.2, 0.5, 0.3, -3.0, 1.0),
    Leg("lunch", 0.0, 0.0, 0.0, 0.0, 0.2),
    Leg("afternoon", 8.0, 0.8, 0.2, 7.0, 1.0),
    Leg("auction", 0.05, 0.1, 0.0, -0.05, 0.3),
)

_PARTS = st.floats(-400, 400, allow_nan=False) | st.floats(-0.02, 0.02) | st.just(0.0)


@st.composite
def any_day(draw: st.DrawFn) -> Attribution:
    """A day of any size and verdict, with or without a sector."""
    market, sector, own = draw(_PARTS), draw(_PARTS), draw(_PARTS)
    with_sector = draw(st.booleans())
    sector = sector if with_sector else 0.0
    return msgspec.structs.replace(
        ALIBABA,
        date=draw(st.dates(date(2024, 1, 2), date(2026, 12, 30))),
        verdict=draw(st.sampled_from(list(Verdict))),
        return_pct=market + sector + own,
        market_pp=market,
        sector_pp=sector,
        own_pp=own,
        rarity=draw(st.floats(0.001, 1.0)),
        threshold_pp=draw(st.none() | st.floats(0.01, 60)),
        factors=ALIBABA.factors if with_sector else ALIBABA.factors[:1],
        flags=tuple(draw(st.lists(st.sampled_from(list(Flag)), max_size=4, unique=True))),
        news_coverage=draw(st.sampled_from(list(NewsCoverage))),
        candidates=draw(st.sampled_from([(), (RESULTS,)])),
    )
