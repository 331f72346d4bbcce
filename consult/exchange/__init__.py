"""Comments brought in from other bodies' files."""
