"""OpenDocument texts (.odt): OASIS OpenDocument 1.3, part 3, as an outline of numbered units."""

from .walker import parse, read

__all__ = ["parse", "read"]
