"""The sample week for more stocks than it has: its own under other codes, as simulated as the rest of its past."""

from dataclasses import replace
from itertools import cycle

import msgspec

from tui.domain.symbol import Symbol
from tui.sources.sample import Sample, load_sample

FIRST_CODE = 90_001


def crowd(count: int) -> Sample:
    """A sample of the two indices and `count` stocks."""
    sample = load_sample()
    indices = [symbol for symbol in sample.bars if symbol.startswith("^")]
    models = [symbol for symbol in sample.bars if symbol not in indices and not symbol.startswith("9990")]
    copies = {Symbol(f"{FIRST_CODE + n}.HK"): model for n, model in zip(range(count), cycle(models), strict=False)}
    origin = {**{index: index for index in indices}, **copies}
    larger = replace(
        sample,
        bars={
            symbol: tuple(msgspec.structs.replace(bar, symbol=symbol) for bar in sample.bars[model])
            for symbol, model in origin.items()
        },
        instruments={
            symbol: msgspec.structs.replace(sample.instruments[model], symbol=symbol)
            for symbol, model in origin.items()
        },
    )
    # The paths are read from files when first asked for; these stand in their place.
    larger.__dict__["paths"] = {
        day: {symbol: paths[model] for symbol, model in origin.items() if model in paths}
        for day, paths in sample.paths.items()
    }
    return larger


def stocks(sample: Sample) -> tuple[Symbol, ...]:
    """Its stocks without the indices."""
    return tuple(symbol for symbol in sample.bars if not symbol.startswith("^"))
