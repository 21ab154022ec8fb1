"""Why something is missing, in both languages: every code, every placeholder, and codes of a newer feed."""

import re
from datetime import date

import msgspec
import pytest

from tui.domain.reason import Reason, Why
from tui.domain.row import SourceHealth, SourceState
from tui.domain.trading_day import from_hkt
from tui.render.language import Language
from tui.render.reasons import reason_words

DAY = date(2026, 3, 6)


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_said_in_both_languages(why: Why) -> None:
    reason = Reason(why, "query1.example", "the detail", 7.0, DAY, from_hkt(DAY) + 52_260_000)
    said = {language: reason_words(reason, language) for language in ("en", "zh")}
    for text in said.values():
        assert text
        assert not re.search(r"[{}]|None", text)
    if why is not Why.SAID:
        assert said["en"] != said["zh"]
        assert re.search(r"[\u4e00-\u9fff]", said["zh"]) or why is Why.TROUBLE
    for part in ("query1.example", "the detail", "14:31"):
        assert (part in said["en"]) == (part in said["zh"]), "both say the same"
    assert ("Fri 6 Mar" in said["en"]) == ("3月6日 週五" in said["zh"]), "days as the screen writes them"
    assert "2026-03-06" not in said["en"] + said["zh"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_code_of_a_newer_feed_is_told_by_its_details(language: Language) -> None:
    coded = msgspec.json.encode(SourceHealth("yahoo", SourceState.OK, why=Reason("of_tomorrow", "host", "so it is")))
    why = msgspec.json.decode(coded, type=SourceHealth).why
    assert why is not None
    assert reason_words(why, language) == "host so it is"


def test_outside_text_stays_as_it_is_and_is_harmless() -> None:
    assert reason_words(Reason(Why.SAID, detail="\x1b[31m{who} red\u202e"), "zh") == "{who} red"
    assert reason_words(Reason(Why.LIMITS, "host", number=429.0)) == "host limits us (429)"
