"""A span of sessions that the trader chooses: from a marked day to the one under the cursor."""

from collections.abc import Sequence
from datetime import date

from tui.domain.attribution import Attribution
from tui.domain.effect import Effect
from tui.domain.symbol import Symbol
from tui.wire import AskEffect, Effects


class ChosenSpan:
    """The marked day, and what the stock did by itself between it and the selected one."""

    def __init__(self) -> None:
        self.mark: date | None = None
        self._answer: tuple[AskEffect, Effect] | None = None

    def question(self, symbol: Symbol, days: Sequence[Attribution], selected: date) -> AskEffect | None:
        """What the feed is asked about the sessions from the older of both days to the newer; None without a mark."""
        dates = [day.date for day in days]
        if self.mark not in dates or selected not in dates:
            return None
        newer, older = sorted((dates.index(self.mark), dates.index(selected)))
        return AskEffect(symbol, dates[older], ((0, older - newer),))

    def take(self, question: AskEffect | None, answer: Effects) -> bool:
        """Keep an answer if it is the one to this question."""
        for effect in answer.effects:
            if question == AskEffect(answer.symbol, answer.day, ((effect.first, effect.last),)):
                self._answer = (question, effect)
                return True
        return False

    def answer(self, question: AskEffect | None) -> Effect | None:
        """The answer to a question, once it has come."""
        return self._answer[1] if self._answer is not None and self._answer[0] == question else None
