"""Means and cross-products of every window of a long history, in one pass and without cancellation.

A window of L sessions spans at most two blocks of L: the tail of one and the head of the next. Heads and tails are
grown a session at a time by Welford's update (1962), for all blocks and stocks at once, and joined by the pairwise
formula of Chan, Golub and LeVeque (1983). Nothing is ever subtracted from a running sum, so a window is as exact as
if it had been fitted alone, whatever came before it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Which cross-products are kept: of stock r, market m and sector s.
PAIRS: Final = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


@dataclass(frozen=True, slots=True)
class Moments:
    """Of the usable sessions of each window: `count` [...], `means` [3, ...], centred `products` [6, ...] of PAIRS."""

    count: Floats
    means: Floats
    products: Floats

    def joined(self, other: "Moments") -> "Moments":
        """The moments of two disjoint sets of sessions together."""
        count = self.count + other.count
        share = np.divide(other.count, count, out=np.zeros_like(count), where=count > 0)
        step = other.means - self.means
        weight = self.count * share
        products = self.products + other.products
        for number, (a, b) in enumerate(PAIRS):
            products[number] += step[a] * step[b] * weight
        return Moments(count, self.means + step * share, products)


def _grown(values: Floats, usable: NDArray[np.bool_]) -> Moments:
    """The moments of the first 1, 2, ... L sessions of each block: values [3, L, blocks, stocks], 0 where unusable."""
    variables, length, *shape = values.shape
    counts = np.cumsum(usable, axis=0, dtype=np.float64)
    all_means = np.empty((variables, length, *shape))
    all_products = np.empty((len(PAIRS), length, *shape))
    means = np.zeros((variables, *shape))
    products = np.zeros((len(PAIRS), *shape))
    for session in range(length):
        weight = usable[session] / np.maximum(counts[session], 1.0)
        before = (values[:, session] - means) * usable[session]
        means += before * weight
        after = (values[:, session] - means) * usable[session]
        for number, (a, b) in enumerate(PAIRS):
            products[number] += before[a] * after[b]
        all_means[:, session] = means
        all_products[:, session] = products
    return Moments(counts, all_means, all_products)


def windows(stock: Floats, market: Floats, sector: Floats, length: int) -> Moments:
    """The moments of the `length` sessions before each day: window [i - length, i) for i = length ... days.

    All three are returns [day, stock]; a session counts for a stock where none of its three is NaN. The result's
    arrays are [..., day - length, stock], days - length + 1 windows in all.
    """
    days, stocks = stock.shape
    if days < length:
        empty = np.zeros((0, stocks))
        return Moments(empty, np.zeros((3, 0, stocks)), np.zeros((len(PAIRS), 0, stocks)))
    blocks = -(-days // length)
    usable = np.zeros((blocks * length, stocks), dtype=bool)
    usable[:days] = ~(np.isnan(stock) | np.isnan(market) | np.isnan(sector))
    values = np.zeros((3, blocks * length, stocks))
    for number, series in enumerate((stock, market, sector)):
        np.copyto(values[number, :days], series, where=usable[:days])
    values = values.reshape(3, blocks, length, stocks).swapaxes(1, 2)
    mask = usable.reshape(blocks, length, stocks).swapaxes(0, 1)

    heads = _grown(values, mask)
    tails = _grown(values[:, ::-1], mask[::-1])
    first = np.arange(days - length + 1)
    block, offset = np.divmod(first, length)
    # The tail holds the sessions from `offset` to the block's end, the head the first `offset` of the next block.
    tail = _picked(tails, length - 1 - offset, block)
    head = _picked(heads, np.maximum(offset - 1, 0), np.minimum(block + 1, blocks - 1))
    split = offset > 0
    head = Moments(head.count * split[:, None], head.means, head.products * split[:, None])
    return tail.joined(head)


def _picked(moments: Moments, session: NDArray[np.intp], block: NDArray[np.intp]) -> Moments:
    return Moments(moments.count[session, block], moments.means[:, session, block], moments.products[:, session, block])
