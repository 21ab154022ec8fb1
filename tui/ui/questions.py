"""Questions that screens put to the feed, and the answers that come back to them."""

from dataclasses import dataclass

from textual.message import Message

from tui.wire import Ahead, AskAhead, AskEffect, AskUnexplained, Effects, Unexplained

Question = AskEffect | AskAhead | AskUnexplained
FeedAnswer = Effects | Ahead | Unexplained


@dataclass
class QuestionAsked(Message):
    """The app puts it to the feed, `AnswerArrived` follows; where there is no feed, nothing does, and who still wants
    to know asks again once there is one."""

    question: Question


@dataclass
class AnswerArrived(Message):
    """What the feed answered, sent by the app to every open screen."""

    answer: FeedAnswer
