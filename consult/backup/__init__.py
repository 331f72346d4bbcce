"""Backup and restore: everything of one installation in one file, and back, on either database."""
