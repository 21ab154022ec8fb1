"""The key registry and its remapping: unknown ids, keys no terminal sends, clashes."""

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.config.keymap import CHAINS, GROUPS, KEYS, default_keymap, key_fault, resolve, shown


def test_the_defaults_have_no_fault_and_no_clash() -> None:
    keymap, problems = resolve({})
    assert problems == []
    assert keymap == default_keymap()


def test_ids_are_unique_and_complete() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    for key in KEYS:
        assert key.group in GROUPS
        assert key.keys
        assert key.en
        assert key.zh
        assert all(key_fault(name) == "" for name in key.keys), key.id
        assert any(key.context in chain for chain in CHAINS), key.id


def test_every_key_of_a_chain_means_one_thing() -> None:
    for chain in CHAINS:
        heard = [key for key in KEYS if key.context in chain]
        for one, other in combinations(heard, 2):
            assert not set(one.keys) & set(other.keys), (one.id, other.id)


def test_a_key_can_be_moved() -> None:
    keymap, problems = resolve({"list.sort": "o", "list.open_link": ("O", "f5")})
    assert problems == []
    assert keymap["list.sort"] == ("o",)
    assert keymap["list.open_link"] == ("O", "f5")


def test_two_keys_can_be_swapped() -> None:
    keymap, problems = resolve({"list.sort": "/", "list.filter": "s"})
    assert problems == []
    assert (keymap["list.sort"], keymap["list.filter"]) == (("/",), ("s",))


def test_an_unknown_id_names_the_nearest() -> None:
    _, problems = resolve({"list.srt": "s"})
    assert problems == [("keys.list.srt", "is no id of a key; did you mean list.sort?")]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("entre", 'names "entre", which is no key; did you mean enter?'),
        ("ctrl+i", 'names "ctrl+i", which a terminal sends as tab'),
        ("ctrl+alt+ins", 'names "ctrl+alt+ins", which is no key'),
        ("", 'names "", which is no key'),
        (" ", 'names " ", which is no key'),
    ],
)
def test_a_key_no_terminal_sends(key: str, reason: str) -> None:
    keymap, problems = resolve({"list.sort": key})
    assert problems == [("keys.list.sort", reason)]
    assert keymap["list.sort"] == ("s",)


def test_an_id_without_keys_keeps_its_default() -> None:
    keymap, problems = resolve({"list.sort": ()})
    assert problems == [("keys.list.sort", "has no key: name at least one")]
    assert keymap["list.sort"] == ("s",)


def test_a_clash_names_both_and_the_users_choice_wins() -> None:
    keymap, problems = resolve({"list.sort": "q"})
    assert problems == [("keys.list.sort", 'takes "q", which app.quit has: give app.quit another key')]
    assert keymap["list.sort"] == ("q",)
    assert "q" not in keymap["app.quit"]


def test_contexts_that_never_meet_may_share_a_key() -> None:
    _, problems = resolve({"notes.export": "s"})
    assert problems == []


def test_keys_as_help_prints_them() -> None:
    assert [shown(key) for key in ("ctrl+p", "pagedown", "shift+tab", "G", "/", "f1")] == [
        "^P",
        "PgDn",
        "Shift-Tab",
        "G",
        "/",
        "F1",
    ]


@given(
    st.dictionaries(
        st.sampled_from([key.id for key in KEYS]) | st.text(max_size=12),
        st.text(max_size=8) | st.lists(st.sampled_from(["a", "q", "enter", "ctrl+i", "", "é"]), max_size=3).map(tuple),
        max_size=6,
    )
)
@example({"detail.back": ("enter",), "detail.next_pane": ("enter",)})
def test_any_setting_gives_a_keymap_without_clashes(settings: dict[str, str | tuple[str, ...]]) -> None:
    keymap, _ = resolve(settings)
    assert set(keymap) == {key.id for key in KEYS}
    for chain in CHAINS:
        keys = [name for key in KEYS if key.context in chain for name in keymap[key.id]]
        assert len(keys) == len(set(keys))
