"""Which source was asked for whose news, and for which time."""

from collections.abc import Iterable, Sequence

from tui.domain.symbol import Symbol

Span = tuple[int, int]


class Coverage:
    """Spans of epoch milliseconds by source and symbol, merged. "No news" is only said inside them."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = tuple(sources)
        self._spans: dict[tuple[str, Symbol], tuple[Span, ...]] = {}

    def add(self, source: str, symbols: Iterable[Symbol], start: int, end: int) -> None:
        """A source answered for these symbols and [start, end)."""
        for symbol in symbols:
            key = (source, symbol)
            self._spans[key] = _merged((*self._spans.get(key, ()), (start, end)))

    def asked(self, symbol: Symbol, start: int, end: int) -> bool:
        """True where every source was asked for all of [start, end); False where there is no source at all."""
        return bool(self._sources) and all(self._covers(source, symbol, start, end) for source in self._sources)

    def until(self, source: str, symbol: Symbol) -> int | None:
        """The end of the newest span."""
        spans = self._spans.get((source, symbol))
        return spans[-1][1] if spans else None

    def spans(self) -> Iterable[tuple[str, Symbol, int, int]]:
        """Everything, to be stored: source, symbol, start, end."""
        return ((source, symbol, *span) for (source, symbol), spans in self._spans.items() for span in spans)

    def _covers(self, source: str, symbol: Symbol, start: int, end: int) -> bool:
        return any(first <= start and end <= last for first, last in self._spans.get((source, symbol), ()))


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, with what touches or overlaps made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
