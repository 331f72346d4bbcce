"""Everything read by searching."""

from .comments import with_words
from .finding import MOST, Filters, SearchPage, search, searched
from .hits import Hit

__all__ = ["MOST", "Filters", "Hit", "SearchPage", "search", "searched", "with_words"]
