"""Faults on purpose: whatever breaks, what was acknowledged is there, once and whole.

`python -m tests.faults.kill --rounds 200` prints its figures; the tests here are its short form.
"""
