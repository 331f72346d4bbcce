"""Notices, decisions with reasons, appeals."""
