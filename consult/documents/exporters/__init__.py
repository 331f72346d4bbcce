"""Drafts in other people's formats."""
