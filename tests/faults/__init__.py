"""Faults on purpose: whatever breaks, what was acknowledged is there, once and whole.

Each module is a command that prints its figures (`python -m tests.faults.kill --rounds 200`); docs/operations.md has a
table of them. The tests here are their short forms; CONSULT_TEST_LENGTH=long makes them long.
"""
