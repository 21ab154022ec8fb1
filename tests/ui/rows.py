"""Rows made for tests: plain, many, and hostile."""

from datetime import date

from tui.domain.attribution import Attribution, Verdict, Window
from tui.domain.market import Quality, Quote
from tui.domain.row import SPARK_POINTS, FeedStatus, Row
from tui.domain.symbol import HSI, Symbol
from tui.wire import Snapshot

NOW = 1_772_778_660_000  # Friday 6 March 2026, 14:31 in Hong Kong
DAY = date(2026, 3, 6)
_VERDICTS = tuple(Verdict)


def row(symbol: Symbol, price: float = 100.0, previous: float = 98.0, *, own: float = 1.23, number: int = 0) -> Row:
    """A stock in the middle of its afternoon."""
    move = (price / previous - 1) * 100
    verdict = _VERDICTS[number % len(_VERDICTS)]
    day = Attribution(
        symbol=symbol,
        date=DAY,
        verdict=verdict,
        window=Window(250, date(2025, 2, 28), date(2026, 3, 5), 250),
        close=price,
        previous_close=previous,
        return_pct=move,
        market_pp=move - own - 0.3,
        sector_pp=0.3,
        own_pp=own,
        rarity=1 / 62 if verdict in (Verdict.OWN, Verdict.OWN_POSSIBLE) else 0.4,
    )
    spark = tuple(previous * (1 + 0.001 * ((step * (number + 3)) % 17 - 6)) for step in range(54))
    return Row(
        symbol=symbol,
        name_en=f"Company {number}",
        name_zh=f"公司{number}",
        sector="tech",
        quote=Quote(symbol, price, NOW, NOW, "test", previous_close=previous, turnover=1.2e9, quality=Quality.SAMPLE),
        day=day,
        spark=spark + (None,) * (SPARK_POINTS - len(spark)),
        relative_volume=1.1,
    )


def many(count: int) -> tuple[Row, ...]:
    """Rows of different stocks."""
    return tuple(row(code(number), 20 + number * 0.05, 20.0, number=number) for number in range(count))


def code(number: int) -> Symbol:
    """The stock in line `number` of `many`."""
    return Symbol(f"{number + 1:04d}.HK")


def status() -> FeedStatus:
    """A feed that is well."""
    index = Quote(HSI, 25_800.0, NOW, NOW, "test", previous_close=25_400.0)
    return FeedStatus(day=DAY, as_of=NOW, indices=(index,))


def snapshot(count: int) -> Snapshot:
    """A feed's first words about many stocks."""
    return Snapshot(1, many(count), (), status())
