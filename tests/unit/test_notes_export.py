"""Notes as JSON lines and as Markdown."""

from datetime import date

import msgspec

from tests.unit.notes_data import CREATED, note
from tui.store.note_export import json_lines, markdown


def test_json_lines_hold_everything() -> None:
    one = msgspec.structs.replace(note(1, "two\nlines"), event_title="標題", event_time=CREATED - 60_000)
    (line,) = json_lines([one])
    assert msgspec.json.decode(line) == {
        "id": "id-1",
        "symbol": "9988.HK",
        "day": "2026-03-06",
        "text": "two\nlines",
        "created": "2026-03-06T06:53:20Z",
        "updated": "2026-03-06T06:53:20Z",
        "event_id": "",
        "event_title": "標題",
        "event_time": "2026-03-06T06:52:20Z",
        "event_url": "",
    }


def test_markdown_has_a_heading_a_day() -> None:
    about = msgspec.structs.replace(
        note(1, "a text"),
        event_title="Results [final] *beat*",
        event_time=CREATED,
        event_url="https://example.com/x",
        updated=CREATED + 60_000,
    )
    text = "\n".join(markdown([about, note(2, symbol="^HSI"), note(3, day=date(2026, 3, 5))]))
    assert text == (
        "# Notes\n"
        "\n## Fri 6 March 2026\n"
        "\n### 9988\n"
        "\n*[Results \\[final\\] \\*beat\\*](<https://example.com/x>), 2026-03-06*\n"
        "\na text\n"
        "\nwritten 2026-03-06 14:53, changed 2026-03-06 14:54\n"
        "\n### HSI\n"
        "\nnote 2\n"
        "\nwritten 2026-03-06 14:53\n"
        "\n## Thu 5 March 2026\n"
        "\n### 9988\n"
        "\nnote 3\n"
        "\nwritten 2026-03-06 14:53"
    )


def test_a_link_that_is_none_stays_out_of_the_page() -> None:
    bad = msgspec.structs.replace(note(1), event_title="x", event_url="javascript:alert(1)")
    assert "javascript" not in "\n".join(markdown([bad]))
