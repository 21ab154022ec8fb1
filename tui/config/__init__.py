"""Settings, keymap, themes, tables and shipped files: read strictly, written atomically."""

from tui.config.errors import ConfigErrors, ConfigProblem, FileError
from tui.config.reading import config_file, load
from tui.config.schema import Config

__all__ = ["Config", "ConfigErrors", "ConfigProblem", "FileError", "config_file", "load"]
