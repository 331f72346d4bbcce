"""Comments, replies and votes."""
