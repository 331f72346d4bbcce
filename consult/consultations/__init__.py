"""Calls for comments and where they stand."""
