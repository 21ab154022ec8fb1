"""config.toml: every error at once, each with its key, its reason and the nearest valid name."""

import ast
import inspect
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tui.config import Config, ConfigErrors, config_file, load, schema
from tui.config.paths import Paths
from tui.config.shipped import shipped
from tui.domain.row import COLUMN_NAMES
from tui.domain.trading_day import DayKind


def problems(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with settings, one sentence each."""
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load(file)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_file_is_the_schemas_defaults_key_for_key() -> None:
    written = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    defaults: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(Config()))
    assert written == defaults
    # TOML has no order of keys, but a reader has: the file follows the schema.
    assert list(written) == list(defaults)
    assert all(list(written[table]) == list(defaults[table]) for table in written if isinstance(written[table], dict))


def test_every_setting_of_the_shipped_file_has_a_comment_above_it() -> None:
    lines = (ROOT / "config.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[a-z_]+ = ", line):
            above = [text for text in lines[max(0, number - 3) : number] if text.startswith("#")]
            assert above, f"line {number + 1}: {line}"


def test_the_columns_are_those_that_can_be_painted() -> None:
    assert Config().list.columns == COLUMN_NAMES
    assert set(get_args(schema.SortName)) == {"list", *COLUMN_NAMES} - {"spark", "age"}


def test_every_field_of_the_schema_has_a_docstring() -> None:
    tree = ast.parse(inspect.getsource(schema))
    tables = {"ListSettings", "FeedSettings", "ScreenSettings", "PipeSettings", "NewsSettings", "AttributionSettings"}
    undocumented = []
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                documented = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
                kind = ast.unparse(statement.annotation)
                if not documented and kind not in tables and "SectorSettings" not in kind:
                    undocumented.append(f"{node.name}.{statement.target.id}")
    assert undocumented == []


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.touch()
    assert load(file) == Config()


def test_a_few_lines_change_a_few_settings(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('language = "zh"\n[feed]\nrefresh_seconds = 20\n[calendar]\n2026-09-23 = "closed"\n')
    config = load(file)
    assert (config.language, config.feed.refresh_seconds, config.feed.requests_in_flight) == ("zh", 20, 4)
    (day,) = config.trading_days()
    assert (day.day.isoformat(), day.kind, day.origin) == ("2026-09-23", DayKind.CLOSED, "user")


def test_all_errors_come_at_once_with_the_nearest_names(tmp_path: Path) -> None:
    text = """
        sorce = "yahoo"
        language = "english"
        theme = "light"
        [feed]
        refresh_secnds = 15
        requests_in_flight = 40
        source = "sample"
        [list]
        columns = ["code", "pice"]
        [screen]
        mouse = true
        [news]
        feeds = [{ nme = "a", url = "https://example.com/a.xml" }]
        """
    found = problems(tmp_path, text)
    assert found == [
        "config.toml: sorce is not a setting; did you mean source?",
        'config.toml: language must be "en" or "zh", not "english"',
        "config.toml: theme is not a setting here; it belongs under [screen]",
        "config.toml: [feed] refresh_secnds is not a setting; did you mean refresh_seconds?",
        "config.toml: [feed] requests_in_flight must be a whole number from 1 to 8, not 40",
        "config.toml: [feed] source is not a setting here; it belongs at the top of the file",
        (
            'config.toml: [list] columns (item 2) must be "age", "change", "code", "events", "name", "own", "price", '
            '"rarity", "spark", "turnover", "verdict" or "volume", not "pice"; did you mean price?'
        ),
        'config.toml: [screen] mouse must be "auto", "off" or "on", not true',
        "config.toml: [news.feeds (item 1)] nme is not a setting; did you mean name?",
        "config.toml: [news.feeds (item 1)] name is missing: it must be a text in quotes",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list = 5", "list must be a table, not 5"),
        ('feed = "fast"', 'feed must be a table, not "fast"'),
        ("[feed]\nrefresh_seconds = 15.5", "[feed] refresh_seconds must be a whole number from 5 to 3600, not 15.5"),
        ("[feed]\nrefresh_seconds = true", "[feed] refresh_seconds must be a whole number from 5 to 3600, not true"),
        ("[feed]\nrefresh_seconds = 1979-05-27", "refresh_seconds must be a whole number from 5 to 3600, not 1979"),
        ("[keys]\nquit = 3", "[keys] quit must be a text in quotes or a list in square brackets, not 3"),
        ('[list.start]\n"A.B" = ["AB?"]', "[list.start] \"A.B\" is wrong: 'AB?' is no symbol"),
        ('[list.start]\n" " = []', "needs a name"),
        (f'[list.start]\n"{"x" * 50}" = []', "has a name of more than 40 characters"),
        ('[list]\ncolumns = ["code", "code"]', "[list] columns names code twice"),
        ('[sectors.a]\nmembers = ["700"]\n[sectors.b]\nmembers = ["0700.HK"]', "names 0700.HK, which a has already"),
        ('[sectors.a]\nindex = "^HSTECH"', "[sectors.a] members is missing: it must be a list in square brackets"),
        ('[calendar]\n2026-02-30 = "half"', "[calendar] 2026-02-30 is no date"),
        ('[calendar]\n20260223 = "half"', "[calendar] 20260223 is no date"),
        ('[calendar]\n2026-02-23 = "hlf"', 'must be "full", "half" or "closed", not "hlf"; did you mean half?'),
        ('source = "pipe"', '[pipe] command is empty, but source is "pipe"'),
        ('[pipe]\ncommand = ["a"]\nsocket = "b"', "[pipe] socket and command are both set"),
        ('[pipe]\nhistory = ""', "[pipe] history is empty"),
        ('[news]\nfeeds = [{ name = "a", url = "http://a.example/x" }]', "needs an address that starts with https://"),
        ('[news]\nfeeds = [{ name = "hkex", url = "https://a.example/x" }]', "the name hkex, which another source has"),
        (
            '[news]\nfeeds = [{ name = "a", url = "https://a.example/x", redirect_hosts = ["https://b.example"] }]',
            "may redirect to a host such as cdn.example.com",
        ),
        ('[news.aliases]\n"x.y.z" = ["a"]', "[news.aliases] \"x.y.z\" is wrong: 'x.y.z' is no symbol"),
        ('[news.aliases]\n"700" = [""]', "[news.aliases] 700 has an empty name"),
        ('[attribution]\nmarket = "?"', "[attribution] market is wrong"),
        ('[screen]\ntheme = "../secret"', "[screen] theme must be the plain name of a theme"),
        ("a = [", "config.toml: is not valid TOML:"),
        ("a = 1\na = 2\n", "(at line 2, column 6)"),
        ("a = " + "[" * 5000, "brackets are nested too deep"),
        ("a = " + "9" * 5000, "holds a value that cannot be read"),
    ],
)
def test_each_error_names_its_place_and_reason(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = problems(tmp_path, text)
    assert expected in found


def test_an_error_in_one_part_hides_none_in_another(tmp_path: Path) -> None:
    found = problems(
        tmp_path, 'source = "pipe"\n[pipe]\ncommand = 3\n[calendar]\ntoday = "half"\n[feed]\nrefresh = 1\n'
    )
    assert len(found) == 3
    assert not any("is empty" in one for one in found), "a broken command is not an empty one"


def test_files_that_are_no_settings_are_said_to_be_none(tmp_path: Path) -> None:
    def reason(path: Path) -> str:
        with pytest.raises(ConfigErrors) as caught:
            load(path)
        return str(caught.value)

    assert "cannot be read: No such file" in reason(tmp_path / "missing.toml")
    assert "cannot be read: Is a directory" in reason(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# one\n# two \xe9\n")
    assert "not UTF-8 text (line 2)" in reason(latin)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 2_000_000)
    assert "larger than 1024 KB" in reason(large)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbflanguage = "zh"\n')
    assert load(file).language == "zh"


def test_symbols_are_read_in_any_spelling(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[list.start]\nmine = ["700", "HK:00700", "9988"]\n'
        '[sectors.x]\nmembers = ["5"]\nindex = "^hsi"\n'
        '[news.aliases]\n"700" = ["A"]\n"0700.HK" = ["B"]\n'
    )
    config = load(file)
    assert config.list.start["mine"] == ("0700.HK", "9988.HK")
    assert (config.sectors["x"].members, config.sectors["x"].index) == (("0005.HK",), "^HSI")
    assert config.news.aliases == {"0700.HK": ("A", "B")}


def test_ids_of_keys_may_be_written_without_quotes(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\napp.refresh = "f5"\n"lines.down" = ["j", "down"]\n')
    assert load(file).keys == {"app.refresh": "f5", "lines.down": ("j", "down")}


def test_the_users_file_comes_before_the_shipped_one_and_a_named_one_before_both(tmp_path: Path) -> None:
    paths = Paths()
    assert config_file(None, paths) == shipped("config.toml")
    paths.config_dir.mkdir(parents=True)
    paths.config_file.write_text('language = "zh"\n')
    assert config_file(None, paths) == paths.config_file
    assert load(None, paths).language == "zh"
    assert config_file(tmp_path / "own.toml", paths) == tmp_path / "own.toml"


def test_a_link_to_nowhere_is_said_and_not_passed_over() -> None:
    paths = Paths()
    paths.config_dir.mkdir(parents=True)
    paths.config_file.symlink_to("/nowhere/config.toml")
    with pytest.raises(ConfigErrors, match="cannot be read"):
        load(None, paths)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
TABLES = tuple(field.encode_name for field in msgspec.structs.fields(Config))


@given(name=st.sampled_from(TABLES), value=VALUES)
def test_any_value_anywhere_is_settings_or_sentences(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: object
) -> None:
    import tomli_w

    file = tmp_path_factory.getbasetemp() / "any.toml"
    try:
        file.write_text(tomli_w.dumps({name: value}), encoding="utf-8")
    except (TypeError, UnicodeEncodeError):
        return  # TOML has no null and no lone surrogates
    try:
        load(file)
    except ConfigErrors as errors:
        sentences = [str(problem) for problem in errors.problems]
    else:
        return
    assert sentences
    assert all(sentence.startswith("any.toml: ") and sentence.isprintable() for sentence in sentences)
