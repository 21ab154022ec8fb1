from datetime import date

import pytest

from tui.domain.effect import Effect
from tui.domain.symbol import Symbol
from tui.render.effect import effect_words

DAY = date(2026, 3, 5)
STOCK = Symbol("9618.HK")


@pytest.mark.parametrize(
    ("effect", "english", "chinese"),
    [
        (
            Effect(STOCK, DAY, 0, 1, 6.853, 2.1, 3.26, 0.001),
            "own [0,+1] +6.85 pp, t +3.3, more than chance",
            "個別 [0,+1] +6.85 pp，t +3.3，超出偶然",
        ),
        (
            Effect(STOCK, DAY, 1, 5, -1.2, 3.0, -0.4, 0.69),
            "own [+1,+5] -1.20 pp, t -0.4, within noise",
            "個別 [+1,+5] -1.20 pp，t -0.4，屬雜訊",
        ),
        (
            Effect(STOCK, DAY, 0, 5, missing="too_early", to_come=3),
            "own [0,+5] too early: 3 more",
            "個別 [0,+5] 尚早：還差3日",
        ),
        (Effect(STOCK, DAY, 0, 0, missing="no_fit"), "own [0,0] too little history", "個別 [0,0] 數據不足"),
        (Effect(STOCK, DAY, 0, 1, missing="no_price"), "own [0,+1] a price is missing", "個別 [0,+1] 欠缺股價"),
    ],
)
def test_an_effect_in_both_languages(effect: Effect, english: str, chinese: str) -> None:
    assert effect_words(effect, minus="-") == english
    assert effect_words(effect, "zh", "-") == chinese
