"""What events did, as far as the feed was asked: each question is put once, and again when the days go on."""

from datetime import date

from tui.domain.effect import SPANS, Effect
from tui.domain.symbol import Symbol
from tui.ui.model import LinkPhase, ViewState
from tui.wire import AskEffect, Effects


class EventEffects:
    """Answers by stock and session. A new session, or a feed that comes back, makes all of them old."""

    def __init__(self) -> None:
        self._known: dict[tuple[Symbol, date], tuple[Effect, ...]] = {}
        self._asked: set[tuple[Symbol, date]] = set()
        self._session: date | None = None
        self._live = False

    def begin(self, state: ViewState) -> None:
        """Take notice of the session and of the link."""
        live = state.link.phase is LinkPhase.LIVE
        if state.session_day != self._session or (live and not self._live):
            self._asked.clear()
        self._session, self._live = state.session_day, live

    def of(self, symbol: Symbol, day: date) -> tuple[Effect, ...]:
        """The answer, one effect a span; empty while there is none."""
        return self._known.get((symbol, day), ())

    def lacks(self, symbol: Symbol, day: date) -> bool:
        """Whether a question is worth putting now."""
        return self._live and (symbol, day) not in self._asked

    def question(self, symbol: Symbol, day: date) -> AskEffect | None:
        """The question, once."""
        if not self.lacks(symbol, day):
            return None
        self._asked.add((symbol, day))
        return AskEffect(symbol, day)

    def take(self, answer: Effects) -> bool:
        """Take an answer; False where it says what is known, or is about spans that somebody else asked for."""
        key = (answer.symbol, answer.day)
        if answer.effects and tuple((told.first, told.last) for told in answer.effects) != SPANS:
            return False
        if self._known.get(key, ()) == answer.effects:
            return False
        self._known[key] = answer.effects
        return True
