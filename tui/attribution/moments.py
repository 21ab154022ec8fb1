"""Means and cross-products of every window of a long history, in one pass and without cancellation.

A window of L sessions spans at most two blocks of L: the tail of one and the head of the next. Heads and tails are
grown a session at a time by Welford's update (1962), for all blocks and stocks at once, and joined by the pairwise
formula of Chan, Golub and LeVeque (1983). Nothing is ever subtracted from a running sum, so a window is as exact as
if it had been fitted alone, whatever came before it.

Arrays end in a stock axis. A factor that is the same for all stocks has one column there, and so has what is made of
factors alone: numpy repeats it where it meets a stock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Which cross-products are kept: of stock r, market m and sector s.
PAIRS: Final = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


@dataclass(frozen=True, slots=True)
class Moments:
    """Of the usable sessions of each window: `count`, the `means` of r, m, s and the centred `products` of PAIRS."""

    count: Floats
    means: tuple[Floats, ...]
    products: tuple[Floats, ...]

    def joined(self, other: "Moments") -> "Moments":
        """The moments of two disjoint sets of sessions together."""
        count = self.count + other.count
        share = np.divide(other.count, count, out=np.zeros_like(count), where=count > 0)
        weight = self.count * share
        steps = [theirs - ours for ours, theirs in zip(self.means, other.means, strict=True)]
        return Moments(
            count,
            tuple(ours + step * share for ours, step in zip(self.means, steps, strict=True)),
            tuple(
                ours + theirs + steps[a] * (steps[b] * weight)
                for (a, b), ours, theirs in zip(PAIRS, self.products, other.products, strict=True)
            ),
        )

    def at(self, session: NDArray[np.intp], block: NDArray[np.intp]) -> "Moments":
        """Those of some sessions of some blocks, where the arrays are [session, block, stock]."""
        return Moments(
            self.count[session, block],
            tuple(mean[session, block] for mean in self.means),
            tuple(product[session, block] for product in self.products),
        )


def _grown(series: Sequence[Floats], usable: NDArray[np.bool_]) -> Moments:
    """The moments of the first 1, 2, ... L sessions of each block: series and `usable` are [L, block, stock].

    Unusable cells must hold 0.
    """
    counts = np.cumsum(usable, axis=0, dtype=np.float64)
    shares = usable / np.maximum(counts, 1.0)
    whole = bool(usable.all())
    means = tuple(np.zeros(one.shape) for one in series)
    products = tuple(np.zeros(np.broadcast_shapes(series[a].shape, series[b].shape)) for a, b in PAIRS)
    for session in range(len(usable)):
        before = session - 1 if session else 0
        steps = [one[session] - mean[before] for one, mean in zip(series, means, strict=True)]
        if not whole:
            steps = [step * usable[session] for step in steps]
        for step, mean in zip(steps, means, strict=True):
            np.add(mean[before], step * shares[session], out=mean[session])
        kept = [step * (1 - shares[session]) for step in steps]
        for (a, b), product in zip(PAIRS, products, strict=True):
            np.add(product[before], steps[a] * kept[b], out=product[session])
    return Moments(counts, means, products)


def windows(stock: Floats, market: Floats, sector: Floats, length: int) -> Moments:
    """The moments of the `length` sessions before each day: window [i - length, i) for i = length ... days.

    Returns [day, stock], or [day, 1] for a factor that all stocks share; a session counts for a stock where none of
    its three is NaN. The result's arrays are [window, stock], days - length + 1 windows in all.
    """
    days = len(stock)
    if days < length:
        raise ValueError(f"{days} sessions hold no window of {length}")
    usable = ~(np.isnan(market) | np.isnan(sector))
    with_stock = usable & ~np.isnan(stock)
    if not bool((with_stock == usable).all()):
        usable = with_stock
        market, sector = (np.broadcast_to(one, stock.shape) for one in (market, sector))
    blocks = -(-days // length)

    def blocked(values: NDArray[np.generic]) -> NDArray[np.generic]:
        whole = np.zeros((blocks * length, values.shape[1]), values.dtype)
        whole[:days] = values
        return np.ascontiguousarray(whole.reshape(blocks, length, -1).swapaxes(0, 1))

    mask = np.asarray(blocked(usable), np.bool_)
    series = [np.asarray(blocked(np.where(usable, one, 0.0)), np.float64) for one in (stock, market, sector)]
    heads = _grown(series, mask)
    tails = _grown([one[::-1] for one in series], mask[::-1])
    block, offset = np.divmod(np.arange(days - length + 1), length)
    # The tail holds the sessions from `offset` to the block's end, the head the first `offset` of the next block.
    tail = tails.at(length - 1 - offset, block)
    head = heads.at(np.maximum(offset - 1, 0), np.minimum(block + 1, blocks - 1))
    there = (offset > 0)[:, None]
    return tail.joined(Moments(head.count * there, head.means, tuple(product * there for product in head.products)))
