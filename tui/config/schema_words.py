"""What a setting expects, in words, from the type it has in the schema."""

from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import inspect

_PLAIN = {
    inspect.StrType: "a text in quotes",
    inspect.BoolType: "true or false",
    inspect.FloatType: "a number",
    inspect.ListType: "a list in square brackets",
    inspect.VarTupleType: "a list in square brackets",
    inspect.DictType: "a table",
    inspect.StructType: "a table",
}


def quoted(words: Iterable[object]) -> str:
    """`"a", "b" or "c"`."""
    texts = [f'"{word}"' for word in words]
    return f"{', '.join(texts[:-1])} or {texts[-1]}" if len(texts) > 1 else "".join(texts)


def choices(kind: inspect.Type) -> tuple[str, ...]:
    """The words that a setting chooses from; empty where it is no choice."""
    if isinstance(kind, inspect.LiteralType):
        return tuple(str(value) for value in kind.values)
    if isinstance(kind, inspect.EnumType):
        return tuple(str(member.value) for member in kind.cls)
    return ()


def expected(kind: inspect.Type) -> str:
    """What the setting takes: "a whole number from 5 to 3600"."""
    if words := choices(kind):
        return quoted(words)
    if isinstance(kind, inspect.IntType):
        return "a whole number" + (f" from {kind.ge} to {kind.le}" if kind.ge is not None else "")
    if isinstance(kind, inspect.UnionType):
        return " or ".join(expected(one) for one in kind.types if not isinstance(one, inspect.NoneType))
    return _PLAIN.get(type(kind), "something else")


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean refresh_seconds?`, or nothing where no known word is close."""
    close = get_close_matches(word.lower(), {k.lower(): k for k in known}, n=1, cutoff=0.6)
    if not close:
        return ""
    return f"; did you mean {next(k for k in known if k.lower() == close[0])}?"
