"""Numbers as traders write them. No function here ever drops a digit to fit: decimals go first, then a unit comes.

`minus` is the sign for negative numbers: U+2212, or "-" in the ascii set and in tables made for scripts.
"""

from math import isfinite

from tui.domain.ticks import price_decimals
from tui.render.language import Language
from tui.render.width import cells
from tui.render.words import days_of_rarity

MINUS = "−"
UNKNOWN = "-"


def price_text(price: float | None) -> str:
    """A price or an index level: "130.70", "9.735", "25757.29"."""
    if price is None or not isfinite(price):
        return UNKNOWN
    return f"{price:.{price_decimals(price)}f}"


def price_cell(price: float | None, width: int = 8) -> str:
    """A price in exactly `width` cells, right-aligned on the decimal point while three decimals fit behind it."""
    if price is None or not isfinite(price):
        return UNKNOWN.rjust(width)
    decimals = price_decimals(price)
    text = f"{price:.{decimals}f}"
    if decimals == 2 and len(text) < width:
        text += " "
    return fit_number(price, decimals, width).rjust(width) if len(text) > width else text.rjust(width)


def signed(value: float | None, decimals: int = 2, minus: str = MINUS) -> str:
    """ "+9.95", "−4.46", and "0.00" without a sign for what rounds to nothing."""
    if value is None or not isfinite(value):
        return UNKNOWN
    text = f"{abs(value):.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return ("+" if value > 0 else minus) + text


def signed_cell(value: float | None, width: int, minus: str = MINUS) -> str:
    """A signed number in exactly `width` cells, right-aligned."""
    text = signed(value, 2, minus)
    if len(text) > width and value is not None:
        text = ("+" if value > 0 else minus) + fit_number(abs(value), 2, width - 1)
    return text.rjust(width)


def percent(value: float | None, minus: str = MINUS, decimals: int = 2) -> str:
    """ "+3.48%"."""
    text = signed(value, decimals, minus)
    return text if text == UNKNOWN else text + "%"


def pp(value: float | None, minus: str = MINUS, decimals: int = 2) -> str:
    """Percentage points: "−0.13 pp"."""
    text = signed(value, decimals, minus)
    return text if text == UNKNOWN else text + " pp"


def fit_number(value: float, decimals: int, width: int) -> str:
    """The number with as many decimals as `width` cells allow, then in thousands, millions and so on.

    What fits in no form (no real number does) becomes a row of "#", never a part of its digits.
    """
    for kept in range(decimals, -1, -1):
        text = f"{value:.{kept}f}"
        if len(text) <= width:
            return text
    for unit, size in (("K", 1e3), ("M", 1e6), ("B", 1e9), ("T", 1e12)):
        for kept in (1, 0):
            text = f"{value / size:.{kept}f}{unit}"
            if len(text) <= width:
                return text
    text = f"{value:.0e}"
    return text if len(text) <= width else "#" * width


_UNITS_EN = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
_UNITS_ZH = ((1e12, "兆"), (1e8, "億"), (1e4, "萬"))


def amount(value: float | None, language: Language = "en") -> str:
    """A number of shares or of dollars in three figures: "1.23M", "456K"; "1.23億" in Chinese."""
    if value is None or not isfinite(value):
        return ""
    for size, unit in _UNITS_ZH if language == "zh" else _UNITS_EN:
        # 999.6 of a unit would read as 1000 of it
        if abs(value) >= size * 0.9995:
            return three_figures(value / size) + unit
    return f"{value:.0f}"


def three_figures(value: float) -> str:
    """ "1.23", "12.3", "123", "1234": at most three figures, but never fewer than the whole number."""
    size = abs(value)
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{value:.{decimals}f}"


def amount_cell(value: float | None, width: int, language: Language = "en") -> str:
    """An amount in exactly `width` cells, right-aligned."""
    text = amount(value, language)
    if value is not None and cells(text) > width:
        text = fit_number(value, 0, width)
    return " " * (width - cells(text)) + text


def times(value: float | None) -> str:
    """A ratio to the usual: "1.8x"."""
    return "" if value is None or not isfinite(value) else three_figures(value) + "x"


def times_cell(value: float | None, width: int) -> str:
    """A ratio in exactly `width` cells, right-aligned."""
    text = times(value)
    if value is not None and len(text) > width:
        text = fit_number(value, 0, width - 1) + "x"
    return text.rjust(width)


def rarity_text(rarity: float | None) -> str:
    """ "1/62"; empty where the own move is no rarer than every other day."""
    if rarity is None or not rarity or rarity > 0.5:
        return ""
    return f"1/{days_of_rarity(rarity)}"


def rarity_cell(rarity: float | None, width: int) -> str:
    """A rarity in exactly `width` cells, right-aligned."""
    text = rarity_text(rarity)
    if rarity and len(text) > width:
        text = "1/" + fit_number(days_of_rarity(rarity), 0, width - 2)
    return text.rjust(width)
