"""Why a source or a row does not have what it should: a code and what it is said with, in any language."""

from datetime import date
from enum import StrEnum

import msgspec


class Why(StrEnum):
    """What can be wrong. `SAID` is outside text that stays as it is, in `detail`."""

    SAID = "said"

    # A host's reply.
    LIMITS = "limits"
    OVERLOADED = "overloaded"
    REFUSES = "refuses"
    REFUSES_COOKIE = "refuses_cookie"
    UNKNOWN_SYMBOL = "unknown_symbol"
    ERROR = "error"
    NO_DOCUMENT = "no_document"
    RIGHT_BACK = "right_back"
    PAGE = "page"

    # The way to it.
    NO_ANSWER = "no_answer"
    ALL_WAITING = "all_waiting"
    UNRESOLVED = "unresolved"
    NO_PROXY = "no_proxy"
    UNTRUSTED = "untrusted"
    BROKE_OFF = "broke_off"
    UNREACHABLE = "unreachable"
    TROUBLE = "trouble"

    # The answer itself.
    UNREADABLE = "unreadable"
    OTHER_SHAPE = "other_shape"
    NO_SENSE = "no_sense"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    NOT_FOLLOWED = "not_followed"
    UNFORESEEN = "unforeseen"

    # What it has.
    NOTHING = "nothing"
    NO_PRICES = "no_prices"
    NO_COLUMN = "no_column"
    NO_SECTOR_INDEX = "no_sector_index"
    STOPPED = "stopped"

    # Our manners.
    ASKS_FEWER = "asks_fewer"
    MINUTE_USED = "minute_used"
    BY_SPARK = "by_spark"

    # A trader's own pipe.
    PIPE_QUIET = "pipe_quiet"
    PIPE_SILENT = "pipe_silent"
    PIPE_NOT_OPENED = "pipe_not_opened"
    PIPE_ENDED = "pipe_ended"
    PIPE_COMPLAINED = "pipe_complained"
    PIPE_CLOSED = "pipe_closed"
    PIPE_BABBLES = "pipe_babbles"

    # One stock's row.
    NO_QUOTE = "no_quote"
    NO_PRICE_FIELD = "no_price_field"
    NO_TIME_FIELD = "no_time_field"
    BAD_PRICE = "bad_price"
    FUTURE_PRICE = "future_price"
    JUMP = "jump"
    NO_INDEX_PRICE = "no_index_price"
    NO_TRADE_SINCE = "no_trade_since"
    NO_COMMON_MINUTE = "no_common_minute"
    HISTORY_ENDS = "history_ends"
    INDEX_OLDER = "index_older"
    STOCK_OLDER = "stock_older"

    # The feed's own ledger.
    NO_LEDGER = "no_ledger"
    LEDGER_TO_COME = "ledger_to_come"


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """`who` is a host, a source, an index or a pipe's program; `detail` outside text, cleaned. What a code does not
    need stays empty. `code` is a `Why`, or one of a newer feed. `until` is epoch milliseconds."""

    code: str
    who: str = ""
    detail: str = ""
    number: float | None = None
    day: date | None = None
    until: int | None = None
