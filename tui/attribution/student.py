"""Student's t distribution: the tail, and the value that a given share of days exceeds."""

from functools import lru_cache
from math import exp, lgamma, log

_ROUNDS = 300
_CLOSE = 1e-15
_TINY = 1e-300


def two_sided(t: float, freedom: float) -> float:
    """P(|T| >= |t|) with `freedom` degrees of freedom: the regularised incomplete beta I_x(f/2, 1/2), x = f/(f + t^2).

    Abramowitz and Stegun (1964), 26.7.1 and 26.5.
    """
    square = t * t
    # 1 - x is computed by itself: for a small t the difference would be rounding.
    x, rest = freedom / (freedom + square), square / (freedom + square)
    a, b = freedom / 2, 0.5
    if rest <= 0:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest))
    if x < (a + 1) / (a + b + 2):
        return front * _continued(a, b, x) / a
    return 1 - front * _continued(b, a, rest) / b


@lru_cache(4096)
def critical(share: float, freedom: float) -> float:
    """The t that |T| reaches with probability `share`."""
    low, high = 0.0, 1e6
    while high - low > 1e-12 * max(high, 1.0):
        middle = (low + high) / 2
        if two_sided(middle, freedom) > share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _continued(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta by Lentz's method (1976)."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _ROUNDS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + numerator * d)
            c = _away(1 + numerator / c)
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
