"""Dispositions, summaries with sources, published outcomes."""
