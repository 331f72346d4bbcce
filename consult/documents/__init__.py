"""Drafts, versions, clauses and the reading room."""
