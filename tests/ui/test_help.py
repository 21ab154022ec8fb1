"""The help in the list's own words, whole at any width."""

import pytest

from tui.config.keymap import KEYS, default_keymap
from tui.domain.attribution import Verdict
from tui.render.language import Language
from tui.render.tone import plain
from tui.render.width import cells
from tui.render.words import verdict_short
from tui.ui.screens.help import help_lines


def lines(width: int, language: Language = "en") -> list[str]:
    return [plain(line) for line in help_lines(default_keymap(), language, "braille", width)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [38, 58, 80, 120])
def test_nothing_is_cut(width: int, language: Language) -> None:
    said = lines(width, language)
    assert all(cells(line) <= width for line in said)
    together = "".join("".join(said).split())
    for key in KEYS:
        assert "".join(key.say(language).split()) in together


def test_the_words_are_those_of_the_rows() -> None:
    signs = [line[3:24].strip() for line in lines(100)]
    verdicts = [verdict_short(verdict) for verdict in Verdict if verdict is not Verdict.INSUFFICIENT]
    lacking = ["few days", "no price", "no index", "suspect", "..."]
    for word in (*verdicts, *lacking, "no news", "no news found", "news not fetched", "▪", "◦", "▸"):
        assert word in signs


def test_the_open_mark_is_told_of_recaps_and_of_the_news_of_others() -> None:
    said = " ".join(" ".join(lines(40)).split())
    assert "◦ a recap" in said
    assert "of the market or of peers" in said
