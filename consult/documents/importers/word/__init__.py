"""Word files (.docx): ECMA-376 WordprocessingML, as an outline of numbered units."""

from .walker import parse, read

__all__ = ["parse", "read"]
