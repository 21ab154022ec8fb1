"""Hong Kong's trading days: holidays, storm closures and half-days, named in English and Chinese."""

from datetime import date, timedelta

from tui.domain.trading_day import DayKind, TradingDay, weekday_default

_EXCHANGE = "XHKG"
# The calendar writes the kind of day behind the name of the day; the kind is a field of ours.
_HALF_DAY_MARKS = (" (Half-Day Trading Day)", "（半日交易日）")


def trading_days(first: date, last: date) -> tuple[TradingDay, ...]:
    """Every calendar day from `first` to `last`, both included, oldest first; empty where last is before first.

    Years that the calendar does not know (before 2014, after 2100) come as plain weekdays and weekends, with
    the origin "weekday".
    """
    # The library takes a third of a second to load and to draw up its years, so that only those who ask pay.
    from holidays import financial_holidays

    years = range(first.year, last.year + 1)
    closed = financial_holidays(_EXCHANGE, years=years)
    half = financial_holidays(_EXCHANGE, years=years, categories=("half_day",))
    chinese = financial_holidays(_EXCHANGE, years=years, categories=("public", "half_day"), language="zh_HK")

    def describe(day: date) -> TradingDay:
        if not closed.start_year <= day.year <= closed.end_year:
            return weekday_default(day)
        for kind, named in ((DayKind.CLOSED, closed), (DayKind.HALF, half)):
            if day in named:
                return TradingDay(day, kind, _day_name(named[day]), _day_name(chinese[day]))
        plain = weekday_default(day)
        return TradingDay(day, plain.kind, plain.name, plain.name_zh)

    return tuple(describe(first + timedelta(days=offset)) for offset in range((last - first).days + 1))


def _day_name(text: str) -> str:
    for mark in _HALF_DAY_MARKS:
        text = text.removesuffix(mark)
    return text
