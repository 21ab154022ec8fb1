"""What the real feed says of the sample week, asked once for all tests of the terminal."""

import asyncio
from pathlib import Path

import pytest

from tests.ui.world import ScriptedLink, Told, ask_feed
from tui.config import load
from tui.config.shipped import shipped
from tui.domain.symbol import Symbol

MOMENTS = {"live": "2026-03-06T14:31", "lunch": "2026-03-06T12:31", "closed": "2026-03-06T18:00"}
OPENED = (Symbol("9618.HK"), Symbol("9988.HK"))


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """The feed's words at each of MOMENTS."""
    symbols = [symbol for stocks in load(shipped("config.toml")).list.start.values() for symbol in stocks]

    async def ask_all() -> list[Told]:
        folders: list[Path] = [tmp_path_factory.mktemp(name) for name in MOMENTS]
        questions = zip(folders, MOMENTS.values(), strict=True)
        return await asyncio.gather(*(ask_feed(folder, at, symbols, OPENED) for folder, at in questions))

    return dict(zip(MOMENTS, asyncio.run(ask_all()), strict=True))


@pytest.fixture
def link(told: dict[str, Told]) -> ScriptedLink:
    return ScriptedLink(told["live"])
