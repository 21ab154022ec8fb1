"""Text from outside is hostile: it loses control and bidi characters and is cut before anything else sees it."""

import re
import unicodedata

# Cc control, Cf format (bidi overrides, zero-width), Cs surrogates, Co private use, Cn unassigned, Zl/Zp separators.
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
TITLE_LIMIT = 300
NOTE_LIMIT = 20_000

_COLOURS = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
# Whole terminal sequences go, not only their escape character, so that no "[31m" is left to read.
_ESCAPES = re.compile(_COLOURS + r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]).*?(?:\x07|\x1b\\|\x9c|$)|\x1b.", re.S)
_CONTROLS = re.compile(_COLOURS + r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str, limit: int = TITLE_LIMIT) -> str:
    """One line of printable text of at most `limit` characters: white space folded, unwanted characters gone."""
    if len(text) <= limit and text.isprintable():
        # No control, format or separator character but the space: nearly every headline.
        return " ".join(text.split())
    kept = (" " if char in "\t\n\r\v\f\u2028\u2029" else char for char in _ESCAPES.sub("", text[: limit * 8]))
    printable = "".join(char for char in kept if char == " " or unicodedata.category(char) not in _UNWANTED)
    return " ".join(printable.split())[:limit].rstrip()


def clean_lines(text: str) -> str:
    """As `clean`, for a text of several lines such as a note, of which nothing is cut."""
    return "\n".join(clean(line, len(line)) for line in text.splitlines())


def clean_paste(text: str) -> str:
    """What somebody pasted, whole, but for colours and control characters; lines and tabs stay as they were."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_web_link(url: str) -> bool:
    """True for an http or https address without blanks or control characters."""
    return url.startswith(("https://", "http://")) and url == clean(url, 2000) and " " not in url and len(url) < 2000
