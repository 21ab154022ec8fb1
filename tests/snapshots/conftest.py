"""The same words of the real feed as the other tests of the terminal have."""

from tests.ui.conftest import told

__all__ = ["told"]
