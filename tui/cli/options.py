"""The options that many commands share. Each may stand before the command or behind it.

A default behind the command would hide what stood before it, so only the bare command has one: None.
"""

import argparse
from pathlib import Path
from typing import Any

SOURCES = ("sample", "yahoo", "pipe")
# Each takes a value.
SHARED = ("--config", "--source", "--lang")


def add_config(parser: argparse.ArgumentParser, default: Any = argparse.SUPPRESS) -> None:
    """Another file of settings."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", default=default, help="read this config.toml instead of the usual one"
    )


def add_source(parser: argparse.ArgumentParser, default: Any = argparse.SUPPRESS) -> None:
    """The source of prices; the settings' where none is named."""
    parser.add_argument(
        "--source", choices=SOURCES, default=default, help="where prices come from (default: the settings')"
    )


def add_language(parser: argparse.ArgumentParser, default: Any = argparse.SUPPRESS) -> None:
    """The language; the settings' where none is named, on the screen the one used last."""
    parser.add_argument("--lang", choices=("en", "zh"), default=default, help="the language (default: the settings')")
