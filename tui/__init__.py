"""whymove: why each Hong Kong stock moved."""

__version__ = "0.1.0"
