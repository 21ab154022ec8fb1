"""Read config.toml strictly: every error at once, each with its key, its reason and the nearest valid name."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from tui.config.checks import check_values
from tui.config.errors import ConfigErrors, ConfigProblem, dotted
from tui.config.paths import Paths
from tui.config.schema import Config
from tui.config.schema_words import choices, expected, nearest
from tui.config.shipped import shipped
from tui.config.spelling import with_one_spelling

SIZE_LIMIT = 1024 * 1024


def config_file(path: Path | None = None, paths: Paths | None = None) -> Path:
    """The file that is read: the one named, else the user's, else the shipped one."""
    if path is not None:
        return path
    user_file = (paths or Paths()).config_file
    try:
        user_file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return shipped("config.toml")
    except OSError:
        pass  # it is there and cannot be looked at: reading it says why
    return user_file


def load(path: Path | None = None, paths: Paths | None = None) -> Config:
    """Read the settings. What the file leaves out has its default.

    Raises ConfigErrors with everything that is wrong with the file.
    """
    file = config_file(path, paths)
    table = read_table(file)
    if isinstance(table.get("keys"), dict):
        table["keys"] = _flat(table["keys"])
    problems = [ConfigProblem(file, key, reason) for key, reason in _walk(_schema(), table, "")]
    # The finer checks need values of the right type, so they look at the parts that have it.
    broken = {_part(problem.key) for problem in problems}
    config = msgspec.convert({key: value for key, value in table.items() if key not in broken}, Config)
    problems += [ConfigProblem(file, key, reason) for key, reason in check_values(config) if _part(key) not in broken]
    if problems:
        raise ConfigErrors(problems)
    return with_one_spelling(config)


def _part(key: str) -> str:
    """The part of the file that a key lies in: "news" for "news.feeds (item 2)"."""
    return key.partition(".")[0]


def _flat(table: Mapping[str, object]) -> dict[str, object]:
    """The ids of [keys] hold dots: `app.refresh = "f5"` means the same with and without quotes."""
    flat: dict[str, object] = {}
    for name, value in table.items():
        inner = _flat(value) if isinstance(value, dict) else None
        flat |= {name: value} if inner is None else {f"{name}.{rest}": item for rest, item in inner.items()}
    return flat


def read_table(file: Path, limit: int = SIZE_LIMIT) -> dict[str, Any]:
    """A TOML file of at most `limit` bytes as plain values. ConfigErrors names the line of a syntax error."""

    def wrong(reason: str) -> ConfigErrors:
        return ConfigErrors([ConfigProblem(file, "", reason)])

    try:
        with file.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise wrong(f"cannot be read: {error.strerror} ({file})") from error
    if len(content) > limit:
        raise wrong(f"is larger than {limit // 1024} KB, so it cannot be the right file")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise wrong(f"is not UTF-8 text (line {line}): save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise wrong(f"is not valid TOML: {error}") from error
    except RecursionError as error:
        raise wrong("is not valid TOML: brackets are nested too deep") from error
    except ValueError as error:
        raise wrong(f"holds a value that cannot be read: {error}") from error


@cache
def _schema() -> inspect.StructType:
    schema = inspect.type_info(Config)
    assert isinstance(schema, inspect.StructType)
    return schema


def _walk(kind: inspect.Type, value: object, key: str) -> Iterator[tuple[str, str]]:
    """Key and reason of everything under `key` that the schema does not allow."""
    if isinstance(kind, inspect.StructType) and isinstance(value, dict):
        yield from _walk_struct(kind, value, key)
    elif isinstance(kind, inspect.DictType) and isinstance(value, dict):
        for name, item in value.items():
            yield from _walk(kind.value_type, item, dotted(key, name))
    elif isinstance(kind, inspect.VarTupleType) and isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _walk(kind.item_type, item, f"{key} (item {number})")
    elif isinstance(kind, inspect.UnionType) and (one := _matching(kind, value)):
        yield from _walk(one, value, key)
    elif not _fits(kind, value):
        words = choices(kind)
        hint = nearest(value, words) if isinstance(value, str) else ""
        yield key, f"must be {expected(kind)}, not {_shown(value)}{hint}"


def _walk_struct(kind: inspect.StructType, value: Mapping[str, object], key: str) -> Iterator[tuple[str, str]]:
    fields = {field.encode_name: field for field in kind.fields}
    for name, item in value.items():
        if name in fields:
            yield from _walk(fields[name].type, item, dotted(key, name))
        else:
            yield dotted(key, name), f"is not a setting{nearest(name, fields) or _elsewhere(name, key)}"
    for name, field in fields.items():
        if field.required and name not in value:
            yield dotted(key, name), f"is missing: it must be {expected(field.type)}"


def _elsewhere(name: str, key: str) -> str:
    """The table that a misplaced setting belongs to, as a hint."""
    tables = {field.encode_name: field.type for field in _schema().fields}
    homes = [
        f"under [{table}]"
        for table, kind in tables.items()
        if isinstance(kind, inspect.StructType) and any(field.encode_name == name for field in kind.fields)
    ]
    if name in tables and key:
        homes.append("at the top of the file")
    return f" here; it belongs {homes[0]}" if homes else ""


def _matching(kind: inspect.UnionType, value: object) -> inspect.Type | None:
    """The member of a union that a list or table belongs to."""
    if isinstance(value, list):
        return next((one for one in kind.types if isinstance(one, inspect.VarTupleType)), None)
    if isinstance(value, dict):
        return next((one for one in kind.types if isinstance(one, inspect.DictType | inspect.StructType)), None)
    return None


def _fits(kind: inspect.Type, value: object) -> bool:
    if isinstance(kind, inspect.UnionType):
        return any(_fits(one, value) for one in kind.types)
    if words := choices(kind):
        return isinstance(value, str) and value in words
    if isinstance(kind, inspect.IntType):
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return (kind.ge is None or value >= kind.ge) and (kind.le is None or value <= kind.le)
    return isinstance(kind, inspect.StrType) and isinstance(value, str)


def _shown(value: object) -> str:
    """A wrong value as its writer would recognise it."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value[:40]}"' if isinstance(value, str) else str(value)[:40]
