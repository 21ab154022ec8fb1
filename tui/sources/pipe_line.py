"""One line of a price pipe: a JSON object a quote. The format is described in docs/pipe.md."""

from datetime import datetime
from typing import Any, Final

import msgspec

from tui.domain.market import Quality, Quote
from tui.domain.symbol import SymbolError, parse_symbol
from tui.domain.text import clean
from tui.domain.trading_day import HKT

LINE_LIMIT: Final = 64 * 1024
# 2000-01-01 to 2100-01-01: a time outside is in another unit than milliseconds.
_FIRST_MS: Final = 946_684_800_000
_LAST_MS: Final = 4_102_444_800_000

_decoder = msgspec.json.Decoder(dict[str, Any])


class PipeLineError(ValueError):
    """A line that is no quote; the message names the field and what it should be."""


def _shown(value: object) -> str:
    return clean(repr(value), 40)


def _number(line: dict[str, Any], field: str, *, least: float, required: bool = False) -> float | None:
    value = line.get(field)
    if value is None and not required:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PipeLineError(f"{field} must be a number, not {_shown(value)}")
    number = float(value)
    if not least <= number < 1e15:
        raise PipeLineError(f"{field} must be at least {least:g}, not {_shown(value)}")
    return number


def _moment(value: object) -> int:
    """Epoch milliseconds, or an ISO 8601 time (Hong Kong's where it names no zone)."""
    if isinstance(value, int) and not isinstance(value, bool):
        if _FIRST_MS <= value < _LAST_MS:
            return value
        raise PipeLineError(f"time must be epoch milliseconds, not {_shown(value)}")
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            stamp = moment.replace(tzinfo=moment.tzinfo or HKT).timestamp() * 1000
            if _FIRST_MS <= stamp < _LAST_MS:
                return round(stamp)
    raise PipeLineError(f"time must be epoch milliseconds or an ISO 8601 time, not {_shown(value)}")


def parse_line(raw: bytes, received: int) -> Quote:
    """Read one line. PipeLineError names the first field that is wrong; unknown fields are ignored."""
    if len(raw) > LINE_LIMIT:
        raise PipeLineError(f"the line is longer than {LINE_LIMIT // 1024} KiB")
    try:
        line = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PipeLineError(f"not a JSON object: {clean(str(error), 80)}") from error
    name = line.get("symbol")
    if not isinstance(name, str):
        raise PipeLineError(f"symbol must be a text such as 0700.HK, not {_shown(name)}")
    try:
        symbol = parse_symbol(name)
    except SymbolError as error:
        raise PipeLineError(str(error)) from error
    price = _number(line, "price", least=1e-6, required=True)
    assert price is not None
    delay_s = round(_number(line, "delay_s", least=0) or 0)
    return Quote(
        symbol=symbol,
        price=price,
        exchange_time=_moment(line.get("time")),
        received=received,
        source="pipe",
        previous_close=_number(line, "previous_close", least=1e-6),
        open=_number(line, "open", least=1e-6),
        high=_number(line, "high", least=1e-6),
        low=_number(line, "low", least=1e-6),
        volume=_number(line, "volume", least=0),
        turnover=_number(line, "turnover", least=0),
        delay_s=delay_s,
        quality=Quality.DELAYED if delay_s >= 60 else Quality.LIVE,
    )
