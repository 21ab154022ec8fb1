"""A searchable list of choices over the screen: the palette, and whatever else picks one of many."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.domain.text import clean
from tui.render.language import Language
from tui.render.tone import Runs
from tui.render.width import cells, cut
from tui.ui.bindings import bindings
from tui.ui.messages import LineChosen
from tui.ui.textual_private import use_glass
from tui.ui.theming import Ground
from tui.ui.widgets.line_view import LineView


@dataclass(frozen=True)
class Choice:
    """One line of a picker. `hint` stands dim at the right: a key, a code."""

    id: str
    title: str
    hint: str = ""


class Choices(LineView, inherit_bindings=False):
    """The choices that fit what was typed. The keyboard stays with the input, the cursor is here."""

    can_focus = False

    def __init__(self, empty: str) -> None:
        super().__init__()
        self.choices: Sequence[Choice] = ()
        self._empty = empty

    def show(self, choices: Sequence[Choice]) -> None:
        self.choices = choices
        self.lines_changed()
        self.move_to(0)
        # The list is as high as it has lines.
        self.refresh(layout=True)

    def line_count(self) -> int:
        return len(self.choices)

    def line_key(self, index: int) -> Hashable:
        return self.choices[index]

    def line_runs(self, index: int, width: int) -> Runs:
        choice = self.choices[index]
        room = max(width - cells(choice.hint) - 4, 4)
        title = cut(choice.title, room)
        blank = " " * max(width - cells(title) - cells(choice.hint) - 3, 1)
        return (("  ", "text"), (title, "text"), (blank, "text"), (choice.hint, "muted"))

    def _ground(self, index: int) -> Ground:
        # The keyboard is in the input line; the line that Enter takes looks like it.
        return "cursor" if index == self.cursor else "plain"

    def empty_lines(self, width: int, height: int) -> Sequence[Runs]:
        return ((("  " + self._empty, "muted"),),)


class Picker(ModalScreen[str], inherit_bindings=False):
    """Dismissed with the id of the choice, or None. Subclasses answer what is typed in `find`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(self, title: str, choices: Sequence[Choice], *, placeholder: str = "", empty: str = "") -> None:
        super().__init__()
        use_glass(self)
        self._title = title
        self._choices = choices
        self._placeholder = placeholder
        self._empty = empty
        self.language: Language = "en"

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Input(placeholder=self._placeholder, compact=True)
            yield Choices(self._empty)

    def on_mount(self) -> None:
        frame = self.query_one("#dialog", Vertical)
        frame.border_title = clean(self._title).replace("[", r"\[")
        entry = self.query_one(Input)
        entry.cursor_blink = False
        entry.focus()
        self._list.show(self.find(""))

    @property
    def _list(self) -> Choices:
        return self.query_one(Choices)

    def find(self, typed: str) -> Sequence[Choice]:
        """The choices that fit what was typed, best first."""
        return best(self._choices, typed)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._list.show(self.find(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.choose(event.value)

    @on(LineChosen)
    def _clicked(self, event: LineChosen) -> None:
        event.stop()
        self.choose(self.query_one(Input).value)

    def choose(self, typed: str) -> None:
        """Enter: take the choice under the cursor."""
        shown = self._list.choices
        if shown:
            self.dismiss(shown[self._list.cursor].id)

    def action_next(self) -> None:
        self._list.action_down()

    def action_previous(self) -> None:
        self._list.action_up()

    def action_cancel(self) -> None:
        self.dismiss(None)


def best(choices: Sequence[Choice], typed: str) -> Sequence[Choice]:
    """The choices whose words start with, contain, or spell what was typed, in this order."""
    wanted = typed.strip().casefold()
    if not wanted:
        return choices
    ranked = [(rank, at, choice) for at, choice in enumerate(choices) if (rank := _rank(choice, wanted)) is not None]
    return [choice for _, _, choice in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(choice: Choice, wanted: str) -> int | None:
    text = f"{choice.title} {choice.hint}".casefold()
    if any(word.startswith(wanted) for word in text.split()) or text.startswith(wanted):
        return 0
    if wanted in text:
        return 1
    letters = iter(text)
    return 2 if all(letter in letters for letter in wanted if not letter.isspace()) else None
