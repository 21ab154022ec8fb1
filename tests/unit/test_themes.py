"""Theme files: the shipped ones are good in every palette; a bad one is named with file, key and reason."""

from pathlib import Path

import pytest

from tui.config.errors import ConfigErrors
from tui.config.shipped import shipped
from tui.config.themes import DIRECTIONS, GROUNDS, MIN_CONTRAST, TEXTS, contrast, load_themes, read_theme, stamp

DARK = (Path(__file__).parents[2] / "themes" / "dark.toml").read_text(encoding="utf-8")


def fault(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    """Key and reason of everything wrong with a theme of this text."""
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        read_theme(file)
    assert all(problem.file == file for problem in caught.value.problems)
    return [(problem.key, problem.reason) for problem in caught.value.problems]


def test_the_shipped_themes() -> None:
    themes, problems = load_themes([shipped("themes")])
    assert problems == ()
    assert set(themes) == {"dark", "light", "contrast", "colour-blind", "mono-ascii", "ansi"}
    assert themes["mono-ascii"].glyphs == "ascii"
    assert themes["colour-blind"].palette == "colour_blind"
    assert not themes["light"].dark


@pytest.mark.parametrize("name", ["dark", "light", "contrast", "colour-blind"])
def test_every_quote_tone_can_be_read(name: str) -> None:
    colours = read_theme(shipped("themes") / f"{name}.toml").colours
    for ground in GROUNDS:
        for key in (*DIRECTIONS, *TEXTS):
            assert contrast(colours[key], colours[ground]) >= MIN_CONTRAST, (key, ground)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == pytest.approx(1)


def test_a_bad_colour_is_named(tmp_path: Path) -> None:
    assert fault(tmp_path, DARK.replace('green = "#58c98b"', 'green = "greenish"')) == [
        ("colours.green", "'greenish' is no colour: write #rrggbb")
    ]


def test_too_little_contrast_is_named_with_its_ground(tmp_path: Path) -> None:
    found = fault(tmp_path, DARK.replace('muted = "#95a1b3"', 'muted = "#566070"'))
    assert {key for key, _ in found} == {"colours.muted"}
    assert "has contrast 2.88 on background, needs 4.5" in {reason for _, reason in found}


def test_every_fault_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    text = DARK.replace("dark = true", 'dark = "yes"\nglyphs = "runes"').replace("accent =", "acent =")
    found = fault(tmp_path, text + 'rarity = "bold"\nnote = "blinking"\n')
    assert ("dark", "must be true or false") in found
    assert ("glyphs", "'runes' is none of braille, block, ascii") in found
    assert ("colours.acent", "is unknown; did you mean accent?") in found
    assert ("colours.accent", "is missing") in found
    assert any(key == "weights.rarity" and reason.startswith("is unknown") for key, reason in found)
    assert ("weights.note", "'blinking' is none of bold, italic, bold italic") in found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name = [", "is not valid TOML"),
        (b"name = " + b"[" * 5000, "nested too deep"),
        (b"name = " + b"9" * 5000, "cannot be read"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"#" * 70_000, "is larger than"),
        (b"[colours]\n[weights]\n", "is missing"),
    ],
)
def test_files_that_are_no_theme(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigErrors, match=reason):
        read_theme(file)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="cannot be read: No such file"):
        read_theme(tmp_path / "none.toml")


def test_a_bad_file_does_not_take_the_good_ones_along(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(DARK.replace('"dark"', '"mine"'), encoding="utf-8")
    (tmp_path / "b.toml").write_text("name = 1", encoding="utf-8")
    themes, problems = load_themes([shipped("themes"), tmp_path, tmp_path / "absent"])
    assert "mine" in themes
    assert "dark" in themes
    assert {problem.file.name for problem in problems} == {"b.toml"}


def test_a_users_theme_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "dark.toml").write_text(DARK.replace("#11151c", "#000000"), encoding="utf-8")
    themes, _ = load_themes([shipped("themes"), tmp_path])
    assert themes["dark"].colours["background"] == "#000000"


def test_the_stamp_changes_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert stamp(file) is None
    file.write_text("a", encoding="utf-8")
    before = stamp(file)
    file.write_text("ab", encoding="utf-8")
    assert stamp(file) != before
